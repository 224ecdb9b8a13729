/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_text.h"

#include <stdbool.h>
#include <string.h>

#include "tls/cert/utf8.h"

static const char hex_digits[] = "0123456789abcdef";

/* Printable ASCII that stands for itself inside a JSON string. */
static bool is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static size_t put_code(uint16_t code, char *out)
{
	out[0] = '\\';
	out[1] = 'u';
	out[2] = hex_digits[code >> 12];
	out[3] = hex_digits[code >> 8 & 0xf];
	out[4] = hex_digits[code >> 4 & 0xf];
	out[5] = hex_digits[code & 0xf];
	return 6;
}

static size_t put_ascii(uint8_t byte, char *out)
{
	static const char short_names[0x20] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	char name = '\0';

	if (byte == '"' || byte == '\\')
		name = (char)byte;
	else if (byte < sizeof(short_names))
		name = short_names[byte];
	if (name == '\0')
		return put_code(byte, out);
	out[0] = '\\';
	out[1] = name;
	return 2;
}

/*
 * Characters that change how the text around them is shown, or where a line ends: C1 controls,
 * which act on terminals as C0 controls do; marks, embeddings, overrides and isolates of the
 * bidirectional algorithm (Unicode UAX 9); line and paragraph separators, at which some readers cut
 * lines.
 */
static bool moves_text(uint32_t code)
{
	return (code >= 0x80 && code <= 0x9f) || code == 0x061c || code == 0x200e ||
	       code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x206f);
}

size_t js_text_escape(const uint8_t *bytes, size_t len, char *out)
{
	char *to = out;
	size_t at = 0;

	while (at < len) {
		size_t run = at, n;
		uint32_t code = 0;

		while (run < len && is_plain(bytes[run]))
			run++;
		if (run > at) {
			memcpy(to, bytes + at, run - at);
			to += run - at;
			at = run;
			continue;
		}
		if (bytes[at] < 0x80) {
			to += put_ascii(bytes[at++], to);
			continue;
		}
		n = ct_utf8_next(bytes + at, len - at, &code);
		if (n == 0) {
			to += put_code(0xfffd, to);
			n = 1;
		} else if (moves_text(code)) {
			to += put_code((uint16_t)code, to);
		} else {
			memcpy(to, bytes + at, n);
			to += n;
		}
		at += n;
	}
	return (size_t)(to - out);
}

size_t js_text_base64(const uint8_t *bytes, size_t len, char *out)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *to = out;
	size_t at;

	for (at = 0; len - at >= 3; at += 3) {
		uint32_t word = (uint32_t)bytes[at] << 16 | (uint32_t)bytes[at + 1] << 8 |
				bytes[at + 2];

		*to++ = alphabet[word >> 18];
		*to++ = alphabet[word >> 12 & 0x3f];
		*to++ = alphabet[word >> 6 & 0x3f];
		*to++ = alphabet[word & 0x3f];
	}
	if (len - at > 0) {
		bool two = len - at == 2;
		uint32_t word = (uint32_t)bytes[at] << 16 |
				(two ? (uint32_t)bytes[at + 1] << 8 : 0);

		*to++ = alphabet[word >> 18];
		*to++ = alphabet[word >> 12 & 0x3f];
		*to++ = two ? alphabet[word >> 6 & 0x3f] : '=';
		*to++ = '=';
	}
	return (size_t)(to - out);
}

size_t js_text_hex(const uint8_t *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++) {
		out[2 * i] = hex_digits[bytes[i] >> 4];
		out[2 * i + 1] = hex_digits[bytes[i] & 0xf];
	}
	return len * 2;
}
