/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The scanner's way with one target, without DPDK: ts_stack, dl_talk and tl_session joined on one
 * thread, in virtual time.
 */
#pragma once

#include "tcpstack/packet/build.h"
#include "tcpstack/tcp/tcp.h"
#include "tls/dialog/dialog.h"
#include "tls/session/session.h"

#define SCAN_TX_MAX 16384

enum scan_phase {
	SCAN_OPENING,
	SCAN_PLAIN,
	SCAN_TLS,     /* handshake */
	SCAN_INSIDE,  /* the talk goes on inside TLS */
	SCAN_CLOSING, /* the talk is over */
	SCAN_DONE,
};

/* One target: filled by the test up to the line, read by it afterwards. */
struct scan_flow {
	struct ts_addr addr;
	uint16_t port;
	enum dl_proto proto;
	bool implicit_tls;
	/* ---- */
	enum scan_phase phase;
	bool retried;
	unsigned int n_closed; /* TS_ACT_CLOSED seen for the connection in hand */
	enum ts_close close;
	struct ts_facts facts;
	struct dl_talk talk;
	struct tl_session *tls;
	struct tl_result *result;
	uint32_t conn;
	uint32_t tx_len;
	uint8_t tx[SCAN_TX_MAX]; /* the whole outgoing stream */
};

struct scan_client {
	struct ts_stack *tcp;
	struct tl_worker *worker;
	struct dl_config dialog;
	struct ts_link link;
	struct ts_addr source_v4, source_v6;
	struct scan_flow **by_conn; /* one for each connection slot */
	uint16_t next_lport;
	uint64_t now_us;
	bool (*emit)(void *ctx, const uint8_t *frame, uint32_t len);
	void *emit_ctx;
};

/** Open the connection of a flow. */
void scan_client_start(struct scan_client *client, struct scan_flow *flow);

/** A frame from the wire. */
void scan_client_input(struct scan_client *client, const uint8_t *frame, uint32_t len);

/** Run timers and pay ACKs; client->now_us was set before. */
void scan_client_tick(struct scan_client *client);
