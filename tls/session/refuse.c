/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ending a handshake ourselves, with a cause, before it costs time.
 *
 * Up to TLS 1.2 everything that decides is in the clear. The flight reader sees it before wolfSSL
 * does (tap.c), and after a refusal wolfSSL gets no more bytes. In TLS 1.3 the key exchange is in
 * the clear, and the certificate is judged between decryption and parsing (message.c, capture.c).
 */
#include <stdarg.h>
#include <stdio.h>

#include "tls/hello/chain.h"
#include "tls/hello/records.h"
#include "internal.h"

void tl_refuse(struct tl_session *session, enum tl_cause cause, const char *why, ...)
{
	va_list args;

	if (session->cause != TL_CAUSE_NONE || session->state != TL_STATE_HANDSHAKE)
		return;
	session->cause = cause;
	session->limit_hit = true;
	session->state = TL_STATE_LISTEN;
	va_start(args, why);
	vsnprintf(session->error, sizeof(session->error), why, args);
	va_end(args);
}

/* A session that was allowed once may finish: half a handshake would be wasted work. */
static bool dear_allowed(struct tl_session *session, const char *what)
{
	struct tl_worker *worker = session->worker;

	if (!session->dear && !tl_budget_allows(&worker->dear)) {
		tl_refuse(session, TL_CAUSE_BUDGET,
			"not completed: dear handshakes have had their share of the time (%s)",
			what);
		return false;
	}
	session->dear = true;
	return true;
}

bool tl_certificate_allowed(struct tl_session *session, uint32_t announced)
{
	uint32_t allowed = session->worker->config.max_certificate_bytes;

	if (announced <= allowed)
		return true;
	tl_refuse(session, TL_CAUSE_CERTIFICATE_TOO_LARGE,
		"a Certificate message of %u bytes; allowed are %u, this build takes %u", announced,
		allowed, TL_CERTIFICATE_CEILING);
	return false;
}

bool tl_key_allowed(struct tl_session *session, const uint8_t *leaf, size_t len)
{
	struct tl_judgement judgement;
	struct ct_key key;

	(void)ct_key_of_cert(leaf, len, &key);
	judgement = tl_judge_key(&key);
	if (judgement.cause == TL_CAUSE_EXPONENT_TOO_LARGE)
		tl_refuse(session, judgement.cause,
			"the server's RSA key has an exponent of %u bits: not used",
			key.exponent_bits);
	else if (judgement.cause != TL_CAUSE_NONE)
		tl_refuse(session, judgement.cause,
			"the server's RSA key has %u bits, which this build cannot use", key.bits);
	else if (judgement.dear)
		return dear_allowed(session, "certificate's key");
	return judgement.cause == TL_CAUSE_NONE;
}

bool tl_chain_allowed(struct tl_session *session, const uint8_t *body, size_t len)
{
	struct hl_chain chain;
	const uint8_t *leaf;
	uint32_t leaf_len;

	/* What cannot be read, wolfSSL cannot read either. */
	return !hl_chain_open(&chain, body, len, true) ||
	       !hl_chain_next(&chain, &leaf, &leaf_len) || tl_key_allowed(session, leaf, leaf_len);
}

static void judge_key_exchange(struct tl_session *session)
{
	struct tl_judgement judgement;
	struct hl_key_exchange kex;

	session->kex_judged = true;
	hl_flight_key_exchange(&session->flight, &kex);
	if (kex.dh_bits == 0) {
		if (kex.group != 0 && tl_judge_group(kex.group).dear)
			(void)dear_allowed(session, hl_group_name(kex.group));
		return;
	}
	judgement = tl_judge_dhe(kex.dh_bits);
	if (judgement.cause != TL_CAUSE_NONE)
		tl_refuse(session, judgement.cause,
			"the server's DHE prime has %u bits, which this build cannot use",
			kex.dh_bits);
	else if (judgement.dear)
		(void)dear_allowed(session, "DHE");
}

void tl_judge_flight(struct tl_session *session)
{
	uint16_t group = session->flight.hello.key_share_group;

	if (group != session->judged_group) {
		session->judged_group = group;
		if (tl_judge_group(group).dear)
			(void)dear_allowed(session, hl_group_name(group));
	}
	if (session->flight.kex_seen && !session->kex_judged)
		judge_key_exchange(session);
}

/* RFC 8446 6.1: user_canceled, then close_notify. */
void tl_refuse_end(struct tl_session *session)
{
	session->state = TL_STATE_FAILED;
	session->in_len = 0;
	/* The server's own alert explains the end better. */
	if (session->flight.alert_level == ALERT_FATAL) {
		session->alert_dir = HL_ALERT_RECEIVED;
		session->alert_level = session->flight.alert_level;
		session->alert_code = session->flight.alert_code;
		return;
	}
#if LIBWOLFSSL_VERSION_HEX >= 0x05007000
	if (session->ssl == NULL)
		return;
	(void)wolfSSL_SendUserCanceled(session->ssl);
	session->alert_dir = HL_ALERT_SENT;
	session->alert_level = ALERT_WARNING;
	session->alert_code = ALERT_USER_CANCELED;
#endif
}
