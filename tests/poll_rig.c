/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/poll_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <urcu/urcu-qsbr.h>

#include "dataplane/port/eal.h"
#include "dataplane/scan/scan_sizes.h"

static const uint8_t server_mac[6] = {2, 0, 0, 0, 0, 2};

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

void rig_start(const char *name, uint32_t memory_mb)
{
	/* DPDK keeps the words. */
	static char prefix[64], memory[16];
	static char *words[] = {"rig", "-l", "0", "--no-huge", "-m", memory, "--no-pci",
		"--no-telemetry", "--no-shconf", prefix, "--log-level=*:error", NULL};

	snprintf(prefix, sizeof(prefix), "--file-prefix=tlsweep-%s", name);
	snprintf(memory, sizeof(memory), "%u", memory_mb);
	if (rte_eal_init((int)RTE_DIM(words) - 1, words) < 0)
		die("DPDK did not start");
	urcu_qsbr_register_thread();
}

struct dp_scan_config rig_scan_config(const struct dl_service *services, uint32_t n_services)
{
	struct dp_scan_config config = {
		.services = services,
		.n_services = n_services,
		.source_port_first = 32768,
		.source_port_last = 61000,
		.n_probes = 1,
		.conn_limit_us = 100000000,
		.n_poll = 1,
		.n_tls = 1,
		.route = {.has_v4 = true, .prefix_v4_len = 32, .prefix_v6_len = 128},
	};

	dl_config_default(&config.dialog);
	return config;
}

static void make_targets(struct rig *rig, const struct rig_config *config)
{
	char err[DP_ERR_LEN] = "no memory for the targets";

	rig->targets = dp_targets_new();
	if ((config->exclude_special && dp_targets_exclude_special(rig->targets) != 0) ||
		dp_targets_add(rig->targets, DP_ALLOW, config->targets, err) != 0 ||
		dp_targets_finish(rig->targets, config->scan.n_services, 1, err) != 0)
		die(err);
}

void rig_open_scan(struct rig *rig, const struct rig_config *config)
{
	struct dp_scan_config scan = config->scan;
	struct dp_port_spec spec = dp_port_spec(config->port);
	char err[DP_ERR_LEN];

	*rig = (struct rig){0};
	ts_addr_parse(config->source_v4, &scan.route.source_v4);
	make_targets(rig, config);
	if (scan.n_indices == 0)
		scan.n_indices = dp_targets_count(rig->targets);
	if (dp_port_open(&spec, scan.n_poll, dp_scan_sizes(&scan).n_mbufs + config->n_extra_mbufs,
		    &rig->rings, &rig->port, err, sizeof(err)) != 0)
		die(err);
	rig->scan = dp_scan_new(&scan, rig->targets, rig->port.id, rig->port.mbufs, rig->port.mac,
		err, sizeof(err));
	if (rig->scan == NULL)
		die(err);
	for (uint32_t p = 0; p < scan.n_poll; p++) {
		rig->scan->poll[p]->live = dp_live_get(&rig->scan->live);
		dp_carry_look(&dp_poll_core_of(rig->scan->poll[p])->rx, false);
	}
	rig->poll = rig->scan->poll[0];
	rig->core = dp_poll_core_of(rig->poll);
}

void rig_close(struct rig *rig)
{
	dp_scan_free(rig->scan);
	dp_port_close(&rig->port, &rig->rings);
	dp_targets_free(rig->targets);
	urcu_qsbr_unregister_thread();
	dp_eal_stop();
}

struct ts_seg rig_segment(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint8_t flags)
{
	const struct dp_probe_id *probe_id = &rig->poll->probe_id;
	uint64_t hash = dp_probe_id_hash(probe_id, host, port);

	return (struct ts_seg){
		.src = *host,
		.dst = rig->scan->config.route.source_v4,
		.sport = port,
		.dport = dp_probe_id_port(probe_id, hash, kind),
		.ack = dp_probe_id_iss(hash, kind),
		.wnd = 65535,
		.flags = flags,
	};
}

uint32_t rig_build(const struct rig *rig, const struct ts_seg *seg, uint8_t *frame, uint32_t cap)
{
	struct ts_link link = {.ttl = 55};

	memcpy(link.src_mac, server_mac, sizeof(link.src_mac));
	memcpy(link.dst_mac, rig->port.mac, sizeof(link.dst_mac));
	return ts_build_tcp(frame, cap, &link, seg);
}

void rig_put_bytes(struct rig *rig, const uint8_t *frame, uint32_t len)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(rig->port.mbufs);

	if (m == NULL)
		die("no packet buffer");
	memcpy(rte_pktmbuf_append(m, (uint16_t)len), frame, len);
	if (rte_ring_sp_enqueue(rig->rings.from_lab[0], m) != 0)
		die("the port's ring is full");
}

uint32_t rig_take_sent(struct rig *rig)
{
	struct rte_mbuf *out[DP_TXQ_BURST];
	unsigned int n;
	uint32_t n_all = 0;

	/* The ring may hold less than what waits in the transmit queue. */
	do {
		dp_txq_flush(rig->poll->tx);
		while ((n = rte_ring_sc_dequeue_burst(
				rig->rings.to_lab[0], (void **)out, DP_TXQ_BURST, NULL)) > 0) {
			rte_pktmbuf_free_bulk(out, n);
			n_all += n;
		}
	} while (rig->poll->tx->n > 0);
	return n_all;
}
