/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over a Certificate message: its two layouts, and lists that lie about their lengths. */
#include "tap.h"
#include "tls/hello/chain.h"

/* RFC 5246 7.4.2: a list of certificates. */
static const uint8_t tls12[] = "\x00\x00\x0b\x00\x00\x03"
			       "abc\x00\x00\x02"
			       "de";
/* RFC 8446 4.4.2: a context before it, extensions behind each; the last of these are cut off. */
static const uint8_t tls13[] = "\x01!\x00\x00\x0e\x00\x00\x03"
			       "abc\x00\x00\x00\x00\x02"
			       "de\x00";

/* The certificates of a body, each with a dot behind it. */
static const char *walk(const uint8_t *body, size_t len, bool is_tls13)
{
	static char text[64];
	struct hl_chain chain;
	const uint8_t *der;
	uint32_t der_len;
	size_t at = 0;

	(void)hl_chain_open(&chain, body, len, is_tls13);
	while (hl_chain_next(&chain, &der, &der_len) && at + der_len + 2 < sizeof(text)) {
		memcpy(text + at, der, der_len);
		at += der_len;
		text[at++] = '.';
	}
	text[at] = '\0';
	return text;
}

int main(void)
{
	struct hl_chain chain;
	size_t n = sizeof(tls12) - 1;

	tap_str(walk(tls12, n, false), "abc.de.",
		"up to TLS 1.2 the leaf comes first, then its CA");
	tap_str(walk(tls13, sizeof(tls13) - 1, true), "abc.de.",
		"in TLS 1.3 the leaf comes first too, and a last certificate counts although its "
		"extensions are broken");
	tap_ok(!hl_chain_open(&chain, tls12, n - 1, false),
		"a list longer than its message is none");
	tap_str(walk(tls12, n - 1, false), "",
		"a list that is longer than its message gives no certificate");
	tap_str(walk((const uint8_t *)"\0\0\6\0\0\1a\0\0", 9, false), "a.",
		"a list that ends inside a length ends there");
	tap_str(walk((const uint8_t *)"\0\0\7\0\0\0\0\0\1b", 10, false), "",
		"an empty certificate ends the list");
	tap_ok(!hl_chain_open(&chain, tls12, 0, true) && !hl_chain_open(&chain, tls12, 2, false),
		"an empty message has no certificate");
	return tap_done();
}
