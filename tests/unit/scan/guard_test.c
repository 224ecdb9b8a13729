/* SPDX-License-Identifier: BSD-3-Clause */
/* The guard of --min-hitrate: patient at the start, patient with a bad moment, and then not. */
#include "apps/scan/guard.h"

#include "tap.h"

#define SECOND 1000000

/* Look ten times a second from one second to another. Returns when it ended the scan, 0: never. */
static uint64_t look(struct sc_guard *guard, unsigned int from_s, unsigned int to_s,
	uint64_t n_answers, uint64_t n_targets)
{
	for (uint64_t us = (uint64_t)from_s * SECOND; us < (uint64_t)to_s * SECOND;
		us += SECOND / 10)
		if (sc_guard_look(guard, us, n_answers, n_targets))
			return us;
	return 0;
}

int main(void)
{
	struct sc_guard guard = {.start_us = 100 * SECOND};

	tap_eq((int64_t)look(&guard, 100, 200, 0, 1000), 0,
		"a scan without a limit on its share of hits never ends by it");
	guard.min_share = 0.01;
	tap_eq((int64_t)look(&guard, 100, 200, 0, 0), 0,
		"a limit on the share of hits does nothing before a target was probed");
	tap_eq((int64_t)look(&guard, 100, 200, 10, 1000), 0,
		"a share of hits at the limit does not end a scan");
	guard = (struct sc_guard){.start_us = 100 * SECOND, .min_share = 0.01};
	tap_eq((int64_t)look(&guard, 100, 200, 9, 1000), 110 * SECOND,
		"a share of hits below the limit ends a scan after five seconds of warm-up and "
		"five of waiting");
	guard = (struct sc_guard){.start_us = 100 * SECOND, .min_share = 0.01};
	tap_eq((int64_t)look(&guard, 100, 109, 9, 1000), 0,
		"a share below the limit for four seconds does not end a scan that waits for five");
	tap_eq((int64_t)look(&guard, 109, 110, 10, 1000), 0,
		"a good moment is enough for the guard");
	tap_eq((int64_t)look(&guard, 110, 130, 9, 1000), 115 * SECOND,
		"a good moment begins the guard's wait anew");
	/* As docs/scan.md says of answers that stop coming: the share is of the whole scan. */
	guard = (struct sc_guard){.start_us = 100 * SECOND, .min_share = 0.01};
	tap_eq((int64_t)look(&guard, 100, 3700, 2000, 100000), 0,
		"twice the share of hits that was asked for does not end a scan");
	tap_eq((int64_t)look(&guard, 3700, 7300, 2000, 200000), 0,
		"twice the share for an hour lasts for another hour without any");
	tap_eq((int64_t)look(&guard, 7300, 7400, 2000, 200001), INT64_C(7305) * SECOND,
		"twice the share for an hour lasts no longer than another hour");
	return tap_done();
}
