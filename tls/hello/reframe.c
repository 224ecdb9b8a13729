/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "records.h"
#include "reframe.h"

void hl_reframe_init(struct hl_reframe *reframe)
{
	memset(reframe, 0, sizeof(*reframe));
}

static void out_put(struct hl_reframe *r, const uint8_t *bytes, size_t n)
{
	memcpy(r->out + r->out_len, bytes, n);
	r->out_len = (uint8_t)(r->out_len + n);
}

/* The header of a record to write: type and version of the record that is being read. */
static void out_record(struct hl_reframe *r, uint16_t len)
{
	const uint8_t header[5] = {r->rec_header[0], r->rec_header[1], r->rec_header[2],
		(uint8_t)(len >> 8), (uint8_t)len};

	out_put(r, header, sizeof(header));
}

/* The beginning of a message header that is not continued: the library may judge it. */
static void out_rest(struct hl_reframe *r)
{
	const uint8_t header[5] = {
		RECORD_HANDSHAKE, r->rec_header[1], r->rec_header[2], 0, r->msg_have};

	if (r->msg_have == 0)
		return;
	out_put(r, header, sizeof(header));
	out_put(r, r->msg_header, r->msg_have);
	r->msg_have = 0;
}

static void pass_on(struct hl_reframe *r)
{
	out_rest(r);
	out_put(r, r->rec_header, r->rec_have);
	r->rec_have = 0;
	r->passing = true;
}

/*
 * Up to TLS 1.2 the records after a ChangeCipherSpec are encrypted. In TLS 1.3 it means nothing
 * and may stand between a HelloRetryRequest and the ServerHello (RFC 8446 D.4).
 */
static void header_done(struct hl_reframe *r, bool tls13)
{
	uint16_t len = (uint16_t)(r->rec_header[3] << 8 | r->rec_header[4]);
	uint8_t type = r->rec_header[0];

	if (len == 0 || len > HL_RECORD_MAX || type == RECORD_APPLICATION_DATA ||
		(type == RECORD_CHANGE_CIPHER_SPEC && !tls13)) {
		pass_on(r);
		return;
	}
	r->rec_have = 0;
	if (type == RECORD_HANDSHAKE || type == RECORD_ALERT) {
		r->rec_left = len;
		return;
	}
	out_record(r, len);
	r->copy_left = len;
}

static void header_input(struct hl_reframe *r, uint8_t byte, bool tls13)
{
	bool bad = false;

	r->rec_header[r->rec_have++] = byte;
	if (r->rec_have == 1)
		bad = byte < RECORD_CHANGE_CIPHER_SPEC || byte > RECORD_HEARTBEAT;
	else if (r->rec_have == 2)
		bad = byte != 3;
	if (bad)
		pass_on(r);
	else if (r->rec_have == sizeof(r->rec_header))
		header_done(r, tls13);
}

/* Begin a record for this record's part of the message: extra bytes of header, then the body. */
static void message_part(struct hl_reframe *r, uint8_t extra)
{
	uint16_t n = r->msg_left < r->rec_left ? (uint16_t)r->msg_left : r->rec_left;

	/* After a whole header n is at most 2^14 - 4, since the header was in the same record. */
	out_record(r, (uint16_t)(n + extra));
	out_put(r, r->msg_header, extra);
	r->copy_left = n;
	r->rec_left = (uint16_t)(r->rec_left - n);
	r->msg_left -= n;
}

static void message_input(struct hl_reframe *r, uint8_t byte)
{
	const uint8_t *h = r->msg_header;

	r->hello_seen = true;
	r->rec_left--;
	r->msg_header[r->msg_have++] = byte;
	if (r->msg_have < sizeof(r->msg_header))
		return;
	r->msg_left = (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];
	message_part(r, sizeof(r->msg_header));
	r->msg_have = 0;
}

static void alert_done(struct hl_reframe *r, bool tls13)
{
	bool borne = r->alert[0] == ALERT_WARNING && r->alert[1] != ALERT_CLOSE_NOTIFY &&
		     !(tls13 && r->hello_seen);

	if (!borne) {
		out_record(r, sizeof(r->alert));
		out_put(r, r->alert, sizeof(r->alert));
	} else if (r->n_warnings < HL_WARNINGS_MAX) {
		r->warnings[r->n_warnings++] = r->alert[1];
	} else {
		r->too_many_warnings = true;
	}
}

static void alert_input(struct hl_reframe *r, uint8_t byte, bool tls13)
{
	r->rec_left--;
	r->alert[r->alert_have++] = byte;
	if (r->alert_have < sizeof(r->alert))
		return;
	r->alert_have = 0;
	alert_done(r, tls13);
}

/* Read one byte here, or decide how many pass. */
static void step(struct hl_reframe *r, struct hl_cursor *in, bool tls13)
{
	uint8_t byte;

	if (r->rec_left > 0 && r->rec_header[0] == RECORD_HANDSHAKE && r->msg_left > 0) {
		message_part(r, 0);
		return;
	}
	if (!hl_take_u8(in, &byte))
		return;
	if (r->rec_left == 0)
		header_input(r, byte, tls13);
	else if (r->rec_header[0] == RECORD_HANDSHAKE)
		message_input(r, byte);
	else
		alert_input(r, byte, tls13);
}

static size_t copy(struct hl_cursor *in, size_t most, uint8_t *out, size_t cap)
{
	size_t n = in->left < most ? in->left : most;
	const uint8_t *bytes = NULL;

	n = n < cap ? n : cap;
	if (n > 0 && hl_take(in, n, &bytes))
		memcpy(out, bytes, n);
	return n;
}

static size_t flush(struct hl_reframe *r, uint8_t *out, size_t cap)
{
	size_t n = (size_t)(r->out_len - r->out_at);

	n = n < cap ? n : cap;
	memcpy(out, r->out + r->out_at, n);
	r->out_at = (uint8_t)(r->out_at + n);
	if (r->out_at == r->out_len)
		r->out_at = r->out_len = 0;
	return n;
}

size_t hl_reframe(
	struct hl_reframe *reframe, struct hl_cursor *in, bool tls13, uint8_t *out, size_t cap)
{
	struct hl_reframe *r = reframe;
	size_t at = 0, n;

	/* Each turn writes, takes, or decides what the next one copies. */
	while (at < cap && !r->too_many_warnings) {
		if (r->out_len > 0) {
			at += flush(r, out + at, cap - at);
			continue;
		}
		if (in->left == 0)
			break;
		if (r->passing || r->copy_left > 0) {
			n = copy(in, r->passing ? in->left : r->copy_left, out + at, cap - at);
			r->copy_left = r->passing ? 0 : (uint16_t)(r->copy_left - n);
			at += n;
			continue;
		}
		step(r, in, tls13);
	}
	return at;
}
