/* SPDX-License-Identifier: BSD-3-Clause */
/* The ClientHello as it stands on the wire: its length, and the order of what it offers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs.h"
#include "drive.h"
#include "tap.h"
#include "tls/hello/cursor.h"

#define NAME_MAX_LEN 255
#define HEADERS_LEN  9 /* of the record and of the message */

enum { EXT_PADDING = 21, EXT_SIGNATURES = 13, EXT_EXTENDED_MASTER_SECRET = 23 };

struct hello {
	uint8_t bytes[2048];
	size_t len;
	bool well_formed;
	unsigned int n_padding;
	uint16_t last, last_len; /* extension */
	struct hl_cursor signatures;
};

static bool is_zero(const struct hl_cursor *c)
{
	for (size_t i = 0; i < c->left; i++) {
		if (c->at[i] != 0)
			return false;
	}
	return true;
}

static bool extensions_read(struct hello *h, struct hl_cursor *list)
{
	while (list->left > 0) {
		struct hl_cursor ext;

		if (!hl_take_u16(list, &h->last) || !hl_take_vec16(list, &ext))
			return false;
		h->last_len = (uint16_t)ext.left;
		if (h->last == EXT_SIGNATURES && !hl_take_vec16(&ext, &h->signatures))
			return false;
		if (h->last != EXT_PADDING)
			continue;
		h->n_padding++;
		if (!is_zero(&ext))
			return false;
	}
	return true;
}

/* Lengths inside lengths, down to each extension, with nothing behind. */
static bool hello_parse(struct hello *h)
{
	struct hl_cursor c = {h->bytes, h->len}, body, part;
	uint16_t record_len;
	const uint8_t *skip;
	uint8_t type;

	return hl_take(&c, 3, &skip) && hl_take_u16(&c, &record_len) && c.left == record_len &&
	       hl_take_u8(&c, &type) && type == 1 && hl_take_vec24(&c, &body) && c.left == 0 &&
	       hl_take(&body, 34, &skip) && hl_take_vec8(&body, &part) &&
	       hl_take_vec16(&body, &part) && hl_take_vec8(&body, &part) &&
	       hl_take_vec16(&body, &part) && body.left == 0 && extensions_read(h, &part);
}

static void hello_pull(struct hello *h, struct tl_session *session)
{
	memset(h, 0, sizeof(*h));
	h->len = tl_session_output(session, h->bytes, sizeof(h->bytes));
	h->well_formed = hello_parse(h);
}

static void hello_make(struct hello *h, const char *sni, const char *alpn)
{
	struct tl_session *session = tl_session_open(
		drive_worker, &(struct tl_open){.seed = 1, .sni = sni, .alpn = alpn});

	hello_pull(h, session);
	tl_session_free(session);
}

/* Whatever is counted: bytes on the wire, of the record, or behind the message's header. */
static bool is_good_length(const struct hello *h)
{
	return h->len < 256 || h->len - HEADERS_LEN >= 512;
}

static void test_lengths(void)
{
	static const char *const alpn[] = {NULL, "http/1.1", "xmpp-client", "h2,http/1.1"};
	size_t n = 0, good = 0, last = 0;
	char name[NAME_MAX_LEN + 1];
	struct hello h;

	for (size_t len = 0; len <= NAME_MAX_LEN; len++) {
		memset(name, 'a', len);
		name[len] = '\0';
		for (size_t i = 0; i < sizeof(alpn) / sizeof(alpn[0]); i++) {
			hello_make(&h, name, alpn[i]);
			n++;
			good += h.well_formed && is_good_length(&h);
			last += h.n_padding == 1 && h.last == EXT_PADDING && h.last_len > 0;
		}
	}
	tap_ok(good == n,
		"no ClientHello has 256 to 511 bytes: names of 0 to 255 letters, with ALPN and "
		"without");
	tap_ok(last == n, "the padding is the last extension of each, and not empty");
	hello_make(&h, "test.example", "http/1.1");
	tap_eq((int64_t)h.len, 512 + HEADERS_LEN, "a usual one is padded to 512 bytes and no more");
}

/* The second ClientHello has a key share for P-256, and a length of its own. */
static void test_retry(void)
{
	struct mem_server *server = mem_server_new(&(struct mem_options){
		.dir = drive_dir, .name = "p256", .version = 0x0304, .group = 23});
	struct tl_session *session = drive_open(drive_worker, 1);
	struct mem_buffer *out = mem_server_out(server);
	struct hello h;

	while (drive_pump(session, server, NULL) > 0)
		continue;
	tl_session_feed(session, out->bytes + out->off, out->len - out->off);
	out->off = out->len;
	drive_step(session, NULL);
	hello_pull(&h, session);
	/* RFC 8446 D.4: a ChangeCipherSpec goes first. */
	if (h.bytes[0] == 20) {
		memmove(h.bytes, h.bytes + 6, h.len -= 6);
		h.well_formed = hello_parse(&h);
	}
	tap_ok(h.well_formed && is_good_length(&h) && h.last == EXT_PADDING && h.n_padding == 1,
		"the ClientHello after a HelloRetryRequest is padded by its own length");
	mem_server_input(server, h.bytes, h.len);
	tap_ok(drive_converse(session, server, 4096, NULL),
		"the handshake after a HelloRetryRequest completes");
	tl_session_free(session);
	mem_server_free(server);
}

static void test_signatures(void)
{
	static const uint8_t first[] = {4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 6, 3, 8, 6, 6, 1};
	static const uint8_t last[] = {2, 3, 2, 1};
	struct hello h;
	size_t len;

	hello_make(&h, "test.example", NULL);
	len = h.signatures.left;
	tap_ok(len >= sizeof(first) && memcmp(h.signatures.at, first, sizeof(first)) == 0,
		"signature_algorithms begin with SHA-256, then SHA-384, then SHA-512");
	tap_ok(len >= sizeof(last) &&
			memcmp(h.signatures.at + len - sizeof(last), last, sizeof(last)) == 0,
		"signature_algorithms end with SHA-1");
	if (len == 0)
		return;
	printf("#");
	for (size_t i = 0; i + 1 < len; i += 2)
		printf(" %02x%02x", h.signatures.at[i], h.signatures.at[i + 1]);
	printf("\n");
}

int main(void)
{
	if (!certs_make(drive_dir, sizeof(drive_dir)))
		return tap_skip_all("no openssl command to make certificates with");
	if (TLSWEEP_WOLFSSL_SYSTEM)
		return tap_skip_all("the system's wolfSSL writes its own ClientHello");
	tap_eq(tl_global_init(), 0, "ClientHello: the library starts");
	drive_worker = drive_worker_make(&drive_usual);
	test_lengths();
	test_retry();
	test_signatures();
	tl_worker_free(drive_worker);
	certs_remove(drive_dir);
	return tap_done();
}
