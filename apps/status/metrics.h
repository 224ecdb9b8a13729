/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/metrics.prom: the counters of a running scan in Prometheus' text format, rewritten once a
 * second in one step, as node_exporter's textfile collector reads it. Main thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "tally.h"

#include <stdio.h>

/** Print all metrics. @param cores in: as tally_cores() gives them */
void metrics_print(FILE *out, const struct tally *tally, const struct tally_core *cores,
	uint32_t n_cores, const struct dp_clock *clock);

/** Replace DIR/metrics.prom. @return 0 or -errno */
int metrics_write(const struct folder *folder, const struct tally *tally,
	const struct tally_core *cores, uint32_t n_cores, const struct dp_clock *clock);
