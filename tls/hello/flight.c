/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "cursor.h"
#include "messages.h"
#include "records.h"

/* RFC 5246 7.4.1.3: version, random, an empty session id, a suite, no compression. */
#define SERVER_HELLO_MIN 38

void hl_flight_init(struct hl_flight *flight, uint8_t *buf, uint32_t cap)
{
	memset(flight, 0, sizeof(*flight));
	flight->scratch = buf;
	flight->scratch_cap = buf == NULL ? 0 : cap;
}

void hl_flight_scratch(struct hl_flight *flight, uint8_t *buf, uint32_t cap)
{
	flight->scratch = buf;
	flight->scratch_cap = buf == NULL ? 0 : cap;
	if (flight->kex_len > flight->scratch_cap)
		flight->kex_len = flight->scratch_cap;
}

bool hl_flight_open(const struct hl_flight *flight)
{
	return !(flight->not_tls || flight->malformed || flight->encrypted || flight->fatal);
}

bool hl_flight_message(
	const struct hl_flight *flight, uint8_t *type, uint32_t *announced, uint32_t *have)
{
	if (!hl_flight_open(flight) || flight->msg_header_have < sizeof(flight->msg_header))
		return false;
	*type = flight->msg_header[0];
	*announced = flight->msg_len;
	*have = flight->msg_have;
	return true;
}

/* Nothing that we keep comes after the key exchange, so it stays where it is. */
static uint32_t flight_room(const struct hl_flight *flight)
{
	return flight->kex_seen ? 0 : flight->scratch_cap;
}

static void certificate_done(struct hl_flight *flight, bool whole)
{
	if (whole && !flight->certificate_seen && flight->msg_len > 0) {
		flight->certs = flight->scratch;
		flight->certs_len = flight->msg_len;
	}
	flight->certificate_seen = true;
}

/* Decoded here only to see whether it can be; hl_flight_key_exchange() decodes it again. */
static bool key_exchange_done(struct hl_flight *flight, uint32_t kept)
{
	struct hl_key_exchange kex;

	if (flight->kex_seen)
		return true;
	flight->kex_seen = true;
	flight->kex_len = kept;
	return hl_key_exchange_read(flight->scratch, kept, &flight->hello, &kex);
}

void hl_flight_key_exchange(const struct hl_flight *flight, struct hl_key_exchange *kex)
{
	if (flight->kex_seen)
		(void)hl_key_exchange_read(flight->scratch, flight->kex_len, &flight->hello, kex);
	else
		memset(kex, 0, sizeof(*kex));
}

/* A whole message was read or, if it is longer than the buffer, the part that is kept. */
static void message_done(struct hl_flight *flight)
{
	uint32_t room = flight_room(flight);
	bool whole = flight->msg_len <= room, ok = true;
	uint32_t kept = whole ? flight->msg_len : room;

	switch (flight->msg_header[0]) {
	case MSG_SERVER_HELLO:
		ok = hl_server_hello_read(flight->scratch, kept, &flight->hello);
		break;
	case MSG_CERTIFICATE:
		certificate_done(flight, whole);
		break;
	case MSG_SERVER_KEY_EXCHANGE:
		ok = key_exchange_done(flight, kept);
		break;
	case MSG_CERTIFICATE_REQUEST:
		flight->cert_request_seen = true;
		break;
	case MSG_SERVER_HELLO_DONE:
		flight->hello_done_seen = true;
		break;
	default:
		break;
	}
	if (!ok && whole)
		flight->malformed = true;
}

/* RFC 5246 7.3, 7.4.1.1; RFC 8446 4.1.3: which message may be a server's first. */
static void first_message(struct hl_flight *flight)
{
	uint8_t type = flight->msg_header[0];

	flight->any_message = true;
	if (type == MSG_CLIENT_HELLO)
		flight->not_tls = true;
	if ((type == MSG_SERVER_HELLO && flight->msg_len >= SERVER_HELLO_MIN) ||
		(type == MSG_HELLO_REQUEST && flight->msg_len == 0))
		flight->hello.from_server = true;
}

static void message_begin(struct hl_flight *flight)
{
	const uint8_t *h = flight->msg_header;
	bool kept = h[0] == MSG_SERVER_HELLO || h[0] == MSG_SERVER_KEY_EXCHANGE ||
		    (h[0] == MSG_CERTIFICATE && !flight->certificate_seen);

	flight->msg_len = (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];
	flight->msg_have = 0;
	if (!flight->any_message)
		first_message(flight);
	if (kept && !flight->kex_seen && flight->msg_len > flight->scratch_cap)
		flight->want = flight->msg_len;
}

