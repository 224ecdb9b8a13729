/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_noise.h"

#define NOISE_WND 8192

bool lab_noise_answer(
	enum lab_kind kind, const struct ts_tcp *tcp, uint32_t iss, struct lab_tcp_seg *seg)
{
	uint32_t len = tcp->payload_len + ((tcp->flags & TS_TCP_FIN) != 0);

	if (kind == LAB_CLOSED || (kind == LAB_HANG_UP && !(tcp->flags & TS_TCP_SYN)))
		return lab_tcp_refuse(tcp, seg);
	if (kind == LAB_SILENT || kind == LAB_UNREACHABLE || (tcp->flags & TS_TCP_RST))
		return false;
	*seg = (struct lab_tcp_seg){
		.flags = TS_TCP_ACK, .wnd = kind == LAB_ZERO_WINDOW ? 0 : NOISE_WND};
	if (tcp->flags & TS_TCP_SYN) {
		seg->seq = iss;
		seg->ack = tcp->seq + 1;
		seg->flags |= TS_TCP_SYN;
		return true;
	}
	/* The host has sent nothing but the SYN-ACK, so the client's ACK is its next number. */
	seg->seq = tcp->ack;
	if (len == 0 || kind == LAB_ACCEPT_DEAF)
		return false;
	if (kind == LAB_RESET_ON_DATA)
		seg->flags = TS_TCP_RST;
	seg->ack = kind == LAB_ACCEPT_SILENT ? tcp->seq + len : tcp->seq;
	return true;
}
