/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what a server sends, into a session of a fixed seed. The corpus was recorded against
 * a real server with the same seed, so that the handshake gets as far as certificates and Finished.
 * First byte: how the rest is split.
 */
#include <stdlib.h>

#include "tls/session/session.h"

#define FUZZ_SEED 7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct tl_worker *worker_get(void)
{
	static const struct tl_config config = {.max_session_bytes = 256 * 1024,
		.max_chain_bytes = 128 * 1024,
		.max_heap_bytes = 1024 * 1024};
	static struct tl_worker *worker;
	const char *why;

	if (worker == NULL && tl_global_init() == 0)
		worker = tl_worker_new(&config, &why);
	return worker;
}

static void drain(struct tl_session *session)
{
	uint8_t buf[1024];

	while (tl_session_output(session, buf, sizeof(buf)) > 0)
		continue;
}

static void feed(struct tl_session *session, const uint8_t *data, size_t len)
{
	const uint8_t *plain;
	size_t plain_len;
	enum tl_step step;

	tl_session_feed(session, data, len);
	do {
		step = tl_session_step(session, &plain, &plain_len);
	} while (step == TL_ESTABLISHED || step == TL_PLAINTEXT);
	drain(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tl_worker *worker = worker_get();
	struct tl_session *session;
	struct tl_result *result;
	size_t step;

	if (worker == NULL)
		abort();
	if (len < 2)
		return 0;
	session = tl_session_open(worker,
		&(struct tl_open){.seed = FUZZ_SEED, .sni = "test.example", .alpn = "http/1.1"});
	if (session == NULL)
		abort();
	drain(session);
	step = data[0] == 0 ? len : (size_t)data[0] * 8;
	for (size_t at = 1; at < len; at += step)
		feed(session, data + at, len - at < step ? len - at : step);
	tl_session_write(session, (const uint8_t *)"QUIT\r\n", 6);
	tl_session_close_notify(session);
	drain(session);
	result = tl_session_take_result(session);
	if (result != NULL &&
		(result->n_certs > TL_MAX_CERTS || (result->completed && result->version == 0)))
		abort();
	tl_result_free(result);
	tl_session_free(session);
	return 0;
}
