/* SPDX-License-Identifier: BSD-3-Clause */
/* A wire for TCP segments in virtual time: delay, loss, doubling, reordering, and named faults. */
#pragma once

#include "tcpstack/packet/pkt.h"
#include "tests/sim/due_queue.h"

#define WIRE_SEGS    8192
#define WIRE_PAYLOAD 1460

/* Named faults: each happens to every connection of a run, on an otherwise perfect wire or not. */
enum wire_rule {
	WIRE_NO_RULE,
	WIRE_DROP_FIRST_FIN,	/* the first FIN of each direction */
	WIRE_DROP_SECOND_FIN,	/* and the first goes through */
	WIRE_DROP_OPENING_ACK,	/* the ACK of the SYN-ACK */
	WIRE_DOUBLE_SYNACK,	/* the SYN-ACK once more, after data has come */
	WIRE_RST_BEYOND_WINDOW, /* forged, to either side, after data has come */
	WIRE_RST_INSIDE_WINDOW, /* forged, one byte from the exact number */
	WIRE_SYN_INSIDE,	/* a SYN to either side, after data has come */
	WIRE_N_RULE
};

const char *wire_rule_name(enum wire_rule rule);

struct wire_config {
	uint32_t drop_ppm, double_ppm, reorder_ppm;
	uint32_t delay_us;   /* one way */
	uint32_t reorder_us; /* a reordered segment is late by up to that */
	enum wire_rule rule;
};

/* A segment on its way. */
struct wire_seg {
	uint32_t pair;
	bool to_client;
	bool forged;	   /* by a rule: not the peer's doing */
	struct ts_tcp tcp; /* payload is set when it is taken */
	uint8_t bytes[WIRE_PAYLOAD];
};

/* What a rule remembers of one direction of one connection. */
struct wire_memory {
	uint8_t n_hits, n_segs;
	bool done, has_synack;
	struct ts_tcp synack;
};

struct wire {
	struct wire_config config;
	uint64_t random;
	struct wire_memory (*memory)[2]; /* by pair and direction */
	struct due_queue queue;
	uint64_t n_carried, n_lost;
	struct due heap[WIRE_SEGS];
	uint16_t free[WIRE_SEGS];
	struct wire_seg segs[WIRE_SEGS];
};

void wire_init(
	struct wire *wire, const struct wire_config *config, uint32_t n_pairs, uint64_t seed);
void wire_fini(struct wire *wire);

/** Put a segment on the wire; its payload is copied. */
void wire_put(struct wire *wire, uint32_t pair, bool to_client, const struct ts_tcp *tcp,
	uint64_t now_us);

/** When the next segment arrives; UINT64_MAX: none is on its way. */
uint64_t wire_next_us(const struct wire *wire);

/** Take the next segment, whatever the time. @return valid until the next wire_put() */
struct wire_seg *wire_take(struct wire *wire);
