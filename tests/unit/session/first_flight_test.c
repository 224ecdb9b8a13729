/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What servers may do in their first flight, and wolfSSL alone does not bear: warnings before
 * ServerHello, and message headers that the end of a record cuts.
 */
#include <stdlib.h>

#include "certs.h"
#include "drive.h"
#include "recut.h"
#include "tap.h"
#include "tls/session/internal.h"

#define FLIGHT_MAX (1024 * 1024)

static const char warning[] = "\x15\x03\x03\x00\x02\x01\x70"; /* unrecognized_name */
#define WARNING_LEN (sizeof(warning) - 1)

/* What a server's first flight becomes on its way. */
struct change {
	const char *before; /* in front of it */
	size_t before_len;
	bool after_hello;   /* behind its first record instead */
	struct recut plain; /* first 0: records as they are */
	struct recut encrypted;
	size_t chunk; /* bytes fed at a time; 0: all */
};

static uint8_t changed[2][FLIGHT_MAX];

static size_t insert(uint8_t *flight, size_t len, const struct change *c)
{
	size_t at = c->after_hello ? 5 + ((size_t)flight[3] << 8 | flight[4]) : 0;

	memmove(flight + at + c->before_len, flight + at, len - at);
	memcpy(flight + at, c->before, c->before_len);
	return len + c->before_len;
}

static size_t change(struct mem_server *server, const struct change *c, uint8_t *flight)
{
	struct mem_buffer *out = mem_server_out(server);
	size_t len = out->len - out->off;

	memcpy(flight, out->bytes + out->off, len);
#if !TLSWEEP_WOLFSSL_SYSTEM
	if (c->encrypted.first > 0)
		len = recut_encrypted(server, mem_server_keys(server), &c->encrypted, flight);
#endif
	out->off = out->len;
	if (c->plain.first > 0) {
		len = recut_plain(flight, len, &c->plain, changed[1]);
		memcpy(flight, changed[1], len);
	}
	return c->before == NULL ? len : insert(flight, len, c);
}

static void feed(struct tl_session *session, const uint8_t *bytes, size_t len, size_t chunk)
{
	for (size_t at = 0, n; at < len; at += n) {
		n = chunk == 0 || chunk > len - at ? len - at : chunk;
		tl_session_feed(session, bytes + at, n);
		(void)drive_step(session, NULL);
	}
}

static struct tl_result *meet(const struct mem_options *options, const struct change *c)
{
	struct mem_server *server = mem_server_new(options);
	struct tl_session *session = drive_open(drive_worker, 5);
	struct tl_result *result;

	if (server == NULL) {
		tl_session_free(session);
		return NULL;
	}
	while (drive_pump(session, server, NULL) > 0)
		continue;
	feed(session, changed[0], change(server, c, changed[0]), c->chunk);
	drive_converse(session, server, 4096, NULL);
	result = drive_finish(session);
	mem_server_free(server);
	return result;
}

