/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the summary whose size depends on the scan: parameters and lcores. Main thread. */
#pragma once

#include "scan_run.h"

struct sc_report_parts {
	struct su_text *parameters;
	char **blocks; /* the strings of each parameter */
	size_t n_parameters, cap_parameters;
	struct su_core *cores;
	struct su_value *values; /* of all cores */
	size_t n_cores;
};

/**
 * Collect the parts. If memory is short, some of them are missing.
 * @param parts  out: to be freed with sc_report_parts_free()
 * @param run    in: its scan has not been freed yet; borrowed for the life of parts
 */
void sc_report_parts_take(struct sc_report_parts *parts, const struct sc_run *run);

/** Free the parts. */
void sc_report_parts_free(struct sc_report_parts *parts);
