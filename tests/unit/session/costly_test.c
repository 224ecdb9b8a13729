/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Servers whose certificate, key or parameters would cost too much: each is left with a cause of
 * its own, before any work, and what it said in the clear is kept.
 */
#include <stdlib.h>

#include "certs.h"
#include "drive.h"
#include "flights.h"
#include "tap.h"

#define ECDHE_RSA 0xc02f
#define DHE_RSA	  0x009e
#define MS_US	  1000ull
#define N_SLOW	  256

static struct flight_bytes flight;

/* Feed a flight in pieces, until the session is over. */
static struct tl_result *hear(struct tl_worker *w, size_t chunk)
{
	struct tl_session *session = drive_open(w, 5);
	enum tl_step step = TL_WANT_READ;

	drive_pump(session, NULL, NULL);
	for (size_t at = 0; at < flight.len && step == TL_WANT_READ; at += chunk) {
		size_t n = flight.len - at < chunk ? flight.len - at : chunk;

		tl_session_feed(session, flight.bytes + at, n);
		step = drive_step(session, NULL);
	}
	if (step == TL_WANT_READ)
		tl_session_fail(session, "the peer stopped answering during the handshake");
	return drive_finish(session);
}

static const size_t chunks[] = {1, 1448, sizeof(flight.bytes)};
#define N_CHUNKS (sizeof(chunks) / sizeof(chunks[0]))

/* We left, with this cause: nothing in it looks like the server's doing. */
static void check_left(const struct tl_result *r, enum tl_cause cause, const char *label)
{
	if (!tap_ok(r->cause == cause && !r->completed && r->limit_hit && r->error[0] != '\0',
		    "%s: the cause is named", label))
		printf("# cause %d, error %s, %d\n", (int)r->cause, r->error, r->lib_error);
	tap_ok(r->alert_dir != HL_ALERT_RECEIVED && r->alert_code != 40,
		"%s: the result has no handshake_failure, and no alert of the server's", label);
}

static void test_large_certificate(void)
{
	const struct flight_spec spec = {.suite = ECDHE_RSA,
		.n_certs = 3,
		.modulus_bits = 2048,
		.exponent_bits = 17,
		.padding = 50000};
	struct tl_config config = drive_usual;
	struct tl_worker *w;
	struct tl_result *r;

	flight_make(&flight, &spec);
	for (size_t i = 0; i < N_CHUNKS; i++) {
		r = hear(drive_worker, chunks[i]);
		check_left(r, TL_CAUSE_CERTIFICATE_TOO_LARGE, "a Certificate message of 150 kB");
		tap_ok(r->n_certs == 2 && r->chain_truncated && r->certs[0].len > 50000,
			"a Certificate message of 150 kB: what fits of it is kept");
		tap_ok(r->kex.seen && r->group == 29 && r->cipher_suite == ECDHE_RSA,
			"a Certificate message of 150 kB: the suite and the group behind it are "
			"kept");
		tl_result_free(r);
	}
	flight.len /= 3;
	r = hear(drive_worker, 1448);
	tap_ok(r->cause == TL_CAUSE_CERTIFICATE_TOO_LARGE && r->n_certs == 1,
		"a server that stops in the middle is told by the same cause, its leaf is kept");
	tl_result_free(r);
	config.max_certificate_bytes = 256 * 1024;
	config.max_chain_bytes = 256 * 1024;
	config.max_heap_bytes = TL_HEAP_DEFAULT;
	w = drive_worker_make(&config);
	flight_make(&flight, &spec);
	for (size_t i = 1; i < N_CHUNKS; i++) {
		r = hear(w, chunks[i]);
		tap_ok(r->cause == TL_CAUSE_NONE && r->lib_error != 0 && r->n_certs == 3 &&
				!r->chain_truncated,
			"a Certificate message of 150 kB with higher limits is kept whole, and the "
			"library meets the wrong signature");
		tl_result_free(r);
	}
	tl_worker_free(w);
	config.max_certificate_bytes = 4096;
	config.max_chain_bytes = 1024;
	w = drive_worker_make(&config);
	flight_make(&flight, &(struct flight_spec){.suite = ECDHE_RSA,
				     .n_certs = 1,
				     .modulus_bits = 2048,
				     .exponent_bits = 17,
				     .padding = 5000});
	r = hear(w, 1448);
	tap_ok(r->cause == TL_CAUSE_CERTIFICATE_TOO_LARGE && r->n_certs == 0 && r->chain_truncated,
		"a Certificate message is measured by lower limits as well");
	tl_result_free(r);
	tl_worker_free(w);
}

