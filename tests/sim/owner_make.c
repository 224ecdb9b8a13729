/* SPDX-License-Identifier: BSD-3-Clause */
/* Making an owner of flows, and what must be left when its connections have ended. */
#include <stdlib.h>

#include "tests/sim/owner.h"

#define PORT_FIRST 32768
#define N_PORTS	   28000
#define ROUNDED(n) (((n) + 63) / 64 * 64)

const char *owner_leftover(const struct owner *owner)
{
	const struct dp_flows *flows = &owner->flows;

	if (ts_stack_n_open(owner->tcp) != 0)
		return "a connection is left over";
	if (owner->dialogs.n + (flows->dialog_spare != NULL) != owner->dialogs.n_all)
		return "a dialog is left over";
	if (owner->tx_chunks.n + (flows->tx_spare != NULL) != owner->tx_chunks.n_all)
		return "a transmit chunk is left over";
	if (owner->rx_chunks.n + flows->n_rx_spares != owner->rx_chunks.n_all)
		return "a receive chunk is left over";
	if (flows->n_sessions != 0 || dp_fifo_len(&flows->tls_free[0]) != owner->config.n_slots)
		return "a TLS credit is left over";
	if (flows->want_dialog.n + flows->want_credit.n + flows->behind.n + flows->held.n +
			flows->records.n !=
		0)
		return "a list is not empty";
	return NULL;
}

static void make_flows(struct owner *owner)
{
	const struct owner_config *config = &owner->config;
	struct ts_stack_config tcp = {
		.n_conns = config->n_conns,
		.n_reorder = config->n_reorder,
		.tick_us = config->tick_us,
		.rcv_wnd = DP_RCV_WND,
		.mss = OWNER_MSS,
		.rto_initial_us = 1000000,
		.rto_min_us = 300000,
		.rto_max_us = config->rto_max_us,
		.max_tries = 4,
		.max_challenge = 3,
		.max_repeats = 16,
		.fin_wait_us = 2000000,
		.hash_key = {config->seed, 2},
		.offer = config->offer,
		.stamp_key = owner->probe_id.stamp_key,
	};
	size_t size = ROUNDED(ts_stack_size(&tcp));
	void *memory = aligned_alloc(64, size);
	struct dp_flow_config flow = {
		.dialog = &config->dialog,
		.services = config->services,
		.targets = owner->targets,
		.probe_id = &owner->probe_id,
		.tx_chunks = &owner->tx_chunks.pool,
		.rx_chunks = &owner->rx_chunks.pool,
		.dialogs = &owner->dialogs.pool,
		.stats = &owner->stats,
		.seed = config->seed,
		.n_conns = config->n_conns,
		.n_tls = 1,
		.conn_limit_us = config->conn_limit_us,
		.answer_us = config->dialog.handshake_us,
		.rx_reserve = DP_PIPE_SURE * config->n_slots,
		.decoys = config->decoys,
	};

	memset(memory, 0, size);
	owner->tcp = ts_stack_init(memory, &tcp, 0);
	dp_flows_init(&owner->flows, &flow, owner->tcp, owner->flow_memory);
	dp_flows_add_core(&owner->flows, 0, owner->pipes, owner->slots, config->n_slots);
}

struct owner *owner_new(const struct owner_config *config)
{
	struct owner *owner = aligned_alloc(64, ROUNDED(sizeof(*owner)));
	size_t pipes_len = config->n_slots * sizeof(struct dp_pipe);
	char err[DP_ERR_LEN];

	memset(owner, 0, sizeof(*owner));
	owner->config = *config;
	owner->purge_next = config->n_conns;
	owner->flow_memory = calloc(config->n_conns, sizeof(*owner->flow_memory));
	owner->rst_gen = calloc(config->n_conns, sizeof(*owner->rst_gen));
	owner->slots = calloc(2 * config->n_slots, sizeof(*owner->slots));
	owner->pipes = aligned_alloc(64, ROUNDED(pipes_len));
	memset(owner->pipes, 0, pipes_len);
	owner->targets = dp_targets_new();
	if (dp_targets_add(owner->targets, DP_ALLOW, "198.18.0.0/15", err) != 0 ||
		dp_targets_finish(owner->targets, config->n_services, 1, err) != 0)
		abort();
	owner->probe_id = (struct dp_probe_id){.key = {config->seed, config->seed ^ 1},
		.stamp_key = config->seed * UINT64_C(0x9e3779b97f4a7c15),
		.port_first = PORT_FIRST,
		.n_ports = N_PORTS};
	list_pool_init(&owner->dialogs, config->n_dialogs, sizeof(struct dl_dialog));
	list_pool_init(&owner->tx_chunks, config->n_tx_chunks, sizeof(struct dp_chunk));
	list_pool_init(&owner->rx_chunks, config->n_rx_chunks, sizeof(struct dp_chunk));
	owner->link = (struct ts_link){.src_mac = {2, 0, 0, 0, 0, 1}, .ttl = 64};
	make_flows(owner);
	return owner;
}

void owner_free(struct owner *owner)
{
	list_pool_fini(&owner->dialogs);
	list_pool_fini(&owner->tx_chunks);
	list_pool_fini(&owner->rx_chunks);
	dp_targets_free(owner->targets);
	free(owner->tcp);
	free(owner->flow_memory);
	free(owner->rst_gen);
	free(owner->slots);
	free(owner->pipes);
	free(owner);
}
