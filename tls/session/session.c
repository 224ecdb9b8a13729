/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SNI_MAX	 255 /* RFC 1035 2.3.4 */
#define ALPN_MAX 255

/* Names longer than the rules allow are left out, as if none had been given. */
static bool session_extensions(struct tl_session *session, const struct tl_open *open)
{
	size_t sni_len = open->sni == NULL ? 0 : strlen(open->sni);
	size_t alpn_len = open->alpn == NULL ? 0 : strlen(open->alpn);
	char alpn[ALPN_MAX + 1];

	if (sni_len > 0 && sni_len <= SNI_MAX &&
		wolfSSL_UseSNI(session->ssl, WOLFSSL_SNI_HOST_NAME, open->sni,
			(unsigned short)sni_len) != WOLFSSL_SUCCESS)
		return false;
	if (alpn_len == 0 || alpn_len > ALPN_MAX)
		return true;
	memcpy(alpn, open->alpn, alpn_len + 1);
	return wolfSSL_UseALPN(session->ssl, alpn, (unsigned int)alpn_len,
		       WOLFSSL_ALPN_CONTINUE_ON_MISMATCH) == WOLFSSL_SUCCESS;
}

/* Inside the session's scope; writes the ClientHello. */
static bool session_start(struct tl_session *session, const struct tl_open *open)
{
	session->ssl = wolfSSL_new(session->worker->ctx);
	if (session->ssl == NULL)
		return false;
	wolfSSL_SetIOReadCtx(session->ssl, session);
	wolfSSL_SetIOWriteCtx(session->ssl, session);
	wolfSSL_SetCertCbCtx(session->ssl, session);
	wolfSSL_SetEnableDhKeyTest(
		session->ssl, 0); /* proving a prime costs more than the handshake */
	if (!session_extensions(session, open))
		return false;
	if (wolfSSL_connect(session->ssl) == WOLFSSL_SUCCESS)
		return false;
	return wolfSSL_get_error(session->ssl, WOLFSSL_FATAL_ERROR) == WOLFSSL_ERROR_WANT_READ;
}

struct tl_session *tl_session_open(struct tl_worker *worker, const struct tl_open *open)
{
	struct hp_meter meter = {.cap_bytes = worker->config.max_heap_bytes};
	struct hp_scope heap = hp_scope_enter((struct hp_scope){worker->arena, &meter});
	struct tl_session *session = hp_malloc(sizeof(*session));
	struct tl_scope before;
	bool ok;

	hp_scope_enter(heap);
	if (session == NULL)
		return NULL;
	memset(session, 0, sizeof(*session));
	session->worker = worker;
	session->meter = meter; /* it has counted the session's own bytes */
	hl_flight_init(&session->flight, NULL, 0);
	hl_reframe_init(&session->reframe);
	session->random.seed = open->seed;
	before = tl_scope_enter(session);
	ok = session_start(session, open);
	tl_scope_leave(before);
	if (!ok) {
		tl_session_free(session);
		return NULL;
	}
	return session;
}

/* Bytes for wolfSSL: those just fed, with those held before them. Inside the session's scope. */
static void session_pass(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	bool held = session->hold.len > 0;

	if (session->state == TL_STATE_LISTEN && !tl_tap_holds(session)) {
		tl_gather_free(&session->hold);
		return;
	}
	if (!held && tl_tap_holds(session)) {
		held = tl_gather(&session->hold, bytes, len);
		if (!held)
			tl_fail_limit(session, TL_CAUSE_MEMORY,
				"the session needs more memory than it may take");
		return;
	}
	if (tl_tap_holds(session))
		return;
	session->in = held ? session->hold.bytes : bytes;
	session->in_len = held ? session->hold.len : len;
}

/* The first bytes, until it is known whether they are TLS. Without memory they are lost. */
static void keep_other(struct tl_kept *kept, const uint8_t *bytes, size_t len)
{
	size_t room = kept == NULL ? 0 : TL_OTHER_MAX - kept->other_len;

	len = len < room ? len : room;
	if (len > 0 && kept->other == NULL)
		kept->other = malloc(TL_OTHER_MAX);
	if (len == 0 || kept->other == NULL)
		return;
	memcpy(kept->other + kept->other_len, bytes, len);
	kept->other_len = (uint16_t)(kept->other_len + len);
}

/* Listen, then let wolfSSL have the bytes, now or later. Inside the session's scope. */
static void session_listen(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	struct tl_gathering *hold = &session->hold;
	size_t at = hold->len;

	if (at > 0 && !tl_gather(hold, bytes, len)) {
		tl_fail_limit(
			session, TL_CAUSE_MEMORY, "the session needs more memory than it may take");
		return;
	}
	if (at > 0)
		tl_tap_input(session, hold->bytes, at, hold->len);
	else
		tl_tap_input(session, bytes, 0, len);
	if (!session->flight.any_message || session->flight.not_tls)
		keep_other(session->kept, bytes, len);
	if (session->flight.not_tls)
		tl_fail_why(session, "the server does not answer in TLS");
	else
		session_pass(session, bytes, len);
}

void tl_session_feed(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	struct tl_scope before;

	if (len == 0 || session->state == TL_STATE_FAILED || session->state == TL_STATE_CLOSED)
		return;
	session->rx_bytes += len;
	if (session->rx_bytes > session->worker->config.max_session_bytes) {
		tl_fail_limit(session, TL_CAUSE_SESSION_TOO_LARGE,
			"the server sent more bytes than a session may take");
		return;
	}
	if (session->flight_ended) {
		session->in = bytes;
		session->in_len = len;
		return;
	}
	before = tl_scope_enter(session);
	session_listen(session, bytes, len);
	tl_scope_leave(before);
}

