/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The probe hot path: a SYN built once, then copied and patched for each target.
 *
 * The template keeps the running checksum of everything that never changes. Filling it adds only
 * the words that it writes (RFC 1624, with the old words zero). The frame equals what
 * ts_build_tcp() makes.
 */
#pragma once

#include <endian.h>

#include "build.h"
#include "checksum.h"

/* Bytes written at each fill, for any frame length: copies of constant size are a few vector moves.
 * One of the first size holds a SYN over IPv4 with a segment size alone. */
#define TS_SYN_TEMPLATE_ROOM  128
#define TS_SYN_TEMPLATE_FIRST 64

struct ts_syn_template {
	uint8_t frame[TS_SYN_TEMPLATE_ROOM]; /* destination, ports, sequence, id and checksums 0 */
	uint32_t ip_sum, tcp_sum;	     /* running sums over that frame */
	uint8_t len, l3, l4;		     /* frame length, offsets of the IP and TCP headers */
	uint8_t ts_val_at;		     /* offset of the TSval, 0: no timestamps */
	bool v4;
};

/**
 * Prepare the SYN of one source address on one link.
 * @param tpl   out: the template
 * @param link  in: next hop
 * @param src   in: our address; decides the family
 * @param wnd   in: receive window, bytes
 * @param mss   in: MSS option value, 0: no option
 * @param opts  in: TS_OPT_*, further options
 * @param wscale  in: for TS_OPT_WSCALE
 * Pure; any thread.
 */
void ts_syn_template_init(struct ts_syn_template *tpl, const struct ts_link *link,
	const struct ts_addr *src, uint16_t wnd, uint16_t mss, uint8_t opts, uint8_t wscale);

/* Write the destination; returns its sum, which the TCP pseudo-header needs. */
static inline uint64_t ts_syn_template_ip4(
	const struct ts_syn_template *tpl, uint8_t *ip, const struct ts_addr *dst, uint16_t ip_id)
{
	uint32_t dst_be = ts_addr_v4_be(dst);
	uint16_t id_be = htobe16(ip_id);
	uint16_t csum_be = ts_csum_finish_be((uint64_t)tpl->ip_sum + dst_be + id_be);

	memcpy(ip + 4, &id_be, sizeof(id_be));
	memcpy(ip + 10, &csum_be, sizeof(csum_be));
	memcpy(ip + 16, &dst_be, sizeof(dst_be));
	return dst_be;
}

static inline uint64_t ts_syn_template_ip6(uint8_t *ip, const struct ts_addr *dst)
{
	memcpy(ip + 24, dst->b, sizeof(dst->b));
	return ts_csum_add(0, dst->b, sizeof(dst->b));
}

/* Write what is behind the first part; returns the sum of the TSval. */
static inline uint64_t ts_syn_template_rest(
	const struct ts_syn_template *tpl, uint8_t *out, uint32_t ts_val)
{
	uint32_t val_be = htobe32(ts_val);

	memcpy(out + TS_SYN_TEMPLATE_FIRST, tpl->frame + TS_SYN_TEMPLATE_FIRST,
		TS_SYN_TEMPLATE_ROOM - TS_SYN_TEMPLATE_FIRST);
	if (tpl->ts_val_at == 0)
		return 0;
	memcpy(out + tpl->ts_val_at, &val_be, sizeof(val_be));
	return val_be;
}

/**
 * Make the SYN for one target. It is in the header because a call would cost as much as the work.
 * @param tpl    in: the template
 * @param out    out: TS_SYN_TEMPLATE_ROOM bytes writable; those after the frame are scratch
 * @param dst    in: of the template's family
 * @param sport  in: our port, host order
 * @param dport  in: the target's port, host order
 * @param seq    in: initial sequence number, host order
 * @param ip_id  in: identification, host order; used for IPv4 only
 * @param ts_val  in: used if there are timestamps
 * @return frame length, without padding or FCS
 * Pure; any thread, tpl may be shared by readers.
 */
static inline uint32_t ts_syn_template_fill(const struct ts_syn_template *tpl, uint8_t *out,
	const struct ts_addr *dst, uint16_t sport, uint16_t dport, uint32_t seq, uint16_t ip_id,
	uint32_t ts_val)
{
	uint32_t ports_be = htobe32((uint32_t)sport << 16 | dport);
	uint32_t seq_be = htobe32(seq);
	uint8_t *tcp = out + tpl->l4;
	uint16_t csum_be;
	uint64_t sum = (uint64_t)tpl->tcp_sum + ports_be + seq_be;

	memcpy(out, tpl->frame, TS_SYN_TEMPLATE_FIRST);
	if (tpl->len > TS_SYN_TEMPLATE_FIRST)
		sum += ts_syn_template_rest(tpl, out, ts_val);
	if (tpl->v4)
		sum += ts_syn_template_ip4(tpl, out + tpl->l3, dst, ip_id);
	else
		sum += ts_syn_template_ip6(out + tpl->l3, dst);
	csum_be = ts_csum_finish_be(sum);
	memcpy(tcp, &ports_be, sizeof(ports_be));
	memcpy(tcp + 4, &seq_be, sizeof(seq_be));
	memcpy(tcp + 16, &csum_be, sizeof(csum_be));
	return tpl->len;
}
