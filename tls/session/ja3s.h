/* SPDX-License-Identifier: BSD-3-Clause */
/* The JA3S fingerprint of a server. Its hash is MD5, which identifies here and protects nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tls/hello/flight.h"

#define TL_JA3S_LEN 16 /* bytes */

/**
 * The MD5 of a ServerHello's JA3S string (hl_ja3s_string()).
 * @param hello   in
 * @param digest  out: written on success
 * @return false: no ServerHello was seen, or wolfCrypt has failed. Pure; any thread.
 */
bool tl_ja3s(const struct hl_server_hello *hello, uint8_t digest[TL_JA3S_LEN]);
