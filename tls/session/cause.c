/* SPDX-License-Identifier: BSD-3-Clause */
#include "cause.h"

#include <assert.h>
#include <stddef.h>

static const char *const names[] = {
	[TL_CAUSE_NONE] = NULL,
	[TL_CAUSE_CERTIFICATE_TOO_LARGE] = "certificate-too-large",
	[TL_CAUSE_DHE_TOO_LARGE] = "dhe-too-large",
	[TL_CAUSE_KEY_TOO_LARGE] = "key-too-large",
	[TL_CAUSE_EXPONENT_TOO_LARGE] = "exponent-too-large",
	[TL_CAUSE_BUDGET] = "not-completed-by-budget",
	[TL_CAUSE_SESSION_TOO_LARGE] = "session-too-large",
	[TL_CAUSE_MEMORY] = "memory-limit",
	[TL_CAUSE_OUTPUT] = "output-limit",
	[TL_CAUSE_RECORDS] = "too-many-records",
	[TL_CAUSE_WARNINGS] = "too-many-warnings",
};

static_assert(sizeof(names) / sizeof(names[0]) == TL_N_CAUSE, "every cause has its word");

const char *tl_cause_name(enum tl_cause cause)
{
	return (unsigned int)cause < TL_N_CAUSE ? names[cause] : NULL;
}
