/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions against a wolfSSL server in memory: what they find out, in every split. */
#include <stdlib.h>

#include "certs.h"
#include "drive.h"
#include "tap.h"
#include "tls/session/lib.h"

struct kind {
	const char *label, *name, *ciphers;
	uint16_t version, group, dh_bits, suite;
};

static const struct kind kinds[] = {
	{"TLS 1.3, RSA-2048", "rsa", NULL, 0x0304, 29, 0, 0},
	{"TLS 1.3, P-256", "p256", NULL, 0x0304, 29, 0, 0},
	{"TLS 1.3, P-384", "p384", NULL, 0x0304, 29, 0, 0},
	{"TLS 1.3, Ed25519", "ed25519", NULL, 0x0304, 29, 0, 0},
	{"TLS 1.3, chain of two", "chain", NULL, 0x0304, 29, 0, 0},
	{"TLS 1.2, ECDHE-RSA", "rsa", "ECDHE-RSA-AES128-GCM-SHA256", 0x0303, 29, 0, 0xc02f},
	{"TLS 1.2, ECDHE-ECDSA P-256", "p256", "ECDHE-ECDSA-AES128-GCM-SHA256", 0x0303, 29, 0,
		0xc02b},
	{"TLS 1.2, ECDHE-ECDSA P-384", "p384", "ECDHE-ECDSA-AES256-GCM-SHA384", 0x0303, 29, 0,
		0xc02c},
	{"TLS 1.2, chain of two", "chain", "ECDHE-ECDSA-CHACHA20-POLY1305", 0x0303, 29, 0, 0xcca9},
	{"TLS 1.2, DHE", "rsa", "DHE-RSA-AES128-GCM-SHA256", 0x0303, 0, 2048, 0x009e},
	{"TLS 1.2, DHE of 4096 bits", "rsa", "DHE-RSA-AES128-GCM-SHA256", 0x0303, 0, 4096, 0x009e},
	{"TLS 1.2, static RSA", "rsa", "AES128-GCM-SHA256", 0x0303, 0, 0, 0x009c},
	{"TLS 1.1, ECDHE-RSA", "rsa", "ECDHE-RSA-AES128-SHA", 0x0302, 29, 0, 0xc013},
	{"TLS 1.0, static RSA", "rsa", "AES128-SHA", 0x0301, 0, 0, 0x002f},
};

/* Offered more of them the server takes the largest it knows (RFC 7919). 0: all */
static uint16_t ffdhe_group(uint16_t bits)
{
	return bits == 2048 ? 256 : bits == 4096 ? 258 : 0;
}

static void test_kind(const struct kind *k, size_t chunk)
{
	struct tl_result *r = drive_handshake(&(struct mem_options){.dir = drive_dir,
						      .name = k->name,
						      .version = k->version,
						      .group = ffdhe_group(k->dh_bits),
						      .ciphers = k->ciphers},
		chunk);

	if (r == NULL) {
		tap_ok(true, "%s # SKIP not in this wolfSSL", k->label);
		return;
	}
	if (!tap_ok(r->completed, "%s completes in pieces of %zu bytes", k->label, chunk))
		printf("# %d %s alert %d\n", r->lib_error, r->error, r->alert_code);
	tap_ok(r->version == k->version && r->group == k->group && r->dh_bits == k->dh_bits &&
			(k->suite == 0 || r->cipher_suite == k->suite),
		"%s: version, suite, group and DH size are the server's", k->label);
	tap_ok(r->n_certs == (strcmp(k->name, "chain") == 0 ? 2 : 1) &&
			drive_leaf_is(r, k->name, 0) &&
			(r->n_certs < 2 || drive_leaf_is(r, k->name, 1)),
		"%s: the chain is the one sent, leaf first, byte for byte", k->label);
	tap_ok(r->error[0] == '\0' && r->alert_dir == HL_ALERT_NONE && !r->limit_hit,
		"%s: nothing is reported wrong", k->label);
	tl_result_free(r);
}

static void test_groups(void)
{
	struct tl_result *r = drive_handshake(
		&(struct mem_options){
			.dir = drive_dir, .name = "rsa", .version = 0x0304, .group = 23},
		4096);

	tap_ok(r != NULL && r->completed && r->group == 23 && r->hello.retry_seen,
		"a TLS 1.3 server that insists on P-256 gets it by HelloRetryRequest");
	tl_result_free(r);
}

static void test_alpn_and_client_cert(void)
{
	const uint16_t versions[] = {0x0303, 0x0304};

	for (unsigned int i = 0; i < 2; i++) {
		struct tl_result *r = drive_handshake(&(struct mem_options){.dir = drive_dir,
							      .name = "p256",
							      .version = versions[i],
							      .alpn = "http/1.1",
							      .ask_client_cert = true},
			4096);

		tap_ok(r != NULL && r->completed,
			"%s: a request for a client certificate is met with none",
			hl_version_name(versions[i]));
		tap_str(r == NULL ? NULL : r->alpn, "http/1.1",
			"the ALPN choice of a session is recorded");
		tl_result_free(r);
	}
}

