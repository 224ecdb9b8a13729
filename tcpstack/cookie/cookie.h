/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The keyed hash that makes a probe's numbers an authenticator.
 *
 * A probe leaves no state behind. Its port and sequence number come from a MAC over the address and
 * port it goes to, so an answer proves by what it acknowledges (or an ICMP error by what it quotes)
 * that it answers a packet we sent. The key is random per scan and independent of --seed: a
 * published seed must not let anyone forge answers.
 *
 * One hash is computed for every probe and every answer, so it is SipHash-1-3: one round for each
 * word, three at the end. Nobody has found its output to differ from random with fewer than four
 * rounds behind the last word's first; it is what Rust and Python key their hash tables with, where
 * an adversary sees more of it than here. A forger has one key's life, which is one scan, sees some
 * 46 bits for each address that he owns, and wins one false line in a file by guessing 32 and more
 * for an address that he does not. An IPv4 address and a port are one word, four rounds;
 * SipHash-2-4 of the 18 bytes that an IPv6 address takes would be ten. ts_siphash() is the cautious
 * variant for all that is less frequent.
 */
#pragma once

#include <endian.h>

#include "tcpstack/packet/addr.h"
#include "sip.h"

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) of a byte string.
 * @param key   in
 * @param data  in: borrowed
 * @param len   in: bytes
 * @return the 64-bit tag
 * Pure; any thread.
 */
uint64_t ts_siphash(const struct ts_cookie_key *key, const void *data, size_t len);

/** ts_cookie_hash() of an IPv6 address: SipHash-1-3 of its 16 bytes and the port's two. Pure. */
uint64_t ts_cookie_hash_v6(
	const struct ts_cookie_key *key, const struct ts_addr *addr, uint16_t port);

/** What an IPv4 address and a port in host order are to SipHash: its only word. Pure. */
static inline uint64_t ts_cookie_word_v4(const struct ts_addr *addr, uint16_t port)
{
	uint64_t port_le = le16toh(htobe16(port));

	return le32toh(ts_addr_v4_be(addr)) | port_le << 32 | UINT64_C(6) << 56;
}

/**
 * ts_cookie_hash() of many IPv4 addresses and ports, several at a time where the processor can.
 * @param words   in: n of ts_cookie_word_v4()
 * @param hashes  out: n, apart from words
 * Pure; any thread; below 1 ns each with AVX-512.
 */
void ts_cookie_hash_words(
	const struct ts_cookie_key *key, const uint64_t *words, size_t n, uint64_t *hashes);

/**
 * SipHash-1-3 of an address and a port as they stand on the wire: 6 bytes for IPv4, 18 for IPv6.
 * Neither can be taken for the other, since SipHash mixes the length in. The word is put together
 * in a register: bytes stored and at once loaded as a wider word would stall.
 * @param port  in: host order
 * @return the 64-bit tag
 * Pure; any thread; about 5 ns for IPv4, less where several can overlap.
 */
static inline uint64_t ts_cookie_hash(
	const struct ts_cookie_key *key, const struct ts_addr *addr, uint16_t port)
{
	if (!ts_addr_is_v4(addr))
		return ts_cookie_hash_v6(key, addr, port);
	return ts_sip_1_3(key, ts_cookie_word_v4(addr, port));
}
