/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of results.jsonl, read back: every finding is under the key where a ZGrab2 consumer looks
 * for it. */
#include "want.h"

static void test_smtp(void)
{
	render("smtp");
	want_text("ip", "192.0.2.25");
	want_text("data.smtp.status", "success");
	want_text("data.smtp.protocol", "smtp");
	want_number("data.smtp.port", 25);
	want_text("data.smtp.timestamp", "2026-11-18T11:06:40.123456Z");
	want_none("data.smtp.error");
	want_text("data.smtp.result.banner", "220 mx.example.org ESMTP\r\n");
	want_text(
		"data.smtp.result.ehlo", "250-mx.example.org\r\n250-STARTTLS\r\n250 8BITMIME\r\n");
	want_none("data.smtp.result.helo");
	want_text("data.smtp.result.starttls", "220 2.0.0 Ready to start TLS\r\n");
	want_text("data.smtp.result.ehlo_tls", "250-mx.example.org\r\n250 AUTH PLAIN LOGIN\r\n");
	want_text("data.smtp.result.quit", "221 2.0.0 Bye\r\n");
	want_bool("data.smtp.result.implicit_tls", false);
	want_text("data.smtp.result.capabilities.1", "8BITMIME");
	want_text("data.smtp.result.post_tls_capabilities.0", "AUTH PLAIN LOGIN");
	want_none("data.smtp.result.auth_mechanisms");
	want_text("data.smtp.result.post_tls_auth_mechanisms.1", "LOGIN");
	want_bool("data.smtp.result.starttls_supported", true);
	want_bool("data.smtp.result.starttls_attempted", true);
	want_number("data.smtp.result.plaintext_after_ready", 0);
	want_text("data.smtp.result.service", "smtp");
	want_text("data.smtp.result.outcome", "open");
	tap_ok(json_real_value(at("data.smtp.result.greeting_ms")) == 25.5, "greeting_ms is 25.5");
}

static void test_tcp(void)
{
	render("smtp");
	want_number("data.smtp.result.tcp.rtt_us", 20123);
	want_number("data.smtp.result.tcp.synack_ttl", 57);
	want_number("data.smtp.result.tcp.synack_window", 64240);
	want_text("data.smtp.result.tcp.synack_options", "MSTNW");
	want_number("data.smtp.result.tcp.mss", 1460);
	want_number("data.smtp.result.tcp.retransmits", 0);
	want_text("data.smtp.result.tcp.close", "fin");
	render("silent");
	want_none("data.http.result.tcp.mss");
	want_none("data.http.result.tcp.window_scale");
	want_text("data.http.result.tcp.close", "timeout");
}

static void test_responder(void)
{
	render("smtp");
	want_text("data.smtp.result.responder", "service");
	want_none("data.smtp.result.decoys");
	want_none("data.smtp.result.tcp.fin_acknowledged");
	render("smtps-alert");
	want_text("data.smtp.result.responder", "service");
	render("silent");
	want_text("data.http.result.responder", "answers-everywhere");
	want_number("data.http.result.decoys.sent", 2);
	want_number("data.http.result.decoys.answered", 1);
	want_bool("data.http.result.tcp.fin_acknowledged", true);
	render("closed");
	want_none("data.smtp.result.responder");
	render("unreachable");
	want_none("data.smtp.result.responder");
}

static void test_tls(void)
{
	render("smtp");
	want_text("data.smtp.result.tls.handshake_log.server_hello.version.name", "TLSv1.2");
	want_number("data.smtp.result.tls.handshake_log.server_hello.version.value", 0x303);
	want_text("data.smtp.result.tls.handshake_log.server_hello.cipher_suite.hex", "0xCCA9");
	want_number("data.smtp.result.tls.handshake_log.server_hello.compression_method.value", 0);
	want_bool("data.smtp.result.tls.handshake_log.server_hello.secure_renegotiation", true);
	want_number(
		"data.smtp.result.tls.handshake_log.server_hello.extension_identifiers.1", 65281);
	want_text(
		"data.smtp.result.tls.handshake_log.server_key_exchange.ecdh_params.curve_id.name",
		"x25519");
	want_text("data.smtp.result.tls.handshake_log.server_key_exchange.signature."
		  "signature_and_hash_type.hash_algorithm",
		"sha256");
	want_text("data.smtp.result.tls.ja3s", "7f76f3e952a1bc7d407366fafe1db7ed");
	want_bool("data.smtp.result.tls.handshake_completed_successfully", true);
	want_text("data.smtp.result.tls.negotiated.group.name", "x25519");
	want_none("data.smtp.result.tls.alert");
	render("pop3");
	want_text("data.pop3.result.tls.handshake_log.server_hello.supported_versions."
		  "selected_version.name",
		"TLSv1.3");
	want_text("data.pop3.result.tls.handshake_log.server_hello.key_share.name", "x25519");
	want_text("data.pop3.result.tls.ja3s", "eb1d94daa7e0344597e756a1fb6e7054");
	render("tls-dhe");
	want_text("ip", "2001:db8::25");
	want_number(
		"data.tls.result.handshake_log.server_key_exchange.dh_params.prime.length", 1024);
	want_text("data.tls.result.handshake_log.server_key_exchange.dh_params.generator.value",
		"Ag==");
	want_number("data.tls.result.negotiated.dh_bits", 1024);
	want_text("data.tls.result.handshake_log.server_key_exchange.signature.scheme", "0x0804");
	want_text("data.tls.result.handshake_log.server_key_exchange.signature."
		  "signature_and_hash_type.signature_algorithm",
		"rsapss");
}

