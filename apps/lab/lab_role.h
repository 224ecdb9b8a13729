/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lcore that plays the other end of the wire for -i lab: frames from and to net_ring.
 *
 *     to_lab[q] ──► lab ──┬─ answered in its own buffer ──► waiting[q] ──► from_lab[q]
 *                         └─ later, or with state ───────► lab's wire ──► from_lab[any]
 *
 * The lab loses no frame unless it is told to. If the scanner has no room for a frame, the frame
 * waits here. If there is no room here, frames stay in to_lab, until the scanner's own queue is
 * full and its prober pauses. This cannot lock up as long as the scanner receives while it cannot
 * send: the prober fills a quarter of its transmit queue, and answers to received frames may fill
 * half (prober.c, rx.c).
 */
#pragma once

#include "lab.h"
#include "dataplane/port/port.h"
#include "dataplane/scan/scan.h"

/* Answered frames that the scanner has no room for yet. */
struct lab_waiting {
	uint32_t n;
	struct rte_mbuf *frames[LAB_BURST];
};

struct lab_role {
	struct dp_port_lab rings;
	struct rte_mempool *mbufs; /* for the lab's frames */
	uint32_t n_queues;
	bool shared_cpus;	  /* sleep instead of spinning when idle */
	struct lab_config config; /* the role sets emit and emit_ctx */
	struct lab *lab;	  /* made and freed by the role's own thread */
	struct lab_waiting waiting[DP_MAX_POLL];
	uint64_t stuck_us;	  /* time since when the lab has had no room; 0: it has room */
	struct lab_counts counts; /* valid after the lcore has returned */
	const char *why;    /* set if the lab could not be made; valid after the lcore returned */
	_Atomic bool ready; /* written by the role, read by control */
	_Atomic bool stop;  /* written by control when no poll core runs any more */
};

/**
 * The loop of the role, for rte_eal_remote_launch(): runs until stop is set.
 * @param arg  in/out: a struct lab_role; all but lab, stuck_us, waiting and the atomics is set
 * @return 0; -1 with why set: the lab could not be made
 */
int lab_role_main(void *arg);
