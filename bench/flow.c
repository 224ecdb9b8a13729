/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What connections cost a poll core, in instructions an operation.
 *
 *   bench_flow KIND
 *     wrong-cookie   a SYN-ACK that answers no probe: parsed, hashed, counted
 *     repeated       a SYN-ACK that came before: looked up, judged, counted
 *     accepted       a SYN-ACK that becomes a connection and its ACK
 *     exchange       the whole life of a connection whose host closes without a word: SYN-ACK, ACK,
 *                    FIN, our FIN, its ACK, record
 *     dialog         the same of an SMTP host without TLS: greeting, EHLO, STARTTLS, refusal, QUIT,
 *                    goodbye, close, record
 *
 *   valgrind --tool=callgrind --toggle-collect=measured build-release/bench/bench_flow KIND
 *
 * prints "Collected", which divided by the operations that the bench prints is the figure. Without
 * valgrind it prints nanoseconds. Frames come from a ring and leave into one, as bench/rx.c has it;
 * making and dropping them is not measured.
 */
#include <stdio.h>
#include <stdlib.h>

#include <rte_eal.h>
#include <rte_ethdev.h>
#include <urcu/urcu-qsbr.h>

#include "dataplane/port/eal.h"
#include "dataplane/port/port.h"
#include "dataplane/rx/carry_out.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/scan/scan.h"
#include "dataplane/scan/scan_sizes.h"
#include "tcpstack/packet/build.h"

#define N_HOSTS	   64
#define N_ROUNDS   64
#define SERVICE	   25
#define FRAME_ROOM 512

static const uint8_t server_mac[6] = {2, 0, 0, 0, 0, 2};

struct rig {
	struct dp_targets *targets;
	struct dp_port port;
	struct dp_port_lab rings;
	struct dp_scan *scan;
	struct dp_poll *poll;
	struct dp_poll_core *core;
	struct dl_service service;
	uint32_t first_host;
	uint64_t ticks, n_ops;
	bool unmeasured; /* preparing */
};

static void die(const char *what)
{
	fprintf(stderr, "bench flow: %s\n", what);
	exit(1);
}

static struct ts_addr host(const struct rig *rig, uint32_t i)
{
	return ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + rig->first_host + i));
}

static void set_up(struct rig *rig)
{
	struct dp_scan_config config = {
		.services = &rig->service,
		.n_services = 1,
		.source_port_first = 32768,
		.source_port_last = 61000,
		.rate_pps = 1000,
		.n_probes = 1,
		.max_conns = 4 * N_HOSTS,
		.max_sessions = 2 * N_HOSTS,
		.conn_limit_us = 100000000,
		.n_seen = 64 * N_HOSTS * N_ROUNDS,
		.n_poll = 1,
		.n_tls = 1,
		.emit = {true, true, true},
		.route = {.has_v4 = true, .prefix_v4_len = 32, .prefix_v6_len = 128},
	};
	struct dp_port_spec spec = dp_port_spec("lab");
	char err[DP_ERR_LEN];

	rig->service = (struct dl_service){SERVICE, DL_SMTP, false};
	dl_config_default(&config.dialog);
	config.dialog.ehlo_name = "scanner.example";
	ts_addr_parse("198.19.255.1", &config.route.source_v4);
	rig->targets = dp_targets_new();
	if (dp_targets_add(rig->targets, DP_ALLOW, "198.18.0.0/16", err) != 0 ||
		dp_targets_finish(rig->targets, 1, 1, err) != 0 ||
		dp_port_open(&spec, 1, dp_scan_sizes(&config).n_mbufs, &rig->rings, &rig->port, err,
			sizeof(err)) != 0)
		die(err);
	rig->scan = dp_scan_new(&config, rig->targets, rig->port.id, rig->port.mbufs, rig->port.mac,
		err, sizeof(err));
	if (rig->scan == NULL)
		die(err);
	rig->poll = rig->scan->poll[0];
	rig->core = dp_poll_core_of(rig->poll);
	rig->poll->live = dp_live_get(&rig->scan->live);
	dp_carry_look(&rig->core->rx, false);
}

/* What a poll core does with what has come: frames, credits, records, acknowledgements. */
static inline void serve(struct rig *rig)
{
	dp_rx_poll(&rig->core->rx);
	dp_carry_turn(&rig->core->rx);
}

__attribute__((noinline)) static void measured(struct rig *rig)
{
	serve(rig);
}

/* Off the clock: the wire and the writer take what there is. */
static void drain(struct rig *rig)
{
	struct rte_mbuf *out[64];
	struct dp_record record;
	unsigned int n;

	dp_txq_flush(rig->poll->tx);
	while ((n = rte_ring_sc_dequeue_burst(rig->rings.to_lab[0], (void **)out, 64, NULL)) > 0)
		rte_pktmbuf_free_bulk(out, n);
	while (dp_scan_next_record(rig->scan, &record))
		dp_scan_record_done(rig->scan, &record);
}

static void turn(struct rig *rig)
{
	uint64_t start = rte_rdtsc();

	if (rig->unmeasured) {
		serve(rig);
	} else {
		measured(rig);
		rig->ticks += rte_rdtsc() - start;
	}
	drain(rig);
	rig->poll->now_us += 1000;
}

static void put(struct rig *rig, struct ts_seg *seg)
{
	struct ts_link link = {.ttl = 55};
	struct rte_mbuf *m = rte_pktmbuf_alloc(rig->port.mbufs);
	uint8_t *frame;
	uint32_t len;

	if (m == NULL)
		die("no packet buffer");
	memcpy(link.src_mac, server_mac, 6);
	memcpy(link.dst_mac, rig->port.mac, 6);
	frame = rte_pktmbuf_mtod(m, uint8_t *);
	len = ts_build_tcp(frame, FRAME_ROOM, &link, seg);
	rte_pktmbuf_append(m, (uint16_t)len);
	if (rte_ring_sp_enqueue(rig->rings.from_lab[0], m) != 0)
		die("the ring is full");
}

