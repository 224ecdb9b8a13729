/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One finding on its way from a poll core to the writer.
 *
 * A record travels by value over the poll core's SPSC ring. The dialog and the TLS result it points
 * to are handed over with it: filled by the poll core and by the TLS core in turn, never by two at
 * once, and owned by the writer from the moment the ring has taken the record.
 */
#pragma once

#include "tcpstack/tcp/tcp.h"
#include "tls/dialog/ports.h"
#include "tls/session/session.h"

/* What the SYN brought. */
enum dp_outcome {
	DP_OUTCOME_OPEN,	/* a cookie-valid SYN-ACK, then a connection */
	DP_OUTCOME_CLOSED,	/* RST */
	DP_OUTCOME_UNREACHABLE, /* ICMP error with a valid quote */
	DP_N_OUTCOME
};

/* What kind of responder took the connection; the order is that of noise.h. */
enum dp_responder {
	DP_RESPONDER_NONE,    /* outcome closed or unreachable */
	DP_RESPONDER_SERVICE, /* spoke the port's protocol, or TLS (an alert is TLS) */
	DP_RESPONDER_WRONG_PROTOCOL,
	DP_RESPONDER_LATE, /* bytes came only after we had given up waiting: not looked at */
	/* Noise: not a byte came. */
	DP_RESPONDER_ANSWERS_EVERYWHERE, /* takes connections on decoy ports as well */
	DP_RESPONDER_FIN_FIRST,
	DP_RESPONDER_RESET,	    /* RST before we had sent anything but the ACK */
	DP_RESPONDER_RESET_ON_DATA, /* RST after data or FIN of ours */
	DP_RESPONDER_SYN_PROXY,	    /* SYN-ACK without window and options, then nothing */
	DP_RESPONDER_ZERO_WINDOW,   /* answers, but its window never opened */
	DP_RESPONDER_ACKED_SILENT,  /* acknowledged data or FIN: a TCP stack without a service */
	DP_RESPONDER_NO_ACK,	    /* never acknowledged what we sent */
	DP_RESPONDER_UNDECIDED,	    /* ended by us before it could show itself */
	DP_N_RESPONDER
};

/** The word of the JSON and of --output: "open", "closed", "unreachable". Any thread. */
const char *dp_outcome_name(enum dp_outcome outcome);

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
	uint8_t n_decoys_sent, n_decoys_answered; /* to and by this address; 0 sent: no sample */
	enum dp_responder responder;		  /* dp_noise_class() */
	struct ts_facts tcp;			  /* outcome open only */
	struct dl_dialog *dialog;		  /* NULL: the dialog never began (no byte came) */
	struct tl_result *tls;			  /* NULL: no session was started */
};
