/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pairs of a client connection (ts_stack) and a server connection (lab_tcp) on one wire, driven by
 * seeded applications on both sides, and watched.
 *
 * Each direction carries a stream whose bytes follow from pair and offset, so that what arrives is
 * checked without being stored.
 */
#pragma once

#include "apps/lab/lab_tcp.h"
#include "tcpstack/tcp/tcp.h"
#include "tcp_wire.h"

#define SERVER_WRITE_MAX 4000

/* What the two applications of a pair do. */
struct pair_plan {
	uint32_t client_total, server_total; /* bytes to send; then close */
	bool by_probe;			     /* stateless SYN and ts_accept(), else ts_open() */
	bool lazy_server;		     /* reads seldom: its window shuts */
	bool client_closes_first;	     /* does not wait for the server's FIN */
	bool server_closes_first;	     /* does not wait for the client's FIN */
	bool client_aborts, server_aborts;   /* somewhere on the way */
	uint16_t server_mss;
	uint32_t server_write_max; /* bytes its application writes at once */
	uint64_t start_us;
};

enum pair_phase { PAIR_WAITING, PAIR_PROBING, PAIR_OPEN, PAIR_OVER };

struct pair {
	struct pair_plan plan;
	enum pair_phase phase;
	/* client */
	uint32_t conn;
	uint32_t iss;
	uint64_t next_syn_us;
	uint32_t n_syns;
	uint32_t written, acked, received;
	bool opened;
	bool client_closed; /* ts_close() was called */
	bool eof;
	uint32_t n_closed;
	enum ts_close close;
	/* server */
	bool accepted;
	uint32_t server_written, server_received;
	bool server_closed;
	struct lab_tcp server;
};

struct world {
	struct wire wire;
	struct ts_stack *stack;
	uint64_t random;
	uint64_t now_us;
	uint32_t n_pairs, n_over;
	uint32_t n_steps;
	struct pair *pairs;
	uint32_t *pair_of;	     /* by client connection */
	uint64_t n_drops[TS_N_DROP]; /* of segments to the clients, by reason */
	const char *broken;	     /* the first invariant that did not hold, NULL: none */
	uint32_t broken_pair;
};

struct world_config {
	struct wire_config wire;
	uint32_t n_pairs, n_reorder;
	uint64_t seed;
	bool aborts; /* some applications give up on the way */
	/* Servers send a byte a segment, 4,000 of them, and write no more than a flight of a
	 * kernel's at once; nobody aborts or dawdles. */
	bool one_byte;
};

struct world *world_new(const struct world_config *config);
void world_free(struct world *world);

/** Run until every pair is over, an invariant breaks, or limit_us has passed. */
void world_run(struct world *world, uint64_t limit_us);

/* tcp_client.c */

/** A segment for the client of a pair: what a poll core does with it. */
void client_input(struct world *world, struct pair *pair, const struct wire_seg *seg);

/** Its application has a turn. */
void client_turn(struct world *world, struct pair *pair);

/** Run the timers of all clients that have expired. */
void clients_tick(struct world *world);

/** Acknowledge what has come, when a burst is over. */
void clients_pay_acks(struct world *world);

/* tcp_server.c */

/** A segment for the server of a pair. */
void server_input(struct world *world, struct pair *pair, const struct wire_seg *seg);

/** Its application and its timer have a turn. */
void server_turn(struct world *world, struct pair *pair);

/** Byte of the stream of a pair, to the client or to the server. */
uint8_t world_byte(
	const struct world *world, const struct pair *pair, bool to_client, uint32_t off);

/** Note that an invariant does not hold. */
void world_break(struct world *world, const struct pair *pair, const char *broken);
