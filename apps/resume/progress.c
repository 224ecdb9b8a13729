/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include <string.h>

void re_progress_init(
	struct re_progress *progress, struct re_progress_position at, uint64_t begun_floor)
{
	progress->sure = at;
	progress->begun_floor = begun_floor;
	progress->gap_us = RE_PROGRESS_GAP_US;
	progress->moved = false;
	progress->n = 0;
}

bool re_progress_due(const struct re_progress *progress, uint64_t now_us)
{
	return progress->n == 0 ||
	       now_us - progress->samples[progress->n - 1].at_us >= progress->gap_us;
}

/* Drop every second sample. Positions are then lower than they could be, but never wrong. */
static void thin_out(struct re_progress *progress)
{
	size_t n = 0;

	for (size_t i = 1; i < progress->n; i += 2)
		progress->samples[n++] = progress->samples[i];
	progress->n = n;
	progress->gap_us *= 2;
}

void re_progress_add(struct re_progress *progress, const struct re_progress_sample *sample)
{
	struct re_progress_sample *into;

	if (progress->n == RE_PROGRESS_SAMPLES)
		thin_out(progress);
	into = &progress->samples[progress->n++];
	*into = *sample;
	if (into->begun < progress->begun_floor)
		into->begun = progress->begun_floor;
}

static void forget_before(struct re_progress *progress, size_t first)
{
	memmove(progress->samples, &progress->samples[first],
		(progress->n - first) * sizeof(progress->samples[0]));
	progress->n -= first;
}

struct re_progress_position re_progress_settled(
	struct re_progress *progress, uint64_t now_us, uint64_t wait_us)
{
	const struct re_progress_sample *samples = progress->samples;
	size_t settled = progress->n, begun;

	while (settled > 0 && samples[settled - 1].at_us + wait_us > now_us)
		settled--;
	if (settled == 0)
		return progress->sure;
	progress->moved = true;
	if (samples[settled - 1].settled > progress->sure.index)
		progress->sure.index = samples[settled - 1].settled;
	for (begun = settled; begun > 0; begun--) {
		if (samples[begun - 1].begun <= progress->sure.index)
			break;
	}
	/* Without such a sample the last byte stays: lines of higher indices lie behind it too. */
	if (begun > 0 && samples[begun - 1].results_bytes > progress->sure.results_bytes)
		progress->sure.results_bytes = samples[begun - 1].results_bytes;
	/* The position never goes back, so samples before these two are not needed again. */
	forget_before(progress, begun > 0 ? begun - 1 : 0);
	return progress->sure;
}
