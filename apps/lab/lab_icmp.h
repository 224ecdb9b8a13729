/* SPDX-License-Identifier: BSD-3-Clause */
/* The gateway's "host unreachable". */
#pragma once

#include "tcpstack/packet/build.h"

/** Bytes lab_icmp_unreachable() may write. */
#define LAB_ICMP_MAX 128

/**
 * Build the ICMP error for a TCP segment that cannot be delivered: IPv4 type 3 code 1 (RFC 792),
 * IPv6 type 1 code 3 (RFC 4443 3.1), quoting its IP header and the first eight bytes behind.
 * @param out      out: LAB_ICMP_MAX bytes writable
 * @param gateway  in: who says so, same family as pkt
 * @param pkt      in: kind TS_PKT_TCP
 * @return frame length
 */
uint32_t lab_icmp_unreachable(uint8_t out[LAB_ICMP_MAX], const struct ts_link *link,
	const struct ts_addr *gateway, const struct ts_pkt *pkt);
