/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"
#include "frame.h"

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
	if (header_len > TS_TCP_LEN) {
		p[20] = TS_TCPOPT_MSS;
		p[21] = TS_TCPOPT_MSS_LEN;
		ts_put16(p + 22, seg->mss);
	}
}

uint32_t ts_build_tcp(
	uint8_t *out, uint32_t cap, const struct ts_link *link, const struct ts_seg *seg)
{
	uint32_t header_len = seg->mss != 0 ? TS_TCP_LEN + TS_TCPOPT_MSS_LEN : TS_TCP_LEN;
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
