/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A whole scan in memory and virtual time: the shipped flows, TCP, dialogs and TLS sessions against
 * the lab.
 *
 *     sim_scan [seed]
 *
 * Every result is compared with lab_truth(): each of the 14 services with each kind of certificate,
 * key and TLS version, and each kind of host that is no service; then once more over a wire that
 * loses, doubles and reorders.
 */
#include <stdlib.h>

#include "apps/lab/lab.h"
#include "apps/lab/lab_port.h"
#include "tap.h"
#include "tests/sim/real_session.h"
#include "tests/sim/scan_truth.h"

#define N_SLOTS	     64
#define N_SYNS	     8
#define SYN_AGAIN_US 2000000
#define STEP_US	     1000
#define DURATION_US  200000000
#define PIPE_FRAMES  4096

/* One way between client and lab: what is emitted in a step arrives in the next. */
struct pipe {
	uint32_t n;
	uint16_t len[PIPE_FRAMES];
	uint8_t frames[PIPE_FRAMES][1600];
};

struct sim {
	struct lab *lab;
	struct lab_world world;
	bool lossy;
	uint64_t now_us;
	struct dl_service services[LAB_N_PORTS];
	struct tl_worker *worker;
	struct owner *owner;
	struct sim_tls *tls;
	struct pipe to_lab, to_client;
	uint32_t n_findings;
	struct finding *findings;
};

static bool pipe_put(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct pipe *pipe = ctx;

	if (pipe->n == PIPE_FRAMES || len > sizeof(pipe->frames[0]))
		return false;
	memcpy(pipe->frames[pipe->n], frame, len);
	pipe->len[pipe->n++] = (uint16_t)len;
	return true;
}

static void sim_step(struct sim *sim)
{
	uint64_t now = sim->now_us += STEP_US;
	struct dp_msg msg;

	for (uint32_t i = 0; i < sim->to_lab.n; i++)
		lab_input(sim->lab, sim->to_lab.frames[i], sim->to_lab.len[i], now);
	sim->to_lab.n = 0;
	while (lab_tick(sim->lab, now) > 0 && sim->to_client.n < PIPE_FRAMES / 2)
		continue;
	for (uint32_t i = 0; i < sim->to_client.n; i++)
		owner_frame(sim->owner, sim->to_client.frames[i], sim->to_client.len[i], now);
	sim->to_client.n = 0;
	sim_tls_run(sim->tls, UINT32_MAX, now);
	while (sim_tls_hear(sim->tls, &msg))
		owner_message(sim->owner, &msg, now);
	owner_turn(sim->owner, sim_tls_data_room(sim->tls), now);
}

/* Hooks of the owner. */

static struct finding *finding_of(struct sim *sim, const struct ts_addr *addr, uint16_t port)
{
	for (uint32_t i = 0; i < sim->n_findings; i++) {
		struct finding *finding = &sim->findings[i];

		if (lab_ports[finding->service].port == port && ts_addr_equal(&finding->addr, addr))
			return finding;
	}
	return NULL;
}

static void on_frame(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct sim *sim = ctx;

	pipe_put(&sim->to_lab, frame, len);
}

static void on_tell(void *ctx, const struct dp_msg *msg)
{
	struct sim *sim = ctx;

	sim_tls_tell(sim->tls, msg);
}

static bool on_wanted(void *ctx, const struct ts_addr *addr, uint16_t service)
{
	const struct finding *finding = finding_of(ctx, addr, lab_ports[service].port);

	return finding != NULL && !finding->open && finding->n_records == 0;
}

/* One without room is probed again in any case. */
static void on_accepted(void *ctx, const struct ts_addr *addr, uint16_t service, bool room)
{
	finding_of(ctx, addr, lab_ports[service].port)->open = room;
}

static void on_verdict(
	void *ctx, const struct ts_addr *addr, uint16_t port, enum owner_verdict verdict)
{
	struct finding *finding = finding_of(ctx, addr, port);

	if (finding == NULL)
		return;
	finding->refused = finding->refused || verdict == OWNER_REFUSED;
	finding->unreachable = finding->unreachable || verdict == OWNER_UNREACHABLE;
}

