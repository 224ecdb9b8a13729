/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lcore that plays the other end of the wire for -i lab: frames from and to net_ring.
 *
 *     to_lab[q] ──► lab ──┬─ answered in its own buffer ──► waiting[q] ──► from_lab[q]
 *                         └─ later, or with state ───────► lab's wire ──► from_lab[any]
 *
 * It loses nothing of its own accord. What the scanner makes no room for stays here, and what there
 * is no room for here stays in to_lab, until the scanner's own queue is full and its prober pauses.
 * That cannot lock up as long as the scanner receives while it cannot send: of its transmit queue
 * the prober fills a quarter, and answers to what it receives may fill half (prober.c, rx.c).
 */
#pragma once

#include "lab.h"
#include "dataplane/port/port.h"
#include "dataplane/scan/scan.h"

/* Answered frames the scanner has made no room for yet. */
struct lab_waiting {
	uint32_t n;
	struct rte_mbuf *frames[LAB_BURST];
};

struct lab_role {
	struct dp_port_lab rings;
	struct rte_mempool *mbufs; /* for the lab's frames */
	uint32_t n_queues;
	bool shared_cpus;
	struct lab_config config; /* emit is the role's own */
	struct lab *lab;	  /* made and freed by the role's own thread */
	struct lab_waiting waiting[DP_MAX_POLL];
	uint64_t stuck_us;	  /* since when there is no room in the lab, 0: there is */
	struct lab_counts counts; /* valid after the lcore has returned */
	const char *why;    /* set when the lab could not be made; read after the lcore returned */
	_Atomic bool ready; /* written by the role, read by control */
	_Atomic bool stop;  /* written by control when no poll core runs any more */
};

/** The loop, for rte_eal_remote_launch(); arg is a struct lab_role. Returns 0, or -1 with why set.
 */
int lab_role_main(void *arg);
