/* SPDX-License-Identifier: BSD-3-Clause */
/* What readers of ZGrab2's http and tls modules look for, and other modules do not have: the
 * answer and its body, the key exchange, the ClientHello, bytes that are not TLS. */
#include "want.h"

static void test_http(void)
{
	render("http");
	want_text("data.http.result.response.status_line", "301 Moved Permanently");
	want_number("data.http.result.response.status_code", 301);
	want_text("data.http.result.response.protocol", "HTTP/1.1");
	want_number("data.http.result.response.protocol_minor", 1);
	want_text("data.http.result.response.protocol_version.name", "HTTP/1.1");
	want_number("data.http.result.response.protocol_version.minor", 1);
	want_text("data.http.result.response.headers.server.0", "nginx");
	want_text("data.http.result.response.headers.set_cookie.1", "b=2");
	want_text("data.http.result.response.headers.unknown.0.key", "x_odd");
	want_text("data.http.result.response.headers.unknown.0.value.0", "yes");
	want_none("data.http.result.response.headers.unknown.1");
	want_text("data.http.result.response.headers.date.0", "Sun");
	want_text("data.http.result.response.headers.etag.0", "\"5\"");
	want_text("data.http.result.response.redirect_to", "/else");
	want_number("data.http.result.response.content_length", -1);
	want_text("data.http.result.response.transfer_encoding.0", "chunked");
	want_text("data.http.result.response.trailers.unknown.0.key", "x_sum");
	want_text("data.http.result.response.request.url.path", "/");
	want_none("data.http.result.response.request.url.raw_query");
	want_text("data.http.result.response.request.protocol", "HTTP/1.1");
	want_number("data.http.result.response.request.protocol_major", 1);
	want_text("data.http.result.response.request.headers.accept.0", "*/*");
	want_text("data.http.result.response.request.url.host", "www.example.org");
	want_text("data.http.result.response.request.tls_log.negotiated.alpn", "http/1.1");
	render("silent");
	want_none("data.http.result.response.status_code");
	want_text("data.http.result.response.request.host", "192.0.2.25");
}

static void test_http_body(void)
{
	static const struct js_asked other = {
		.http_method = "OPTIONS", .http_path = "/a?b=c?d", .user_agent = "me"};

	render("http");
	want_text("data.http.result.response.body", "<p>\xc3\xa4");
	want_none("data.http.result.response.body_encoding");
	want_number("data.http.result.response.body_length", 5);
	want_bool("data.http.result.response.body_truncated", true);
	want_text("data.http.result.response.body_sha256",
		"8e95526133b3ce855c0dfb234e42ef598f82d3c2fd11fcbf2092ea925e59bb05");
	asked = &other;
	render("http-binary");
	asked = NULL;
	want_text("data.http.result.response.body", "/9j/4A==");
	want_text("data.http.result.response.body_encoding", "base64");
	want_number("data.http.result.response.body_length", 4);
	want_none("data.http.result.response.body_truncated");
	want_none("data.http.result.response.redirect_to");
	want_number("data.http.result.response.content_length", 4);
	want_text("data.http.result.response.request.method", "OPTIONS");
	want_text("data.http.result.response.request.url.path", "/a");
	want_text("data.http.result.response.request.url.raw_query", "b=c?d");
	want_text("data.http.result.response.request.headers.user_agent.0", "me");
}

static void test_client_hello(void)
{
	static const struct js_asked full = {.http_method = "GET",
		.http_path = "/",
		.user_agent = "me",
		.full_client_hello = true};
	const char *hello = "data.smtp.result.tls.handshake_log.client_hello";
	static const struct {
		const char *key, *want;
	} texts[] = {
		{"version.name", "TLSv1.2"},
		{"random", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="},
		{"session_id", "aWQ="},
		{"cipher_suites.1.name", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
		{"compression_methods.0.hex", "0x00"},
		{"server_name", "sni.a"},
		{"supported_curves.0.hex", "0x001D"},
		{"supported_point_formats.0.name", "uncompressed"},
		{"supported_versions.0.name", "TLSv1.3"},
		{"signature_and_hashes.0.signature_algorithm", "ecdsa"},
		{"signature_and_hashes.0.hash_algorithm", "sha256"},
		{"alpn_protocols.0", "h2"},
	};
	char path[128];

	render("smtp");
	want_text("data.smtp.result.tls.handshake_log.client_hello.server_name", "sni.a");
	want_text("data.smtp.result.tls.handshake_log.client_hello.alpn_protocols.0", "h2");
	want_none("data.smtp.result.tls.handshake_log.client_hello.cipher_suites");
	asked = &full;
	render("smtp");
	asked = NULL;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(path, sizeof(path), "%s.%s", hello, texts[i].key);
		want_text(path, texts[i].want);
	}
	want_bool("data.smtp.result.tls.handshake_log.client_hello.ticket", true);
	want_bool("data.smtp.result.tls.handshake_log.client_hello.scts", false);
	want_text("domain", "sni.a");
}

static void test_key_exchange(void)
{
	render("smtp");
	want_text("data.smtp.result.tls.handshake_log.server_key_exchange.ecdh_params."
		  "server_public.x.value",
		"cG9pbnQ=");
	want_number("data.smtp.result.tls.handshake_log.server_key_exchange.ecdh_params."
		    "server_public.x.length",
		40);
	want_none("data.smtp.result.tls.handshake_log.server_key_exchange.ecdh_params."
		  "server_public.y");
	want_text("data.smtp.result.tls.handshake_log.server_key_exchange.digest",
		"C1qxJBj7OKOnvLsNqgPQcc9R3N7bkrButbjY03jOufQ=");
	want_text(
		"data.smtp.result.tls.handshake_log.server_key_exchange.signature.raw", "c2lnbmVk");
	want_text("data.smtp.result.tls.handshake_log.server_key_exchange.signature.type", "ecdsa");
	want_bool("data.smtp.result.tls.handshake_log.server_key_exchange.signature.valid", true);
	want_number("data.smtp.result.tls.handshake_log.server_key_exchange.signature.tls_version."
		    "value",
		0x303);
	render("tls-dhe");
	want_text("data.tls.result.handshake_log.server_key_exchange.dh_params.server_public.value",
		"VQ==");
	want_text("data.tls.result.handshake_log.server_key_exchange.signature.type", "rsapss");
	render("bad-signature");
	want_bool("data.tls.result.handshake_log.server_key_exchange.signature.valid", false);
	want_text("data.tls.result.handshake_log.server_key_exchange.signature_error",
		"verify problem");
}

static void test_not_tls(void)
{
	render("tls-other");
	want_bool("data.tls.result.not_tls", true);
	want_text("data.tls.result.not_tls_bytes", "BQA=");
	render("http-other");
	want_text("data.http.result.not_tls_bytes", "U1NILTIuMC14DQo=");
	want_none("data.http.result.response.request.tls_log");
	render("smtp");
	want_none("data.smtp.result.not_tls_bytes");
}

int main(void)
{
	static void (*const tests[])(void) = {
		test_http, test_http_body, test_client_hello, test_key_exchange, test_not_tls};

	return want_main(tests, sizeof(tests) / sizeof(tests[0]));
}
