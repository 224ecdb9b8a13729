/* SPDX-License-Identifier: BSD-3-Clause */
#include "body.h"

#include <string.h>

#define LENGTH_MAX (INT64_MAX / 16) /* so that one more digit, hexadecimal too, fits */

/* @return -1: not a number, or beyond what anyone sends */
static int64_t length_of(struct dl_word digits)
{
	int64_t value = 0;

	if (digits.len == 0)
		return -1;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9' || value > LENGTH_MAX)
			return -1;
		value = value * 10 + (digits.at[i] - '0');
	}
	return value;
}

void dl_body_header(struct dl_dialog *dialog, struct dl_word line)
{
	struct dl_word value = line, coding;
	struct dl_word name = dl_word_next(&value, ":");

	value = dl_word_trim(dl_word_skip(value, 1));
	if (dl_word_is(name, "Content-Length"))
		dialog->http_length = length_of(value);
	if (!dl_word_is(name, "Transfer-Encoding"))
		return;
	/* The last coding counts (RFC 9112 6.1). */
	dialog->http_chunked = false;
	while ((coding = dl_word_next(&value, " ,\t")).len > 0)
		dialog->http_chunked = dl_word_is(coding, "chunked");
}

/* RFC 9110 6.4.1. */
static bool has_none(const struct dl_turn *turn)
{
	const struct dl_dialog *dialog = turn->dialog;

	return strcmp(turn->config->http_method, "HEAD") == 0 || dialog->http_status < 200 ||
	       dialog->http_status == 204 || dialog->http_status == 304;
}

void dl_body_begin(struct dl_turn *turn)
{
	struct dl_dialog *dialog = turn->dialog;

	if (dialog->http_chunked)
		dialog->http_length = -1; /* RFC 9112 6.3: it does not count */
	if (has_none(turn) || turn->config->http_max_body == 0 || dialog->http_length == 0) {
		dl_succeed(turn);
		return;
	}
	/* Another step for the peer, with the time of one. */
	dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
	dialog->body_state = DL_BODY_TO_END;
	if (dialog->http_chunked)
		dialog->body_state = DL_BODY_CHUNK_SIZE;
	else if (dialog->http_length > 0)
		dialog->body_state = DL_BODY_LENGTH;
	dialog->body_left = dialog->http_length > 0 ? (uint64_t)dialog->http_length : 0;
}

static void end(struct dl_turn *turn, bool truncated)
{
	turn->dialog->body_state = DL_BODY_NONE;
	turn->dialog->body_truncated = truncated;
	dl_succeed(turn);
}

static uint32_t room(const struct dl_turn *turn)
{
	const struct dl_dialog *dialog = turn->dialog;
	uint32_t max = turn->config->http_max_body;

	if (max > dialog->body_cap)
		max = dialog->body_cap;
	return max > dialog->body_len ? max - dialog->body_len : 0;
}

/* @return false if there was no room for all of it, and the dialog has ended */
static bool keep(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_dialog *dialog = turn->dialog;
	uint32_t fits = room(turn);

	if (len < fits)
		fits = (uint32_t)len;
	if (fits > 0)
		memcpy(dialog->body + dialog->body_len, bytes, fits);
	dialog->body_len += fits;
	if (fits == len)
		return true;
	end(turn, true);
	return false;
}

static size_t take_data(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_dialog *dialog = turn->dialog;
	bool counted = dialog->body_state != DL_BODY_TO_END;

	if (counted && len > dialog->body_left)
		len = (size_t)dialog->body_left;
	if (!keep(turn, bytes, len) || !counted)
		return len;
	dialog->body_left -= len;
	if (dialog->body_left > 0 && dialog->body_state == DL_BODY_LENGTH &&
		dialog->body_len == turn->config->http_max_body)
		end(turn, true); /* no need to wait for more */
	else if (dialog->body_left > 0)
		return len;
	else if (dialog->body_state == DL_BODY_CHUNK)
		dialog->body_state = DL_BODY_CHUNK_END;
	else
		end(turn, false);
	return len;
}

static int hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The line with a chunk's size is over. Behind the last chunk trailers come, as lines. */
static void size_done(struct dl_turn *turn)
{
	struct dl_dialog *dialog = turn->dialog;

	if (dialog->body_left > 0) {
		dialog->body_state = DL_BODY_CHUNK;
		return;
	}
	dialog->body_state = DL_BODY_NONE;
	dialog->in_trailer = true;
}

/* A byte between chunks. */
static void take_framing(struct dl_turn *turn, uint8_t byte)
{
	struct dl_dialog *dialog = turn->dialog;
	int digit = hex_digit(byte);

	switch ((enum dl_body)dialog->body_state) {
	case DL_BODY_CHUNK_SIZE:
		if (digit >= 0 && dialog->body_left <= LENGTH_MAX / 16)
			dialog->body_left = dialog->body_left * 16 + (uint64_t)digit;
		else if (byte == '\n')
			size_done(turn);
		else if (byte == '\r' || byte == ';' || byte == ' ' || byte == '\t')
			dialog->body_state = DL_BODY_CHUNK_REST;
		else
			end(turn, true);
		break;
	case DL_BODY_CHUNK_REST:
		if (byte == '\n')
			size_done(turn);
		break;
	case DL_BODY_CHUNK_END:
		if (byte == '\n')
			dialog->body_state = DL_BODY_CHUNK_SIZE;
		else if (byte != '\r')
			end(turn, true);
		break;
	default:
		break;
	}
}

size_t dl_body_take(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_dialog *dialog = turn->dialog;
	size_t n = 1;

	switch ((enum dl_body)dialog->body_state) {
	case DL_BODY_LENGTH:
	case DL_BODY_TO_END:
	case DL_BODY_CHUNK:
		n = take_data(turn, bytes, len);
		break;
	default:
		take_framing(turn, bytes[0]);
		break;
	}
	if (n == 0) /* nothing fits: the dialog has ended, and the byte is passed over */
		n = 1;
	dialog->phase_bytes++;
	dialog->input_bytes += (uint32_t)n;
	if (dialog->input_bytes > DL_INPUT_CAP && dialog->body_state != DL_BODY_NONE)
		end(turn, true);
	return n;
}
