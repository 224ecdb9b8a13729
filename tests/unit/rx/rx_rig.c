/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <urcu/urcu-qsbr.h>

#include "dataplane/port/eal.h"
#include "dataplane/scan/scan_sizes.h"
#include "rx_rig.h"
#include "tcpstack/packet/build.h"
#include "tcpstack/packet/wire.h"

static const uint8_t server_mac[6] = {2, 0, 0, 0, 0, 2};

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static void build_scan(struct rig *rig, uint32_t n_poll)
{
	struct dp_scan_config config = {
		.services = rig->services,
		.n_services = 2,
		.source_port_first = 32768,
		.source_port_last = 61000,
		.rate_pps = 1000000,
		.n_probes = 1,
		.max_conns = 64,
		.max_sessions = 16,
		.conn_limit_us = 100000000,
		.n_seen = 4096,
		.n_poll = n_poll,
		.n_tls = 1,
		.loss_sample = {.every = RIG_SAMPLE},
		.canary_sample = {.every = 1},
		.n_decoys = RIG_DECOYS,
		.decoy_sample = UINT32_MAX, /* no responder of so few */
		.emit = {true, true, true},
		.route = {.has_v4 = true, .prefix_v4_len = 32, .prefix_v6_len = 128},
	};
	struct dp_port_spec spec = dp_port_spec("lab");
	char err[DP_ERR_LEN];

	rig->services[0] = (struct dl_service){RIG_SERVICE, DL_SMTP, false};
	rig->services[1] = (struct dl_service){443, DL_SMTP, true};
	dl_config_default(&config.dialog);
	ts_addr_parse("198.19.255.1", &config.route.source_v4);
	rig->targets = dp_targets_new();
	if (dp_targets_add(rig->targets, DP_ALLOW, "198.18.0.0/24", err) != 0 ||
		dp_targets_finish(rig->targets, config.n_services, 1, err) != 0)
		die(err);
	config.n_indices = dp_targets_count(rig->targets);
	if (dp_port_open(&spec, n_poll, dp_scan_sizes(&config).n_mbufs, &rig->rings, &rig->port,
		    err, sizeof(err)) != 0)
		die(err);
	rig->scan = dp_scan_new(&config, rig->targets, rig->port.id, rig->port.mbufs, rig->port.mac,
		err, sizeof(err));
	if (rig->scan == NULL)
		die(err);
}

void rig_open_cores(struct rig *rig, uint32_t n_poll)
{
	static char *words[] = {"rx_test", "-l", "0", "--no-huge", "-m", "256", "--no-pci",
		"--no-telemetry", "--no-shconf", "--file-prefix=tlsweep-rx-test",
		"--log-level=*:error", NULL};

	*rig = (struct rig){0};
	if (rte_eal_init((int)RTE_DIM(words) - 1, words) < 0)
		die("DPDK did not start");
	urcu_qsbr_register_thread();
	build_scan(rig, n_poll);
	for (uint32_t p = 0; p < n_poll; p++) {
		rig->scan->poll[p]->live = dp_live_get(&rig->scan->live);
		dp_carry_look(&dp_poll_core_of(rig->scan->poll[p])->rx, false);
	}
	rig->poll = rig->scan->poll[0];
	rig->core = dp_poll_core_of(rig->poll);
}

void rig_open(struct rig *rig)
{
	rig_open_cores(rig, 1);
}

void rig_close(struct rig *rig)
{
	dp_scan_free(rig->scan);
	dp_port_close(&rig->port, &rig->rings);
	dp_targets_free(rig->targets);
	urcu_qsbr_unregister_thread();
	dp_eal_stop();
}

/* The n-th host whose target on RIG_SERVICE is sampled, or not. */
static struct ts_addr nth_host(const struct rig *rig, uint32_t n, bool sampled)
{
	for (uint32_t i = 0; i < 256; i++) {
		struct dp_target target = {
			.addr = ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + i))};
		uint64_t index;

		if (dp_targets_index(rig->targets, &target, &index) &&
			dp_sample_has(rig->scan->config.loss_sample, index) == sampled && n-- == 0)
			return target.addr;
	}
	die("the scan has not so many hosts");
	return (struct ts_addr){0};
}

struct ts_addr rig_host(const struct rig *rig, uint32_t i)
{
	return nth_host(rig, i, false);
}

struct ts_addr rig_sampled_host(const struct rig *rig, uint32_t i)
{
	return nth_host(rig, i, true);
}

struct frame rig_answer(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint8_t flags, uint32_t ack_off)
{
	const struct dp_probe_id *probe_id = &rig->poll->probe_id;
	uint64_t hash = dp_probe_id_hash(probe_id, host, port);
	struct ts_link link = {.ttl = 55};
	struct ts_seg seg = {
		.src = *host,
		.dst = rig->scan->config.route.source_v4,
		.sport = port,
		.dport = dp_probe_id_port(probe_id, hash, kind),
		.seq = 1,
		.ack = dp_probe_id_iss(hash, kind) + ack_off,
		.wnd = 65535,
		.flags = flags,
	};
	struct frame f;

	memcpy(link.src_mac, server_mac, 6);
	memcpy(link.dst_mac, rig->port.mac, 6);
	f.len = ts_build_tcp(f.b, sizeof(f.b), &link, &seg);
	return f;
}

