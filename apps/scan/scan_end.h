/* SPDX-License-Identifier: BSD-3-Clause */
/* How a run ends: what the summary, the shell and the user are told. Main thread. */
#pragma once

#include "apps/util/exit_codes.h"

#define SC_ERR_LEN 512

struct sc_end {
	const char *reason; /* a word for the summary, a literal; NULL: the scan has no end yet */
	enum ut_exit code;
	char err[SC_ERR_LEN]; /* the sentence that the user sees, "" if there is none */
};

/**
 * Note that a step of the run has failed.
 * @param end   in/out: err has the sentence already
 * @param code  in: exit code of the process
 * @return -1, for the step to return
 */
static inline int sc_end_fail(struct sc_end *end, enum ut_exit code)
{
	end->code = code;
	return -1;
}
