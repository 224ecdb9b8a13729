/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcore that plays the other end of the wire for -i lab: frames from and to net_ring. */
#pragma once

#include "apps/lab/lab.h"
#include "dataplane/port.h"
#include "dataplane/scan.h"

struct lab_role {
	struct dp_port_lab rings;
	struct rte_mempool *mbufs; /* for the lab's frames */
	uint32_t n_queues;
	bool shared_cpus;
	struct lab *lab; /* made and freed by the role's own thread */
	uint64_t seed;	 /* which synthetic Internet */
	uint32_t n_conns, n_sessions;
	struct lab_counts counts; /* valid after the lcore has returned */
	uint64_t n_lost;    /* frames the other side made no room for; valid after the lcore has
			       returned */
	const char *why;    /* set when the lab could not be made; read after the lcore returned */
	_Atomic bool ready; /* written by the role, read by control */
	_Atomic bool stop;  /* written by control when no poll core runs any more */
};

/** The loop, for rte_eal_remote_launch(); arg is a struct lab_role. Returns 0, or -1 with why set.
 */
int lab_role_main(void *arg);
