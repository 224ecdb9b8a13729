/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The scan's counters as commands of DPDK's telemetry socket, for dpdk-telemetry.py and other
 * clients:
 *
 *     /tlsweep/info       version, commit, process, seed, uptime, port, output, part of the targets
 *     /tlsweep/counters   every counter, summed over all lcores
 *     /tlsweep/drops      received frames that were not used, by reason
 *     /tlsweep/levels     levels, peaks, loop times
 *     /tlsweep/cores      the lcores: role, CPU, state, loop times; with ",N" all counters of N
 *
 * DPDK answers on a thread of its own, which reads only what lcores publish by atomics.
 */
#pragma once

#include "dataplane/core/scan_shared.h"
#include "dataplane/core/stats.h"
#include "dataplane/scan/roles.h"

/* The scan that commands report on. All of it is borrowed until st_telemetry_close(). */
struct st_telemetry {
	const struct dp_scan *scan;
	const struct dp_roles *roles;
	const char *interface, *output; /* as the user wrote them */
};

/**
 * Register the commands for a scan that has been built. Main thread, after EAL and before the
 * lcores start.
 * @param telemetry  in: copied
 */
void st_telemetry_open(const struct st_telemetry *telemetry);

/** Let every command answer with nothing from now on. Waits until a command that is being answered
 * has its answer. Main thread. */
void st_telemetry_close(void);
