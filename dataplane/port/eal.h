/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting DPDK's environment with the arguments that follow from ours. */
#pragma once

#include "port.h"

/* Beyond the pools: EAL's own heap, ring and mempool headers. */
#define DP_EAL_SLACK_MB 64

struct dp_eal_config {
	const struct dp_port_spec *port;
	const char *lcores; /* EAL's --lcores: "0@0,1@1" */
	bool no_huge;
	size_t memory_mb;  /* DPDK memory the scan needs */
	size_t heap_mb;	   /* memory it needs besides: TLS sessions at their peak */
	const char *extra; /* --eal words, NULL: none */
	int verbosity;
};

/**
 * Check the machine, then rte_eal_init().
 * @param err  out: on failure a sentence with what is missing and the command that mends it
 * @return 0 or -errno. Main thread, once per process; it sets RUNTIME_DIRECTORY in the environment.
 */
int dp_eal_start(const struct dp_eal_config *config, char *err, size_t err_len);

/** Where DPDK's telemetry socket of this process is. Main thread, after dp_eal_start(). */
void dp_eal_telemetry_path(char *path, size_t size);

/** Take DPDK's environment down, its folder under the runtime directory included. Main thread,
 * last. */
void dp_eal_stop(void);
