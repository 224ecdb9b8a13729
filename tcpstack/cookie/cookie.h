/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The keyed hash that makes a probe's port and sequence number an authenticator.
 *
 * A probe leaves no state. Its source port and sequence number come from a MAC over the address and
 * port that it goes to. What an answer acknowledges, or an ICMP error quotes, therefore proves that
 * it is about a packet of ours. The key is random for each scan and independent of --seed: a
 * published seed must not let anyone forge answers.
 *
 * The hash is computed for every probe and every answer, so it must be fast: SipHash-1-3, one round
 * for each word and three at the end. No weakness of its output is known. Rust and Python use it
 * for their hash tables, where an adversary sees more of it than here. A forger has the lifetime of
 * one key, which is one scan, and sees some 46 bits for each address that he owns. For an address
 * that he does not own he has to guess 32 bits and the port, and gains one false line in a file. An
 * IPv4 address and a port are one word: four rounds. An IPv6 address and a port are 18 bytes:
 * SipHash-2-4 of them would be ten rounds. ts_siphash() is the cautious variant for everything less
 * frequent.
 */
#pragma once

#include <endian.h>

#include "tcpstack/packet/addr.h"
#include "sip.h"

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) of a byte string.
 * @param key   in: the key
 * @param data  in: borrowed
 * @param len   in: bytes
 * @return the 64-bit tag
 * Pure; any thread.
 */
uint64_t ts_siphash(const struct ts_cookie_key *key, const void *data, size_t len);

/** ts_cookie_hash() of an IPv6 address: SipHash-1-3 of its 16 bytes and the port's two. Pure. */
uint64_t ts_cookie_hash_v6(
	const struct ts_cookie_key *key, const struct ts_addr *addr, uint16_t port);

/** The one word that SipHash takes for an IPv4 address and a port in host order. Pure. */
static inline uint64_t ts_cookie_word_v4(const struct ts_addr *addr, uint16_t port)
{
	uint64_t port_le = le16toh(htobe16(port));

	return le32toh(ts_addr_v4_be(addr)) | port_le << 32 | UINT64_C(6) << 56;
}

/**
 * ts_cookie_hash() of many IPv4 addresses and ports, several at a time if the processor can.
 * @param key     in: the key
 * @param words   in: n results of ts_cookie_word_v4()
 * @param n       in: their number
 * @param hashes  out: n hashes; must not overlap words
 * Pure; any thread; below 1 ns each with AVX-512.
 */
void ts_cookie_hash_words(
	const struct ts_cookie_key *key, const uint64_t *words, size_t n, uint64_t *hashes);

/**
 * SipHash-1-3 of an address and a port in wire order: 6 bytes for IPv4, 18 for IPv6. The length is
 * part of the hash, so neither can be taken for the other. The word is built in a register, because
 * storing bytes and loading them at once as a wider word would stall.
 * @param key   in: the key
 * @param addr  in: the address
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