static void test_too_large_for_the_build(void)
{
	static const struct {
		const char *label;
		struct flight_spec spec;
		enum tl_cause cause;
		uint16_t dh_bits, group;
	} cases[] = {
		{"DHE of 8,192 bits", {DHE_RSA, 1, 2048, 17, 0, 8192, false},
			TL_CAUSE_DHE_TOO_LARGE, 8192, 0},
		{"RSA of 8,192 bits", {ECDHE_RSA, 1, 8192, 17, 0, 0, false}, TL_CAUSE_KEY_TOO_LARGE,
			0, 29},
		{"RSA of 3,584 bits", {ECDHE_RSA, 1, 3584, 17, 0, 0, false}, TL_CAUSE_KEY_TOO_LARGE,
			0, 29},
		{"an exponent of 2,944 bits", {ECDHE_RSA, 1, 2944, 2944, 0, 0, false},
			TL_CAUSE_EXPONENT_TOO_LARGE, 0, 29},
		{"an exponent of 65 bits", {ECDHE_RSA, 1, 2048, 65, 0, 0, false},
			TL_CAUSE_EXPONENT_TOO_LARGE, 0, 29},
		{"the same with static RSA", {0x009c, 1, 2048, 65, 0, 0, true},
			TL_CAUSE_EXPONENT_TOO_LARGE, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t c = 0; c < N_CHUNKS; c++) {
			struct tl_result *r;

			flight_make(&flight, &cases[i].spec);
			r = hear(drive_worker, chunks[c]);
			check_left(r, cases[i].cause, cases[i].label);
			tap_ok(r->n_certs == 1 && !r->chain_truncated &&
					r->dh_bits == cases[i].dh_bits &&
					r->group == cases[i].group,
				"%s: certificate and parameters are kept", cases[i].label);
			tl_result_free(r);
		}
	}
}

static void test_tls13(void)
{
	struct tl_config config = drive_usual;
	struct tl_result *r;
	struct tl_worker *w;

	r = drive_handshake(
		&(struct mem_options){.dir = drive_dir, .name = "big", .version = 0x0304}, 1448);
	check_left(r, TL_CAUSE_CERTIFICATE_TOO_LARGE, "TLS 1.3, 150 kB of certificates");
	tap_ok(r->n_certs == 2 && r->chain_truncated && drive_leaf_is(r, "big", 0),
		"TLS 1.3, 150 kB of certificates: what fits of them is kept");
	tl_result_free(r);
	config.max_certificate_bytes = config.max_chain_bytes = 256 * 1024;
	config.max_heap_bytes = TL_HEAP_DEFAULT;
	w = drive_worker;
	drive_worker = drive_worker_make(&config);
	for (uint16_t version = 0x0303; version <= 0x0304; version++) {
		r = drive_handshake(
			&(struct mem_options){.dir = drive_dir, .name = "big", .version = version},
			1448);
		if (!tap_ok(r->completed && r->n_certs == 3 && !r->chain_truncated,
			    "150 kB of certificates with higher limits: the handshake completes in "
			    "version %x",
			    version))
			printf("# %s %d\n", r->error, r->lib_error);
		tl_result_free(r);
	}
	tl_worker_free(drive_worker);
	drive_worker = w;
}

