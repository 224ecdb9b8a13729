/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The prober in virtual time: poll cores are called in turn on a port of rings, and every frame
 * they send is told apart by its own port and sequence number and compared with what was to be
 * sent.
 */
#pragma once

#include <stdlib.h>

#include <rte_eal.h>

#include "dataplane/port/port.h"
#include "dataplane/probe/prober_internal.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/scan/scan.h"
#include "dataplane/scan/scan_sizes.h"
#include "dataplane/scan/scan_snapshot.h"
#include "tap.h"
#include "tcpstack/packet/stamp.h"

#define MAX_CORES 3
#define GAP_US	  50000
#define ROUND_US  1000
#define N_ROUNDS  20000
#define BURST	  64

static const struct dl_service services[] = {{443, DL_SMTP, true}, {25, DL_SMTP, false}};

struct st_tally {
	uint8_t n_primary, n_second, n_canary;
	uint64_t last_us; /* of the last probe but canaries */
};

struct world {
	struct dp_port port;
	struct dp_port_lab rings;
	struct dp_targets *targets;
	struct dp_scan_config config;
	struct dp_live live;
	struct dp_scan *scan;
	struct st_tally *tally; /* by index */
	uint64_t n_unknown, n_asked, n_too_soon, n_decoys;
	uint64_t now_us;
};

static inline void must(bool ok, const char *what)
{
	if (ok)
		return;
	printf("Bail out! %s\n", what);
	exit(1);
}

/* Start DPDK and open the port. @param name in: of this test, told apart from those beside it */
static inline struct world *world_open(const char *name)
{
	char prefix[64];
	char *words[] = {"test", "-l", "0", "--no-huge", "-m", "256", "--no-pci", "--no-telemetry",
		"--no-shconf", prefix, "--log-level=*:error", NULL};
	struct dp_port_spec spec = dp_port_spec("lab");
	struct world *w = calloc(1, sizeof(*w));
	char err[DP_ERR_LEN] = "DPDK did not start";

	snprintf(prefix, sizeof(prefix), "--file-prefix=tlsweep-test-%s", name);
	must(w != NULL && rte_eal_init((int)RTE_DIM(words) - 1, words) >= 0, err);
	must(dp_port_open(&spec, MAX_CORES, 16384, &w->rings, &w->port, err, sizeof(err)) == 0,
		err);
	return w;
}

static inline void world_close(struct world *w)
{
	dp_port_close(&w->port, &w->rings);
	free(w);
}

static struct dp_targets *targets_new(uint32_t n_services)
{
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN];

	must(dp_targets_add(targets, DP_ALLOW, "198.18.0.0/23", err) == 0 &&
			dp_targets_add(targets, DP_ALLOW, "2001:db8::/121", err) == 0 &&
			dp_targets_finish(targets, n_services, 7, err) == 0,
		err);
	return targets;
}

static inline void world_new(struct world *w, uint32_t n_poll, uint32_t n_services)
{
	struct dp_port port = w->port;
	struct dp_port_lab rings = w->rings;

	*w = (struct world){.port = port, .rings = rings, .targets = targets_new(n_services)};
	w->config = (struct dp_scan_config){
		.services = services,
		.n_services = n_services,
		.source_port_first = 32768,
		.source_port_last = 61000,
		.n_probes = 1,
		.syn_offer = TS_OPT_ALL,
		.probe_gap_us = GAP_US,
		.n_indices = dp_targets_count(w->targets),
		.max_conns = 256,
		.max_sessions = 64,
		.n_seen = 4096,
		.n_poll = n_poll,
		.n_tls = 1,
		.route = {.has_v4 = true,
			.has_v6 = true,
			.prefix_v4_len = 32,
			.prefix_v6_len = 128,
			.has_fixed_mac = true,
			.fixed_mac = {2, 0, 0, 0, 0, 9}},
	};
	dl_config_default(&w->config.dialog);
	ts_addr_parse("198.19.255.1", &w->config.route.source_v4);
	ts_addr_parse("2001:db8:1::1", &w->config.route.source_v6);
	w->tally = calloc(dp_targets_count(w->targets), sizeof(*w->tally));
	must(w->tally != NULL, "memory");
}