static bool on_record(void *ctx, const struct dp_record *record)
{
	struct sim *sim = ctx;
	struct finding *finding = finding_of(sim, &record->addr, record->service.port);

	finding->open = false;
	finding->n_records++;
	finding->record = *record;
	finding->has_dialog = record->dialog != NULL;
	if (record->dialog != NULL) {
		finding->dialog = *record->dialog;
		dp_pool_give(&sim->owner->dialogs.pool, record->dialog);
	}
	return true;
}

static enum dp_flow_retry on_retry(void *ctx, const struct ts_addr *addr, uint16_t service)
{
	struct finding *finding = finding_of(ctx, addr, lab_ports[service].port);

	finding->open = false;
	finding->n_probes = 0;
	return DP_RETRY_TAKEN;
}

static bool on_hold(void *ctx, const struct ts_addr *addr)
{
	return false;
}

static void free_findings(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->n_findings; i++)
		tl_result_free(sim->findings[i].record.tls);
	memset(sim->findings, 0, SCAN_MAX_FINDINGS * sizeof(*sim->findings));
	sim->n_findings = 0;
}

static bool make_owner(struct sim *sim)
{
	struct tl_config tls = {.max_session_bytes = 262144, .max_chain_bytes = 131072};
	struct owner_config config = {
		.hooks = {.ctx = sim,
			.frame = on_frame,
			.tell = on_tell,
			.wanted = on_wanted,
			.accepted = on_accepted,
			.verdict = on_verdict,
			.record = on_record,
			.retry = on_retry,
			.hold = on_hold,
			.result_free = tl_result_free},
		.services = sim->services,
		.n_services = LAB_N_PORTS,
		.n_conns = 512,
		.n_slots = N_SLOTS,
		.n_dialogs = 512,
		.n_tx_chunks = 512 + N_SLOTS,
		.n_rx_chunks = 4 * N_SLOTS + 256,
		.n_reorder = 1024,
		.offer = TS_OPT_ALL,
		.conn_limit_us = 120000000,
		.tick_us = 1000,
		.rto_max_us = 8000000,
		.seed = 1,
	};
	struct sim_session_ops ops;
	const char *why;

	sim->worker = tl_worker_new(&tls, &why);
	if (sim->worker == NULL)
		return false;
	ops = real_session_ops(sim->worker);
	for (uint32_t i = 0; i < LAB_N_PORTS; i++)
		sim->services[i] = (struct dl_service){
			lab_ports[i].port, lab_ports[i].proto, lab_ports[i].implicit_tls};
	dl_config_default(&config.dialog);
	config.dialog.ehlo_name = "scanner.lab.test";
	config.dialog.user_agent = "tlsweep-sim";
	sim->owner = owner_new(&config);
	ts_addr_parse(LAB_SCANNER_V4, &sim->owner->source_v4);
	ts_addr_parse(LAB_SCANNER_V6, &sim->owner->source_v6);
	sim->tls = sim_tls_new(&ops, &sim->owner->config.dialog, sim->owner->pipes, N_SLOTS,
		&sim->owner->tx_chunks.pool, &sim->owner->rx_chunks.pool);
	return true;
}

static bool make_lab(struct sim *sim, uint32_t fault_ppm)
{
	struct lab_config config = {
		.world = sim->world,
		.n_conns = 256,
		.n_sessions = 32,
		.drop_ppm = fault_ppm,
		.duplicate_ppm = fault_ppm,
		.reorder_ppm = fault_ppm,
		.emit = pipe_put,
		.emit_ctx = &sim->to_client,
	};
	const char *why;

	sim->lossy = fault_ppm > 0;
	sim->lab = lab_new(&config, sim->now_us, &why);
	if (sim->lab == NULL)
		printf("# %s\n", why);
	return sim->lab != NULL;
}

/* Ask for the gateway until it answers: the wire may be lossy. */
static void find_gateway(struct sim *sim)
{
	struct ts_link *link = &sim->owner->link;
	struct ts_addr gateway;
	uint8_t frame[64];

	ts_addr_parse(LAB_GATEWAY_V4, &gateway);
	memset(link->dst_mac, 0, sizeof(link->dst_mac));
	for (uint32_t i = 0; i < 100 && link->dst_mac[0] == 0; i++) {
		pipe_put(&sim->to_lab, frame,
			ts_build_arp(frame, sizeof(frame), link->src_mac, 0, &sim->owner->source_v4,
				&gateway, NULL));
		sim_step(sim);
	}
}

