/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A whole scan in memory and virtual time: TCP client, dialogs and TLS sessions against the lab.
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
#include "scan_client.h"

#define N_VARIANTS  (LAB_N_CERT * 4)
#define MAX_FLOWS   (LAB_N_PORTS * N_VARIANTS + LAB_N_MIXED * LAB_N_PORTS)
#define STEP_US	    1000
#define DURATION_US 200000000
#define PIPE_FRAMES 4096

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
	struct scan_client client;
	struct pipe to_lab, to_client;
	uint32_t n_flows;
	struct scan_flow *flows;
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
	uint64_t now = sim->client.now_us += STEP_US;

	for (uint32_t i = 0; i < sim->to_lab.n; i++)
		lab_input(sim->lab, sim->to_lab.frames[i], sim->to_lab.len[i], now);
	sim->to_lab.n = 0;
	while (lab_tick(sim->lab, now) > 0 && sim->to_client.n < PIPE_FRAMES / 2)
		continue;
	for (uint32_t i = 0; i < sim->to_client.n; i++)
		scan_client_input(&sim->client, sim->to_client.frames[i], sim->to_client.len[i]);
	sim->to_client.n = 0;
	scan_client_tick(&sim->client);
}

/* The n-th candidate address; every other one is IPv6. */
static struct ts_addr candidate(uint32_t n)
{
	struct ts_addr addr = {.b = {0xfd, 0x00, 0x01, 0xab, [7] = 1, [12] = 198, [13] = 18}};
	uint32_t v4_be;

	addr.b[14] = (uint8_t)(n >> 9);
	addr.b[15] = (uint8_t)(n >> 1);
	memcpy(&v4_be, addr.b + 12, sizeof(v4_be));
	return n % 2 == 0 ? ts_addr_from_v4(v4_be) : addr;
}

static void add_flow(struct sim *sim, const struct ts_addr *addr, const struct lab_port *port)
{
	struct scan_flow *flow = &sim->flows[sim->n_flows++];

	flow->addr = *addr;
	flow->port = port->port;
	flow->proto = port->proto;
	flow->implicit_tls = port->implicit_tls;
}

static bool is_variant(const struct lab_host *host, uint32_t variant)
{
	return host->kind == LAB_SERVICE && host->cert == (enum lab_cert)(variant >> 2) &&
	       host->rsa == ((variant & 1) != 0) && host->tls13 == ((variant & 2) != 0);
}

/* Find hosts for every combination, walking on through the addresses. */
static void choose_targets(struct sim *sim)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < LAB_N_PORTS; i++) {
		for (uint32_t variant = 0; variant < N_VARIANTS; n++) {
			struct ts_addr addr = candidate(n);
			struct lab_host host = lab_truth(&sim->world, &addr, lab_ports[i].port);

			if (!is_variant(&host, variant))
				continue;
			add_flow(sim, &addr, &lab_ports[i]);
			variant++;
		}
	}
	for (uint32_t kind = 0; kind < LAB_N_MIXED; kind++) {
		for (uint32_t i = 0; i < LAB_N_PORTS; n++) {
			struct ts_addr addr = candidate(n);

			if (kind == LAB_SERVICE)
				break;
			if (lab_truth(&sim->world, &addr, lab_ports[i].port).kind !=
				(enum lab_kind)kind)
				continue;
			add_flow(sim, &addr, &lab_ports[i]);
			i++;
		}
	}
}

static const char *check_certificate(const struct scan_flow *flow, const struct lab_host *host)
{
	const struct tl_result *result = flow->result;
	size_t len;
	const uint8_t *leaf = lab_leaf_der(host->cert, host->rsa, &len);

	if (result == NULL || !result->completed)
		return "the handshake is completed";
	if (result->version != (host->tls13 ? 0x0304 : 0x0303))
		return "the version is the host's";
	if (result->n_certs != (host->cert == LAB_CERT_SELF_SIGNED ? 1 : 2))
		return "the chain is as long as the host's";
	if (result->certs[0].len != len ||
		memcmp(result->der + result->certs[0].off, leaf, len) != 0)
		return "the certificate is the host's";
	return NULL;
}

static const char *check_service(
	const struct sim *sim, const struct scan_flow *flow, const struct lab_host *host)
{
	const struct dl_talk *talk = &flow->talk;
	bool xmpp = flow->proto == DL_XMPP_CLIENT || flow->proto == DL_XMPP_SERVER;

	if (talk->status != DL_SUCCESS)
		return "the status is success";
	/* The lab's TIME-WAIT is short: a FIN repeated after two losses meets a reset. */
	if (flow->close != TS_CLOSE_FIN && !(sim->lossy && flow->close == TS_CLOSE_RST))
		return "the connection is closed in order";
	if (!flow->implicit_tls && talk->starttls_advertised != host->advertises)
		return "the host's offer of STARTTLS is noted";
	if (flow->retried != (xmpp && host->picky && !flow->implicit_tls))
		return "a host that is called by the wrong name is called again";
	return check_certificate(flow, host);
}