static inline void world_start(struct world *w)
{
	char err[DP_ERR_LEN];

	w->scan = dp_scan_new(
		&w->config, w->targets, w->port.id, w->port.mbufs, w->port.mac, err, sizeof(err));
	must(w->scan != NULL, err);
	for (uint32_t p = 0; p < w->config.n_poll; p++)
		w->scan->poll[p]->live = &w->live;
}

/* A next hop is known from now on. */
static inline void world_learn(struct world *w, const struct ts_addr *addr, const uint8_t mac[6])
{
	struct dp_neigh_entry entry = {.addr = *addr};

	memcpy(entry.mac, mac, sizeof(entry.mac));
	dp_neigh_put(&w->live.neigh, &entry);
}

static inline void world_free(struct world *w)
{
	dp_scan_free(w->scan);
	dp_targets_free(w->targets);
	free(w->tally);
}

static bool in_range(const struct world *w, uint64_t index)
{
	return index >= w->config.index_first &&
	       index - w->config.index_first < w->config.n_indices;
}

static bool has_canary(const struct world *w, const struct dp_target *target, uint64_t index)
{
	return in_range(w, index) && dp_sample_has(w->config.canary_sample, index) &&
	       dp_targets_represents(w->targets, target);
}

/* A canary's port says nothing about the service: it is that of the pair that stands for the
 * address. */
static void tally_canary(struct world *w, const struct ts_addr *addr)
{
	for (uint16_t s = 0; s < w->config.n_services; s++) {
		struct dp_target target = {*addr, s};
		struct st_tally *t;
		uint64_t index;

		if (!dp_targets_index(w->targets, &target, &index) ||
			!has_canary(w, &target, index))
			continue;
		t = &w->tally[index];
		if (t->n_canary > 0)
			continue;
		t->n_canary++;
		w->n_too_soon += w->now_us - t->last_us < GAP_US;
		return;
	}
	w->n_unknown++;
}

/* The options of a client, with the timestamp that a connection would go on from. */
static bool has_options(const struct dp_poll *poll, const struct ts_tcp *tcp)
{
	return strcmp(tcp->opts_order, "MSTNW") == 0 && tcp->wscale == TS_RCV_SHIFT &&
	       tcp->ts_ecr == 0 &&
	       tcp->ts_val ==
		       ts_stamp(poll->probe_id.stamp_key, tcp->seq, ts_stamp_ticks(poll->now_us));
}

static void tally_frame(struct world *w, struct dp_poll *poll, struct rte_mbuf *m)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	struct dp_target target = {0};
	enum dp_probe_kind kind;
	struct ts_pkt pkt;
	struct st_tally *t;
	uint64_t index;

	if (ts_pkt_parse(frame, m->data_len, 0, &pkt) != TS_DROP_NONE) {
		w->n_unknown++;
		return;
	}
	if (pkt.kind == TS_PKT_ARP_REQUEST || pkt.kind == TS_PKT_ND_SOLICIT) {
		w->n_asked++;
		return;
	}
	if (pkt.kind != TS_PKT_TCP || pkt.tcp.flags != TS_TCP_SYN || !has_options(poll, &pkt.tcp) ||
		!dp_probe_id_match(&poll->probe_id,
			dp_probe_id_hash(&poll->probe_id, &pkt.dst, pkt.tcp.dport), pkt.tcp.sport,
			pkt.tcp.seq, &kind)) {
		w->n_unknown++;
		return;
	}
	if (kind == DP_PROBE_CANARY) {
		tally_canary(w, &pkt.dst);
		return;
	}
	if (kind == DP_PROBE_DECOY) {
		w->n_decoys++;
		w->n_unknown += w->config.n_decoys == 0;
		return;
	}
	target = (struct dp_target){pkt.dst, pkt.tcp.dport == services[0].port ? 0 : 1};
	if (!dp_targets_index(w->targets, &target, &index)) {
		w->n_unknown++;
		return;
	}
	t = &w->tally[index];
	w->n_too_soon += t->n_primary > 0 && w->now_us - t->last_us < GAP_US;
	t->n_primary += kind == DP_PROBE_PRIMARY;
	t->n_second += kind == DP_PROBE_SECOND;
	t->last_us = w->now_us;
}

