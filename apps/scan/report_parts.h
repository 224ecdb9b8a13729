/* SPDX-License-Identifier: BSD-3-Clause */
/* Those parts of the summary whose size depends on the scan: parameters and lcores. Main thread. */
#pragma once

#include "scan_run.h"

struct report_parts {
	struct sum_text *parameters;
	char **blocks; /* the strings of each */
	size_t n_parameters, cap_parameters;
	struct sum_core *cores;
	struct sum_value *values; /* of all cores */
	size_t n_cores;
};

/** Gather; what could not be gathered for want of memory is left out. */
void report_parts_take(struct report_parts *parts, const struct scan_run *run);

/** Free it all. */
void report_parts_free(struct report_parts *parts);
