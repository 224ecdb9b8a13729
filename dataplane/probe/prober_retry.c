/* SPDX-License-Identifier: BSD-3-Clause */
/* Probes of the retry list (dataplane/core/retry.h). */
#include "prober_internal.h"

/* Entries looked at in one call: a bound, because those that have answered cost no token. */
#define RETRY_LOOKS (4 * DP_PROBE_BURST)

/* Ask a target again that is due. @return false if that cannot be done now */
static bool ask_again(struct dp_burst *burst, struct dp_prober *prober, struct dp_retry retry)
{
	struct dp_poll *poll = prober->poll;

	if (retry.tries == DP_RETRY_TRIES) {
		dp_count(poll->stats, DP_RETRIES_UNANSWERED);
		return true;
	}
	switch (dp_burst_add(burst, prober, &retry.target, DP_PROBE_PRIMARY)) {
	case DP_BURST_QUEUED:
		dp_notes_sent(&prober->work->notes, &retry.target, poll->now_us);
		dp_count(poll->stats, DP_PROBES_RETRIED);
		dp_retry_await(&prober->work->retries, retry);
		return true;
	case DP_BURST_DEFERRED:
		dp_hop_ask(burst, prober, &retry.target.addr);
		dp_retry_await(&prober->work->retries, retry);
		return true;
	case DP_BURST_EXCLUDED:
		dp_count(poll->stats, DP_RETRIES_EXCLUDED);
		return true;
	case DP_BURST_NEEDLESS:
		return true;
	case DP_BURST_BLOCKED:
		break;
	}
	return false;
}

void dp_prober_retry_run(struct dp_burst *burst, struct dp_prober *prober)
{
	struct dp_poll *poll = prober->poll;
	struct dp_retries *list = &prober->work->retries;
	uint32_t n_look = RETRY_LOOKS;

	while (n_look-- > 0 && dp_burst_left(burst) > 0 && !dp_queue_is_empty(&list->queue) &&
		dp_notes_room(&prober->work->notes, poll->now_us)) {
		struct dp_retry retry =
			list->slots[dp_queue_place(list->queue.head, DP_RETRY_SLOTS)];

		if (poll->now_us < retry.due_us)
			break;
		/* Its place becomes free first, since ask_again() may append it to a full list. */
		list->queue.head++;
		if (dp_retry_open(list, &retry) && !ask_again(burst, prober, retry)) {
			list->queue.head--;
			break;
		}
	}
}
