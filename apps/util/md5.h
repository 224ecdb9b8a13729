/* SPDX-License-Identifier: BSD-3-Clause */
/* MD5 (RFC 1321), for JA3S alone: a fingerprint's spelling, not a protection. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MD5_LEN 16

/**
 * @param bytes  in: borrowed
 * @param out    out: the digest
 * Pure; any thread.
 */
void md5_digest(const void *bytes, size_t len, uint8_t out[MD5_LEN]);
