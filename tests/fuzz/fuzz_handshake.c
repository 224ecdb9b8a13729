/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what a server sends, into a session of a fixed seed. The corpus was recorded against
 * a real server with the same seed, so that the handshake gets as far as certificates and Finished.
 * First byte: how the rest is split. Each input meets two workers, one with usual and one with
 * tight limits, so that sessions are refused as well.
 */
#include <stdlib.h>

#include "tls/session/session.h"

#define FUZZ_SEED 7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define N_WORKERS 2

static const struct tl_config configs[N_WORKERS] = {
	{.max_session_bytes = 256 * 1024,
		.max_chain_bytes = 128 * 1024,
		.max_heap_bytes = TL_HEAP_DEFAULT},
	{.max_session_bytes = 64 * 1024,
		.max_chain_bytes = 900,
		.max_certificate_bytes = 4096,
		.max_heap_bytes = TL_HEAP_DEFAULT / 2,
		.dear_percent = TL_DEAR_NEVER},
};

static struct tl_worker *worker_get(unsigned int index)
{
	static struct tl_worker *workers[N_WORKERS];
	static bool ready;
	const char *why;

	if (!ready && tl_global_init() != 0)
		return NULL;
	ready = true;
	if (workers[index] == NULL)
		workers[index] = tl_worker_new(&configs[index], &why);
	return workers[index];
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

static void run(
	struct tl_worker *worker, const struct tl_config *config, const uint8_t *data, size_t len)
{
	struct tl_session *session;
	struct tl_result *result;
	size_t step;

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
		(result->n_certs > TL_MAX_CERTS || (result->completed && result->version == 0) ||
			result->der_len > config->max_chain_bytes ||
			(result->cause != TL_CAUSE_NONE && result->error[0] == '\0')))
		abort();
	tl_result_free(result);
	tl_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (unsigned int i = 0; i < N_WORKERS && len >= 2; i++) {
		struct tl_worker *worker = worker_get(i);

		if (worker == NULL)
			abort();
		run(worker, &configs[i], data, len);
	}
	return 0;
}
