/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hundreds of targets, probed, carried by the shipped flows, and watched.
 *
 *    hosts ◄── wire ──► owner (dataplane/flow, tcpstack, tls/dialog) ◄── messages ──► TLS core
 *                         └─► records, retries: one or the other for each accepted target
 *
 * A seed draws everything: what the hosts are, how the wire treats frames, how large the pools are,
 * when the TLS core and the writer stand still, what is excluded and when.
 */
#pragma once

#include "tests/sim/frame_wire.h"
#include "tests/sim/host.h"
#include "tests/sim/owner.h"

#define WORLD_TARGETS 250
#define WORLD_TICK_US 20000

enum target_state {
	TARGET_WAITING, /* to be probed at probe_us */
	TARGET_PROBED,	/* its answer is wanted */
	TARGET_OPEN,	/* accepted: neither a record nor a retry has come yet */
	TARGET_RECORDED,
	TARGET_GIVEN_UP, /* probed often enough */
};

struct target {
	enum target_state state;
	uint16_t service;
	uint8_t n_probes;
	bool excluded;
	uint64_t probe_us;
};

/* Over all worlds of a run. */
struct world_totals {
	uint64_t n_accepted, n_records, n_retries, n_no_room, n_dropped, n_excluded;
	uint64_t n_by_status[DL_N_STATUS], n_reconnected, n_refused, n_held;
	uint64_t n_carried, n_lost, n_doubled, n_late, n_flipped, n_garbled;
	uint64_t n_sent, virtual_us;
};

struct flow_world {
	uint64_t seed, random, now_us;
	struct frame_wire wire;
	struct host hosts[WORLD_TARGETS];
	struct target targets[WORLD_TARGETS];
	struct dl_service services[LAB_N_PORTS];
	struct owner *owner;
	struct sim_tls *tls;
	struct script_counts counts;
	struct dp_range range;
	struct dp_ranges excluded;
	uint64_t exclude_us, abort_us;		/* when; UINT64_MAX: never */
	uint64_t tls_awake_us, writer_awake_us; /* stand still until then */
	uint32_t tls_stall_ppm, writer_stall_ppm, tls_stall_max_us;
	uint64_t no_retry_us; /* from then on nobody is asked again */
	bool aborted;
	struct world_totals *totals;
	const char *broken; /* the first invariant that did not hold, NULL: none */
};

/** Play one seed. @param world  in: memory for it, used again for the next. @return what broke,
 * NULL: nothing */
const char *flow_world_run(struct flow_world *world, uint64_t seed, struct world_totals *totals);

/* What the world is told of by its owner, but for ctx. */
extern const struct owner_hooks flow_world_hooks;

/** Make the world of a seed, owner and TLS core included (flow_draw.c). */
void flow_world_draw(struct flow_world *world, uint64_t seed);
