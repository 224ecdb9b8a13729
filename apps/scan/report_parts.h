/* SPDX-License-Identifier: BSD-3-Clause */
/* Those parts of the summary whose size depends on the scan: parameters and lcores. Main thread. */
#pragma once

#include "scan_run.h"

struct sc_report_parts {
	struct su_text *parameters;
	char **blocks; /* the strings of each */
	size_t n_parameters, cap_parameters;
	struct su_core *cores;
	struct su_value *values; /* of all cores */
	size_t n_cores;
};

/** Gather; what could not be gathered for want of memory is left out. */
void sc_report_parts_take(struct sc_report_parts *parts, const struct sc_run *run);

/** Free it all. */
void sc_report_parts_free(struct sc_report_parts *parts);
