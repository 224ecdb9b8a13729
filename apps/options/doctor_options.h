/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of `tlsweep doctor`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define OP_DOCTOR_MAX_SOURCES 8

struct op_doctor_options {
	const char *port; /* default "lab" */
	const char *sources[OP_DOCTOR_MAX_SOURCES];
	size_t n_sources;
	bool no_huge;
};