static const char *check_no_tls(const struct scan_flow *flow)
{
	if (flow->talk.status == DL_SUCCESS || flow->talk.status == DL_RUNNING)
		return "a host without TLS is no success";
	if (!flow->implicit_tls && (!flow->talk.starttls_attempted || flow->talk.starttls_ok))
		return "STARTTLS was tried and refused";
	if (flow->implicit_tls && (flow->result == NULL || !flow->result->not_tls))
		return "plain text on a TLS port is seen as such";
	return NULL;
}

static const char *check_noise(const struct scan_flow *flow, enum lab_kind kind)
{
	switch (kind) {
	case LAB_SILENT:
		return flow->close == TS_CLOSE_SYN_TIMEOUT ? NULL : "silence is a SYN time-out";
	case LAB_CLOSED:
		return flow->close == TS_CLOSE_REFUSED ? NULL : "a closed port refuses";
	case LAB_UNREACHABLE:
		return flow->close == TS_CLOSE_UNREACHABLE ? NULL : "ICMP tells unreachable";
	case LAB_ZERO_WINDOW:
		if (flow->facts.synack_wnd != 0 || flow->facts.synack_mss != 0)
			return "the closed window is noted";
		break;
	case LAB_ACCEPT_SILENT:
		if (flow->facts.rx_bytes != 0)
			return "a mute host says nothing";
		break;
	case LAB_ACCEPT_DEAF:
		if (flow->facts.data_acked)
			return "a deaf host acknowledges no data";
		break;
	case LAB_RESET_ON_DATA:
		if (flow->facts.tx_acked_bytes > 0)
			return "data is answered by a reset";
		break;
	default:
		break;
	}
	return flow->talk.status != DL_SUCCESS && flow->talk.status != DL_RUNNING
		       ? NULL
		       : "noise is no success, and its talk is over";
}

static const char *check_flow(const struct sim *sim, const struct scan_flow *flow)
{
	struct lab_host host = lab_truth(&sim->world, &flow->addr, flow->port);

	if (flow->phase != SCAN_DONE || flow->n_closed != 1)
		return "every connection ends, once";
	if (host.kind == LAB_SERVICE)
		return check_service(sim, flow, &host);
	if (host.kind == LAB_NO_TLS)
		return check_no_tls(flow);
	return check_noise(flow, host.kind);
}

/* Compare everything; print what is wrong. @return flows that agree with the truth */
static uint32_t check_all(const struct sim *sim, enum lab_kind kind)
{
	uint32_t n_bad = 0;

	for (uint32_t i = 0; i < sim->n_flows; i++) {
		const struct scan_flow *flow = &sim->flows[i];
		struct lab_host host = lab_truth(&sim->world, &flow->addr, flow->port);
		const char *broken = host.kind == kind ? check_flow(sim, flow) : NULL;
		char addr[TS_ADDR_STRLEN];

		if (broken == NULL)
			continue;
		ts_addr_format(&flow->addr, addr);
		printf("# %s port %u cert %d rsa %d tls13 %d: %s; status %s, stage %s, close %d, "
		       "tls \"%s\"\n",
			addr, flow->port, (int)host.cert, host.rsa, host.tls13, broken,
			dl_status_name(flow->talk.status), dl_stage_name(flow->talk.stage),
			(int)flow->close, flow->result == NULL ? "" : flow->result->error);
		n_bad++;
	}
	return n_bad;
}

static void free_flows(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->n_flows; i++)
		tl_result_free(sim->flows[i].result);
	memset(sim->flows, 0, MAX_FLOWS * sizeof(*sim->flows));
	sim->n_flows = 0;
}

