/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/real_session.h"

static struct tl_session *real_open(void *ctx, uint64_t seed, const struct dl_dialog *dialog)
{
	struct tl_open open = {.seed = seed,
		.sni = dialog->host,
		.alpn = dialog->proto == DL_HTTP ? "http/1.1" : NULL};

	return tl_session_open(ctx, &open);
}

struct sim_session_ops real_session_ops(struct tl_worker *worker)
{
	return (struct sim_session_ops){
		.open = real_open,
		.ctx = worker,
		.feed = tl_session_feed,
		.step = tl_session_step,
		.write = tl_session_write,
		.close_notify = tl_session_close_notify,
		.has_output = tl_session_has_output,
		.output = tl_session_output,
		.fail = tl_session_fail,
		.take_result = tl_session_take_result,
		.free = tl_session_free,
	};
}