#if !TLSWEEP_WOLFSSL_SYSTEM
static void test_broken_chain(uint16_t version)
{
	struct tl_result *r = drive_handshake(
		&(struct mem_options){.dir = drive_dir, .name = "broken", .version = version},
		4096);

	tap_ok(!r->completed && r->lib_error == ASN_PARSE_E && r->error[0] != '\0',
		"%s: a chain that wolfSSL cannot parse ends the session", hl_version_name(version));
	tap_ok(r->n_certs == 2 && drive_leaf_is(r, "broken", 0) && drive_leaf_is(r, "broken", 1),
		"a chain that wolfSSL cannot parse is kept whole, the broken certificate too");
	tl_result_free(r);
}

static void test_budget(void)
{
	const uint16_t versions[] = {0x0303, 0x0304};

	for (unsigned int i = 0; i < 2; i++) {
		struct tl_result *r = drive_handshake(
			&(struct mem_options){
				.dir = drive_dir, .name = "rsa", .version = versions[i]},
			1460);

		if (!tap_ok(r->completed && r->peak_heap_bytes <= 20 * 1024,
			    "%s with RSA-2048 takes at most 20 kB, its findings included",
			    hl_version_name(versions[i])))
			printf("# %u\n", r->peak_heap_bytes);
		tl_result_free(r);
	}
}

/* Under the keys of the handshake an alert goes both ways encrypted (RFC 8446 6). */
static void test_flipped_bit(void)
{
	struct mem_server *server = mem_server_new(
		&(struct mem_options){.dir = drive_dir, .name = "p256", .version = 0x0304});
	struct tl_session *session = drive_open(drive_worker, 4);
	struct mem_buffer *out = mem_server_out(server);
	struct tl_result *r;

	while (drive_pump(session, server, NULL) > 0)
		continue;
	out->bytes[out->len - 1] ^= 1;
	tl_session_feed(session, out->bytes, out->len);
	tap_eq(drive_step(session, NULL), TL_FAILED, "a flipped bit in TLS 1.3 ends the session");
	tap_ok(drive_pump(session, server, NULL) > 0,
		"a flipped bit in TLS 1.3: an alert is there to be sent");
	r = drive_finish(session);
	tap_ok(r->alert_dir == HL_ALERT_SENT && r->alert_level == 2 && r->alert_code == 20,
		"a flipped bit in TLS 1.3 is recorded as bad_record_mac, sent");
	tl_result_free(r);
	mem_server_free(server);
}
#endif

#if !TLSWEEP_WOLFSSL_SYSTEM /* whose random numbers are its own */
/* Feed recorded server bytes split in two, after the same ClientHello. */
static bool replay(const struct drive_transcript *t, uint64_t seed, size_t split)
{
	struct tl_session *session = drive_open(drive_worker, seed);
	static struct drive_transcript again;
	bool established = false;

	again.client_len = again.server_len = 0;
	while (drive_pump(session, NULL, &again) > 0)
		continue;
	tl_session_feed(session, t->server, split);
	drive_step(session, &established);
	while (drive_pump(session, NULL, &again) > 0)
		continue;
	tl_session_feed(session, t->server + split, t->server_len - split);
	drive_step(session, &established);
	while (drive_pump(session, NULL, &again) > 0)
		continue;
	tl_session_free(session);
	return established && again.client_len == t->client_len &&
	       memcmp(again.client, t->client, t->client_len) == 0;
}

static bool truncated_is_quiet(const struct drive_transcript *t, size_t len)
{
	struct tl_session *session = drive_open(drive_worker, 7);
	bool established = false, waits;
	struct tl_result *r;

	tl_session_feed(session, t->server, len);
	waits = drive_step(session, &established) == TL_WANT_READ;
	if (!established)
		tl_session_fail(session, "connection closed");
	r = drive_finish(session);
	waits = waits && r->completed == established &&
		(established || strcmp(r->error, "connection closed") == 0);
	tl_result_free(r);
	return waits;
}

static void test_replay(const char *name, uint16_t version)
{
	static struct drive_transcript t;
	struct mem_server *server = mem_server_new(
		&(struct mem_options){.dir = drive_dir, .name = name, .version = version});
	struct tl_session *session = drive_open(drive_worker, 7);
	size_t equal = 0, quiet = 0;

	t.client_len = t.server_len = 0;
	tap_ok(drive_converse(session, server, 4096, &t),
		"a handshake of %s with %s completes, and is recorded to be played again",
		hl_version_name(version), name);
	tl_session_free(session);
	mem_server_free(server);
	for (size_t split = 0; split <= t.server_len; split++)
		equal += replay(&t, 7, split);
	tap_eq((int64_t)equal, (int64_t)t.server_len + 1,
		"the same seed over the same server bytes, split anywhere, makes the same client "
		"bytes");
	tap_ok(!replay(&t, 8, 0), "another seed gives another ClientHello");
	for (size_t len = 0; len <= t.server_len; len++)
		quiet += truncated_is_quiet(&t, len);
	tap_eq((int64_t)quiet, (int64_t)t.server_len + 1,
		"a flight cut off anywhere waits, then fails with the owner's words");
}

