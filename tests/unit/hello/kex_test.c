/* SPDX-License-Identifier: BSD-3-Clause */
/* What a server's key exchange is made of, and what a ClientHello of ours offers. */
#include "tap.h"
#include "tls/hello/client_hello.h"
#include "tls/hello/messages.h"
#include "tls/hello/signature.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static bool is(struct hl_cursor got, const char *want, size_t len)
{
	return got.left == len && memcmp(got.at, want, len) == 0;
}

#define IS(cursor, text) is(cursor, text, sizeof(text) - 1)

static const struct hl_server_hello ecdhe_12 = {.legacy_version = 0x0303, .cipher_suite = 0xc02f};
static const struct hl_server_hello ecdhe_10 = {.legacy_version = 0x0301, .cipher_suite = 0xc014};
static const struct hl_server_hello dhe_12 = {.legacy_version = 0x0303, .cipher_suite = 0x009e};
static const struct hl_server_hello dss_10 = {.legacy_version = 0x0301, .cipher_suite = 0x0032};

static void test_ecdhe(void)
{
	struct hl_key_exchange kex;

	tap_ok(hl_key_exchange_read(
		       BYTES("\x03\x00\x1d\x03xyz\x04\x01\x00\x02ss"), &ecdhe_12, &kex),
		"an ECDHE key exchange of TLS 1.2 is read");
	tap_ok(kex.group == 29 && IS(kex.point, "xyz"), "its group and public value are kept");
	tap_ok(IS(kex.params, "\x03\x00\x1d\x03xyz"), "what is signed ends with the public value");
	tap_ok(kex.sig_alg == 0x0401 && IS(kex.signature, "ss"), "scheme and signature are kept");
	tap_str(hl_signature_type(&kex, &ecdhe_12), "pkcs1v15", "RSA under ECDHE is pkcs1v15");
	tap_eq(hl_signature_hash(&kex, &ecdhe_12), HL_HASH_SHA256, "the scheme names its hash");
	tap_ok(hl_key_exchange_read(BYTES("\x03\x00\x17\x03xyz\x00\x02ss"), &ecdhe_10, &kex),
		"an ECDHE key exchange of TLS 1.0 is read");
	tap_ok(kex.sig_alg == 0 && IS(kex.signature, "ss"), "before TLS 1.2 it has no scheme");
	tap_str(hl_signature_type(&kex, &ecdhe_10), "pkcs1v15", "the suite says that it is RSA");
	tap_eq(hl_signature_hash(&kex, &ecdhe_10), HL_HASH_MD5_SHA1,
		"before TLS 1.2 RSA signs MD5 and SHA-1");
	tap_ok(hl_key_exchange_read(
		       BYTES("\x03\x00\x1d\x03xyz\x04\x01\x00\x09ss"), &ecdhe_12, &kex) &&
			kex.group == 29 && kex.signature.left == 0,
		"a signature that is not whole is left out, and breaks nothing");
	tap_ok(hl_key_exchange_read(BYTES("\x03\x00\x1d\x03xyz"), &ecdhe_12, &kex) &&
			kex.params.left == 0,
		"without a signature nothing is signed");
}

static void test_dhe(void)
{
	struct hl_key_exchange kex;

	tap_ok(hl_key_exchange_read(BYTES("\x00\x02\x00\x7f\x00\x01\x02\x00\x02\x00\x55"
					  "\x08\x04\x00\x02ss"),
		       &dhe_12, &kex),
		"a DHE key exchange is read");
	tap_ok(IS(kex.dh_p, "\x7f") && IS(kex.dh_g, "\x02") && IS(kex.dh_y, "\x55"),
		"prime, generator and public value are kept without leading zeros");
	tap_eq((int64_t)kex.params.left, 11, "what is signed has all three of them");
	tap_str(hl_signature_type(&kex, &dhe_12), "rsapss", "RSA-PSS is told from PKCS #1");
	tap_ok(hl_key_exchange_read(
		       BYTES("\x00\x01\x7f\x00\x01\x02\x00\x01\x55\x00\x02ss"), &dss_10, &kex),
		"a DHE key exchange of TLS 1.0 is read");
	tap_str(hl_signature_type(&kex, &dss_10), "dsa", "the suite says that it is DSA");
	tap_eq(hl_signature_hash(&kex, &dss_10), HL_HASH_SHA1, "DSA signs SHA-1");
}

