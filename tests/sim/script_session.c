/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/script_session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tcp/random.h"

/* What a session keeps that its pipe does not take; more fails it. */
#define OUT_MAX 32768

enum script_state { SCRIPT_WAITING, SCRIPT_UP, SCRIPT_OVER, SCRIPT_BROKEN };

struct tl_session {
	struct script_counts *counts;
	enum script_state state;
	struct script_in in;
	uint32_t flight_len, flight_got; /* of the server's flight; len 0: not known yet */
	uint32_t n_rx;
	const uint8_t *fed;
	size_t n_fed;
	uint32_t out_at, out_len;
	uint8_t out[OUT_MAX];
};

/* The counts behind a result: its der is not used for anything else. */
struct script_result {
	struct tl_result result; /* first: it is what is handed over */
	struct script_counts *counts;
};

uint32_t script_header(uint8_t *out, enum script_type type, uint32_t len)
{
	out[0] = (uint8_t)type;
	out[1] = (uint8_t)(len >> 8);
	out[2] = (uint8_t)len;
	return SCRIPT_HEADER_LEN;
}

int script_collect(struct script_in *in, const uint8_t *bytes, size_t len, size_t *taken)
{
	for (*taken = 0; *taken < len;) {
		uint32_t content;

		in->record[in->n++] = bytes[(*taken)++];
		if (in->record[0] < SCRIPT_FINISHED || in->record[0] > SCRIPT_DATA)
			return -2;
		if (in->n < SCRIPT_HEADER_LEN)
			continue;
		content = (uint32_t)in->record[1] << 8 | in->record[2];
		if (content > SCRIPT_RECORD_MAX)
			return -2;
		if (in->n == SCRIPT_HEADER_LEN + content) {
			in->n = 0;
			return (int)content;
		}
	}
	return -1;
}

static void put(struct tl_session *session, enum script_type type, const uint8_t *bytes, size_t len)
{
	if (session->out_at == session->out_len)
		session->out_at = session->out_len = 0;
	if (session->out_len + SCRIPT_HEADER_LEN + len > OUT_MAX) {
		session->state = SCRIPT_BROKEN;
		return;
	}
	session->out_len += script_header(session->out + session->out_len, type, (uint32_t)len);
	if (bytes != NULL)
		memcpy(session->out + session->out_len, bytes, len);
	else
		memset(session->out + session->out_len, 0x42, len);
	session->out_len += (uint32_t)len;
}

static struct tl_session *script_open(void *ctx, uint64_t seed, const struct dl_dialog *dialog)
{
	struct script_counts *counts = ctx;
	struct tl_session *session;

	if (counts->refuse_every != 0 && random_below(&counts->random, counts->refuse_every) == 0)
		return NULL;
	session = malloc(sizeof(*session));
	session->counts = counts;
	session->state = SCRIPT_WAITING;
	session->in.n = 0;
	session->flight_len = session->flight_got = session->n_rx = 0;
	session->fed = NULL;
	session->n_fed = 0;
	session->out_at = session->out_len = 0;
	put(session, SCRIPT_HANDSHAKE, NULL, SCRIPT_HELLO_LEN);
	counts->n_sessions++;
	return session;
}

static void script_feed(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	session->fed = bytes;
	session->n_fed = len;
	session->n_rx += (uint32_t)len;
}

/* One whole record while the handshake runs. */
static enum tl_step handshake_record(struct tl_session *session, uint32_t len)
{
	const uint8_t *content = session->in.record + SCRIPT_HEADER_LEN;

	if (session->in.record[0] != SCRIPT_HANDSHAKE || len < SCRIPT_FLIGHT_MIN) {
		session->state = SCRIPT_BROKEN;
		return TL_FAILED;
	}
	if (session->flight_len == 0)
		session->flight_len = (uint32_t)content[0] << 24 | (uint32_t)content[1] << 16 |
				      (uint32_t)content[2] << 8 | content[3];
	session->flight_got += len;
	if (session->flight_got < session->flight_len)
		return TL_WANT_READ;
	session->state = SCRIPT_UP;
	put(session, SCRIPT_FINISHED, NULL, 36);
	return TL_ESTABLISHED;
}

static enum tl_step script_step(
	struct tl_session *session, const uint8_t **plain, size_t *plain_len)
{
	while (session->n_fed > 0 && session->state < SCRIPT_OVER) {
		size_t taken;
		int len = script_collect(&session->in, session->fed, session->n_fed, &taken);
		enum tl_step step;

		session->fed += taken;
		session->n_fed -= taken;
		if (len == -1)
			return TL_WANT_READ;
		if (len == -2 || session->in.record[0] == SCRIPT_FINISHED) {
			session->state = SCRIPT_BROKEN;
			return TL_FAILED;
		}
		if (session->in.record[0] == SCRIPT_CLOSE) {
			session->state = SCRIPT_OVER;
			return TL_CLOSED;
		}
		if (session->state == SCRIPT_UP) {
			*plain = session->in.record + SCRIPT_HEADER_LEN;
			*plain_len = (size_t)len;
			return TL_PLAINTEXT;
		}
		step = handshake_record(session, (uint32_t)len);
		if (step != TL_WANT_READ)
			return step;
	}
	if (session->state == SCRIPT_BROKEN)
		return TL_FAILED;
	return TL_WANT_READ;
}

static int script_write(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	if (session->state != SCRIPT_UP)
		return -EPIPE;
	put(session, SCRIPT_DATA, bytes, len);
	return 0;
}

static void script_close_notify(struct tl_session *session)
{
	if (session->state == SCRIPT_UP)
		put(session, SCRIPT_CLOSE, NULL, 2);
}

static bool script_has_output(const struct tl_session *session)
{
	return session->out_at < session->out_len;
}

static size_t script_output(struct tl_session *session, uint8_t *bytes, size_t cap)
{
	size_t n = session->out_len - session->out_at;

	n = n < cap ? n : cap;
	memcpy(bytes, session->out + session->out_at, n);
	session->out_at += (uint32_t)n;
	return n;
}

static void script_fail(struct tl_session *session, const char *why)
{
	session->state = SCRIPT_BROKEN;
}

static struct tl_result *script_take_result(struct tl_session *session)
{
	struct script_result *result = calloc(1, sizeof(*result));

	result->counts = session->counts;
	result->result.completed = session->flight_len != 0 &&
				   session->flight_got >= session->flight_len;
	result->result.rx_bytes = session->n_rx;
	result->result.hello.from_server = session->flight_got > 0;
	session->counts->n_results++;
	return &result->result;
}

static void script_free(struct tl_session *session)
{
	session->counts->n_sessions--;
	free(session);
}

void script_result_free(struct tl_result *result)
{
	struct script_result *whole = (struct script_result *)result;

	whole->counts->n_results--;
	free(whole);
}

struct sim_session_ops script_session_ops(struct script_counts *counts)
{
	return (struct sim_session_ops){
		.open = script_open,
		.ctx = counts,
		.feed = script_feed,
		.step = script_step,
		.write = script_write,
		.close_notify = script_close_notify,
		.has_output = script_has_output,
		.output = script_output,
		.fail = script_fail,
		.take_result = script_take_result,
		.free = script_free,
	};
}
