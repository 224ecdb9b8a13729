/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/metrics.prom: the counters of a running scan in Prometheus' text format, rewritten once a
 * second in one step, as node_exporter's textfile collector reads it. Main thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "tally.h"

#include <stdio.h>

/**
 * Print all metrics.
 * @param out             in: the stream that they are printed to; its errors are the caller's
 * @param tally           in: the sums
 * @param cores, n_cores  in: from st_tally_cores()
 * @param clock           in: the scan's
 */
void st_metrics_print(FILE *out, const struct st_tally *tally, const struct st_tally_core *cores,
	uint32_t n_cores, const struct dp_clock *clock);

/**
 * Replace DIR/metrics.prom.
 * @param folder          in: open
 * @param tally           in: the sums
 * @param cores, n_cores  in: from st_tally_cores()
 * @param clock           in: the scan's
 * @return 0, -ENOMEM, or the -errno of writing; on failure the old file is untouched
 */
int st_metrics_write(const struct ut_folder *folder, const struct st_tally *tally,
	const struct st_tally_core *cores, uint32_t n_cores, const struct dp_clock *clock);
