/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Internet checksum (RFC 1071): one's complement sums in memory order.
 *
 * Words are summed as they lie in memory, so nothing is swapped: what ts_csum_finish_be() returns
 * is stored into the header unchanged, on machines of either byte order. A running sum has 64 bits
 * and is not folded. Further pieces may be added to it if every piece but the last has an even
 * length.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * Continue a running sum over a piece of memory.
 * @param sum   in: 0, or the result of an earlier call
 * @param data  in: borrowed, any alignment
 * @param len   in: bytes, below 2^32
 * @return the new running sum
 * Pure; any thread.
 */
uint64_t ts_csum_add(uint64_t sum, const void *data, size_t len);

/**
 * The sum of the pseudo-header of TCP and ICMPv6 (RFC 9293 3.1, RFC 8200 8.1).
 * @param addrs      in: source and destination, adjacent, as in both IP headers
 * @param addrs_len  in: 8 (IPv4) or 32 (IPv6)
 * @param proto      in: IP protocol
 * @param l4_len     in: bytes of transport header and payload
 * @return a running sum
 */
uint64_t ts_csum_pseudo(const uint8_t *addrs, size_t addrs_len, uint8_t proto, uint32_t l4_len);

/*
 * Fold a running sum and complement it. The result is the header field if a frame is built, and 0
 * if a correct one is verified. (A word plus itself with its halves exchanged has in its upper half
 * the sum of the halves, with the end-around carry.)
 */
static inline uint16_t ts_csum_finish_be(uint64_t sum)
{
	uint32_t half = (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);

	return (uint16_t) ~((half + (half << 16 | half >> 16)) >> 16);
}

/*
 * The checksum after one aligned word has changed from old_be to new_be: RFC 1624 equation 3. It
 * equals a full computation unless every covered word is zero: then it is 0 instead of 0xffff. That
 * cannot happen with an IP header or a pseudo-header, but with an ICMPv4 echo reply.
 */
static inline uint16_t ts_csum_update16(uint16_t csum_be, uint16_t old_be, uint16_t new_be)
{
	return ts_csum_finish_be((uint64_t)(uint16_t)~csum_be + (uint16_t)~old_be + new_be);
}

/* The same for two adjacent words. */
static inline uint16_t ts_csum_update32(uint16_t csum_be, uint32_t old_be, uint32_t new_be)
{
	return ts_csum_finish_be((uint64_t)(uint16_t)~csum_be + (uint32_t)~old_be + new_be);
}