static const struct server {
	const char *label;
	struct mem_options options;
} servers[] = {
	{"TLS 1.0", {.name = "rsa", .version = 0x0301, .ciphers = "ECDHE-RSA-AES128-SHA"}},
	{"TLS 1.2",
		{.name = "p256", .version = 0x0303, .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"}},
	{"TLS 1.3", {.name = "p256",
			    .version = 0x0304,
			    .ciphers = "TLS13-AES128-GCM-SHA256",
			    .apart = true}},
};
#define N_SERVERS (sizeof(servers) / sizeof(servers[0]))

/* Everything was found, as in a flight of the usual shape. */
static bool is_whole(const struct tl_result *r, const struct server *s)
{
	uint16_t version = s->options.version;

	return r->completed && r->version == version && drive_leaf_is(r, s->options.name, 0) &&
	       r->hello.seen && r->kex.seen == (version < 0x0304) && r->error[0] == '\0' &&
	       r->alert_dir == HL_ALERT_NONE && !r->limit_hit;
}

static struct tl_result *meet_one(const struct server *s, const struct change *c)
{
	struct mem_options options = s->options;

	options.dir = drive_dir;
	return meet(&options, c);
}

static void test_warning(const struct server *s)
{
	for (size_t chunk = 0; chunk <= 3; chunk++) {
		struct change c = {.before = warning, .before_len = WARNING_LEN, .chunk = chunk};
		struct tl_result *r = meet_one(s, &c);

		if (r == NULL) {
			tap_ok(true, "%s # SKIP not in this wolfSSL", s->label);
			return;
		}
		if (!tap_ok(is_whole(r, s) && r->n_warnings == 1 && r->warnings[0] == 112,
			    "%s: a warning before ServerHello is noted, in segments of %zu bytes "
			    "(0: one), and the handshake completes",
			    s->label, chunk))
			printf("# %s %d, %u warnings\n", r->error, r->lib_error, r->n_warnings);
		tl_result_free(r);
	}
}

static void test_warnings_many(const struct server *s)
{
	char many[9 * WARNING_LEN];
	struct change c = {.before = many, .before_len = sizeof(many) - WARNING_LEN};
	struct tl_result *r;

	for (size_t i = 0; i < 9; i++)
		memcpy(many + i * WARNING_LEN, warning, WARNING_LEN);
	r = meet_one(s, &c);
	tap_ok(is_whole(r, s) && r->n_warnings == 8, "%s: eight warnings are borne", s->label);
	tl_result_free(r);
	c.before_len = sizeof(many);
	r = meet_one(s, &c);
	tap_ok(!r->completed && r->limit_hit && r->n_warnings == 8,
		"%s: the ninth ends the session", s->label);
	tap_str(r->error, "the server sent more warning alerts than a session may take",
		"a ninth warning: the error sentence says so");
	tl_result_free(r);
}

static void test_warning_later(void)
{
	struct change c = {.before = warning, .before_len = WARNING_LEN, .after_hello = true};
	struct tl_result *r = meet_one(&servers[1], &c);

	tap_ok(is_whole(r, &servers[1]) && r->n_warnings == 1,
		"TLS 1.2: so is one between ServerHello and Certificate");
	tl_result_free(r);
	r = meet_one(&servers[2], &c);
	tap_ok(!r->completed && r->n_warnings == 0 && r->hello.seen,
		"TLS 1.3: there it is an error, whatever its level");
	tl_result_free(r);
}

static void test_fatal(void)
{
	struct change c = {.before = "\x15\x03\x03\x00\x02\x01\x70\x15\x03\x03\x00\x02\x02\x28",
		.before_len = 14};
	struct tl_result *r = meet_one(&servers[1], &c);

	tap_ok(!r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->alert_level == 2 &&
			r->alert_code == 40 && r->n_warnings == 1 && r->warnings[0] == 112,
		"a fatal alert is the end, behind a warning too; both are kept");
	tl_result_free(r);
	c = (struct change){.before = "\x15\x03\x03\x00\x02\x01\x00", .before_len = 7};
	r = meet_one(&servers[1], &c);
	tap_ok(!r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->alert_code == 0 &&
			r->n_warnings == 0,
		"close_notify before a ServerHello ends the session");
	tl_result_free(r);
}

static void test_every_cut(const struct server *s, bool encrypted, size_t limit)
{
	size_t n = 0, whole = 0;

	/* A header has three places to be cut at: each is hit at one of them. */
	for (size_t first = 1; first <= limit; first += 3) {
		struct recut how = {first, 16384};
		struct change c = {0};
		struct tl_result *r;

		*(encrypted ? &c.encrypted : &c.plain) = how;
		r = meet_one(s, &c);
		n++;
		if (r != NULL && is_whole(r, s))
			whole++;
		else if (whole + 1 == n)
			printf("# cut at %zu: %s %d\n", first, r->error, r->lib_error);
		tl_result_free(r);
	}
	tap_ok(whole == n, "%s: the %s flight in two records, wherever it is cut, completes",
		s->label, encrypted ? "encrypted" : "plaintext");
}

static void test_small_records(const struct server *s, bool encrypted)
{
	static const size_t lens[] = {1, 2, 3, 5, 100};

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct recut how = {lens[i], lens[i]};
		struct change c = {.chunk = 1000};
		struct tl_result *r;

		*(encrypted ? &c.encrypted : &c.plain) = how;
		r = meet_one(s, &c);
		if (!tap_ok(is_whole(r, s), "%s: so does the %s flight in records of %zu bytes",
			    s->label, encrypted ? "encrypted" : "plaintext", lens[i]))
			printf("# %s %d\n", r->error, r->lib_error);
		tl_result_free(r);
	}
}

#if !TLSWEEP_WOLFSSL_SYSTEM
/* Behind the handshake, where wolfSSL itself puts nothing together: a key update, since what the
 * server writes after it counts its records anew. */
static void test_late(size_t record_len)
{
	struct mem_options options = servers[2].options;
	struct recut how = {record_len, record_len};
	struct tl_session *session = drive_open(drive_worker, 5);
	struct mem_server *server;
	struct mem_buffer *out;
	struct mem_keys keys;
	const uint8_t *plain;
	size_t len;

	options.dir = drive_dir;
	server = mem_server_new(&options);
	out = mem_server_out(server);
	while (drive_pump(session, server, NULL) > 0)
		continue;
	tl_session_feed(session, out->bytes + out->off, out->len - out->off);
	out->off = out->len;
	drive_step(session, NULL);
	while (drive_pump(session, server, NULL) > 0)
		continue;
	mem_server_keys_now(server, &keys);
	mem_server_update_keys(server);
	len = recut_encrypted(server, &keys, &how, changed[0]);
	feed(session, changed[0], len, 1000);
	mem_server_write(server, "250 ok");
	tl_session_feed(session, out->bytes + out->off, out->len - out->off);
	tap_ok(tl_session_step(session, &plain, &len) == TL_PLAINTEXT && len == 6,
		"TLS 1.3: messages behind the handshake in records of %zu bytes are read, and the "
		"dialog continues",
		record_len);
	tl_session_free(session);
	mem_server_free(server);
}
#endif

int main(void)
{
	if (!certs_make(drive_dir, sizeof(drive_dir)))
		return tap_skip_all("no openssl command to make certificates with");
	tap_eq(tl_global_init(), 0, "odd first flights: the library starts");
	drive_worker = drive_worker_make(&drive_usual);
	for (size_t i = 0; i < N_SERVERS; i++)
		test_warning(&servers[i]);
	test_warnings_many(&servers[1]);
	test_warnings_many(&servers[2]);
	test_warning_later();
	test_fatal();
	test_every_cut(&servers[1], false, 700);
	test_every_cut(&servers[2], false, 90);
	test_small_records(&servers[0], false);
	test_small_records(&servers[1], false);
	test_small_records(&servers[2], false);
#if !TLSWEEP_WOLFSSL_SYSTEM
	if (LIBWOLFSSL_VERSION_HEX >= TL_MESSAGES_SINCE) {
		test_every_cut(&servers[2], true, 700);
		test_small_records(&servers[2], true);
		test_late(1);
		test_late(3);
		test_late(4);
		test_late(100);
	}
#else
	tap_skip("encrypted handshake messages may be cut anywhere", "not in the system's wolfSSL");
#endif
	tl_worker_free(drive_worker);
	certs_remove(drive_dir);
	return tap_done();
}
