/* SPDX-License-Identifier: BSD-3-Clause */
/* What runs during a scan: DPDK, the port, the dataplane's scan, the lab, the writer thread. Set up
 * and taken down by the main thread. */
#pragma once

#include "apps/lab/lab_role.h"
#include "apps/scan/writer_thread.h"
#include "apps/status/tally.h"

struct sc_engine {
	bool eal_started, port_open;
	struct dp_port port;
	struct dp_scan *scan; /* NULL: not built yet */
	struct lab_role lab;  /* used with -i lab */
	struct sc_writer_thread writer_thread;
};

/**
 * Say where the counts of a scan that has been built are.
 * @param engine  in: borrowed; the counts are there until sc_teardown()
 * @param roles   in: of the scan; borrowed
 * @return it
 */
static inline struct st_tally_source sc_engine_counts(
	const struct sc_engine *engine, const struct dp_roles *roles)
{
	return (struct st_tally_source){
		.scan = engine->scan,
		.roles = roles,
		.port = &engine->port,
		.n_records = &engine->writer_thread.n_records,
	};
}

/**
 * Add up a counter over all poll and TLS cores of a scan that has been built.
 * @param scan     in: not freed yet
 * @param counter  in: which
 * @return its value
 */
static inline uint64_t sc_engine_total(const struct dp_scan *scan, enum dp_counter counter)
{
	struct dp_stats *blocks[DP_MAX_BLOCKS];

	return dp_stats_sum(blocks, dp_scan_stats(scan, blocks), counter);
}
