/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"
#include "frame.h"

/* In the order of Linux. SACK-permitted takes the place of the NOPs that align the timestamps. */
static void put_options(uint8_t *p, const struct ts_seg *seg)
{
	if (seg->mss != 0) {
		ts_put32(p, (uint32_t)TS_TCPOPT_MSS << 24 | TS_TCPOPT_MSS_LEN << 16 | seg->mss);
		p += 4;
	}
	if (seg->opts & (TS_OPT_SACK_OK | TS_OPT_TS)) {
		bool both = (seg->opts & (TS_OPT_SACK_OK | TS_OPT_TS)) ==
			    (TS_OPT_SACK_OK | TS_OPT_TS);
		bool sack_ok = seg->opts & TS_OPT_SACK_OK;

		ts_put16(p, both ? TS_TCPOPT_SACK_OK << 8 | 2 : TS_TCPOPT_NOP << 8 | TS_TCPOPT_NOP);
		ts_put16(p + 2,
			both || !sack_ok ? TS_TCPOPT_TS << 8 | 10 : TS_TCPOPT_SACK_OK << 8 | 2);
		p += 4;
	}
	if (seg->opts & TS_OPT_TS) {
		ts_put32(p, seg->ts_val);
		ts_put32(p + 4, seg->ts_ecr);
		p += 8;
	}
	if (seg->opts & TS_OPT_WSCALE) {
		ts_put16(p, TS_TCPOPT_NOP << 8 | TS_TCPOPT_WSCALE);
		ts_put16(p + 2, (uint16_t)(3 << 8 | seg->wscale));
		p += 4;
	}
	if (seg->n_sack == 0)
		return;
	ts_put16(p, TS_TCPOPT_NOP << 8 | TS_TCPOPT_NOP);
	ts_put16(p + 2, (uint16_t)(TS_TCPOPT_SACK << 8 | (2 + 8 * seg->n_sack)));
	for (uint32_t i = 0; i < seg->n_sack; i++) {
		ts_put32(p + 4 + 8 * i, seg->sack[i].first);
		ts_put32(p + 8 + 8 * i, seg->sack[i].end);
	}
}

static void put_tcp_header(uint8_t *p, const struct ts_seg *seg, uint32_t header_len)
{
	ts_put16(p, seg->sport);
	ts_put16(p + 2, seg->dport);
	ts_put32(p + 4, seg->seq);
	ts_put32(p + 8, seg->ack);
	p[12] = (uint8_t)(header_len / 4 << 4);
	p[13] = seg->flags;
	ts_put16(p + 14, seg->wnd);
	ts_put32(p + 16, 0); /* checksum, filled in last, and urgent pointer */
	if (header_len > TS_TCP_LEN)
		put_options(p + TS_TCP_LEN, seg);
}

uint32_t ts_build_tcp(
	uint8_t *out, uint32_t cap, const struct ts_link *link, const struct ts_seg *seg)
{
	uint32_t header_len = ts_build_tcp_header_len(seg);
	struct ts_frame_ip ip = {
		.src = &seg->src,
		.dst = &seg->dst,
		.id = seg->ip_id,
		.proto = TS_IP_PROTO_TCP,
		.ttl = link->ttl,
		.l4_len = header_len + seg->payload_len,
	};
	uint16_t csum_be;
	uint64_t sum;
	uint32_t l4;

	if (seg->payload_len > UINT16_MAX)
		return 0;
	l4 = ts_frame_put_ip(out, cap, link, &ip, &sum);
	if (l4 == 0)
		return 0;
	put_tcp_header(out + l4, seg, header_len);
	if (seg->payload_len > 0 && seg->payload != out + l4 + header_len)
		memcpy(out + l4 + header_len, seg->payload, seg->payload_len);
	csum_be = ts_csum_finish_be(ts_csum_add(sum, out + l4, ip.l4_len));
	memcpy(out + l4 + 16, &csum_be, sizeof(csum_be));
	return l4 + ip.l4_len;
}
