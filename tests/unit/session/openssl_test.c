/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions against `openssl s_server` on loopback: another implementation agrees on what was
 * negotiated. */
#include <stdio.h>

#include "certs.h"
#include "sserver.h"
#include "tap.h"

#define SYSTEM_LACKS_IT "not in the system's wolfSSL"

struct kind {
	const char *label, *options;
	uint16_t version, suite, group, dh_bits;
	bool needs_source; /* the system's wolfSSL lacks it */
};

#define RSA  "-cert rsa.pem -key rsa.key "
#define P256 "-cert p256.pem -key p256.key "

static const struct kind kinds[] = {
	{"TLS 1.3 RSA", RSA "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", 0x0304, 0x1301, 29, 0,
		false},
	{"TLS 1.3 P-256", P256 "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", 0x0304, 0x1303,
		29, 0, false},
	{"TLS 1.3 by HelloRetryRequest", P256 "-tls1_3 -groups P-384", 0x0304, 0x1301, 24, 0,
		false},
	{"TLS 1.3 Ed25519", "-cert ed25519.pem -key ed25519.key -tls1_3", 0x0304, 0x1301, 29, 0,
		false},
	{"TLS 1.3 RSA-3072", "-cert rsa3072.pem -key rsa3072.key -tls1_3", 0x0304, 0x1301, 29, 0,
		false},
	{"TLS 1.2 RSA-3072", "-cert rsa3072.pem -key rsa3072.key -tls1_2", 0x0303, 0xc02f, 29, 0,
		true},
	{"TLS 1.2 P-384 curve only",
		RSA "-tls1_2 -groups P-384 -cipher ECDHE-RSA-AES256-GCM-SHA384", 0x0303, 0xc030, 24,
		0, false},
	{"TLS 1.2 ChaCha", P256 "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", 0x0303, 0xcca9, 29,
		0, false},
	{"TLS 1.2 Ed25519",
		"-cert ed25519.pem -key ed25519.key -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256",
		0x0303, 0xc02b, 29, 0, false},
	{"TLS 1.2 CBC", RSA "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256", 0x0303, 0xc027, 29, 0,
		false},
	{"TLS 1.2 DHE", RSA "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", 0x0303, 0x009e, 0, 2048,
		false},
	{"TLS 1.2 static RSA", RSA "-tls1_2 -cipher AES128-SHA", 0x0303, 0x002f, 0, 0, true},
	{"TLS 1.2 in the client's order prefers ECDHE, AES-128", RSA "-tls1_2", 0x0303, 0xc02f, 29,
		0, true},
	/* Signs with SHA-256, whose digest has room; with SHA-512 first it breaks off. */
	{"TLS 1.2 RSA-512",
		"-cert rsa512.pem -key rsa512.key -tls1_2 -cipher "
		"ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
		0x0303, 0xc02f, 29, 0, true},
	{"TLS 1.1", RSA "-tls1_1 -cipher ECDHE-RSA-AES128-SHA:@SECLEVEL=0", 0x0302, 0xc013, 29, 0,
		false},
	{"TLS 1.0", RSA "-tls1 -cipher ECDHE-RSA-AES256-SHA:@SECLEVEL=0", 0x0301, 0xc014, 29, 0,
		true},
	{"TLS 1.0 static RSA", RSA "-tls1 -cipher AES256-SHA:@SECLEVEL=0", 0x0301, 0x0035, 0, 0,
		true},
};

static void test_kind(const struct kind *k)
{
	struct tl_result *r;

	if (k->needs_source && TLSWEEP_WOLFSSL_SYSTEM) {
		tap_skip(k->label, SYSTEM_LACKS_IT);
		return;
	}
	r = sserver_talk(k->options, NULL, TL_ESTABLISHED);
	if (!tap_ok(r->completed, "%s completes", k->label))
		printf("# %s (%d) alert %u\n", r->error, r->lib_error, r->alert_code);
	if (!tap_ok(r->version == k->version && r->cipher_suite == k->suite &&
			    r->group == k->group && r->dh_bits == k->dh_bits && r->n_certs == 1,
		    "%s: version, suite, group, DH size and the one certificate", k->label))
		printf("# %x %x %u %u %u\n", r->version, r->cipher_suite, r->group, r->dh_bits,
			r->n_certs);
	tap_ok(r->kex.seen == (r->version < 0x0304 && (r->group != 0 || r->dh_bits != 0)) &&
			(r->version != 0x0303 || !r->kex.seen || r->kex.sig_alg != 0),
		"%s: the key exchange was seen in the clear where there is one", k->label);
	tl_result_free(r);
}

