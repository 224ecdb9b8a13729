/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include <rte_errno.h>
#include <rte_malloc.h>

#include "dataplane/core/mempool.h"
#include "dataplane/flow/chunk.h"
#include "dataplane/flow/msg.h"
#include "poll_core.h"
#include "scan.h"
#include "scan_sizes.h"
#include "dataplane/tlscore/tlscore.h"

static struct rte_ring *ring_new(const struct dp_scan *scan, const char *what, uint32_t i,
	uint32_t j, size_t elt_size, uint32_t n)
{
	char name[RTE_RING_NAMESIZE];

	snprintf(name, sizeof(name), "%s_%u_%u", what, i, j);
	if (elt_size == 0)
		return rte_ring_create(name, n, scan->socket_id, RING_F_SP_ENQ | RING_F_SC_DEQ);
	return rte_ring_create_elem(
		name, (unsigned int)elt_size, n, scan->socket_id, RING_F_SP_ENQ | RING_F_SC_DEQ);
}

static bool make_pools(struct dp_scan *scan)
{
	struct hp_plan_counts sizes = dp_scan_sizes(&scan->config);

	scan->rx_chunks = dp_mempool_new(
		"rx_chunks", sizes.n_rx_chunks, sizeof(struct dp_chunk), scan->socket_id);
	scan->tx_chunks = dp_mempool_new(
		"tx_chunks", sizes.n_tx_chunks, sizeof(struct dp_chunk), scan->socket_id);
	scan->dialogs = dp_mempool_new(
		"dialogs", sizes.n_dialogs, sizeof(struct dl_dialog), scan->socket_id);
	scan->rx_pool = dp_mempool_as_pool(scan->rx_chunks);
	scan->tx_pool = dp_mempool_as_pool(scan->tx_chunks);
	scan->dialog_pool = dp_mempool_as_pool(scan->dialogs);
	return scan->rx_chunks != NULL && scan->tx_chunks != NULL && scan->dialogs != NULL;
}

static bool make_rings(struct dp_scan *scan)
{
	const struct dp_scan_config *config = &scan->config;
	struct hp_plan_counts sizes = dp_scan_sizes(config);

	for (uint32_t p = 0; p < config->n_poll; p++) {
		struct dp_poll_core *core = dp_poll_core_of(scan->poll[p]);

		scan->to_writer[p] = ring_new(
			scan, "writer", p, 0, sizeof(struct dp_record), sizes.n_writer_ring);
		scan->to_control[p] = ring_new(
			scan, "control", p, 0, sizeof(struct dp_neigh_update), DP_CONTROL_RING);
		if (scan->to_writer[p] == NULL || scan->to_control[p] == NULL)
			return false;
		for (uint32_t t = 0; t < config->n_tls; t++) {
			struct rte_ring *there = ring_new(
				scan, "to_tls", p, t, sizeof(struct dp_msg), sizes.n_msg_ring);
			struct rte_ring *back = ring_new(
				scan, "from_tls", p, t, sizeof(struct dp_msg), sizes.n_msg_ring);

			if (there == NULL || back == NULL)
				return false;
			core->rx.to_tls[t] = scan->tls[t]->from_poll[p] = there;
			core->from_tls[t] = scan->tls[t]->to_poll[p] = back;
			dp_flows_add_core(&core->rx.flows, t, scan->tls[t]->pipes[p],
				core->slots[t], RTE_MAX(config->max_sessions / config->n_poll, 1u));
		}
		for (uint32_t k = 0; k < config->n_poll; k++) {
			if (k == p)
				continue;
			scan->misdirected[p][k] = ring_new(
				scan, "stray", p, k, 0, DP_MISDIRECTED_RING);
			if (scan->misdirected[p][k] == NULL)
				return false;
		}
	}
	return true;
}

static bool make_cores(struct dp_scan *scan)
{
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		struct dp_poll_core *core = rte_zmalloc_socket(
			"poll", sizeof(*core), 64, scan->socket_id);

		if (core == NULL)
			return false;
		scan->poll[p] = &core->poll;
		if (dp_poll_core_init(core, scan, p) != 0)
			return false;
	}
	for (uint32_t t = 0; t < scan->config.n_tls; t++) {
		scan->tls[t] = rte_zmalloc_socket(
			"tls", sizeof(*scan->tls[t]), 64, scan->socket_id);
		if (scan->tls[t] == NULL || dp_tls_init(scan->tls[t], scan, t) != 0)
			return false;
	}
	return true;
}

static void start_clock(struct dp_clock *clock)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	clock->start_tsc = rte_rdtsc();
	clock->start_unix_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	clock->us_per_tick = 1e6 / (double)rte_get_tsc_hz();
}

/* One block: freeing the scan frees both. */
struct whole {
	struct dp_scan scan;
	struct dp_scan_threads threads;
};

