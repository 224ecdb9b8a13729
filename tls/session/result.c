/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tls/hello/messages.h"
#include "internal.h"

void tl_fail_why(struct tl_session *session, const char *why)
{
	if (session->state == TL_STATE_FAILED)
		return;
	session->state = TL_STATE_FAILED;
	session->in_len = 0;
	if (session->cause == TL_CAUSE_NONE)
		snprintf(session->error, sizeof(session->error), "%s", why);
}

void tl_fail_limit(struct tl_session *session, enum tl_cause cause, const char *why)
{
	if (session->state == TL_STATE_FAILED)
		return;
	tl_fail_why(session, why);
	session->limit_hit = true;
	if (session->cause == TL_CAUSE_NONE)
		session->cause = cause;
}

static void alert_set(struct tl_session *session, enum hl_alert_dir dir, int level, int code)
{
	session->alert_dir = (uint8_t)dir;
	session->alert_level = (uint8_t)level;
	session->alert_code = (uint8_t)code;
}

/* The server's alert explains the end better than the one wolfSSL may have answered with. */
static void alert_find(struct tl_session *session, int error)
{
	const struct hl_flight *flight = &session->flight;
	WOLFSSL_ALERT_HISTORY history;
	bool by_peer = error == FATAL_ERROR || error == WOLFSSL_ERROR_ZERO_RETURN ||
		       error == SOCKET_PEER_CLOSED_E;

	if (wolfSSL_get_alert_history(session->ssl, &history) != WOLFSSL_SUCCESS)
		return;
	if (history.last_rx.code >= 0 && (by_peer || history.last_rx.level == alert_fatal))
		alert_set(session, HL_ALERT_RECEIVED, history.last_rx.level, history.last_rx.code);
	else if (flight->alert_level == alert_fatal)
		alert_set(session, HL_ALERT_RECEIVED, flight->alert_level, flight->alert_code);
	else if (history.last_tx.code >= 0)
		alert_set(session, HL_ALERT_SENT, history.last_tx.level, history.last_tx.code);
}

void tl_fail_lib(struct tl_session *session, int ret)
{
	int error = wolfSSL_get_error(session->ssl, ret);
	char text[80];

	if (session->state == TL_STATE_LISTEN) {
		tl_refuse_end(session);
		return;
	}
	alert_find(session, error);
	session->lib_error = error;
	if (error == MAX_CHAIN_ERROR)
		session->limit_hit = session->chain_truncated = true;
	if (session->meter.n_refused > 0 && (error == MEMORY_E || error == MEMORY_ERROR)) {
		tl_fail_limit(
			session, TL_CAUSE_MEMORY, "the session needs more memory than it may take");
		return;
	}
	if (session->alert_dir == HL_ALERT_RECEIVED)
		snprintf(
			text, sizeof(text), "remote error: %s", hl_alert_name(session->alert_code));
	else
		snprintf(text, sizeof(text), "%s",
			wolfSSL_ERR_reason_error_string((unsigned long)error));
	tl_fail_why(session, text);
}

static uint16_t result_version(
	const struct tl_session *session, const struct hl_server_hello *hello)
{
	if (session->completed)
		return (uint16_t)wolfSSL_version(session->ssl);
	if (!hello->seen)
		return 0;
	return hello->selected_version != 0 ? hello->selected_version : hello->legacy_version;
}

/* The flight's own copy of the message goes with the session. */
static void result_take_kex(struct tl_result *result, const struct hl_flight *flight)
{
	struct hl_key_exchange *kex = &result->kex;

	hl_flight_key_exchange(flight, kex);
	if (!kex->seen || flight->kex_len == 0)
		return;
	result->kex_message = malloc(flight->kex_len);
	if (result->kex_message == NULL) {
		*kex = (struct hl_key_exchange){.seen = true,
			.group = kex->group,
			.dh_bits = kex->dh_bits,
			.sig_alg = kex->sig_alg};
		return;
	}
	memcpy(result->kex_message, flight->scratch, flight->kex_len);
	(void)hl_key_exchange_read(result->kex_message, flight->kex_len, &flight->hello, kex);
}

static void result_from_flight(struct tl_result *result, const struct hl_flight *flight)
{
	result->hello = flight->hello;
	result_take_kex(result, flight);
	result->not_tls = flight->not_tls;
	result->cipher_suite = flight->hello.seen ? flight->hello.cipher_suite : 0;
	result->group = result->kex.group != 0 ? result->kex.group : flight->hello.key_share_group;
	result->dh_bits = result->kex.dh_bits;
}

static void result_take_chain(struct tl_result *result, struct tl_session *session)
{
	result->n_certs = session->n_certs;
	result->chain_truncated = session->chain_truncated;
	result->der = session->der;
	result->der_len = session->der_len;
	if (session->n_certs > 0)
		memcpy(result->certs, session->certs, session->n_certs * sizeof(*result->certs));
	session->der = NULL;
	session->der_len = 0;
	session->n_certs = 0;
}

/* A refused session may end before its server has sent everything: what has come is kept. */
static void take_leave(struct tl_session *session)
{
	struct tl_scope before;

	if (session->cause == TL_CAUSE_NONE)
		return;
	before = tl_scope_enter(session);
	tl_tap_salvage(session);
	tl_scope_leave(before);
}

/* Once there is a key exchange, its signature is the only one that a client verifies up to TLS 1.2,
 * and RSA is used for nothing else. */
static bool is_bad_signature(const struct tl_session *session)
{
	switch (session->lib_error) {
	case VERIFY_SIGN_ERROR:
	case SIG_VERIFY_E:
	case BAD_PADDING_E:
	case RSA_PAD_E:
		return true;
	default:
		return false;
	}
}

struct tl_result *tl_session_take_result(struct tl_session *session)
{
	struct tl_result *result = calloc(1, sizeof(*result));

	if (result == NULL)
		return NULL;
	take_leave(session);
	result_from_flight(result, &session->flight);
	result->cause = session->cause;
	result->completed = session->completed;
	result->version = result_version(session, &result->hello);
	if (session->completed)
		result->cipher_suite = (uint16_t)wolfSSL_get_current_cipher_suite(session->ssl);
	memcpy(result->alpn, result->hello.alpn, sizeof(result->alpn));
	result->alert_dir = session->alert_dir;
	result->alert_level = session->alert_level;
	result->alert_code = session->alert_code;
	result->n_warnings = session->reframe.n_warnings;
	memcpy(result->warnings, session->reframe.warnings, sizeof(result->warnings));
	result->lib_error = session->lib_error;
	result->bad_signature = result->kex.signature.left > 0 && is_bad_signature(session);
	memcpy(result->error, session->error, sizeof(result->error));
	result->limit_hit = session->limit_hit;
	result->rx_bytes = session->rx_bytes;
	result->tx_bytes = session->tx_bytes;
	result->peak_heap_bytes = (uint32_t)session->meter.peak_bytes;
	result_take_chain(result, session);
	result->kept = session->kept;
	session->kept = NULL;
	return result;
}

void tl_kept_free(struct tl_kept *kept)
{
	if (kept != NULL)
		free(kept->other);
	free(kept);
}

void tl_result_free(struct tl_result *result)
{
	if (result == NULL)
		return;
	free(result->der);
	tl_kept_free(result->kept);
	free(result->kex_message);
	free(result->body);
	free(result);
}
