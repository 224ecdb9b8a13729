/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host for simulations of very many connections: the lab's TCP server and dialogs, scripted TLS
 * (script_session.h), and every way to misbehave.
 *
 * A host has one connection, and the second one that XMPP may need. Segments and time go in,
 * segments come out by a function of the world.
 */
#pragma once

#include "apps/lab/lab_dialog.h"
#include "apps/lab/lab_tcp.h"
#include "tests/sim/script_session.h"

enum host_kind {
	HOST_SERVICE,	    /* speaks the port's protocol up to TLS and inside it */
	HOST_NO_TLS,	    /* speaks, but refuses TLS */
	HOST_GARBAGE,	    /* random bytes as greeting */
	HOST_MUTE,	    /* acknowledges and says nothing */
	HOST_DEAF,	    /* answers the SYN and nothing else */
	HOST_ZERO_WINDOW,   /* its window never opens */
	HOST_RESET_ON_DATA, /* RST as soon as data comes */
	HOST_RESET_ON_ANY,  /* RST for whatever comes behind the SYN */
	HOST_FIN_FIRST,	    /* closes at once */
	HOST_N_KIND
};

/* What a host is and does; drawn from the seed. */
struct host_plan {
	struct ts_addr addr;
	const struct lab_port *port;
	enum host_kind kind;
	bool advertises, picky;
	uint16_t mss;
	uint8_t opts;	     /* TS_OPT_* that it answers */
	uint32_t flight_len; /* of its TLS handshake */
	uint32_t flood_len;  /* bytes it says besides, once TLS is up */
	uint64_t reset_us;   /* after the opening; 0: never */
	uint64_t fin_us;     /* the same for a close in the middle of everything */
	uint64_t stall_us;   /* reads and says nothing from then on, for a while; 0: never */
	uint64_t stall_for_us;
};

enum host_stage { HOST_OPENING, HOST_PLAIN, HOST_TLS, HOST_CLOSING };

struct host_conn {
	bool used;
	uint16_t client_port;
	enum host_stage stage;
	uint64_t opened_us;
	uint32_t flight_left, flood_left;
	bool flight_begun;
	struct lab_tcp tcp;
	struct lab_dialog dialog;
	struct script_in in;
};

#define HOST_N_CONNS 2

struct host {
	struct host_plan plan;
	uint64_t due_us; /* when host_timer() is to be called; UINT64_MAX: never */
	struct host_conn conns[HOST_N_CONNS];
};

/* A segment leaves, to a port of the client's. */
typedef void (*host_send_fn)(
	void *ctx, struct host *host, uint16_t client_port, const struct lab_tcp_seg *seg);

struct host_out {
	host_send_fn send;
	void *ctx;
};

void host_begin(struct host *host, const struct host_plan *plan);

/** A segment from the client. @param seed  in: random, for the initial sequence number */
void host_input(struct host *host, const struct ts_tcp *tcp, uint32_t seed, uint64_t now_us,
	const struct host_out *out);

/** due_us has passed. */
void host_timer(struct host *host, uint64_t now_us, const struct host_out *out);
