/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting DPDK's environment (EAL) with arguments made from tlsweep's. */
#pragma once

#include "port.h"

/* DPDK memory that is added to what the scan needs: EAL's own heap, ring and mempool headers. */
#define DP_EAL_SLACK_MB 64

/* All that it points to is borrowed for the call. */
struct dp_eal_config {
	const struct dp_port_spec *port;
	const char *lcores; /* EAL's --lcores: "0@0,1@1" */
	bool no_huge;	    /* ordinary pages instead of huge pages */
	size_t memory_mb;   /* DPDK memory that the scan needs */
	size_t heap_mb;	    /* other memory that it needs: TLS sessions at their peak */
	const char *extra;  /* arguments of --eal, separated by blanks; NULL: none */
	int verbosity;	    /* from 2 on EAL logs to standard error */
};

/**
 * Check the machine, then call rte_eal_init(). Main thread, once per process. Sets
 * RUNTIME_DIRECTORY in the environment.
 * @param config   in: borrowed
 * @param err      out: on failure a sentence that says what is missing and which command helps
 * @param err_len  in: bytes of err
 * @return 0; -ENOMEM: too little memory or huge pages; -E2BIG: too many arguments for EAL; the
 *         negative errno of dp_runtime_dir_base() and dp_runtime_dir_take(); or that of
 *         rte_eal_init()
 */
int dp_eal_start(const struct dp_eal_config *config, char *err, size_t err_len);

/**
 * Where DPDK's telemetry socket of this process is. Main thread, after dp_eal_start().
 * @param path  out: NUL-terminated, cut if it is longer than size
 * @param size  in: bytes of path
 */
void dp_eal_telemetry_path(char *path, size_t size);

/** End DPDK's environment and remove its folder under the runtime directory. Main thread, after
 * everything that uses DPDK. */
void dp_eal_stop(void);
