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

#include "dataplane/rx/carry_out.h"
#include "tests/poll_rig.h"

#define N_HOSTS	   64
#define N_ROUNDS   64
#define SERVICE	   25
#define FRAME_ROOM 512

static const struct dl_service service = {SERVICE, DL_SMTP, false};

struct bench {
	struct rig rig;
	uint32_t first_host;
	uint64_t ticks, n_ops;
	bool unmeasured; /* preparing */
};

static void die(const char *what)
{
	fprintf(stderr, "bench flow: %s\n", what);
	exit(1);
}

static struct ts_addr host(const struct bench *bench, uint32_t i)
{
	return ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + bench->first_host + i));
}

static void set_up(struct bench *bench)
{
	struct rig_config config = {
		.port = "lab",
		.targets = "198.18.0.0/16",
		.source_v4 = "198.19.255.1",
		.scan = rig_scan_config(&service, 1),
	};
	struct dp_scan_config *scan = &config.scan;

	scan->dialog.ehlo_name = "scanner.example";
	scan->rate_pps = 1000;
	scan->max_conns = 4 * N_HOSTS;
	scan->max_sessions = 2 * N_HOSTS;
	scan->n_seen = 64 * N_HOSTS * N_ROUNDS;
	memset(scan->emit, true, sizeof(scan->emit));
	rig_start("bench-flow", 256);
	rig_open_scan(&bench->rig, &config);
}

/* What a poll core does with what has come: frames, credits, records, acknowledgements. */
static inline void serve(const struct bench *bench)
{
	dp_rx_poll(&bench->rig.core->rx);
	dp_carry_turn(&bench->rig.core->rx);
}

__attribute__((noinline)) static void measured(const struct bench *bench)
{
	serve(bench);
}

/* Off the clock: the wire and the writer take what there is. */
static void drain(struct bench *bench)
{
	struct dp_record record;

	rig_take_sent(&bench->rig);
	while (dp_scan_next_record(bench->rig.scan, &record))
		dp_scan_record_done(bench->rig.scan, &record);
}

static void turn(struct bench *bench)
{
	uint64_t start = rte_rdtsc();

	if (bench->unmeasured) {
		serve(bench);
	} else {
		measured(bench);
		bench->ticks += rte_rdtsc() - start;
	}
	drain(bench);
	bench->rig.poll->now_us += 1000;
}

static void put(struct bench *bench, const struct ts_seg *seg)
{
	uint8_t frame[FRAME_ROOM];

	rig_put_bytes(&bench->rig, frame, rig_build(&bench->rig, seg, frame, sizeof(frame)));
}

/* Of host number i, to where it was probed from; ack is the number of the probe. */
static struct ts_seg segment_of(const struct bench *bench, uint32_t i, uint8_t flags)
{
	struct ts_addr addr = host(bench, i);

	return rig_segment(&bench->rig, &addr, SERVICE, DP_PROBE_PRIMARY, flags);
}

static void synacks(struct bench *bench, uint32_t ack_off)
{
	for (uint32_t i = 0; i < N_HOSTS; i++) {
		struct ts_seg seg = segment_of(bench, i, TS_TCP_SYN | TS_TCP_ACK);

		seg.seq = i;
		seg.ack += 1 + ack_off;
		seg.mss = 1460;
		put(bench, &seg);
	}
	turn(bench);
}

/* Every host says something, or closes, and acknowledges what it got. */
static void says(struct bench *bench, const char *text, uint8_t flags)
{
	const struct ts_stack *tcp = bench->rig.core->rx.flows.tcp;

	for (uint32_t i = 0; i < N_HOSTS; i++) {
		struct ts_seg seg = segment_of(bench, i, (uint8_t)(TS_TCP_ACK | flags));
		uint32_t at = ts_lookup(tcp, &seg.src, SERVICE, seg.dport);
		const struct ts_conn *conn;

		if (at == TS_CONN_NONE)
			die("a connection is missing");
		conn = ts_conn(tcp, at);
		seg.seq = conn->rcv_nxt;
		seg.ack = conn->snd_nxt;
		seg.payload = (const uint8_t *)text;
		seg.payload_len = (uint32_t)strlen(text);
		put(bench, &seg);
	}
	turn(bench);
}

static void expect_none(const struct bench *bench)
{
	if (ts_stack_n_open(bench->rig.core->rx.flows.tcp) != 0)
		die("a connection is left over");
}

static void wrong_cookie(struct bench *bench)
{
	synacks(bench, 1);
}

static void reset_all(struct bench *bench)
{
	dp_carry_abort_all(&bench->rig.core->rx);
	drain(bench);
	bench->first_host += N_HOSTS;
}

static void repeated(struct bench *bench)
{
	bench->unmeasured = true;
	synacks(bench, 0);
	reset_all(bench);
	bench->first_host -= N_HOSTS;
	bench->unmeasured = false;
	synacks(bench, 0);
	expect_none(bench);
	bench->first_host += N_HOSTS;
}

static void accepted(struct bench *bench)
{
	synacks(bench, 0);
	if (ts_stack_n_open(bench->rig.core->rx.flows.tcp) != N_HOSTS)
		die("not every SYN-ACK became a connection");
	reset_all(bench);
}

static void exchange(struct bench *bench)
{
	synacks(bench, 0);
	says(bench, "", TS_TCP_FIN);
	says(bench, "", 0);
	expect_none(bench);
	bench->first_host += N_HOSTS;
}

static void dialog(struct bench *bench)
{
	synacks(bench, 0);
	says(bench, "220 mail.example ESMTP ready\r\n", TS_TCP_PSH);
	says(bench, "250-mail.example\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n",
		TS_TCP_PSH);
	turn(bench);
	says(bench, "454 4.7.0 TLS not available due to local problem\r\n", TS_TCP_PSH);
	says(bench, "221 2.0.0 Bye\r\n", TS_TCP_PSH | TS_TCP_FIN);
	expect_none(bench);
	bench->first_host += N_HOSTS;
}

static const struct {
	const char *name;
	void (*run)(struct bench *bench);
} kinds[] = {
	{"wrong-cookie", wrong_cookie},
	{"repeated", repeated},
	{"accepted", accepted},
	{"exchange", exchange},
	{"dialog", dialog},
};

static void run(struct bench *bench, const char *name)
{
	for (size_t k = 0; k < RTE_DIM(kinds); k++) {
		if (strcmp(kinds[k].name, name) != 0)
			continue;
		for (uint32_t i = 0; i < N_ROUNDS; i++)
			kinds[k].run(bench);
		bench->n_ops = N_ROUNDS * N_HOSTS;
		printf("%s: %u operations, %.1f ns each\n", name, (unsigned int)bench->n_ops,
			(double)bench->ticks * 1e9 / (double)rte_get_tsc_hz() /
				(double)bench->n_ops);
		return;
	}
	die("which kind? wrong-cookie, repeated, accepted, exchange or dialog");
}

int main(int argc, char **argv)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	if (bench == NULL)
		die("no memory");
	set_up(bench);
	run(bench, argc > 1 ? argv[1] : "exchange");
	rig_close(&bench->rig);
	free(bench);
	return 0;
}
