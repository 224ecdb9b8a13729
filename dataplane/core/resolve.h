/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What control does with the answers to our questions, above all about the two gateways.
 *
 *              answer                    quiet, no proof for a while
 *     unknown ────────► known, at rest ─────────────────────────────► known, polled
 *        ▲                    ▲   ▲                                     │      │
 *        │                    │   └─── answer from the known address ───┘      │
 *        │                    │        or from behind the gateway              │
 *        │                    └────────── answer from any address ──── lost ◄──┘
 *        └── at the start                 (back, or moved)              silent for GIVE_UP
 *
 * A known gateway keeps its MAC address whatever others say. The proof that it forwards is its own
 * answer, or an answer to a probe from behind it (RFC 4861 7.3.1). If neither has come for a while,
 * it is polled at its known MAC address (RFC 1122 2.3.2.1, RFC 4861 7.3.3). If it is silent there
 * as well, the question is broadcast and the first answer is taken. So a host that wants to pass
 * for the gateway must silence the gateway first. A gateway that moves, as with VRRP, is followed
 * after QUIET + GIVE_UP, or after CHECK + GIVE_UP if few answers came from behind it before.
 *
 * Pure: time comes in as an argument. Control thread.
 */
#pragma once

#include "neigh.h"

/* A gateway is polled if nothing has come from behind it for QUIET_US and the last proof is older
 * than CHECK_US. If BUSY or more answers came in the ten seconds before, QUIET_US alone decides. */
#define DP_RESOLVE_QUIET_US 1000000
#define DP_RESOLVE_BUSY	    100
#define DP_RESOLVE_CHECK_US 10000000
/* Three polls, one a second, and half a second for the answer to the last one. */
#define DP_RESOLVE_GIVE_UP_US 3500000
/* Events that are kept for one look of control, and how many of them may be claims. */
#define DP_RESOLVE_EVENTS 8
#define DP_RESOLVE_CLAIMS 4

enum dp_resolve_kind {
	DP_RESOLVE_CLAIM,  /* an answer gives another link-layer address than the known one */
	DP_RESOLVE_SILENT, /* a gateway does not answer any more: it is lost */
	DP_RESOLVE_BACK,   /* a lost gateway answers again, with the address of before */
	DP_RESOLVE_MOVED,  /* a lost gateway answers again, with another address */
};

/* What control tells the user. */
struct dp_resolve_event {
	enum dp_resolve_kind kind;
	bool gateway;
	struct ts_addr addr;
	uint8_t mac[6];	  /* the known address; of SILENT, BACK and MOVED the last one */
	uint8_t other[6]; /* of CLAIM and MOVED: the address in the answer */
};

enum dp_gateway_state {
	DP_GATEWAY_UNKNOWN, /* it has not answered; the prober asks if it needs it */
	DP_GATEWAY_REST,    /* known, and not asked */
	DP_GATEWAY_POLL,    /* to be asked at its known address, once a second */
	DP_GATEWAY_SEEK,    /* lost: to be asked by broadcast, once a second; not in the table */
};

struct dp_gateway {
	struct ts_addr addr;
	enum dp_gateway_state state;
	uint8_t mac[6];			  /* in every state but UNKNOWN */
	uint64_t proved_us;		  /* last proof that it forwards */
	uint64_t heard_us;		  /* last answer from behind it */
	uint64_t state_us;		  /* when it came into this state */
	uint64_t n_heard;		  /* answers from behind it so far */
	uint64_t window_us, window_heard; /* when the ten seconds began, and n_heard then */
	bool busy;			  /* DP_RESOLVE_BUSY answers in these or the last ones */
};

struct dp_resolve {
	struct dp_gateway gateway[2]; /* IPv4, IPv6 */
	bool has_gateway[2];
	uint32_t n_events;
	struct dp_resolve_event events[DP_RESOLVE_EVENTS];
	uint64_t n_claims_untold; /* claims that found no room in events */
};

/**
 * Begin without knowing any neighbour.
 * @param resolve  out
 * @param route    in: of the scan; what is needed of it is copied
 */
void dp_resolve_init(struct dp_resolve *resolve, const struct dp_route *route);

/**
 * Take in an answer to a question of ours about a host of our own network or a gateway.
 * @param resolve  in/out: gets an event if the user should be told
 * @param known    in: the table's entry for addr; NULL: none
 * @param addr     in: the address that the answer is about
 * @param mac      in: the link-layer address that it gives
 * @param now_us   in: time
 * @param put      out: an entry for dp_neigh_put(), valid if true is returned
 * @return true if the table is to be changed
 */
bool dp_resolve_answer(struct dp_resolve *resolve, const struct dp_neigh_entry *known,
	const struct ts_addr *addr, const uint8_t mac[6], uint64_t now_us,
	struct dp_neigh_entry *put);

/**
 * Called instead of dp_resolve_look() while the port has no link, so that nobody can answer: the
 * time of gateways that are polled begins again.
 * @param resolve  in/out
 * @param now_us   in: time
 */
void dp_resolve_pause(struct dp_resolve *resolve, uint64_t now_us);

/**
 * Follow the gateways as time passes.
 * @param resolve  in/out: gets an event if a gateway is lost
 * @param n_heard  in: answers from behind each gateway so far, IPv4 and IPv6
 * @param now_us   in: time
 */
void dp_resolve_look(struct dp_resolve *resolve, const uint64_t n_heard[2], uint64_t now_us);
