/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/metrics.prom: the counters of a running scan in Prometheus' text format, rewritten once a
 * second in one step, as node_exporter's textfile collector reads it. Main thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "tally.h"

#include <stdio.h>

/** Print all metrics. @param cores in: as st_tally_cores() gives them */
void st_metrics_print(FILE *out, const struct st_tally *tally, const struct st_tally_core *cores,
	uint32_t n_cores, const struct dp_clock *clock);

/** Replace DIR/metrics.prom. @return 0 or -errno */
int st_metrics_write(const struct ut_folder *folder, const struct st_tally *tally,
	const struct st_tally_core *cores, uint32_t n_cores, const struct dp_clock *clock);