static size_t message_input(struct hl_flight *flight, const uint8_t *bytes, size_t len)
{
	uint32_t room = flight_room(flight), left = flight->msg_len - flight->msg_have;
	size_t take = len < left ? len : left, fits;

	if (flight->msg_have < room) {
		fits = room - flight->msg_have;
		memcpy(flight->scratch + flight->msg_have, bytes, take < fits ? take : fits);
	}
	flight->msg_have += (uint32_t)take;
	return take;
}

/* Take from the record's bytes what the present message still needs: at least one byte. */
static size_t handshake_input(struct hl_flight *flight, const uint8_t *bytes, size_t len)
{
	size_t take = 1;

	if (flight->msg_header_have == sizeof(flight->msg_header)) {
		take = message_input(flight, bytes, len);
	} else {
		flight->msg_header[flight->msg_header_have++] = bytes[0];
		if (flight->msg_header_have < sizeof(flight->msg_header))
			return 1;
		message_begin(flight);
	}
	if (flight->msg_have == flight->msg_len) {
		message_done(flight);
		flight->msg_header_have = 0;
	}
	return take;
}

static size_t alert_input(struct hl_flight *flight, uint8_t byte)
{
	flight->alert[flight->alert_have++] = byte;
	if (flight->alert_have < sizeof(flight->alert))
		return 1;
	flight->alert_have = 0;
	flight->alert_level = flight->alert[0];
	flight->alert_code = flight->alert[1];
	if (flight->alert_level == ALERT_WARNING || flight->alert_level == ALERT_FATAL)
		flight->hello.from_server = true;
	if (flight->alert_level == ALERT_FATAL || flight->alert_code == ALERT_CLOSE_NOTIFY)
		flight->fatal = true;
	return 1;
}

static size_t record_input(struct hl_flight *flight, const uint8_t *bytes, size_t len)
{
	size_t take = len < flight->rec_left ? len : flight->rec_left;

	if (flight->rec_header[0] == RECORD_HANDSHAKE)
		take = handshake_input(flight, bytes, take);
	else if (flight->rec_header[0] == RECORD_ALERT)
		take = alert_input(flight, bytes[0]);
	flight->rec_left = (uint16_t)(flight->rec_left - take);
	return take;
}

/*
 * In TLS 1.3 a ChangeCipherSpec means nothing and may come right after a HelloRetryRequest
 * (RFC 8446 D.4); before, the records after it are encrypted.
 */
static void header_done(struct hl_flight *flight)
{
	const uint8_t *h = flight->rec_header;
	uint16_t len = (uint16_t)(h[3] << 8 | h[4]);
	bool tls13 = flight->hello.retry_seen || flight->hello.selected_version >= 0x0304;

	if (h[0] == RECORD_APPLICATION_DATA || (h[0] == RECORD_CHANGE_CIPHER_SPEC && !tls13)) {
		flight->encrypted = true;
		return;
	}
	if (len == 0 || len > HL_RECORD_MAX) {
		flight->malformed = true;
		return;
	}
	if (!flight->any_record)
		flight->hello.record_version = (uint16_t)(h[1] << 8 | h[2]);
	flight->any_record = true;
	flight->rec_left = len;
}

static void header_input(struct hl_flight *flight, uint8_t byte)
{
	bool bad = false;

	flight->rec_header[flight->rec_have++] = byte;
	if (flight->rec_have == 1)
		bad = byte < RECORD_CHANGE_CIPHER_SPEC || byte > RECORD_HEARTBEAT;
	else if (flight->rec_have == 2)
		bad = byte != 3;
	if (bad && !flight->any_record)
		flight->not_tls = true;
	else if (bad)
		flight->malformed = true;
	if (flight->rec_have == sizeof(flight->rec_header) && !bad) {
		flight->rec_have = 0;
		header_done(flight);
	}
}

size_t hl_flight_input(struct hl_flight *flight, const uint8_t *bytes, size_t len)
{
	size_t at = 0;

	flight->want = 0;
	flight->certs = NULL;
	flight->certs_len = 0;
	/* Each turn takes at least one byte. */
	while (at < len && hl_flight_open(flight) && flight->want == 0 && flight->certs == NULL) {
		if (flight->rec_left > 0)
			at += record_input(flight, bytes + at, len - at);
		else
			header_input(flight, bytes[at++]);
	}
	return at;
}
