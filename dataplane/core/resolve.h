/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What control does with the answers to our questions, above all about the two gateways.
 *
 *              answer                    quiet, no proof for a while
 *     unknown ────────► known, at rest ─────────────────────────────► known, polled
 *        ▲                    ▲   ▲                                     │      │
 *        │                    │   └─── answer from that very address ───┘      │
 *        │                    │        or from behind the gateway              │
 *        │                    └────────── answer from anywhere ─────── lost ◄──┘
 *        └── at the start                 (back, or moved)              silent for GIVE_UP
 *
 * A gateway that is known stays what it is whatever others say. Proof that it forwards is its own
 * answer, or an answer to a probe from behind it (RFC 4861 7.3.1). When neither has come for a
 * while it is polled at the address that we have (RFC 1122 2.3.2.1, RFC 4861 7.3.3); only when it
 * is silent there as well is everybody asked, and the first answer taken. So who wants to pass for
 * the gateway has to silence it first, and a gateway that moves, as VRRP does, is followed after
 * QUIET + GIVE_UP, or CHECK + GIVE_UP where little came from behind it before.
 *
 * Pure: time comes in. Control thread.
 */
#pragma once

#include "neigh.h"

/* Nothing from behind a gateway for so long is worth a look, */
#define DP_RESOLVE_QUIET_US 1000000
/* when there were so many answers in the ten seconds before; otherwise so long after the last
 * proof. */
#define DP_RESOLVE_BUSY	    100
#define DP_RESOLVE_CHECK_US 10000000
/* Three polls, one a second, and some patience with the answer to the last. */
#define DP_RESOLVE_GIVE_UP_US 3500000
/* Of one look; and how many of them may be claims. */
#define DP_RESOLVE_EVENTS 8
#define DP_RESOLVE_CLAIMS 4

enum dp_resolve_kind {
	DP_RESOLVE_CLAIM,  /* another link-layer address for one that is known */
	DP_RESOLVE_SILENT, /* a gateway has been given up: it answers nowhere */
	DP_RESOLVE_BACK,   /* and answers again, where it was */
	DP_RESOLVE_MOVED,  /* or somewhere else */
};

/* Something to tell people. */
struct dp_resolve_event {
	enum dp_resolve_kind kind;
	bool gateway;
	struct ts_addr addr;
	uint8_t mac[6];	  /* known; of SILENT, BACK and MOVED the one before */
	uint8_t other[6]; /* of CLAIM and MOVED */
};

enum dp_gateway_state {
	DP_GATEWAY_UNKNOWN, /* it has not answered; the prober asks when it needs it */
	DP_GATEWAY_REST,
	DP_GATEWAY_POLL, /* to be asked at the address that we have, once a second */
	DP_GATEWAY_SEEK, /* lost: everybody is asked, once a second; it has no entry in the table */
};

struct dp_gateway {
	struct ts_addr addr;
	enum dp_gateway_state state;
	uint8_t mac[6];			  /* in every state but UNKNOWN */
	uint64_t proved_us;		  /* last proof that it forwards */
	uint64_t heard_us;		  /* last answer from behind it */
	uint64_t state_us;		  /* since when it has been in this state */
	uint64_t n_heard;		  /* answers from behind it so far */
	uint64_t window_us, window_heard; /* ten seconds, and n_heard at their beginning */
	bool busy;			  /* DP_RESOLVE_BUSY in the window before */
};

struct dp_resolve {
	struct dp_gateway gateway[2]; /* IPv4, IPv6 */
	bool has_gateway[2];
	uint32_t n_events;
	struct dp_resolve_event events[DP_RESOLVE_EVENTS];
	uint64_t n_claims_untold; /* of DP_RESOLVE_CLAIM, for want of room in the row */
};

/** Begin. @param route in: of the scan */
void dp_resolve_init(struct dp_resolve *resolve, const struct dp_route *route);

/**
 * An answer to a question of ours, for a host of our own network or a gateway.
 * @param known  in: its entry in the table, NULL: none
 * @param mac    in: the link-layer address that was told
 * @param put    out: on true, what is to be put into the table
 */
bool dp_resolve_answer(struct dp_resolve *resolve, const struct dp_neigh_entry *known,
	const struct ts_addr *addr, const uint8_t mac[6], uint64_t now_us,
	struct dp_neigh_entry *put);

/** There is no link: nobody can answer, and who is polled gets his time anew. */
void dp_resolve_pause(struct dp_resolve *resolve, uint64_t now_us);

/**
 * Time has passed.
 * @param n_heard  in: answers from behind each gateway so far, IPv4 and IPv6
 */
void dp_resolve_look(struct dp_resolve *resolve, const uint64_t n_heard[2], uint64_t now_us);