/* Probe what has not answered. @return targets that are over: recorded, refused, or silent */
static uint32_t probe_targets(struct sim *sim, uint32_t n_started)
{
	uint32_t n_done = 0;

	for (uint32_t i = 0; i < n_started; i++) {
		struct finding *finding = &sim->findings[i];
		bool quiet = finding->n_records == 0 && !finding->open && !finding->refused &&
			     !finding->unreachable;

		if (finding->open || (quiet && sim->now_us < finding->probe_us))
			continue;
		if (!quiet || finding->n_probes == N_SYNS) {
			n_done++;
			continue;
		}
		finding->n_probes++;
		finding->probe_us = sim->now_us + SYN_AGAIN_US;
		owner_probe(sim->owner, &finding->addr, finding->service, sim->now_us);
	}
	return n_done;
}

static void run(struct sim *sim)
{
	uint32_t n_started = 0, n_done = 0;

	find_gateway(sim);
	for (uint64_t end = sim->now_us + DURATION_US;
		(n_done < sim->n_findings || ts_stack_n_open(sim->owner->tcp) > 0) &&
		sim->now_us < end;) {
		if (n_started < sim->n_findings)
			n_started++;
		n_done = probe_targets(sim, n_started);
		sim_step(sim);
	}
}

static const char *left_over(const struct sim *sim)
{
	const char *what = owner_leftover(sim->owner);

	return what == NULL ? "nothing" : what;
}

/* @return findings of hosts of this kind that do not agree with the truth */
static uint32_t check_findings(const struct sim *sim, enum lab_kind kind)
{
	uint32_t n_bad = 0;

	for (uint32_t i = 0; i < sim->n_findings; i++)
		n_bad += !scan_truth_holds(&sim->world, &sim->findings[i], kind, sim->lossy);
	return n_bad;
}

static void test_perfect_wire(struct sim *sim)
{
	if (!tap_ok(make_lab(sim, 0), "a lab on the simulated wire is made"))
		return;
	sim->n_findings = scan_targets(&sim->world, sim->findings);
	run(sim);
	tap_eq(check_findings(sim, LAB_SERVICE), 0,
		"each service with each certificate, key and version yields success and the truth");
	for (uint32_t kind = 0; kind < LAB_N_MIXED; kind++) {
		uint32_t n_bad = kind == LAB_SERVICE ? 0 : check_findings(sim, (enum lab_kind)kind);

		tap_ok(n_bad == 0, "hosts of kind %s are seen as such on every port",
			lab_kind_name((enum lab_kind)kind));
	}
	tap_eq(sim->owner->broken == NULL && sim->tls->broken == NULL, true,
		"a perfect wire: flows and TLS core keep what they promise each other");
	tap_str(left_over(sim), "nothing",
		"a perfect wire: no connection, dialog, chunk or credit is left over");
	tap_eq((int64_t)lab_read_counts(sim->lab)->bad_frames, 0,
		"the lab has met no bad frame on a perfect wire");
	tap_ok(lab_read_counts(sim->lab)->tls_completed >= LAB_N_PORTS * SCAN_N_VARIANTS,
		"a perfect wire: lab and client count the same handshakes");
	lab_free(sim->lab);
	free_findings(sim);
}

static void test_lossy_wire(struct sim *sim)
{
	if (!tap_ok(make_lab(sim, 20000), "a lab on a bad wire is made"))
		return;
	sim->n_findings = scan_targets(&sim->world, sim->findings);
	run(sim);
	tap_eq(check_findings(sim, LAB_SERVICE), 0,
		"2 % loss, doubling and reordering change no result of a service");
	tap_ok(lab_read_counts(sim->lab)->dropped > 0 &&
			lab_read_counts(sim->lab)->duplicated > 0 &&
			lab_read_counts(sim->lab)->reordered > 0,
		"the wire did its worst");
	lab_free(sim->lab);
	free_findings(sim);
}

int main(int argc, char **argv)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	sim->world.seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	sim->findings = calloc(SCAN_MAX_FINDINGS, sizeof(*sim->findings));
	printf("# seed %" PRIu64 "\n", sim->world.seed);
	if (tap_ok(tl_global_init() == 0 && make_owner(sim),
		    "a scanner on the simulated wire is made")) {
		test_perfect_wire(sim);
		test_lossy_wire(sim);
	}
	sim_tls_free(sim->tls);
	owner_free(sim->owner);
	tl_worker_free(sim->worker);
	free(sim->findings);
	free(sim);
	return tap_done();
}