static void test_tls_failure(void)
{
	render("smtps-alert");
	want_text("data.smtp.status", "handshake-error");
	want_number("data.smtp.result.tls.handshake_log.alert", 40);
	want_text("data.smtp.result.tls.alert.direction", "received");
	want_number("data.smtp.result.tls.library_error", -313);
	want_number("data.smtp.result.tls.warning_alerts.0.code", 112);
	want_text("data.smtp.result.tls.warning_alerts.0.name", "unrecognized_name");
	want_text("data.smtp.result.tls.warning_alerts.1.name", "unknown");
	want_bool("data.smtp.result.tls.handshake_completed_successfully", false);
	want_none("data.smtp.result.tls.ja3s");
	want_none("data.smtp.result.tls.handshake_log.server_certificates");
	want_none("data.smtp.result.starttls_supported");
	tap_ok(strstr(json_string_value(at("data.smtp.error")), "remote error: ") != NULL,
		"the error sentence names the alert as a Go client does");
	render("smtp-alert");
	want_text("data.smtp.result.responder", "service");
	want_text("data.smtp.result.class", "tls-on-plain");
	want_text("data.smtp.result.tls.alert.direction", "received");
	want_number("data.smtp.result.tls.alert.level", 2);
	want_number("data.smtp.result.tls.alert.code", 40);
	want_number("data.smtp.result.tls.handshake_log.alert", 40);
	tap_ok(strstr(json_string_value(at("data.smtp.error")), "remote error: ") != NULL,
		"an alert that no session has seen is told in the same words");
	render("http-alert");
	want_text("data.http.result.responder", "service");
	want_number("data.http.result.response.request.tls_log.alert.level", 1);
	want_text("data.http.result.response.request.tls_log.alert.name", "unrecognized_name");
	render("imap-preauth");
	want_text("data.imap.result.greeting_capabilities.0", "IMAP4rev1");
	want_none("data.imap.result.capabilities");
}

static void test_certificates(void)
{
	static char path[256];
	const char *parsed =
		"data.smtp.result.tls.handshake_log.server_certificates.certificate.parsed";
	static const struct {
		const char *key, *want;
	} texts[] = {
		{"serial_number", "4660"},
		{"subject_dn", "CN=mx.example.org"},
		{"issuer.common_name.0", "Example Lab CA"},
		{"subject_key_info.key_algorithm.name", "ECDSA"},
		{"subject_key_info.ecdsa_public_key.curve", "P-256"},
		{"signature_algorithm.name", "ECDSA-SHA256"},
		{"extensions.subject_alt_name.dns_names.0", "mx.example.org"},
		{"extensions.subject_alt_name.ip_addresses.0", "192.0.2.25"},
		{"extensions.subject_alt_name.email_addresses.0", "hostmaster@example.org"},
		{"names.0", "*.example.org"},
		{"names.1", "192.0.2.25"},
		{"names.2", "mx.example.org"},
	};

	render("smtp");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(path, sizeof(path), "%s.%s", parsed, texts[i].key);
		want_text(path, texts[i].want);
	}
	snprintf(path, sizeof(path), "%s.validity.length", parsed);
	want_number(path, 36500LL * 86400);
	snprintf(path, sizeof(path), "%s.names.3", parsed);
	want_none(path);
	want_text("data.smtp.result.tls.handshake_log.server_certificates.chain.0.parsed."
		  "serial_number",
		"1255944145498273452229294975526710815");
	want_bool(
		"data.smtp.result.tls.handshake_log.server_certificates.chain.0.parsed.extensions."
		"basic_constraints.is_ca",
		true);
	tap_ok(json_is_null(at("data.smtp.result.tls.handshake_log.server_certificates.chain.0."
			       "parsed.signature.self_signed")),
		"of a root that only stands in a chain nobody finds out whether it signed itself");
	want_none("data.smtp.result.tls.handshake_log.server_certificates.chain.1");
	render("hostile");
	want_text("data.smtp.result.tls.handshake_log.server_certificates.chain.1.raw", "");
	want_none("data.smtp.result.tls.handshake_log.server_certificates.chain.2.parsed");
	tap_ok(json_is_string(at("data.smtp.result.tls.handshake_log.server_certificates.chain.2."
				 "parse_error")),
		"a certificate that cannot be read says why");
}

