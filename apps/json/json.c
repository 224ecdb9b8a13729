/* SPDX-License-Identifier: BSD-3-Clause */
#include "json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json_text.h"

#define JS_FIRST_CAP   4096
#define JS_DECIMAL_MAX 64  /* bytes of a number written in decimal */
#define JS_NUMBER_LEN  160 /* digits of 64 bytes in decimal (155), sign, NUL */

void js_reset(struct js_buf *js)
{
	js->len = 0;
	js->failed = false;
	js->comma = false;
	js->depth = 0;
}

void js_free(struct js_buf *js)
{
	free(js->data);
	*js = (struct js_buf){.pretty = js->pretty};
}

/* Room for n more bytes at the end; NULL: memory is short, and the caller writes nothing. */
static char *room(struct js_buf *js, size_t n)
{
	size_t cap = js->cap == 0 ? JS_FIRST_CAP : js->cap;
	char *data;

	if (js->failed)
		return NULL;
	if (n <= js->cap - js->len)
		return js->data + js->len;
	while (cap - js->len < n && cap <= SIZE_MAX / 2)
		cap *= 2;
	data = cap - js->len < n ? NULL : realloc(js->data, cap);
	if (data == NULL) {
		js->failed = true;
		return NULL;
	}
	js->data = data;
	js->cap = cap;
	return data + js->len;
}

static void put(struct js_buf *js, const char *bytes, size_t len)
{
	char *to = room(js, len);

	if (to == NULL || len == 0)
		return;
	memcpy(to, bytes, len);
	js->len += len;
}

static void put_line_break(struct js_buf *js)
{
	char *to = room(js, 1u + js->depth);

	if (to == NULL)
		return;
	to[0] = '\n';
	memset(to + 1, '\t', js->depth);
	js->len += 1u + js->depth;
}

/* Write what comes before a value: comma, line break, key. */
static void lead_in(struct js_buf *js, const char *key)
{
	size_t key_len = key == NULL ? 0 : strlen(key);
	char *to;

	if (js->comma)
		put(js, ",", 1);
	if (js->pretty && js->depth > 0)
		put_line_break(js);
	js->comma = true;
	if (key == NULL)
		return;
	to = room(js, key_len + 3);
	if (to == NULL)
		return;
	to[0] = '"';
	memcpy(to + 1, key, key_len);
	to[key_len + 1] = '"';
	to[key_len + 2] = ':';
	js->len += key_len + 3;
	if (js->pretty)
		put(js, " ", 1);
}

static void open_nest(struct js_buf *js, const char *key, char bracket)
{
	lead_in(js, key);
	put(js, &bracket, 1);
	js->depth++;
	js->comma = false;
}

static void close_nest(struct js_buf *js, char bracket)
{
	bool filled = js->comma;

	assert(js->depth > 0);
	js->depth--;
	if (js->pretty && filled)
		put_line_break(js);
	put(js, &bracket, 1);
	js->comma = true;
}

void js_object(struct js_buf *js, const char *key)
{
	open_nest(js, key, '{');
}

void js_end_object(struct js_buf *js)
{
	close_nest(js, '}');
}

void js_array(struct js_buf *js, const char *key)
{
	open_nest(js, key, '[');
}

void js_end_array(struct js_buf *js)
{
	close_nest(js, ']');
}

void js_bool(struct js_buf *js, const char *key, bool value)
{
	lead_in(js, key);
	put(js, value ? "true" : "false", value ? 4 : 5);
}

void js_u64(struct js_buf *js, const char *key, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	lead_in(js, key);
	put(js, digits + at, sizeof(digits) - at);
}

void js_i64(struct js_buf *js, const char *key, int64_t value)
{
	char text[24];

	lead_in(js, key);
	put(js, text, (size_t)snprintf(text, sizeof(text), "%" PRId64, value));
}

void js_double(struct js_buf *js, const char *key, double value)
{
	char text[400]; /* DBL_MAX has 309 digits before the point */
	int len;

	lead_in(js, key);
	if (!isfinite(value)) {
		put(js, "null", 4);
		return;
	}
	len = snprintf(text, sizeof(text), "%.6f", value);
	while (text[len - 1] == '0' && text[len - 2] != '.')
		len--;
	put(js, text, (size_t)len);
}

void js_real(struct js_buf *js, const char *key, double value)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%.6g", value);

	lead_in(js, key);
	if (isfinite(value))
		put(js, text, (size_t)len);
	else
		put(js, "null", 4);
}

void js_str(struct js_buf *js, const char *key, const char *text)
{
	js_text(js, key, text, strlen(text));
}

void js_text(struct js_buf *js, const char *key, const void *bytes, size_t len)
{
	char *to;

	lead_in(js, key);
	if (len > (SIZE_MAX - 2) / JS_TEXT_ESCAPE_MAX) {
		js->failed = true;
		return;
	}
	to = room(js, len * JS_TEXT_ESCAPE_MAX + 2);
	if (to == NULL)
		return;
	*to++ = '"';
	to += js_text_escape(bytes, len, to);
	*to++ = '"';
	js->len = (size_t)(to - js->data);
}

void js_base64(struct js_buf *js, const char *key, const void *bytes, size_t len)
{
	char *to;

	lead_in(js, key);
	to = room(js, len / 3 * 4 + 6);
	if (to == NULL)
		return;
	*to++ = '"';
	to += js_text_base64(bytes, len, to);
	*to++ = '"';
	js->len = (size_t)(to - js->data);
}

void js_hex(struct js_buf *js, const char *key, const void *bytes, size_t len)
{
	char *to;

	lead_in(js, key);
	to = room(js, len * 2 + 2);
	if (to == NULL)
		return;
	*to++ = '"';
	to += js_text_hex(bytes, len, to);
	*to++ = '"';
	js->len = (size_t)(to - js->data);
}

void js_hex16(struct js_buf *js, const char *key, uint16_t value)
{
	char text[8];

	snprintf(text, sizeof(text), "0x%04X", (unsigned int)value);
	js_str(js, key, text);
}

void js_time_us(struct js_buf *js, const char *key, uint64_t unix_us)
{
	time_t seconds = (time_t)(unix_us / 1000000);
	char text[96];
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%06uZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		(unsigned int)(unix_us % 1000000));
	js_str(js, key, text);
}

/* Divide the number of base 256 by ten until it is 0; its digits come out last one first. */
void js_decimal(struct js_buf *js, const char *key, const uint8_t *bytes, size_t len, bool negative)
{
	uint8_t rest[JS_DECIMAL_MAX];
	char text[JS_NUMBER_LEN];
	size_t at = sizeof(text), first = 0;

	assert(len <= JS_DECIMAL_MAX);
	memcpy(rest, bytes, len);
	while (first < len && rest[first] == 0)
		first++;
	if (first == len) {
		js_str(js, key, "0");
		return;
	}
	text[--at] = '\0';
	while (first < len) {
		unsigned int carry = 0;

		for (size_t i = first; i < len; i++) {
			unsigned int part = carry << 8 | rest[i];

			rest[i] = (uint8_t)(part / 10);
			carry = part % 10;
		}
		text[--at] = (char)('0' + carry);
		if (rest[first] == 0)
			first++;
	}
	if (negative)
		text[--at] = '-';
	js_str(js, key, text + at);
}

void js_raw(struct js_buf *js, const char *key, const char *json, size_t len)
{
	lead_in(js, key);
	put(js, json, len);
}

void js_newline(struct js_buf *js)
{
	put(js, "\n", 1);
}