struct frame rig_icmp(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint32_t n_inner)
{
	struct frame probe = rig_answer(rig, host, port, kind, TS_TCP_SYN, 0);
	struct frame f = probe;
	uint8_t *icmp = &f.b[TS_ETH_LEN + TS_IP4_LEN];
	uint8_t *quote = icmp + TS_ICMP_LEN;
	uint32_t l3_len = TS_IP4_LEN + TS_ICMP_LEN + TS_IP4_LEN + n_inner;
	uint8_t probe_tcp[TS_TCP_LEN];

	/* The probe went the other way. */
	memcpy(probe_tcp, &probe.b[TS_ETH_LEN + TS_IP4_LEN], sizeof(probe_tcp));
	memset(icmp, 0, FRAME_MAX - TS_ETH_LEN - TS_IP4_LEN);
	icmp[0] = TS_ICMP4_UNREACHABLE;
	icmp[1] = 1;
	memcpy(quote, &probe.b[TS_ETH_LEN], TS_IP4_LEN);
	memcpy(quote + 12, &probe.b[TS_ETH_LEN + 16], 4);
	memcpy(quote + 16, &probe.b[TS_ETH_LEN + 12], 4);
	memcpy(quote + TS_IP4_LEN, probe_tcp + 2, 2);
	memcpy(quote + TS_IP4_LEN + 2, probe_tcp, 2);
	memcpy(quote + TS_IP4_LEN + 4, probe_tcp + 8, 4);
	f.b[TS_ETH_LEN + 9] = TS_IP_PROTO_ICMP;
	ts_put16(&f.b[TS_ETH_LEN + 2], (uint16_t)l3_len);
	f.len = TS_ETH_LEN + l3_len;
	frame_mend(&f);
	return f;
}

void rig_options(struct frame *f, const char *hex)
{
	uint8_t *tcp = &f->b[TS_ETH_LEN + TS_IP4_LEN];
	uint32_t n = frame_write(f, TS_ETH_LEN + TS_IP4_LEN + TS_TCP_LEN, hex);

	tcp[12] = (uint8_t)((TS_TCP_LEN + n) / 4 << 4);
	ts_put16(&f->b[TS_ETH_LEN + 2], (uint16_t)(TS_IP4_LEN + TS_TCP_LEN + n));
	f->len = TS_ETH_LEN + TS_IP4_LEN + TS_TCP_LEN + n;
	frame_mend(f);
}

uint32_t rig_take_sent(struct rig *rig)
{
	struct rte_mbuf *out[DP_TXQ_BURST];
	unsigned int n;
	uint32_t n_all = 0;

	dp_txq_flush(rig->poll->tx);
	while ((n = rte_ring_sc_dequeue_burst(
			rig->rings.to_lab[0], (void **)out, DP_TXQ_BURST, NULL)) > 0) {
		rte_pktmbuf_free_bulk(out, n);
		n_all += n;
	}
	return n_all;
}

void rig_put(struct rig *rig, const struct frame *frame)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(rig->port.mbufs);

	if (m == NULL)
		die("no packet buffer");
	memcpy(rte_pktmbuf_append(m, (uint16_t)frame->len), frame->b, frame->len);
	if (rte_ring_sp_enqueue(rig->rings.from_lab[0], m) != 0)
		die("the device's ring is full");
}

static void receive(struct rig *rig, const struct frame *frame)
{
	rig_put(rig, frame);
	rig->poll->now_us += 1000000;
	if (dp_rx_poll(&rig->core->rx) != 1)
		die("the receive path did not take a frame");
}

uint32_t rig_takes_of(struct rig *rig, const struct frame *frame, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		rig_put(rig, frame);
	return dp_rx_poll(&rig->core->rx);
}

uint64_t rig_counted(const struct rig *rig, uint32_t core, enum dp_counter counter)
{
	return atomic_load_explicit(
		&rig->scan->poll[core]->stats->counter[counter], memory_order_relaxed);
}

static uint64_t value(const struct rig *rig, uint32_t counter)
{
	return rig_counted(rig, 0, (enum dp_counter)counter);
}

bool rig_gives(struct rig *rig, const struct frame *frame, struct moves moves)
{
	uint64_t want[DP_N_COUNTER];
	bool same = true;

	rig_take_sent(rig);
	for (uint32_t c = 0; c < DP_N_COUNTER; c++)
		want[c] = value(rig, c);
	want[DP_RX_FRAMES]++;
	want[DP_RX_BYTES] += frame->len;
	for (uint32_t i = 0; i < RIG_MOVES && moves.v[i] != DP_N_COUNTER; i++)
		want[moves.v[i]]++;
	receive(rig, frame);
	for (uint32_t c = 0; c < DP_N_COUNTER; c++) {
		if (value(rig, c) == want[c])
			continue;
		same = false;
		printf("# %s: got %" PRIu64 ", want %" PRIu64 "\n",
			dp_counter_name((enum dp_counter)c), value(rig, c), want[c]);
	}
	return same;
}

bool rig_record(struct rig *rig, struct dp_record *record)
{
	struct dp_record other;

	return dp_scan_next_record(rig->scan, record) && !dp_scan_next_record(rig->scan, &other);
}