static const struct mem_options dhe = {
	.dir = drive_dir, .name = "rsa", .version = 0x0303, .ciphers = "DHE-RSA-AES128-GCM-SHA256"};

/* A handshake that takes so much virtual time. */
static struct tl_result *timed(const struct mem_options *options, uint64_t *now_us, uint64_t us)
{
	struct tl_result *r;

	tl_worker_now(drive_worker, *now_us);
	r = drive_handshake(options, 1448);
	*now_us += us;
	tl_worker_now(drive_worker, *now_us);
	return r;
}

static void test_budget(void)
{
	const struct mem_options cheap = {.dir = drive_dir, .name = "p256", .version = 0x0304};
	struct tl_worker *before = drive_worker;
	uint64_t now_us = 1000 * MS_US, start_us = now_us;
	unsigned int n_dear = 0, n_left = 0, n_cheap = 0, n_wrong = 0;
	struct tl_result *r;

	drive_worker = drive_worker_make(&drive_usual);
	for (unsigned int i = 0; i < 8; i++) {
		r = timed(&dhe, &now_us, 8 * MS_US);
		n_dear += r->completed;
		tl_result_free(r);
	}
	tap_eq(n_dear, 8, "a handful of DHE servers all complete");
	for (unsigned int i = 0; i < 200; i++) {
		r = timed(&dhe, &now_us, 100 * MS_US);
		n_dear += r->completed;
		n_left += r->cause == TL_CAUSE_BUDGET;
		n_wrong += !r->completed &&
			   (r->cause != TL_CAUSE_BUDGET || r->dh_bits < 2048 || r->n_certs != 1 ||
				   !drive_leaf_is(r, "rsa", 0) || r->alert_code == 40);
		tl_result_free(r);
		r = timed(&cheap, &now_us, MS_US);
		n_cheap += r->completed;
		tl_result_free(r);
	}
	tap_eq(n_wrong, 0, "of those left, certificate and prime are kept, and the cause is told");
	tap_ok((n_dear - 8) * 100 * MS_US <= (now_us - start_us) / 10 + 600 * MS_US && n_left > 100,
		"of many, what completes takes a tenth of the time: %u of 208", n_dear);
	tap_eq(n_cheap, 200, "cheap handshakes complete all the while");
	now_us += 60 * 1000 * MS_US;
	r = timed(&dhe, &now_us, 8 * MS_US);
	tap_ok(r->completed, "after a quiet minute a dear one completes again");
	tl_result_free(r);
	tl_worker_free(drive_worker);
	drive_worker = before;
}

static void test_never(void)
{
	static const struct mem_options servers[] = {
		{.dir = drive_dir, .name = "p521", .version = 0x0304},
		{.dir = drive_dir, .name = "p521", .version = 0x0303},
		{.dir = drive_dir,
			.name = "rsa",
			.version = 0x0303,
			.ciphers = "DHE-RSA-AES128-GCM-SHA256"},
	};
	struct tl_config config = drive_usual;
	struct tl_worker *before = drive_worker;
	struct tl_result *r;

	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		r = drive_handshake(&servers[i], 1448);
		tap_ok(r->completed && r->cause == TL_CAUSE_NONE,
			"server %zu completes within the "
			"budget",
			i);
		tl_result_free(r);
	}
	config.dear_percent = TL_DEAR_NEVER;
	drive_worker = drive_worker_make(&config);
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		r = drive_handshake(&servers[i], 1448);
		check_left(r, TL_CAUSE_BUDGET, "a share of nothing");
		tap_ok(r->n_certs == 1 && drive_leaf_is(r, servers[i].name, 0) && r->hello.seen,
			"a share of nothing: the certificate is kept all the same");
		tl_result_free(r);
	}
	tl_worker_free(drive_worker);
	drive_worker = before;
}

