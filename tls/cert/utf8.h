/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 as it comes from strangers. Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * Decode one character (RFC 3629 4): no overlong form, no surrogate, nothing above U+10FFFF.
 * @param bytes  in: the text
 * @param left   in: how many bytes there are, at least 1
 * @param c      out: the code point; written on success
 * @return bytes it takes, 1 to 4; 0: no valid character begins here
 */
size_t ct_utf8_next(const uint8_t *bytes, size_t left, uint32_t *c);
