/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A second DPDK process: carries frames between its first two ports, queue by queue, until it is
 * killed. The far side of a shared-memory port in the tests.
 *
 *     carrier EAL-ARGUMENTS --vdev A --vdev B -- QUEUES
 */
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#define BURST	  32
#define RING	  1024
#define N_MBUFS	  16383
#define ROOM	  2304
#define IDLE_US	  20
#define MAX_QUEUE 8

static void die(const char *what)
{
	fprintf(stderr, "carrier: %s\n", what);
	exit(1);
}

static void start_port(uint16_t port, uint16_t n_queues, struct rte_mempool *mbufs)
{
	struct rte_eth_conf conf = {0};

	if (rte_eth_dev_configure(port, n_queues, n_queues, &conf) != 0)
		die("a port does not have as many queues");
	for (uint16_t q = 0; q < n_queues; q++) {
		if (rte_eth_rx_queue_setup(port, q, RING, rte_socket_id(), NULL, mbufs) != 0 ||
			rte_eth_tx_queue_setup(port, q, RING, rte_socket_id(), NULL) != 0)
			die("a queue could not be set up");
	}
	if (rte_eth_dev_start(port) != 0)
		die("a port could not be started");
	rte_eth_promiscuous_enable(port);
}

/* Frames the other side does not take are lost, as on a wire. */
static unsigned int carry(uint16_t from, uint16_t to, uint16_t queue)
{
	struct rte_mbuf *frames[BURST];
	uint16_t n = rte_eth_rx_burst(from, queue, frames, BURST);
	uint16_t sent = rte_eth_tx_burst(to, queue, frames, n);

	rte_pktmbuf_free_bulk(&frames[sent], (unsigned int)(n - sent));
	return n;
}

int main(int argc, char **argv)
{
	int used = rte_eal_init(argc, argv);
	struct rte_mempool *mbufs;
	uint16_t n_queues;

	if (used < 0)
		die("EAL did not start");
	n_queues = (uint16_t)(argc > used + 1 ? atoi(argv[used + 1]) : 1);
	if (n_queues < 1 || n_queues > MAX_QUEUE || rte_eth_dev_count_avail() < 2)
		die("two ports and a number of queues are wanted");
	mbufs = rte_pktmbuf_pool_create("mbufs", N_MBUFS, 128, 0, ROOM, (int)rte_socket_id());
	if (mbufs == NULL)
		die("no memory for packets");
	start_port(0, n_queues, mbufs);
	start_port(1, n_queues, mbufs);
	puts("ready");
	fflush(stdout);
	for (;;) {
		unsigned int n = 0;

		for (uint16_t q = 0; q < n_queues; q++)
			n += carry(0, 1, q) + carry(1, 0, q);
		if (n == 0)
			rte_delay_us_sleep(IDLE_US);
	}
}