static struct ts_seg segment_of(const struct rig *rig, uint32_t i, uint16_t *lport, uint32_t *iss)
{
	struct ts_addr addr = host(rig, i);
	uint64_t hash = dp_probe_id_hash(&rig->poll->probe_id, &addr, SERVICE);

	*lport = dp_probe_id_port(&rig->poll->probe_id, hash, DP_PROBE_PRIMARY);
	*iss = dp_probe_id_iss(hash, DP_PROBE_PRIMARY);
	return (struct ts_seg){
		.src = addr,
		.dst = rig->scan->config.route.source_v4,
		.sport = SERVICE,
		.dport = *lport,
		.wnd = 65535,
	};
}

static void synacks(struct rig *rig, uint32_t ack_off)
{
	for (uint32_t i = 0; i < N_HOSTS; i++) {
		uint16_t lport;
		uint32_t iss;
		struct ts_seg seg = segment_of(rig, i, &lport, &iss);

		seg.seq = i;
		seg.ack = iss + 1 + ack_off;
		seg.flags = TS_TCP_SYN | TS_TCP_ACK;
		seg.mss = 1460;
		put(rig, &seg);
	}
	turn(rig);
}

/* Every host says something, or closes, and acknowledges what it got. */
static void says(struct rig *rig, const char *text, uint8_t flags)
{
	for (uint32_t i = 0; i < N_HOSTS; i++) {
		uint16_t lport;
		uint32_t iss, at;
		struct ts_seg seg = segment_of(rig, i, &lport, &iss);
		const struct ts_conn *conn;

		at = ts_lookup(rig->core->rx.flows.tcp, &seg.src, SERVICE, lport);
		if (at == TS_CONN_NONE)
			die("a connection is missing");
		conn = ts_conn(rig->core->rx.flows.tcp, at);
		seg.seq = conn->rcv_nxt;
		seg.ack = conn->snd_nxt;
		seg.flags = (uint8_t)(TS_TCP_ACK | flags);
		seg.payload = (const uint8_t *)text;
		seg.payload_len = (uint32_t)strlen(text);
		put(rig, &seg);
	}
	turn(rig);
}

static void expect_none(const struct rig *rig)
{
	if (ts_stack_n_open(rig->core->rx.flows.tcp) != 0)
		die("a connection is left over");
}

static void wrong_cookie(struct rig *rig)
{
	synacks(rig, 1);
}

static void reset_all(struct rig *rig)
{
	dp_carry_abort_all(&rig->core->rx);
	drain(rig);
	rig->first_host += N_HOSTS;
}

static void repeated(struct rig *rig)
{
	rig->unmeasured = true;
	synacks(rig, 0);
	reset_all(rig);
	rig->first_host -= N_HOSTS;
	rig->unmeasured = false;
	synacks(rig, 0);
	expect_none(rig);
	rig->first_host += N_HOSTS;
}

static void accepted(struct rig *rig)
{
	synacks(rig, 0);
	if (ts_stack_n_open(rig->core->rx.flows.tcp) != N_HOSTS)
		die("not every SYN-ACK became a connection");
	reset_all(rig);
}

static void exchange(struct rig *rig)
{
	synacks(rig, 0);
	says(rig, "", TS_TCP_FIN);
	says(rig, "", 0);
	expect_none(rig);
	rig->first_host += N_HOSTS;
}

static void dialog(struct rig *rig)
{
	synacks(rig, 0);
	says(rig, "220 mail.example ESMTP ready\r\n", TS_TCP_PSH);
	says(rig, "250-mail.example\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n",
		TS_TCP_PSH);
	turn(rig);
	says(rig, "454 4.7.0 TLS not available due to local problem\r\n", TS_TCP_PSH);
	says(rig, "221 2.0.0 Bye\r\n", TS_TCP_PSH | TS_TCP_FIN);
	expect_none(rig);
	rig->first_host += N_HOSTS;
}

static const struct {
	const char *name;
	void (*run)(struct rig *rig);
} kinds[] = {
	{"wrong-cookie", wrong_cookie},
	{"repeated", repeated},
	{"accepted", accepted},
	{"exchange", exchange},
	{"dialog", dialog},
};

static void run(struct rig *rig, const char *name)
{
	for (size_t k = 0; k < RTE_DIM(kinds); k++) {
		if (strcmp(kinds[k].name, name) != 0)
			continue;
		for (uint32_t i = 0; i < N_ROUNDS; i++)
			kinds[k].run(rig);
		rig->n_ops = N_ROUNDS * N_HOSTS;
		printf("%s: %u operations, %.1f ns each\n", name, (unsigned int)rig->n_ops,
			(double)rig->ticks * 1e9 / (double)rte_get_tsc_hz() / (double)rig->n_ops);
		return;
	}
	die("which kind? wrong-cookie, repeated, accepted, exchange or dialog");
}

int main(int argc, char **argv)
{
	static char *words[] = {"bench", "-l", "0", "--no-huge", "-m", "256", "--no-pci",
		"--no-telemetry", "--no-shconf", "--file-prefix=tlsweep-bench-flow",
		"--log-level=*:error", NULL};
	struct rig *rig = calloc(1, sizeof(*rig));

	if (rig == NULL || rte_eal_init((int)RTE_DIM(words) - 1, words) < 0)
		die("DPDK did not start");
	urcu_qsbr_register_thread();
	set_up(rig);
	run(rig, argc > 1 ? argv[1] : "exchange");
	urcu_qsbr_unregister_thread();
	dp_eal_stop();
	return 0;
}
