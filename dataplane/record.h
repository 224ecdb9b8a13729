/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One finding on its way from a poll core to the writer.
 *
 * A record travels by value over the poll core's SPSC ring. The talk and the TLS result it points
 * to are handed over with it: filled by the poll core and by the TLS core in turn, never by two at
 * once, and owned by the writer from the moment the ring has taken the record.
 */
#pragma once

#include "tcpstack/tcp.h"
#include "tls/dialog/ports.h"
#include "tls/session/session.h"

/* What the SYN brought. */
enum dp_outcome {
	DP_OUTCOME_OPEN,	/* a cookie-valid SYN-ACK, then a connection */
	DP_OUTCOME_CLOSED,	/* RST */
	DP_OUTCOME_UNREACHABLE, /* ICMP error with a valid quote */
	DP_N_OUTCOME
};

struct dp_record {
	struct ts_addr addr;
	struct dl_service service;
	enum dp_outcome outcome;
	enum dl_status status;	/* final word on the target and port */
	enum dl_stage stage;	/* where it ended */
	uint64_t start_unix_us; /* SYN-ACK (or RST, ICMP) received, wall clock */
	uint32_t duration_us;	/* until the connection was forgotten */
	uint8_t icmp_type, icmp_code;
	uint8_t answer_ttl; /* of the SYN-ACK, RST or ICMP packet */
	bool retried; /* XMPP: this is the second connection, made with the server's own name */
	struct ts_facts tcp;   /* outcome open only */
	struct dl_talk *talk;  /* NULL: the dialog never began (no byte came) */
	struct tl_result *tls; /* NULL: no session was started */
};
