/* SPDX-License-Identifier: BSD-3-Clause */
#include "poll.h"

#include "dataplane/pace/budget.h"

bool dp_poll_reply(
	struct dp_poll *poll, enum dp_reply reply, enum dp_counter suppressed, uint32_t frame_len)
{
	bool ok = dp_replies_take(&poll->replies, reply, dp_wire_len(frame_len), poll->now_us);

	dp_count(poll->stats, ok ? DP_REPLIES_SENT : suppressed);
	return ok;
}
