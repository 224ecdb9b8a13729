/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The session's use of the flight reader: it reads the plaintext flight before wolfSSL does. Each
 * message gets scratch memory of its own length; only a key exchange keeps it.
 *
 * A long Certificate message gets no scratch memory. It is kept from wolfSSL until it is whole
 * (hold in internal.h), and the chain is then taken out of those raw bytes. So nobody can make us
 * allocate memory by announcing bytes that do not come.
 *
 *     raw bytes held:  [..|header|body ......|header|...... body|..]
 *                                ^ certificate_at   each record's header is left out
 */
#include <string.h>

#include "tls/hello/records.h"
#include "internal.h"

/* If there is no memory for a message, its findings are lost and nothing else. */
static void scratch_replace(struct tl_session *session, uint32_t cap)
{
	struct hl_flight *flight = &session->flight;

	hp_free(flight->scratch);
	hl_flight_scratch(flight, cap == 0 ? NULL : hp_malloc(cap), cap);
}

void tl_tap_end(struct tl_session *session)
{
	session->flight_ended = true;
	if (!session->flight.kex_seen)
		scratch_replace(session, 0);
}

/* Copy the first want bytes of the message's body out of its records. @return how many there were
 */
static uint32_t certificate_body(const struct tl_session *session, const uint8_t *raw, size_t len,
	uint8_t *body, uint32_t want)
{
	size_t at = session->certificate_at, record_left = session->record_left;
	uint32_t n = 0;

	while (n < want && at < len) { /* each turn passes a record's header or takes a byte */
		size_t take = want - n;

		if (record_left == 0) {
			if (len - at < HL_RECORD_HEADER_LEN)
				break;
			record_left = (size_t)raw[at + 3] << 8 | raw[at + 4];
			at += HL_RECORD_HEADER_LEN;
			continue;
		}
		take = take < record_left ? take : record_left;
		take = take < len - at ? take : len - at;
		memcpy(body + n, raw + at, take);
		n += (uint32_t)take;
		at += take;
		record_left -= take;
	}
	return n;
}

/* Take as much of the chain as there is out of the raw bytes. */
static void certificate_take(
	struct tl_session *session, const uint8_t *raw, size_t len, uint32_t want, bool whole)
{
	uint8_t *body;
	uint32_t n;

	session->certificate_begun = false;
	body = want == 0 ? NULL : hp_malloc(want);
	if (body == NULL)
		return;
	n = certificate_body(session, raw, len, body, want);
	tl_capture_message(session, body, n, false, whole && n == want);
	hp_free(body);
}

void tl_tap_salvage(struct tl_session *session)
{
	uint32_t announced, have;
	uint8_t type;

	if (session->certificate_begun && session->hold.len > 0 &&
		hl_flight_message(&session->flight, &type, &announced, &have))
		certificate_take(session, session->hold.bytes, session->hold.len, have, false);
}

/* A message has begun that does not fit the scratch buffer. */
static void message_begun(struct tl_session *session, size_t raw_at)
{
	struct hl_flight *flight = &session->flight;
	uint32_t announced = 0, have;
	uint8_t type = 0;
	bool allowed = true;

	if (hl_flight_message(flight, &type, &announced, &have) && type == MSG_CERTIFICATE)
		allowed = tl_certificate_allowed(session, announced);
	if (allowed && announced <= TL_HOLD_MIN) {
		scratch_replace(session, announced);
		return;
	}
	scratch_replace(session, type == MSG_CERTIFICATE ? 0 : TL_HOLD_MIN);
	session->certificate_begun = type == MSG_CERTIFICATE;
	session->certificate_at = (uint32_t)raw_at;
	session->record_left = flight->rec_left;
}

/* At most to the end of a long Certificate message, and at most what may be kept of it. */
static size_t piece_len(const struct tl_session *session, size_t len, uint32_t *end)
{
	uint32_t announced, have, allowed = session->worker->config.max_certificate_bytes;
	uint8_t type;

	*end = 0;
	if (!session->certificate_begun ||
		!hl_flight_message(&session->flight, &type, &announced, &have))
		return len;
	*end = announced < allowed ? announced : allowed;
	return len < *end - have ? len : *end - have;
}

/* Act on what the reader has found. raw_at: after the last byte that it has read. */
static void look(struct tl_session *session, const uint8_t *raw, size_t raw_at, uint32_t end)
{
	struct hl_flight *flight = &session->flight;
	uint32_t announced = 0, have = 0;
	uint8_t type = 0;
	bool reading = hl_flight_message(flight, &type, &announced, &have);

	if (reading && type == MSG_CERTIFICATE)
		tl_certificate_arrived(session, have);
	if (session->certificate_begun && end > 0 && (!reading || have >= end)) {
		tl_certificate_arrived(session, end);
		certificate_take(session, raw, raw_at, end, !reading);
	}
	if (flight->want > 0)
		message_begun(session, raw_at);
	if (flight->certs != NULL) {
		tl_certificate_arrived(session, flight->certs_len);
		tl_capture_message(session, flight->certs, flight->certs_len, false, true);
		scratch_replace(session, 0);
	}
	tl_judge_flight(session);
}

void tl_tap_input(struct tl_session *session, const uint8_t *raw, size_t at, size_t len)
{
	struct hl_flight *flight = &session->flight;

	while (at < len && hl_flight_open(flight)) { /* each turn takes at least one byte */
		uint32_t end;
		size_t piece = piece_len(session, len - at, &end);

		at += hl_flight_input(flight, raw + at, piece);
		look(session, raw, at, end);
	}
	if (!hl_flight_open(flight))
		tl_tap_end(session);
}

bool tl_tap_holds(const struct tl_session *session)
{
	uint32_t announced, have;
	uint8_t type;

	if (session->flight_ended || !hl_flight_message(&session->flight, &type, &announced, &have))
		return false;
	/* A refused message is held only for the part that is still to be taken out. */
	return session->cause == TL_CAUSE_NONE ? announced > TL_HOLD_MIN
					       : session->certificate_begun;
}