struct dp_scan *dp_scan_new(const struct dp_scan_config *config, const struct dp_targets *targets,
	uint16_t port_id, struct rte_mempool *mbufs, const uint8_t mac[6], char *err,
	size_t err_len)
{
	struct whole *whole = calloc(1, sizeof(*whole));
	struct dp_scan *scan = whole != NULL ? &whole->scan : NULL;

	if (scan == NULL ||
		dp_live_init(&scan->live, config->rate_pps, config->bandwidth_bps) != 0) {
		snprintf(err, err_len, "out of memory");
		free(scan);
		return NULL;
	}
	scan->threads = &whole->threads;
	scan->config = *config;
	scan->targets = targets;
	scan->port_id = port_id;
	scan->mbufs = mbufs;
	scan->socket_id = (int)rte_socket_id();
	memcpy(scan->mac, mac, sizeof(scan->mac));
	for (uint32_t i = 0; i < config->n_services; i++)
		scan->service_of_port[config->services[i].port] = (uint16_t)(i + 1);
	start_clock(&scan->clock);
	if (getrandom(&scan->cookie_key, sizeof(scan->cookie_key), 0) != sizeof(scan->cookie_key)) {
		snprintf(err, err_len, "the kernel gave no random bytes for the cookie key");
		dp_scan_free(scan);
		return NULL;
	}
	scan->asked = calloc(1, dp_asked_size(config->n_poll));
	if (scan->asked == NULL) {
		snprintf(err, err_len, "out of memory");
		dp_scan_free(scan);
		return NULL;
	}
	dp_asked_init(scan->asked, config->n_poll, &scan->cookie_key);
	dp_resolve_init(&scan->threads->resolve, &config->route);
	if (!make_cores(scan) || !make_pools(scan) || !make_rings(scan)) {
		snprintf(err, err_len,
			"packet memory ran out: this scan needs about %zu MB; lower "
			"--max-connections or "
			"--max-sessions, or reserve more huge pages",
			dp_scan_memory(config) >> 20);
		dp_scan_free(scan);
		return NULL;
	}
	return scan;
}

void dp_scan_free(struct dp_scan *scan)
{
	for (uint32_t p = 0; p < DP_MAX_POLL; p++) {
		struct dp_poll_core *core = scan->poll[p] != NULL ? dp_poll_core_of(scan->poll[p])
								  : NULL;

		for (uint32_t t = 0; core != NULL && t < DP_MAX_TLS; t++) {
			rte_ring_free(core->rx.to_tls[t]);
			rte_ring_free(core->from_tls[t]);
		}
		for (uint32_t k = 0; k < DP_MAX_POLL; k++)
			rte_ring_free(scan->misdirected[p][k]);
		rte_ring_free(scan->to_writer[p]);
		rte_ring_free(scan->to_control[p]);
		if (core != NULL)
			dp_poll_core_fini(core);
		rte_free(core);
	}
	for (uint32_t t = 0; t < DP_MAX_TLS; t++) {
		if (scan->tls[t] != NULL)
			dp_tls_fini(scan->tls[t]);
		rte_free(scan->tls[t]);
	}
	rte_mempool_free(scan->rx_chunks);
	rte_mempool_free(scan->tx_chunks);
	rte_mempool_free(scan->dialogs);
	dp_scan_leave(scan);
}

void dp_scan_leave(struct dp_scan *scan)
{
	dp_live_fini(&scan->live);
	free(scan->asked);
	if (scan->threads->excluded != NULL)
		dp_ranges_free(scan->threads->excluded);
	free(scan->threads->excluded);
	free(scan);
}

static_assert(DP_MAX_POLL + DP_MAX_TLS <= DP_MAX_BLOCKS, "a block for every core");

uint32_t dp_scan_stats(const struct dp_scan *scan, struct dp_stats **blocks)
{
	uint32_t n = 0;

	for (uint32_t p = 0; p < scan->config.n_poll; p++)
		blocks[n++] = scan->poll[p]->stats;
	for (uint32_t t = 0; t < scan->config.n_tls; t++)
		blocks[n++] = scan->tls[t]->stats;
	return n;
}

bool dp_scan_next_record(struct dp_scan *scan, struct dp_record *record)
{
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		if (rte_ring_sc_dequeue_elem(scan->to_writer[p], record, sizeof(*record)) == 0) {
			scan->threads->n_taken[p]++;
			return true;
		}
	}
	return false;
}

void dp_scan_record_done(struct dp_scan *scan, struct dp_record *record)
{
	if (record->dialog != NULL)
		rte_mempool_put(scan->dialogs, record->dialog);
	tl_result_free(record->tls);
	record->dialog = NULL;
	record->tls = NULL;
}

bool dp_scan_probing_done(const struct dp_scan *scan)
{
	for (uint32_t p = 0; p < scan->config.n_poll; p++) {
		if (!atomic_load_explicit(
			    &dp_poll_core_of(scan->poll[p])->probing_done, memory_order_relaxed))
			return false;
	}
	return true;
}

uint64_t dp_scan_n_begun(const struct dp_scan *scan)
{
	uint64_t n = 0;

	for (uint32_t p = 0; p < scan->config.n_poll; p++)
		n += atomic_load_explicit(
			&dp_poll_core_of(scan->poll[p])->prober.n_begun, memory_order_relaxed);
	return n;
}

uint64_t dp_scan_in_flight(const struct dp_scan *scan)
{
	struct dp_stats *blocks[DP_MAX_POLL + DP_MAX_TLS];

	dp_scan_stats(scan, blocks);
	return dp_stats_gauge(blocks, scan->config.n_poll, DP_G_OPEN_CONNS);
}
