/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The probe hot path: a SYN built once, then copied and patched for each target.
 *
 * The template keeps the running checksum of everything that never changes; a fill adds only the
 * words it writes (RFC 1624 with the old words zero). The frame equals what ts_build_tcp() makes.
 */
#pragma once

#include "build.h"

/* Bytes a fill writes, whatever the frame's length: a copy of constant size is a few vector moves.
 */
#define TS_SYN_TEMPLATE_ROOM 96

struct ts_syn_template {
	uint8_t frame[TS_SYN_TEMPLATE_ROOM]; /* destination, ports, sequence, id and checksums 0 */
	uint32_t ip_sum, tcp_sum;	     /* running sums over that frame */
	uint8_t len, l3, l4;		     /* frame length, offsets of the IP and TCP headers */
	bool v4;
};

/**
 * Prepare the SYN of one source address on one link.
 * @param tpl   out
 * @param src   in: decides the family
 * @param wnd   in: receive window, bytes
 * @param mss   in: MSS option value, 0: no option
 * Pure; any thread.
 */
void ts_syn_template_init(struct ts_syn_template *tpl, const struct ts_link *link,
	const struct ts_addr *src, uint16_t wnd, uint16_t mss);

/**
 * Make the SYN for one target.
 * @param tpl    in
 * @param out    out: TS_SYN_TEMPLATE_ROOM bytes writable; those behind the frame are scratch
 * @param dst    in: of the template's family
 * @param sport, dport, seq, ip_id  in: host order; ip_id is used for IPv4 only
 * @return frame length, without padding or FCS
 * Pure; any thread, tpl may be shared by readers.
 */
uint32_t ts_syn_template_fill(const struct ts_syn_template *tpl, uint8_t *out,
	const struct ts_addr *dst, uint16_t sport, uint16_t dport, uint32_t seq, uint16_t ip_id);