bool tl_session_not_tls(const struct tl_session *session, size_t *n_bytes)
{
	*n_bytes = session->rx_bytes;
	return session->flight.not_tls;
}

static void session_established(struct tl_session *session)
{
	unsigned short len = 0;
	char *name = NULL;

	session->completed = true;
	session->state = TL_STATE_OPEN;
	if (wolfSSL_ALPN_GetProtocol(session->ssl, &name, &len) == WOLFSSL_SUCCESS &&
		name != NULL) {
		len = len < HL_ALPN_MAX ? len : HL_ALPN_MAX;
		memset(session->flight.hello.alpn, 0, sizeof(session->flight.hello.alpn));
		memcpy(session->flight.hello.alpn, name, len);
	}
	tl_tap_end(session);
}

static enum tl_step step_handshake(struct tl_session *session)
{
	int ret;

#if TLSWEEP_WOLFSSL_SYSTEM
	/* That build calls the hook only under VERIFY_PEER, and then keeps every CA it was shown.
	 */
	wolfSSL_CTX_UnloadCAs(session->worker->ctx);
#endif
	session->worker->dear_done = session->worker->dear_done || session->dear;
	ret = wolfSSL_connect(session->ssl);
	if (ret == WOLFSSL_SUCCESS) {
		session_established(session);
		return TL_ESTABLISHED;
	}
	/* The call may have allowed a key. */
	session->worker->dear_done = session->worker->dear_done || session->dear;
	if (wolfSSL_get_error(session->ssl, ret) == WOLFSSL_ERROR_WANT_READ)
		return TL_WANT_READ;
	tl_fail_lib(session, ret);
	return TL_FAILED;
}

/* Read to the end of what comes in the clear; the key exchange is the last part we need. */
static enum tl_step step_listen(struct tl_session *session)
{
	const struct hl_flight *flight = &session->flight;

	if (!session->flight_ended && !flight->kex_seen && !flight->hello_done_seen &&
		flight->hello.selected_version < TL_TLS13)
		return TL_WANT_READ;
	tl_refuse_end(session);
	return TL_FAILED;
}

static enum tl_step step_read(struct tl_session *session, const uint8_t **plain, size_t *plain_len)
{
	struct tl_worker *worker = session->worker;
	uint32_t n_before = session->records.n;
	int ret = wolfSSL_read(session->ssl, worker->plain, sizeof(worker->plain));

	if (ret > 0) {
		/* It came with the last record of this call, or in an earlier call. */
		session->n_idle -= session->records.n != n_before && session->n_idle > 0;
		*plain = worker->plain;
		*plain_len = (size_t)ret;
		return TL_PLAINTEXT;
	}
	switch (wolfSSL_get_error(session->ssl, ret)) {
	case WOLFSSL_ERROR_WANT_READ:
		return TL_WANT_READ;
	case WOLFSSL_ERROR_ZERO_RETURN:
		session->state = TL_STATE_CLOSED;
		session->in_len = 0;
		return TL_CLOSED;
	default:
		tl_fail_lib(session, ret);
		return TL_FAILED;
	}
}

enum tl_step tl_session_step(struct tl_session *session, const uint8_t **plain, size_t *plain_len)
{
	enum tl_step step = TL_FAILED;
	struct tl_scope before;

	*plain = NULL;
	*plain_len = 0;
	before = tl_scope_enter(session);
	switch (session->state) {
	case TL_STATE_HANDSHAKE:
		step = step_handshake(session);
		break;
	case TL_STATE_LISTEN:
		/* Only wolfSSL can read more of a TLS 1.3 message. */
		step = session->message.len > 0 ? step_handshake(session) : step_listen(session);
		break;
	case TL_STATE_OPEN:
		step = step_read(session, plain, plain_len);
		break;
	case TL_STATE_CLOSED:
		step = TL_CLOSED;
		break;
	case TL_STATE_FAILED:
		break;
	}
	tl_scope_leave(before);
	return step;
}

int tl_session_write(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	struct tl_scope before;
	int ret;

	if (session->state != TL_STATE_OPEN || len > INT_MAX)
		return -EPIPE;
	if (len == 0)
		return 0;
	before = tl_scope_enter(session);
	ret = wolfSSL_write(session->ssl, bytes, (int)len);
	if (ret != (int)len)
		tl_fail_lib(session, ret);
	tl_scope_leave(before);
	return ret == (int)len ? 0 : -EPIPE;
}

void tl_session_close_notify(struct tl_session *session)
{
	struct tl_scope before;

	if (session->state != TL_STATE_OPEN && session->state != TL_STATE_CLOSED)
		return;
	before = tl_scope_enter(session);
	(void)wolfSSL_shutdown(
		session->ssl); /* one alert queued; whether it reaches anyone changes nothing */
	tl_scope_leave(before);
}

void tl_session_fail(struct tl_session *session, const char *why)
{
	if (session->state == TL_STATE_CLOSED)
		return;
	tl_fail_why(session, why);
}

void tl_session_free(struct tl_session *session)
{
	struct tl_worker *worker;
	struct tl_scope before;
	struct hp_scope heap;

	if (session == NULL)
		return;
	worker = session->worker;
	before = tl_scope_enter(session);
	wolfSSL_free(session->ssl);
	hp_free(session->flight.scratch);
	hp_free(session->tx.bytes);
	tl_gather_free(&session->hold);
	tl_gather_free(&session->message);
	tl_scope_leave(before);
	free(session->certs);
	free(session->der);
	tl_kept_free(session->kept);
	heap = hp_scope_enter((struct hp_scope){worker->arena, NULL});
	hp_free(session);
	hp_scope_enter(heap);
}
