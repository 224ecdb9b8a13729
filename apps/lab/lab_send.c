/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_send.h"

uint32_t lab_build_segment(struct lab *lab, const struct lab_tuple *tuple,
	const struct lab_host *host, const struct lab_tcp_seg *seg, uint8_t *frame, uint32_t cap)
{
	struct ts_link link = lab->link;
	struct ts_seg out = {
		.src = tuple->host,
		.dst = tuple->client,
		.sport = tuple->host_port,
		.dport = tuple->client_port,
		.seq = seg->seq,
		.ack = seg->ack,
		.wnd = seg->wnd,
		.flags = seg->flags,
		.mss = seg->flags & TS_TCP_SYN ? host->mss : 0,
		.opts = seg->opts,
		.wscale = seg->wscale,
		.ts_val = seg->ts_val,
		.ts_ecr = seg->ts_ecr,
		.payload = seg->payload,
		.payload_len = seg->len,
	};

	link.ttl = host->ttl;
	lab->counts.synacks += (seg->flags & TS_TCP_SYN) != 0;
	lab->counts.rsts_out += (seg->flags & TS_TCP_RST) != 0;
	return ts_build_tcp(frame, cap, &link, &out);
}

void lab_send(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct lab_tcp_seg *seg, uint64_t now_us)
{
	uint8_t frame[LAB_WIRE_FRAME_LEN];
	uint32_t len = lab_build_segment(lab, tuple, host, seg, frame, sizeof(frame));

	lab_wire_put(&lab->wire, frame, len, false, now_us + host->delay_us);
}
