/* SPDX-License-Identifier: BSD-3-Clause */
/* From an action of TCP to a segment to be built. */
#pragma once

#include "tcpstack/packet/build.h"
#include "tcp.h"

/**
 * Say in a segment what TS_ACT_SEND asks for, but for its payload.
 * @param s     in: the stack that has made the action
 * @param act   in: a TS_ACT_SEND, its window as the owner has lowered it
 * @param seg   in/out: addresses, ports and identification are the owner's and stay; payload_len is
 *              set
 * @param sack  out: blocks that seg refers to; lives as long as seg
 */
static inline void ts_segment_fill(const struct ts_stack *s, const struct ts_act *act,
	struct ts_seg *seg, struct ts_sack sack[TS_SACK_MAX])
{
	seg->seq = act->send.seq;
	seg->ack = act->send.ack;
	seg->wnd = act->send.is_scaled ? act->send.wnd >> TS_RCV_SHIFT : act->send.wnd;
	seg->flags = act->send.flags;
	seg->mss = act->send.mss;
	seg->opts = act->send.opts;
	seg->wscale = TS_RCV_SHIFT;
	seg->ts_val = act->send.ts_val;
	seg->ts_ecr = act->send.ts_ecr;
	seg->payload_len = act->send.len;
	seg->sack = sack;
	/* The payload has no room for them. */
	if (seg->payload_len == 0 && ts_conn(s, act->conn)->n_reorder > 0)
		seg->n_sack = (uint8_t)ts_sack_blocks(s, act->conn, sack);
}