static void test_alpn(void)
{
	struct tl_result *r = sserver_talk(P256 "-tls1_3 -alpn http/1.1", NULL, TL_ESTABLISHED);

	tap_str(r->alpn, "http/1.1", "TLS 1.3: the encrypted ALPN choice is found");
	tl_result_free(r);
	r = sserver_talk(P256 "-tls1_2 -alpn h2", NULL, TL_ESTABLISHED);
	tap_str(r->alpn, "h2", "TLS 1.2: the plain ALPN choice is found");
	tap_ok(r->hello.ticket && r->hello.extended_master_secret,
		"TLS 1.2: tickets and extended master secret are found");
	if (TLSWEEP_WOLFSSL_SYSTEM)
		tap_skip("TLS 1.2: secure renegotiation is found", SYSTEM_LACKS_IT);
	else
		tap_ok(r->hello.secure_renegotiation, "TLS 1.2: secure renegotiation is found");
	tl_result_free(r);
}

static void test_refusals(void)
{
	struct tl_result *r = sserver_talk(
		"-nocert -psk 0123456789 -tls1_2 -cipher PSK", NULL, TL_ESTABLISHED);

	tap_ok(!r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->alert_level == 2 &&
			r->alert_code == 40,
		"a server with PSK suites only answers handshake_failure");
	tap_str(r->error, "remote error: handshake_failure",
		"a server with PSK suites only: the error sentence has its alert");
	tl_result_free(r);
	r = sserver_talk(RSA
		"-tls1_2 -Verify 1 -verify_return_error -cipher ECDHE-RSA-AES128-GCM-SHA256",
		NULL, TL_ESTABLISHED);
	tap_ok(!r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->n_certs == 1,
		"TLS 1.2: a server that insists on a client certificate refuses, its own is kept");
	tl_result_free(r);
	r = sserver_talk(RSA "-tls1_3 -Verify 1 -verify_return_error", NULL, TL_CLOSED);
	tap_ok(r->completed && r->alert_dir == HL_ALERT_RECEIVED && r->alert_code == 116,
		"TLS 1.3: the refusal comes after our Finished: certificate_required");
	tl_result_free(r);
	r = sserver_talk(RSA "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", "R\n", TL_CLOSED);
	tap_ok(r->completed && r->error[0] != '\0' && r->n_certs == 1,
		"a renegotiation is not followed; what the handshake found stays");
	tl_result_free(r);
	r = sserver_talk(RSA "-tls1_3", "Q\n", TL_CLOSED);
	tap_ok(r->completed, "tickets, then a bare close: the handshake stays complete");
	tap_str(r->error, "connection closed",
		"tickets, then a bare close: the owner's reason is kept");
	tl_result_free(r);
}

int main(void)
{
	static const struct tl_config config = {
		.max_session_bytes = 256 * 1024, .max_chain_bytes = 128 * 1024};
	const char *why;

	if (!certs_make(sserver_dir, sizeof(sserver_dir)))
		return tap_skip_all("no openssl command here");
	tap_eq(tl_global_init(), 0, "openssl s_server: the library starts");
	sserver_worker = tl_worker_new(&config, &why);
	if (!tap_ok(sserver_worker != NULL, "openssl s_server: a worker is made"))
		return tap_done();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		test_kind(&kinds[i]);
	test_alpn();
	test_refusals();
	tl_worker_free(sserver_worker);
	certs_remove(sserver_dir);
	return tap_done();
}
