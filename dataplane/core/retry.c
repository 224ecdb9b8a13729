/* SPDX-License-Identifier: BSD-3-Clause */
#include "retry.h"

size_t dp_retry_memory(void)
{
	return DP_RETRY_SLOTS * sizeof(struct dp_retry);
}

static void push(struct dp_retries *retries, struct dp_retry retry)
{
	retries->slots[dp_queue_push(&retries->queue, DP_RETRY_SLOTS)] = retry;
}

bool dp_retry_add(struct dp_retries *retries, const struct ts_addr *addr, uint16_t service)
{
	struct dp_poll *poll = retries->poll;

	if (!dp_retry_room(retries))
		return false;
	push(retries, (struct dp_retry){
			      .target = {*addr, service},
			      .due_us = poll->now_us + DP_RETRY_GAP_US,
		      });
	dp_dedup_add(&poll->dedup, DP_DEDUP_RETRIED, addr, dp_poll_port(poll, service));
	return true;
}

void dp_retry_await(struct dp_retries *retries, struct dp_retry retry)
{
	struct dp_poll *poll = retries->poll;
	const struct ts_addr *addr = &retry.target.addr;
	uint16_t port = dp_poll_port(poll, retry.target.service);

	if (retry.tries == 0) {
		retry.had_rst = dp_dedup_has(&poll->dedup, DP_DEDUP_RST, addr, port);
		/* So that its answer is served as a first one is. */
		dp_dedup_forget(&poll->dedup, DP_DEDUP_SYNACK, addr, port);
	}
	retry.tries++;
	retry.due_us = poll->now_us + DP_RETRY_GAP_US;
	push(retries, retry);
}

bool dp_retry_open(const struct dp_retries *retries, const struct dp_retry *retry)
{
	const struct dp_poll *poll = retries->poll;
	const struct ts_addr *addr = &retry->target.addr;
	uint16_t port = dp_poll_port(poll, retry->target.service);

	if (retry->tries == 0)
		return true;
	return !dp_dedup_has(&poll->dedup, DP_DEDUP_SYNACK, addr, port) &&
	       (retry->had_rst || !dp_dedup_has(&poll->dedup, DP_DEDUP_RST, addr, port));
}

uint32_t dp_retry_n_open(const struct dp_retries *retries)
{
	uint32_t n = 0;

	for (uint32_t i = retries->queue.head; i != retries->queue.tail; i++)
		n += dp_retry_open(retries, &retries->slots[dp_queue_place(i, DP_RETRY_SLOTS)]);
	return n;
}
