/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory plan: counts and sums follow from what is asked for. */
#include "hugepages/plan.h"
#include "tap.h"

#define SESSION_KB 28

static const struct hp_plan_shares shares = {
	.poll_frames = 1000,
	.lab_ring = 50,
	.pool_cache = 10,
	.session_rx_chunks = 3,
	.session_tx_chunks = 4,
	.session_msgs = 8,
};

/* Two poll cores and one TLS core; 16,000 connections, 200 sessions. */
static const struct hp_plan_scan usual = {
	.n_poll = 2, .n_tls = 1, .max_conns = 8000, .max_sessions = 200};

static void test_pools(void)
{
	struct hp_plan_counts counts = hp_plan_count(&usual, &shares);
	struct hp_plan_scan lab = usual;

	tap_eq(counts.n_mbufs, 2 * 1000 + 1023, "each poll core has packet buffers for its frames");
	tap_eq(counts.n_dialogs, 200 + 2000 + 1024,
		"there is a dialog for each session and for an eighth of the connections");
	tap_eq(counts.n_rx_sure, 3 * 200, "each session has its share of the receive chunks");
	tap_eq(counts.n_rx_chunks, 3 * 200 + 2 * 1024 + 45,
		"receive chunks in caches of the three cores are planned besides");
	tap_eq(counts.n_tx_chunks, 3224 + 3 * 200 + 2 + 45,
		"each dialog has a send chunk, and each session its others");
	lab.lab = true;
	tap_eq(hp_plan_count(&lab, &shares).n_mbufs, counts.n_mbufs + 2 * 2 * 50,
		"frames that wait at the lab, both ways, are planned besides");
}

static void test_rings(void)
{
	struct hp_plan_scan scan = usual;

	tap_eq(hp_plan_count(&scan, &shares).n_msg_ring, 4096, "few sessions have the least ring");
	scan.max_sessions = 256;
	tap_eq(hp_plan_count(&scan, &shares).n_msg_ring, 4096,
		"a ring of a power of two is not rounded up");
	scan.max_sessions = 257;
	tap_eq(hp_plan_count(&scan, &shares).n_msg_ring, 8192,
		"messages of one more session round the ring up to the next power of two");
	scan.max_sessions = 1u << 27;
	tap_eq(hp_plan_count(&scan, &shares).n_msg_ring, 1ll << 31,
		"the most sessions allowed have the largest ring");
	tap_eq(hp_plan_count(&usual, &shares).n_writer_ring, 16384,
		"findings wait in a ring of 16384 records");
	scan.all_outcomes = true;
	tap_eq(hp_plan_count(&scan, &shares).n_writer_ring, 131072,
		"the ring to the writer is larger if closed ports are recorded");
}

static void test_queues(void)
{
	static const struct hp_plan_ring_bytes bytes = {.writer = 1,
		.control = 100,
		.msg = 10000,
		.misdirected = 1000000,
		.lab = 100000000};
	struct hp_plan_scan scan = {.n_poll = 3, .n_tls = 2};

	tap_eq((int64_t)hp_plan_queue_bytes(&scan, &bytes), 6120303,
		"three poll cores and two TLS cores have 3, 3, 12 and 6 rings");
	scan.lab = true;
	tap_eq((int64_t)hp_plan_queue_bytes(&scan, &bytes), 606120303,
		"a lab has two rings more for each poll core");
	scan.n_poll = 1;
	tap_eq((int64_t)hp_plan_queue_bytes(&scan, &bytes), 200040101,
		"a single poll core hands no frame to another");
}

static void test_tls(void)
{
	struct hp_plan_scan scan = usual;

	tap_eq((int64_t)hp_plan_tls_bytes(&scan), 200ll * SESSION_KB * 1024,
		"each TLS session is planned with 28 kB");
	scan.max_body = 8192;
	tap_eq((int64_t)hp_plan_tls_bytes(&scan), 200ll * (SESSION_KB + 8) * 1024,
		"each TLS session may keep a body");
	scan.max_body = 0;
	scan.n_tls = 1000;
	tap_eq((int64_t)hp_plan_tls_bytes(&scan), 16000ll * SESSION_KB * 1024,
		"there are no more TLS sessions than connections");
	scan = (struct hp_plan_scan){
		.n_poll = 16, .n_tls = 16, .max_conns = 1u << 27, .max_sessions = 1u << 27};
	tap_eq((int64_t)hp_plan_tls_bytes(&scan), (1ll << 31) * SESSION_KB * 1024,
		"the bytes of very many sessions do not overflow");
}

static void test_sums(void)
{
	static const struct hp_plan_dpdk dpdk = {.packet_buffers = 1,
		.chunks = 20,
		.dialogs = 300,
		.connections = 4000,
		.answers_seen = 50000,
		.sessions = 600000,
		.queues = 7000000};
	static const struct hp_plan_heap heap = {.targets = 1,
		.output_buffers = 20,
		.certificates_peak = 300,
		.tls_sessions_peak = 4000,
		.lab_peak = 50000};

	tap_eq((int64_t)hp_plan_dpdk_bytes(&dpdk), 7654321,
		"each purpose of DPDK memory counts once");
	tap_eq((int64_t)hp_plan_heap_bytes(&heap), 54321, "each purpose of the heap counts once");
}

int main(void)
{
	test_pools();
	test_rings();
	test_queues();
	test_tls();
	test_sums();
	return tap_done();
}
