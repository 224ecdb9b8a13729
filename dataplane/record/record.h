/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One finding on its way from a poll core to the writer.
 *
 * A record travels by value over the poll core's SPSC ring. The dialog and the TLS result that it
 * points to are handed over with it. The poll core and the TLS core have filled them in turn, never
 * both at once. The writer owns them as soon as the ring has taken the record.
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
	DP_RESPONDER_LATE, /* bytes came only after we had stopped waiting; they were not read */
	/* Noise: no byte came. */
	DP_RESPONDER_ANSWERS_EVERYWHERE, /* takes connections on decoy ports as well */
	DP_RESPONDER_FIN_FIRST,
	DP_RESPONDER_RESET,	    /* RST before we had sent anything but the ACK */
	DP_RESPONDER_RESET_ON_DATA, /* RST after data or FIN of ours */
	DP_RESPONDER_SYN_PROXY,	    /* SYN-ACK without window and options, then nothing */
	DP_RESPONDER_ZERO_WINDOW,   /* answers, but its window never opened */
	DP_RESPONDER_ACKED_SILENT,  /* acknowledged data or FIN: a TCP stack without a service */
	DP_RESPONDER_NO_ACK,	    /* never acknowledged what we sent */
	DP_RESPONDER_UNDECIDED,	    /* we ended the connection before its class showed */
	DP_N_RESPONDER
};

/**
 * The name of an outcome in the JSON and for --output: "open", "closed", "unreachable".
 * @param outcome  in: below DP_N_OUTCOME
 * @return static text; any thread
 */
const char *dp_outcome_name(enum dp_outcome outcome);

struct dp_record {
	struct ts_addr addr;
	struct dl_service service;
	enum dp_outcome outcome;
	enum dl_status status;	/* how it ended */
	enum dl_stage stage;	/* where it ended */
	uint64_t start_unix_us; /* SYN-ACK (or RST, ICMP) received, wall clock */
	uint32_t duration_us;	/* until the connection was forgotten */
	uint8_t icmp_type, icmp_code;
	uint8_t answer_ttl; /* of the SYN-ACK, RST or ICMP packet */
	bool retried; /* XMPP: this is the second connection, made with the server's own name */
	uint8_t n_decoys_sent, n_decoys_answered; /* decoys of this address; 0 sent: not sampled */
	enum dp_responder responder;		  /* dp_noise_class() */
	struct ts_facts tcp;			  /* outcome open only */
	struct dl_dialog *dialog;		  /* NULL: the dialog never began (no byte came) */
	struct tl_result *tls;			  /* NULL: no session was started */
};