#endif

static void test_dialog(uint16_t version)
{
	struct mem_server *server = mem_server_new(
		&(struct mem_options){.dir = drive_dir, .name = "p256", .version = version});
	struct tl_session *session = drive_open(drive_worker, 3);
	struct mem_buffer *out = mem_server_out(server);
	const uint8_t *plain;
	size_t len;

	tap_ok(drive_converse(session, server, 4096, NULL), "a session of %s is established",
		hl_version_name(version));
	tap_eq(tl_session_write(session, (const uint8_t *)"EHLO\r\n", 6), 0,
		"a session takes plaintext");
	while (drive_pump(session, server, NULL) > 0)
		continue;
	tap_str(mem_server_read(server), "EHLO\r\n", "plaintext reaches the server");
	if (version == 0x0304)
		mem_server_update_keys(server);
	mem_server_write(server, "250 ok\r\n");
	tl_session_feed(session, out->bytes + out->off, out->len - out->off);
	out->off = out->len;
	tap_ok(tl_session_step(session, &plain, &len) == TL_PLAINTEXT && len == 8 &&
			memcmp(plain, "250 ok\r\n", 8) == 0,
		"the answer comes back, behind a KeyUpdate too");
	tap_eq(tl_session_step(session, &plain, &len), TL_WANT_READ,
		"a session waits after the answer");
	mem_server_close(server);
	tl_session_feed(session, out->bytes + out->off, out->len - out->off);
	tap_eq(tl_session_step(session, &plain, &len), TL_CLOSED,
		"close_notify closes the session");
	while (drive_pump(session, NULL, NULL) > 0)
		continue;
	tl_session_close_notify(session);
	tap_ok(drive_pump(session, NULL, NULL) > 0, "our close_notify still goes out");
	tl_result_free(drive_finish(session));
	mem_server_free(server);
}

#if !TLSWEEP_WOLFSSL_SYSTEM
/* Where X25519's key share stands in a ClientHello: behind its group and length. */
static const uint8_t *find_share(const uint8_t *hello, size_t len)
{
	static const uint8_t head[] = {0, 51, 0, 38, 0, 36, 0, 29, 0, 32};

	for (size_t i = 0; i + sizeof(head) + 32 <= len; i++) {
		if (memcmp(hello + i, head, sizeof(head)) == 0)
			return hello + i + sizeof(head);
	}
	return NULL;
}

static void test_shared_key(void)
{
	struct tl_config config = drive_usual;
	struct tl_worker *own = drive_worker;
	uint8_t hello[2][2048];
	const uint8_t *share[2];

	config.share_key = true;
	config.share_seed = 99;
	drive_worker = drive_worker_make(&config);
	for (unsigned int i = 0; i < 2; i++) {
		struct tl_session *session = drive_open(drive_worker, i);
		struct tl_result *r = drive_handshake(&(struct mem_options){.dir = drive_dir,
							      .name = "p256",
							      .version = i == 0 ? 0x0304 : 0x0303},
			4096);

		share[i] = find_share(
			hello[i], tl_session_output(session, hello[i], sizeof(hello[i])));
		tl_session_free(session);
		tap_ok(r->completed, "%s completes with the shared key",
			hl_version_name(r->version));
		tl_result_free(r);
	}
	tap_ok(share[0] != NULL && share[1] != NULL && memcmp(share[0], share[1], 32) == 0 &&
			memcmp(hello[0], hello[1], 64) != 0,
		"sessions of a worker share their X25519 key, but no two have the same random");
	tl_worker_free(drive_worker);
	drive_worker = own;
}
#endif

int main(void)
{
	if (!certs_make(drive_dir, sizeof(drive_dir)))
		return tap_skip_all("no openssl command to make certificates with");
	tap_eq(tl_global_init(), 0, "sessions: the library starts");
	drive_worker = drive_worker_make(&drive_usual);
	tap_ok(drive_worker != NULL, "sessions: a worker is made");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		test_kind(&kinds[i], 4096);
		test_kind(&kinds[i], 1);
	}
	test_groups();
	test_alpn_and_client_cert();
#if !TLSWEEP_WOLFSSL_SYSTEM
	test_replay("p256", 0x0304);
	test_replay("p256", 0x0303);
	test_shared_key();
	test_broken_chain(0x0303);
	test_broken_chain(0x0304);
	test_budget();
	test_flipped_bit();
#else
	tap_skip("sessions replay by seed, share keys, and bear broken chains and flipped bits",
		"not in the system's wolfSSL");
#endif
	test_dialog(0x0304);
	test_dialog(0x0303);
	tl_worker_free(drive_worker);
	certs_remove(drive_dir);
	return tap_done();
}
