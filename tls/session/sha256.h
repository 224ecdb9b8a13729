/* SPDX-License-Identifier: BSD-3-Clause */
/* The SHA-256 of bytes that a record holds. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_SHA256_LEN 32 /* bytes */

/**
 * Hash bytes.
 * @param bytes   in: borrowed
 * @param len     in: their number
 * @param digest  out: written on success
 * @return false: wolfCrypt has failed. Pure; any thread.
 */
bool tl_sha256(const uint8_t *bytes, size_t len, uint8_t digest[TL_SHA256_LEN]);
