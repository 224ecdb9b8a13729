/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the summary whose size depends on the scan: parameters and lcores. Main thread. */
#pragma once

#include "apps/options/options.h"
#include "apps/summary/summary.h"
#include "dataplane/core/scan_shared.h"
#include "dataplane/scan/roles.h"

struct sc_report_parts {
	struct su_text *parameters;
	char **blocks; /* the strings of each parameter */
	size_t n_parameters, cap_parameters;
	struct su_core *cores;
	struct su_value *values; /* of all cores */
	size_t n_cores;
};

/**
 * Collect the parameters: the options in force, and the port's driver. If memory is short, some of
 * them are missing.
 * @param parts    in/out: all zero before the first call; to be freed with sc_report_parts_free()
 * @param options  in: parsed
 * @param driver   in: DPDK's name of the port's driver; copied
 */
void sc_report_parts_parameters(
	struct sc_report_parts *parts, const struct op_options *options, const char *driver);

/**
 * Collect what each lcore has counted. If memory is short, there are no lcores.
 * @param parts  in/out: all zero before the first call, and without lcores; to be freed with
 *               sc_report_parts_free()
 * @param roles  in: of the scan
 * @param scan   in: not freed yet; no lcore counts any more
 */
void sc_report_parts_cores(
	struct sc_report_parts *parts, const struct dp_roles *roles, const struct dp_scan *scan);

/** Free the parts. */
void sc_report_parts_free(struct sc_report_parts *parts);
