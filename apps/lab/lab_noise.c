/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_noise.h"

#define NOISE_WND 8192

/* Without state each segment is answered as it asks. Windows are never scaled: the shift is 0. */
static void answer_options(const struct lab_host *host, const struct ts_tcp *tcp, uint32_t iss,
	uint64_t now_us, struct lab_tcp_seg *seg)
{
	seg->opts = host->opts & lab_tcp_opts(tcp);
	seg->ts_val = lab_tcp_stamp(iss, now_us);
	seg->ts_ecr = tcp->ts_val;
}

bool lab_noise_answer(const struct lab_host *host, const struct ts_tcp *tcp, uint32_t iss,
	uint64_t now_us, struct lab_tcp_seg *seg)
{
	enum lab_kind kind = host->kind;
	uint32_t len = tcp->payload_len + ((tcp->flags & TS_TCP_FIN) != 0);

	if (kind == LAB_CLOSED || (kind == LAB_HANG_UP && !(tcp->flags & TS_TCP_SYN)))
		return lab_tcp_refuse(tcp, seg);
	if (kind == LAB_SILENT || kind == LAB_UNREACHABLE || (tcp->flags & TS_TCP_RST))
		return false;
	*seg = (struct lab_tcp_seg){
		.flags = TS_TCP_ACK, .wnd = kind == LAB_ZERO_WINDOW ? 0 : NOISE_WND};
	answer_options(host, tcp, iss, now_us, seg);
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
