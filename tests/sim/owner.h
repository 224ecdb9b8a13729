/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An owner of flows without DPDK: what the poll loop does with them, in virtual time.
 *
 *   frames ──► owner_frame() ──► dataplane/flow ──► owner carries out ──► hooks: frame out,
 *   time ────► owner_turn()                                               message, record, retry
 *
 * It probes as the scanner does (dataplane/core/probe_id.h) and takes a SYN-ACK for the answer to a
 * probe by port and number alone. The TLS core behind it is the simulation's (tls_core.h).
 */
#pragma once

#include "dataplane/flow/flow.h"
#include "tcpstack/packet/stamp.h"
#include "tcpstack/tcp/segment.h"
#include "tests/sim/list_pool.h"

#define OWNER_MSS 1460

/* What a probe's answer says that is no connection. */
enum owner_verdict { OWNER_REFUSED, OWNER_UNREACHABLE };

/* What a simulation is told of, and answers. Each is called with the hooks' ctx. */
struct owner_hooks {
	void *ctx;
	/* A frame leaves. */
	void (*frame)(void *ctx, const uint8_t *frame, uint32_t len);
	/* A message to the one TLS core. */
	void (*tell)(void *ctx, const struct dp_msg *msg);
	/* Is an answer of this target wanted: it was probed and has not answered since? */
	bool (*wanted)(void *ctx, const struct ts_addr *addr, uint16_t service);
	/* It has become a connection, or (no room) it is to be probed again. */
	void (*accepted)(void *ctx, const struct ts_addr *addr, uint16_t service, bool room);
	/* A probe has been answered by RST or ICMP; may be NULL. */
	void (*verdict)(
		void *ctx, const struct ts_addr *addr, uint16_t port, enum owner_verdict verdict);
	/* A finding. @return true: taken, dialog and result go back with owner_record_done() */
	bool (*record)(void *ctx, const struct dp_record *record);
	/* A target could not be served. */
	enum dp_flow_retry (*retry)(void *ctx, const struct ts_addr *addr, uint16_t service);
	/* May a record wait for its host's decoys? */
	bool (*hold)(void *ctx, const struct ts_addr *addr);
	/* A TLS result is not wanted any more; never NULL. */
	void (*result_free)(struct tl_result *result);
};

struct owner_config {
	struct owner_hooks hooks;
	const struct dl_service *services;
	uint32_t n_services;
	uint32_t n_conns, n_slots, n_dialogs, n_tx_chunks, n_rx_chunks, n_reorder;
	uint32_t conn_limit_us, tick_us, rto_max_us;
	struct dl_config dialog;
	bool decoys;
	uint8_t offer; /* TS_OPT_* of our SYNs */
	uint64_t seed;
};

struct owner {
	struct owner_config config;
	struct ts_stack *tcp;
	struct dp_flow *flow_memory;
	struct dp_flows flows;
	struct dp_targets *targets;
	struct dp_probe_id probe_id;
	struct dp_stats stats;
	struct list_pool dialogs, tx_chunks, rx_chunks;
	struct dp_pipe *pipes;
	uint32_t *slots;
	uint32_t *rst_gen; /* by connection: 1 + the generation that has sent its RST */
	struct ts_link link;
	struct ts_addr source_v4, source_v6;
	uint32_t purge_next; /* connection to look at next, n_conns: no purge is under way */
	const char *broken;  /* the first promise that was not kept, NULL: none */
};

/** Make an owner; the process ends when memory is short. */
struct owner *owner_new(const struct owner_config *config);
void owner_free(struct owner *owner);

/** Probe a target. */
void owner_probe(
	struct owner *owner, const struct ts_addr *addr, uint16_t service, uint64_t now_us);

/** A frame arrives. */
void owner_frame(struct owner *owner, const uint8_t *frame, uint32_t len, uint64_t now_us);

/** A message of the TLS core. */
void owner_message(struct owner *owner, const struct dp_msg *msg, uint64_t now_us);

/** What a poll core does in a turn, but for frames and messages. @param data_room  in: DP_MSG_DATA
 * that the TLS core takes */
void owner_turn(struct owner *owner, uint32_t data_room, uint64_t now_us);

/** Exclude these from now on, which may be more than before; the connections to them are reset a
 * few in a turn. @param ranges  in: borrowed for the owner's life */
void owner_exclude(struct owner *owner, const struct dp_ranges *ranges);

/** Reset everything. */
void owner_abort_all(struct owner *owner, uint64_t now_us);

/** Give back what a record has carried. */
void owner_record_done(struct owner *owner, const struct dp_record *record);

/** With no connection open: is everything back? @return what is not, NULL: nothing is missing */
const char *owner_leftover(const struct owner *owner);

/** Is an address excluded? */
bool owner_excludes(const struct owner *owner, const struct ts_addr *addr);
