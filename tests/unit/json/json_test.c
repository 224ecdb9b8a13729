/* SPDX-License-Identifier: BSD-3-Clause */
/* The emitter: escapes, encodings, numbers, digests. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "apps/json/json.h"
#include "tap.h"

/* The text between the quotes that js_text() makes of some bytes. */
static const char *escaped(const char *bytes, size_t len)
{
	static char out[4096];
	struct js_buf js = {0};

	js_text(&js, NULL, bytes, len);
	snprintf(out, sizeof(out), "%.*s", (int)js.len - 2, js.data + 1);
	js_free(&js);
	return out;
}

#define ESCAPED(literal) escaped(literal, sizeof(literal) - 1)

static void test_escapes(void)
{
	tap_str(ESCAPED("plain <text> & more"), "plain <text> & more",
		"printable ASCII stays as it is");
	tap_str(ESCAPED("\"\\/"), "\\\"\\\\/", "quote and backslash are escaped, slash is not");
	tap_str(ESCAPED("\r\n\t\b\f"), "\\r\\n\\t\\b\\f",
		"tab, line feed, return, backspace and form feed are escaped by one letter");
	tap_str(ESCAPED("a\0b\x1b\x7f"), "a\\u0000b\\u001b\\u007f",
		"NUL, ESC and DEL are escaped, not the end of the text");
	tap_str(ESCAPED("\xc2\x9b"), "\\u009b",
		"a C1 control character is written as its code point");
	tap_str(ESCAPED("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
		"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", "valid UTF-8 stays as it is");
	tap_str(ESCAPED("\xff"), "\\ufffd", "a byte that begins nothing becomes U+FFFD");
	tap_str(ESCAPED("\xc0\xaf"), "\\ufffd\\ufffd",
		"an overlong form is replaced byte for byte");
	tap_str(ESCAPED("\xe0\x9f\xbf"), "\\ufffd\\ufffd\\ufffd",
		"three overlong bytes, as Go does");
	tap_str(ESCAPED("\xed\xa0\x80"), "\\ufffd\\ufffd\\ufffd",
		"the three bytes of a UTF-16 surrogate are three replacement characters");
	tap_str(ESCAPED("\xf4\x90\x80\x80"), "\\ufffd\\ufffd\\ufffd\\ufffd",
		"a code point above U+10FFFF is four replacement characters");
	tap_str(ESCAPED("\xe2\x82"), "\\ufffd\\ufffd",
		"a sequence cut short at the end is replaced");
	tap_str(ESCAPED("\xe2\x82zz"), "\\ufffd\\ufffdzz",
		"a character cut short by text does not swallow the text");
}

/* A certificate for "moc.elpmaxe" behind U+202E is shown as one for "example.com". */
static void test_directions(void)
{
	static const char *const shown_as_is[] = {"\xd8\x9b", "\xd8\x9d", "\xe2\x80\x8d",
		"\xe2\x80\x90", "\xe2\x80\xa7", "\xe2\x80\xaf", "\xe2\x81\xa5", "\xe2\x81\xb0",
		"\xd7\xa9", "\xf0\x92\x80\xae"};
	char text[8], want[16];
	unsigned int n_wrong = 0;

	tap_str(ESCAPED("CN=\xe2\x80\xaemoc.elpmaxe"), "CN=\\u202emoc.elpmaxe",
		"an override is escaped, the text behind it stays");
	tap_str(ESCAPED("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f"), "\\u061c\\u200e\\u200f",
		"marks of a direction are escaped");
	tap_str(ESCAPED("a\xe2\x80\xa8z\xe2\x80\xa9"), "a\\u2028z\\u2029",
		"what some readers take for the end of a line is escaped");
	for (unsigned int code = 0x202a; code <= 0x206f; code++) {
		snprintf(text, sizeof(text), "\xe2%c%c", 0x80 | (code >> 6 & 0x3f),
			0x80 | (code & 0x3f));
		snprintf(want, sizeof(want), "\\u%04x", code);
		n_wrong += (strcmp(escaped(text, 3), want) == 0) !=
			   (code <= 0x202e || code >= 0x2066);
	}
	tap_eq(n_wrong, 0,
		"embeddings, overrides and isolates are escaped, and nothing between them");
	n_wrong = 0;
	for (size_t i = 0; i < sizeof(shown_as_is) / sizeof(shown_as_is[0]); i++)
		n_wrong += strcmp(escaped(shown_as_is[i], strlen(shown_as_is[i])),
				   shown_as_is[i]) != 0;
	tap_eq(n_wrong, 0, "neighbours of escaped characters and letters of any script stay");
}

/* The oracle is jansson, which refuses what is not strict JSON and strict UTF-8. */
static void test_random_bytes(void)
{
	uint64_t state = 1;
	unsigned int n_bad = 0;

	for (unsigned int round = 0; round < 20000; round++) {
		uint8_t bytes[24];
		struct js_buf js = {0};
		json_t *parsed;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			bytes[i] = (uint8_t)(state >> 56 | (round % 2 ? 0x80 : 0));
		}
		js_text(&js, NULL, bytes, sizeof(bytes));
		parsed = json_loadb(js.data, js.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		n_bad += parsed == NULL;
		json_decref(parsed);
		js_free(&js);
	}
	tap_eq(n_bad, 0, "each of 20,000 random byte strings becomes a strict JSON string");
}

static const char *shown(struct js_buf *js)
{
	static char out[1024];

	snprintf(out, sizeof(out), "%.*s", (int)js->len, js->data);
	js_free(js);
	return out;
}

static const char *decimal(const char *bytes, size_t len, bool negative)
{
	struct js_buf js = {0};

	js_decimal(&js, NULL, (const uint8_t *)bytes, len, negative);
	return shown(&js);
}

static const char *base64(const char *text)
{
	struct js_buf js = {0};

	js_base64(&js, NULL, text, strlen(text));
	return shown(&js);
}

static const char *number(double value)
{
	struct js_buf js = {0};

	js_double(&js, NULL, value);
	return shown(&js);
}

static void test_encodings(void)
{
	struct js_buf js = {0};

	tap_str(base64(""), "\"\"", "base64 of nothing is empty (RFC 4648 10)");
	tap_str(base64("f"), "\"Zg==\"", "base64 of one byte has two pads");
	tap_str(base64("fo"), "\"Zm8=\"", "base64 of two bytes has one pad");
	tap_str(base64("foobar"), "\"Zm9vYmFy\"", "base64 of three bytes has no pad");
	js_base64(&js, NULL, "\xfb\xff\xfe", 3);
	tap_str(shown(&js), "\"+//+\"", "base64 uses the standard alphabet");
	js_hex(&js, NULL, "\x00\xaf\x10", 3);
	tap_str(shown(&js), "\"00af10\"", "bytes in hexadecimal are written in lower case");
	js_hex16(&js, NULL, 0xc02f);
	tap_str(shown(&js), "\"0xC02F\"", "a code point is spelled as ZGrab2 spells it");
	js_time_us(&js, NULL, 1795000000123456u);
	tap_str(shown(&js), "\"2026-11-18T11:06:40.123456Z\"", "time is RFC 3339 in UTC");
	js_u64(&js, NULL, UINT64_MAX);
	tap_str(shown(&js), "18446744073709551615", "the largest unsigned number is written whole");
	js_i64(&js, NULL, INT64_MIN);
	tap_str(shown(&js), "-9223372036854775808", "the smallest signed number is written whole");
	tap_str(number(25.5), "25.5", "a fraction has no trailing zeros");
	tap_str(number(3), "3.0", "a whole double keeps its point");
	tap_str(number(NAN), "null", "a double that is not a number is written as null");
}

static void test_decimal(void)
{
	tap_str(decimal("", 0, false), "\"0\"", "an integer of no bytes is the decimal number 0");
	tap_str(decimal("\0\0", 2, true), "\"0\"", "a negative zero is the decimal number 0");
	tap_str(decimal("\x12\x34", 2, false), "\"4660\"",
		"a number of two bytes is written in decimal");
	tap_str(decimal("\x00\x80", 2, true), "\"-128\"",
		"leading zeros are left out, and the sign is written");
	tap_str(decimal("\x01\x00\x00\x00\x00\x00\x00\x00\x00", 9, false),
		"\"18446744073709551616\"",
		"2^64, one more than fits a word, is written in decimal");
	tap_str(decimal("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xff",
			20, false),
		"\"1461501637330902918203684832716283019655932542975\"",
		"2^160 - 1, the largest serial number of RFC 5280, is written in decimal");
	tap_str(decimal("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
			64, true),
		"\"-134078079299425970995740249982058461274793658205923933777235614437217640300735"
		"46976801874298166903427690031858186486050853753882811946569946433649006084095\"",
		"2^512 - 1 with its sign, the longest number taken, is written in decimal");
}

static void test_nesting(void)
{
	struct js_buf js = {0};

	js_object(&js, NULL);
	js_array(&js, "a");
	js_u64(&js, NULL, 1);
	js_u64(&js, NULL, 2);
	js_end_array(&js);
	js_object(&js, "o");
	js_end_object(&js);
	js_bool(&js, "b", true);
	js_raw(&js, "r", "{}", 2);
	js_end_object(&js);
	tap_str(shown(&js), "{\"a\":[1,2],\"o\":{},\"b\":true,\"r\":{}}",
		"commas stand between the members of objects and arrays, and nowhere else");
	js.pretty = true;
	js_object(&js, NULL);
	js_u64(&js, "n", 1);
	js_array(&js, "a");
	js_end_array(&js);
	js_end_object(&js);
	tap_str(shown(&js), "{\n\t\"n\": 1,\n\t\"a\": []\n}",
		"pretty output has line breaks and is indented");
}

int main(void)
{
	test_escapes();
	test_directions();
	test_random_bytes();
	test_encodings();
	test_decimal();
	test_nesting();
	return tap_done();
}