static void test_other_dialogs(void)
{
	render("imap-preauth");
	want_bool("data.imap.result.preauth", true);
	want_text("data.imap.result.class", "preauth");
	want_none("data.imap.result.tls");
	render("pop3");
	want_bool("data.pop3.result.apop", true);
	want_text("data.pop3.result.capa", "+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n");
	want_number("data.pop3.result.plaintext_after_ready", 9);
	render("irc");
	want_text("data.irc.result.cap_ls.1", "tls");
	want_number("data.irc.result.numerics.0", 670);
	want_text("data.irc.result.auth_mechanisms.1", "EXTERNAL");
	render("xmpp-client");
	want_text("data.xmpp.protocol", "xmpp");
	want_text("data.xmpp.result.mode", "c2s");
	want_text("data.xmpp.result.stream.from", "xmpp.example.org");
	want_text("data.xmpp.result.stream.id", "a=b");
	want_bool("data.xmpp.result.starttls_required", true);
	want_text("data.xmpp.result.post_tls_mechanisms.0", "SCRAM-SHA-1");
	want_text("data.xmpp.result.retried_as", "xmpp.example.org");
	render("xmpp-server");
	want_text("data.xmpp.result.mode", "s2s");
	want_text("data.xmpp.result.error", "host-unknown");
	want_bool("data.xmpp.result.dialback", true);
}

static void test_no_connection(void)
{
	render("closed");
	want_text("data.smtp.status", "connection-refused");
	want_text("data.smtp.result.outcome", "closed");
	want_number("data.smtp.result.tcp.answer_ttl", 57);
	want_none("data.smtp.result.tcp.synack_ttl");
	want_text("data.smtp.error", "a reset answered the SYN");
	render("unreachable");
	want_text("data.smtp.result.outcome", "unreachable");
	want_number("data.smtp.result.tcp.icmp.code", 13);
	render("running");
	want_text("data.smtp.status", "unknown-error");
	render("smtp-policy");
	want_text("data.smtp.status", "application-error");
	want_text("data.smtp.result.class", "policy");
	want_number("data.smtp.result.code", 554);
}

static void test_hostile(void)
{
	for (unsigned int n = 0; sample_nth(n, &sample); n++)
		if (strncmp(sample.name, "hostile", 7) == 0)
			render(sample.name);
	render("hostile");
	tap_eq((int64_t)json_string_length(at("data.smtp.result.banner")), 129 + 3 * (128 + 16),
		"129 ASCII bytes stay, 144 others become U+FFFD");
	want_number("data.smtp.result.code", 65535);
	render("hostile-irc");
	tap_ok(json_integer_value(at("data.irc.result.numerics.0")) <= 999,
		"a numeric of twenty digits stays within three");
}

/* Records of closed, unreachable and silent targets have no dialog to take it from. Records of
 * hosts that were asked again have the name that the server gave in theirs. */
static void test_domain(void)
{
	static const char *const samples[] = {
		"smtp", "closed", "unreachable", "silent", "running", "xmpp-client", "hostile"};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		name = "given.example";
		render(samples[i]);
		want_text("domain", "given.example");
		name = "";
		render(samples[i]);
		/* Asked again by its own name: that is in retried_as. */
		if (sample.record.tls == NULL || sample.record.retried)
			want_none("domain");
		else
			want_text("domain", "sni.a");
	}
	name = "given.example";
	render("silent");
	want_text("data.http.result.response.request.host", "given.example");
	name = "";
}

int main(void)
{
	static void (*const tests[])(void) = {test_smtp, test_tcp, test_responder, test_tls,
		test_tls_failure, test_certificates, test_other_dialogs, test_no_connection,
		test_hostile, test_domain};

	return want_main(tests, sizeof(tests) / sizeof(tests[0]));
}