static void take_frames(struct world *w, struct dp_poll *poll)
{
	struct rte_mbuf *out[BURST];
	unsigned int n;

	dp_txq_flush(poll->tx);
	while ((n = rte_ring_sc_dequeue_burst(
			w->rings.to_lab[poll->index], (void **)out, BURST, NULL)) > 0) {
		for (unsigned int i = 0; i < n; i++)
			tally_frame(w, poll, out[i]);
		rte_pktmbuf_free_bulk(out, n);
	}
}

/* All cores once. @return whether each has nothing left to do */
static inline bool world_round(struct world *w)
{
	bool done = true;

	w->now_us += ROUND_US;
	for (uint32_t p = 0; p < w->config.n_poll; p++) {
		struct dp_poll *poll = w->scan->poll[p];
		struct dp_poll_core *core = dp_poll_core_of(poll);

		poll->now_us = w->now_us;
		dp_prober_run(&core->prober, dp_poll_core_busy(core));
		take_frames(w, poll);
		done = done && atomic_load(&poll->stats->stall) == DP_STALL_DONE;
	}
	return done;
}

static inline void world_run(struct world *w)
{
	uint32_t n = 0;

	while (!world_round(w))
		must(++n < N_ROUNDS, "the prober never says that it is done");
}

static inline uint64_t counted(const struct world *w, enum dp_counter counter)
{
	struct dp_stats *blocks[DP_MAX_POLL + DP_MAX_TLS];

	return dp_stats_sum(blocks, dp_scan_stats(w->scan, blocks), counter);
}

static inline struct dp_target target_at(const struct world *w, uint64_t index)
{
	return dp_targets_get(w->targets, index);
}

/* Does each index have what expected() says, and was nothing else sent? */
static inline void check(struct world *w,
	struct st_tally (*expected)(const struct world *w, uint64_t index), const char *what)
{
	uint64_t n_wrong = 0, n_all = 0, n_second = 0, n_canary = 0;

	for (uint64_t i = 0; i < dp_targets_count(w->targets); i++) {
		struct st_tally want = expected(w, i), *got = &w->tally[i];

		n_wrong += got->n_primary != want.n_primary || got->n_second != want.n_second ||
			   got->n_canary != want.n_canary;
		n_all += want.n_primary + want.n_second + want.n_canary;
		n_second += want.n_second;
		n_canary += want.n_canary;
	}
	tap_ok(n_wrong == 0 && w->n_unknown == 0,
		"%s, %u cores, %u services: each index gets the probes it should", what,
		w->config.n_poll, w->config.n_services);
	tap_ok(counted(w, DP_PROBES_SENT) == n_all && counted(w, DP_PROBES_SAMPLED) == n_second &&
			counted(w, DP_CANARIES_SENT) == n_canary && w->n_too_soon == 0,
		"%s, %u cores, %u services: the counters agree and no second probe is early", what,
		w->config.n_poll, w->config.n_services);
}

static inline struct st_tally samples(const struct world *w, uint64_t index)
{
	const struct dp_scan_config *config = &w->config;
	struct dp_target target = target_at(w, index);
	bool in = in_range(w, index);

	return (struct st_tally){
		.n_primary = in ? (uint8_t)config->n_probes : 0,
		.n_second = in && dp_sample_has(config->loss_sample, index),
		.n_canary = has_canary(w, &target, index),
	};
}
