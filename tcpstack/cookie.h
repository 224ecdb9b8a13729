/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The initial sequence number as an authenticator.
 *
 * A probe leaves no state behind. Its ISN is SipHash-2-4 over the four-tuple, so an answer proves
 * by its acknowledgement number (or an ICMP error by the sequence number it quotes) that it answers
 * a packet we sent. The key is random per scan and independent of --seed: a published seed must not
 * let anyone forge answers.
 */
#pragma once

#include "addr.h"

struct ts_cookie_key {
	uint64_t k0, k1;
};

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) of a byte string.
 * @param key   in
 * @param data  in: borrowed
 * @param len   in: bytes
 * @return the 64-bit tag
 * Pure; any thread.
 */
uint64_t ts_siphash(const struct ts_cookie_key *key, const void *data, size_t len);

/**
 * The initial sequence number of the probe on one four-tuple.
 * @param key           in
 * @param laddr, raddr  in: our address, theirs
 * @param lport, rport  in: host order
 * @return the 32-bit ISN
 * Pure; any thread; about 10 ns.
 */
uint32_t ts_cookie_iss(const struct ts_cookie_key *key, const struct ts_addr *laddr,
	const struct ts_addr *raddr, uint16_t lport, uint16_t rport);