static void test_announcements(void)
{
	static struct tl_session *slow[N_SLOW];
	struct tl_config config = drive_usual;
	size_t before, after, now, peak;
	struct tl_worker *w;
	uint32_t sizes[] = {8 * 1024, 96 * 1024, 128 * 1024};

	config.max_heap_bytes = TL_HEAP_DEFAULT;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		w = drive_worker_make(&config);
		tl_worker_memory(w, &before, &peak);
		flight_announce(&flight, sizes[k]);
		for (unsigned int i = 0; i < N_SLOW; i++) {
			slow[i] = drive_open(w, i);
			tl_session_feed(slow[i], flight.bytes, flight.len);
			drive_step(slow[i], NULL);
		}
		tl_worker_memory(w, &now, &peak);
		tap_ok((now - before) / N_SLOW < 32 * 1024,
			"a Certificate message of %u bytes announced, none sent: %zu bytes a "
			"session",
			sizes[k], (now - before) / N_SLOW);
		for (unsigned int i = 0; i < N_SLOW; i++)
			tl_session_free(slow[i]);
		tl_worker_memory(w, &after, &peak);
		tap_eq((int64_t)after, (int64_t)before,
			"nothing is left of announced Certificate messages");
		tl_worker_free(w);
	}
}

static void test_heap(void)
{
	struct tl_config config = drive_usual;
	struct tl_worker *w;
	struct tl_result *r;

	config.max_heap_bytes = 20 * 1024;
	w = drive_worker_make(&config);
	flight_make(&flight, &(struct flight_spec){.suite = ECDHE_RSA,
				     .n_certs = 1,
				     .modulus_bits = 2048,
				     .exponent_bits = 17,
				     .padding = 90000});
	r = hear(w, 1448);
	tap_ok(r->cause == TL_CAUSE_NONE && r->n_certs == 1 && r->certs[0].len > 90000,
		"a long certificate does not count against the heap of its session");
	tl_result_free(r);
	/* 20 kB of another message: a CertificateRequest behind the certificate. */
	flight_make(&flight, &(struct flight_spec){ECDHE_RSA, 1, 2048, 17, 0, 0, true});
	flight.len -= 4;
	flight.bytes[3] = (uint8_t)((flight.len - 5) >> 8);
	flight.bytes[4] = (uint8_t)(flight.len - 5);
	for (unsigned int i = 0; i < 3; i++) {
		static const uint8_t header[] = {22, 3, 3, 0x20, 0, 13, 0, 0x5f, 0xfc};
		uint8_t *at = flight.bytes + flight.len;

		memset(at, 0, 5 + 0x2000);
		memcpy(at, header, i == 0 ? sizeof(header) : 5);
		flight.len += 5 + 0x2000;
	}
	r = hear(w, 1448);
	if (!tap_ok(r->cause == TL_CAUSE_MEMORY && r->n_certs == 1,
		    "another long message does, and the cause is told"))
		printf("# %d %s %d\n", (int)r->cause, r->error, r->lib_error);
	tl_result_free(r);
	tl_worker_free(w);
	config = drive_usual;
	config.max_session_bytes = 4096;
	w = drive_worker_make(&config);
	r = hear(w, 1448);
	tap_ok(r->cause == TL_CAUSE_SESSION_TOO_LARGE,
		"the cause of a session with too many bytes is told");
	tl_result_free(r);
	tl_worker_free(w);
}

int main(void)
{
#if TLSWEEP_WOLFSSL_SYSTEM
	return tap_skip_all("the system's wolfSSL has other limits");
#endif
	if (!certs_make(drive_dir, sizeof(drive_dir)))
		return tap_skip_all("no openssl command to make certificates with");
	tap_eq(tl_global_init(), 0, "costly servers: the library starts");
	drive_worker = drive_worker_make(&drive_usual);
	test_large_certificate();
	test_too_large_for_the_build();
	test_tls13();
	test_budget();
	test_never();
	test_announcements();
	test_heap();
	tl_worker_free(drive_worker);
	certs_remove(drive_dir);
	return tap_done();
}