static void test_schemes(void)
{
	tap_str(hl_scheme_signature(0x0403), "ecdsa", "0x0403 is ECDSA");
	tap_str(hl_hash_name(hl_scheme_hash(0x0603)), "sha512", "0x0603 is with SHA-512");
	tap_str(hl_scheme_signature(0x0807), "ed25519", "0x0807 is Ed25519");
	tap_str(hl_hash_name(hl_scheme_hash(0x0807)), "none", "Ed25519 has no hash before it");
	tap_str(hl_scheme_signature(0x0904), "unknown", "a scheme nobody knows has no name");
	tap_str(hl_hash_name(hl_scheme_hash(0x0904)), "unknown", "nor has its hash");
}

#define HELLO_BODY                                                       \
	"\x03\x03"                                                       \
	"0123456789abcdef0123456789abcdef"                               \
	"\x02id\x00\x06\x13\x01\xc0\x2f\x00\xff\x01\x00\x00\x43"         \
	"\x00\x00\x00\x0a\x00\x08\x00\x00\x05www.a"                      \
	"\x00\x0a\x00\x04\x00\x02\x00\x1d\x00\x0b\x00\x02\x01\x00"       \
	"\x00\x0d\x00\x04\x00\x02\x04\x03\x00\x10\x00\x05\x00\x03\x02h2" \
	"\x00\x17\x00\x00\x00\x23\x00\x00\x00\x2b\x00\x03\x02\x03\x04"   \
	"\x00\x15\x00\x03\x00\x00\x00"

static void test_client_hello(void)
{
	static const char message[] = "\x01\x00\x00\x74" HELLO_BODY;
	const uint8_t *bytes = (const uint8_t *)message;
	const size_t len = sizeof(message) - 1;
	struct hl_client_hello hello;
	size_t n_whole = 0;

	tap_eq((int64_t)len, 4 + 0x74, "the sample's lengths are right");
	tap_ok(hl_client_hello_read(bytes, len, &hello), "a ClientHello is read");
	tap_ok(hello.legacy_version == 0x0303 &&
			memcmp(hello.random, "0123456789abcdef0123456789abcdef", 32) == 0 &&
			IS(hello.session_id, "id"),
		"its version, random and session id are kept");
	tap_ok(IS(hello.suites, "\x13\x01\xc0\x2f\x00\xff") && IS(hello.compressions, "\0"),
		"its suites and compressions are kept");
	tap_ok(IS(hello.server_name, "www.a") && IS(hello.alpn, "\x02h2"),
		"its server name and protocols are kept");
	tap_ok(IS(hello.groups, "\x00\x1d") && IS(hello.point_formats, "\0") &&
			IS(hello.signatures, "\x04\x03") && IS(hello.versions, "\x03\x04"),
		"its groups, point formats, signatures and versions are kept");
	tap_ok(hello.secure_renegotiation && hello.extended_master_secret && hello.ticket,
		"what it signals is kept, the suite that stands for an extension included");
	tap_ok(!hello.heartbeat && !hello.scts && !hello.ocsp_stapling,
		"what it does not signal is not");
	for (size_t cut = 0; cut < len; cut++)
		n_whole += hl_client_hello_read(bytes, cut, &hello);
	tap_eq((int64_t)n_whole, 0, "no beginning of it passes for the whole");
}

int main(void)
{
	test_ecdhe();
	test_dhe();
	test_schemes();
	test_client_hello();
	return tap_done();
}