static bool make_client(struct sim *sim)
{
	struct ts_stack_config config = {
		.n_conns = 512,
		.n_reorder = 1024,
		.tick_us = 1000,
		.rcv_wnd = 16384,
		.mss = 1460,
		.rto_initial_us = 1000000,
		.rto_min_us = 300000,
		.rto_max_us = 8000000,
		.max_tries = 5,
		.max_challenge = 3,
		.max_repeats = 16,
		.fin_wait_us = 5000000,
		.hash_key = {1, 2},
	};
	struct tl_config tls = {.max_session_bytes = 262144, .max_chain_bytes = 131072};
	struct scan_client *client = &sim->client;
	size_t size = ts_stack_size(&config);
	void *mem = aligned_alloc(64, (size + 63) / 64 * 64);
	const char *why;

	memset(mem, 0, size);
	client->tcp = ts_stack_init(mem, &config, 0);
	client->by_conn = calloc(config.n_conns, sizeof(*client->by_conn));
	client->worker = tl_worker_new(&tls, &why);
	dl_config_default(&client->dialog);
	client->dialog.ehlo_name = "scanner.lab.test";
	client->dialog.user_agent = "tlsweep-sim";
	client->link = (struct ts_link){.src_mac = {2, 0, 0, 0, 0, 1}, .ttl = 64};
	client->next_lport = 20000;
	client->emit = pipe_put;
	client->emit_ctx = &sim->to_lab;
	ts_addr_parse(LAB_SCANNER_V4, &client->source_v4);
	ts_addr_parse(LAB_SCANNER_V6, &client->source_v6);
	return client->worker != NULL;
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
	sim->lab = lab_new(&config, sim->client.now_us, &why);
	if (sim->lab == NULL)
		printf("# %s\n", why);
	return sim->lab != NULL;
}

/* Ask for the gateway until it answers: the wire may be lossy. */
static void find_gateway(struct sim *sim)
{
	struct scan_client *client = &sim->client;
	struct ts_addr gateway;
	uint8_t frame[64];

	ts_addr_parse(LAB_GATEWAY_V4, &gateway);
	memset(client->link.dst_mac, 0, sizeof(client->link.dst_mac));
	for (uint32_t i = 0; i < 100 && client->link.dst_mac[0] == 0; i++) {
		pipe_put(&sim->to_lab, frame,
			ts_build_arp(frame, sizeof(frame), client->link.src_mac, 0,
				&client->source_v4, &gateway, NULL));
		sim_step(sim);
	}
}

static void run(struct sim *sim)
{
	uint32_t n_started = 0, n_done = 0;

	find_gateway(sim);
	for (uint64_t end = sim->client.now_us + DURATION_US;
		n_done < sim->n_flows && sim->client.now_us < end;) {
		if (n_started < sim->n_flows)
			scan_client_start(&sim->client, &sim->flows[n_started++]);
		sim_step(sim);
		n_done = 0;
		for (uint32_t i = 0; i < n_started; i++)
			n_done += sim->flows[i].phase == SCAN_DONE;
	}
}

static void test_perfect_wire(struct sim *sim)
{
	if (!tap_ok(make_lab(sim, 0), "a lab on the simulated wire is made"))
		return;
	choose_targets(sim);
	run(sim);
	tap_eq(check_all(sim, LAB_SERVICE), 0,
		"each service with each certificate, key and version yields success and the truth");
	for (uint32_t kind = 0; kind < LAB_N_MIXED; kind++) {
		uint32_t n_bad = kind == LAB_SERVICE ? 0 : check_all(sim, (enum lab_kind)kind);

		tap_ok(n_bad == 0, "hosts of kind %s are seen as such on every port",
			lab_kind_name((enum lab_kind)kind));
	}
	tap_eq(ts_stack_n_open(sim->client.tcp), 0, "a perfect wire: no client connection is left");
	tap_eq((int64_t)lab_counts(sim->lab)->bad_frames, 0,
		"the lab has met no bad frame on a perfect wire");
	tap_ok(lab_counts(sim->lab)->tls_completed >= LAB_N_PORTS * N_VARIANTS,
		"a perfect wire: lab and client count the same handshakes");
	lab_free(sim->lab);
	free_flows(sim);
}

static void test_lossy_wire(struct sim *sim)
{
	if (!tap_ok(make_lab(sim, 20000), "a lab on a bad wire is made"))
		return;
	choose_targets(sim);
	run(sim);
	tap_eq(check_all(sim, LAB_SERVICE), 0,
		"2 % loss, doubling and reordering change no result of a service");
	tap_ok(lab_counts(sim->lab)->dropped > 0 && lab_counts(sim->lab)->duplicated > 0 &&
			lab_counts(sim->lab)->reordered > 0,
		"the wire did its worst");
	lab_free(sim->lab);
	free_flows(sim);
}

int main(int argc, char **argv)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	sim->world.seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	sim->flows = calloc(MAX_FLOWS, sizeof(*sim->flows));
	printf("# seed %" PRIu64 "\n", sim->world.seed);
	if (tap_ok(tl_global_init() == 0 && make_client(sim),
		    "a client of the simulated wire is made")) {
		test_perfect_wire(sim);
		test_lossy_wire(sim);
	}
	tl_worker_free(sim->client.worker);
	free(sim->client.by_conn);
	free(sim->client.tcp);
	free(sim->flows);
	free(sim);
	return tap_done();
}
