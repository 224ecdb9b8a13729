/* SPDX-License-Identifier: BSD-3-Clause */
/* The corpus: what each protocol and each kind of failure looks like. */
#include "dataplane/record/noise.h"
#include "samples.h"

#include <assert.h>

static void starttls(struct sample *s)
{
	s->dialog.starttls_advertised = true;
	s->dialog.starttls_attempted = true;
	s->dialog.starttls_ok = true;
}

static void smtp(struct sample *s)
{
	sample_begin(s, "smtp", DL_SMTP, 25, false);
	strcpy(s->dialog.host, "mx.example.org");
	starttls(s);
	sample_text(s, DL_TEXT_BANNER, "220 mx.example.org ESMTP\r\n");
	sample_text(s, DL_TEXT_HELLO, "250-mx.example.org\r\n250-STARTTLS\r\n250 8BITMIME\r\n");
	sample_text(s, DL_TEXT_STARTTLS, "220 2.0.0 Ready to start TLS\r\n");
	sample_text(s, DL_TEXT_HELLO_TLS, "250-mx.example.org\r\n250 AUTH PLAIN LOGIN\r\n");
	sample_text(s, DL_TEXT_QUIT, "221 2.0.0 Bye\r\n");
	sample_item(s, DL_LIST_CAPS, "STARTTLS");
	sample_item(s, DL_LIST_CAPS, "8BITMIME");
	sample_item(s, DL_LIST_CAPS_TLS, "AUTH PLAIN LOGIN");
	sample_item(s, DL_LIST_AUTH_TLS, "PLAIN");
	sample_item(s, DL_LIST_AUTH_TLS, "LOGIN");
	sample_tls12(s);
}

static void smtp_policy(struct sample *s)
{
	sample_begin(s, "smtp-policy", DL_SMTP, 25, false);
	sample_text(s, DL_TEXT_BANNER, "554 go away\r\n");
	sample_fail(s, DL_APPLICATION_ERROR, DL_AT_GREETING, DL_CLASS_POLICY, 554);
}

static void smtps_alert(struct sample *s)
{
	sample_begin(s, "smtps-alert", DL_SMTP, 465, true);
	sample_fail(s, DL_HANDSHAKE_ERROR, DL_AT_TLS, DL_CLASS_NONE, 0);
	s->record.tls = &s->tls;
	s->tls.alert_dir = HL_ALERT_RECEIVED;
	s->tls.alert_level = 2;
	s->tls.alert_code = 40;
	s->tls.n_warnings = 2;
	s->tls.warnings[0] = 112;
	s->tls.warnings[1] = 200;
	s->tls.lib_error = -313;
	strcpy(s->tls.error, "the server sent a fatal alert");
}

/* An alert that no session has seen: for a greeting, and on 443 before a session could begin. */
static void smtp_alert(struct sample *s)
{
	sample_begin(s, "smtp-alert", DL_SMTP, 25, false);
	sample_fail(s, DL_PROTOCOL_ERROR, DL_AT_GREETING, DL_CLASS_TLS_ON_PLAIN, 0);
	s->dialog.alert_level = 2;
	s->dialog.alert_code = 40;
}

static void http_alert(struct sample *s)
{
	sample_begin(s, "http-alert", DL_HTTP, 443, true);
	sample_fail(s, DL_HANDSHAKE_ERROR, DL_AT_TLS, DL_CLASS_NONE, 0);
	s->dialog.alert_level = 1;
	s->dialog.alert_code = 112;
}

static void imap_preauth(struct sample *s)
{
	sample_begin(s, "imap-preauth", DL_IMAP, 143, false);
	sample_text(s, DL_TEXT_BANNER, "* PREAUTH welcome\r\n");
	sample_item(s, DL_LIST_CAPS_GREETING, "IMAP4rev1");
	s->dialog.preauth = true;
	sample_fail(s, DL_APPLICATION_ERROR, DL_AT_GREETING, DL_CLASS_PREAUTH, 0);
}

static void pop3(struct sample *s)
{
	sample_begin(s, "pop3", DL_POP3, 110, false);
	starttls(s);
	s->dialog.apop = true;
	s->dialog.plaintext_after_ready = 9;
	sample_text(s, DL_TEXT_BANNER, "+OK <1.2@example.org>\r\n");
	sample_text(s, DL_TEXT_HELLO, "+OK\r\nSTLS\r\nSASL PLAIN\r\n.\r\n");
	sample_text(s, DL_TEXT_STARTTLS, "+OK Begin TLS\r\n");
	sample_item(s, DL_LIST_CAPS, "STLS");
	sample_item(s, DL_LIST_AUTH, "PLAIN");
	sample_tls13(s);
}

static void irc(struct sample *s)
{
	sample_begin(s, "irc", DL_IRC, 6667, false);
	starttls(s);
	sample_text(s, DL_TEXT_BANNER, ":srv NOTICE * :*** Looking up\r\n");
	sample_text(s, DL_TEXT_STARTTLS, ":srv 670 * :STARTTLS successful\r\n");
	sample_item(s, DL_LIST_CAPS, "sasl=PLAIN,EXTERNAL");
	sample_item(s, DL_LIST_CAPS, "tls");
	sample_item(s, DL_LIST_AUTH, "PLAIN");
	sample_item(s, DL_LIST_AUTH, "EXTERNAL");
	sample_item(s, DL_LIST_NUMERICS, "670");
	sample_tls12(s);
}

static void xmpp_client(struct sample *s)
{
	sample_begin(s, "xmpp-client", DL_XMPP_CLIENT, 5222, false);
	starttls(s);
	s->dialog.starttls_required = true;
	s->record.retried = true;
	strcpy(s->dialog.host, "xmpp.example.org");
	sample_text(s, DL_TEXT_HELLO, "<stream:features><starttls/></stream:features>");
	sample_text(s, DL_TEXT_STARTTLS, "<proceed/>");
	sample_item(s, DL_LIST_STREAM, "from=xmpp.example.org");
	sample_item(s, DL_LIST_STREAM, "id=a=b");
	sample_item(s, DL_LIST_STREAM, "version=1.0");
	sample_item(s, DL_LIST_STREAM, "lang=en");
	sample_item(s, DL_LIST_AUTH_TLS, "SCRAM-SHA-1");
	sample_tls13(s);
}

static void xmpp_server(struct sample *s)
{
	sample_begin(s, "xmpp-server", DL_XMPP_SERVER, 5269, false);
	s->dialog.dialback = true;
	sample_item(s, DL_LIST_STREAM, "error=host-unknown");
	sample_fail(s, DL_APPLICATION_ERROR, DL_AT_HELLO, DL_CLASS_HOST_UNKNOWN, 0);
}

static void http(struct sample *s)
{
	sample_begin(s, "http", DL_HTTP, 443, true);
	strcpy(s->dialog.host, "www.example.org");
	s->dialog.http_status = 301;
	sample_text(s, DL_TEXT_HELLO_TLS,
		"HTTP/1.1 301 Moved Permanently\r\nServer: nginx\r\nSet-Cookie: a=1\r\n"
		"X-Odd: yes\r\nset-cookie: b=2\r\n\r\n");
	sample_item(s, DL_LIST_STREAM, "Location: /else");
	sample_item(s, DL_LIST_STREAM, "Date: Sun");
	sample_item(s, DL_LIST_STREAM, "ETag: \"5\"");
	sample_item(s, DL_LIST_TRAILER, "X-Sum: 5");
	s->dialog.http_chunked = true;
	s->dialog.http_length = -1;
	s->dialog.body_len = 8;
	s->dialog.body_truncated = true;
	sample_item(s, DL_LIST_STREAM, "Server: nginx");
	sample_item(s, DL_LIST_STREAM, "Set-Cookie: a=1");
	sample_item(s, DL_LIST_STREAM, "X-Odd: yes");
	sample_item(s, DL_LIST_STREAM, "set-cookie: b=2");
	sample_tls12(s);
	strcpy(s->tls.alpn, "http/1.1");
	strcpy(s->tls.hello.alpn, "http/1.1");
	/* The last character is cut. */
	s->tls.body = (uint8_t *)(uintptr_t) "<p>\xc3\xa4\xf0\x9f\x92";
}

/* A body that is no text, behind another status. */
static void http_binary(struct sample *s)
{
	http(s);
	s->name = "http-binary";
	s->dialog.http_status = 200;
	s->dialog.http_chunked = false;
	s->dialog.http_length = 4;
	s->dialog.body_len = 4;
	s->dialog.body_truncated = false;
	s->tls.body = (uint8_t *)(uintptr_t) "\xff\xd8\xff\xe0";
}

/* Words on a port of TLS: before a session could begin, and in answer to our ClientHello. */
static void http_other(struct sample *s)
{
	sample_begin(s, "http-other", DL_HTTP, 443, true);
	sample_text(s, DL_TEXT_BANNER, "SSH-2.0-x\r\n");
	sample_fail(s, DL_HANDSHAKE_ERROR, DL_AT_TLS, DL_CLASS_OTHER_PROTOCOL, 0);
}

static void tls_other(struct sample *s)
{
	sample_begin(s, "tls-other", DL_TLS, 4433, true);
	s->record.tls = &s->tls;
	s->tls.not_tls = true;
	s->kept = (struct tl_kept){.other = (uint8_t *)(uintptr_t) "\x05\x00", .other_len = 2};
	s->tls.kept = &s->kept;
	sample_fail(s, DL_HANDSHAKE_ERROR, DL_AT_TLS, DL_CLASS_OTHER_PROTOCOL, 0);
}

static void bad_signature(struct sample *s)
{
	sample_begin(s, "bad-signature", DL_TLS, 4433, true);
	sample_tls12(s);
	s->tls.completed = false;
	s->tls.bad_signature = true;
	strcpy(s->tls.error, "verify problem");
	sample_fail(s, DL_HANDSHAKE_ERROR, DL_AT_TLS, DL_CLASS_NONE, 0);
}

static void tls_dhe(struct sample *s)
{
	static uint8_t prime[128];

	memset(prime, 0xff, sizeof(prime));
	sample_begin(s, "tls-dhe", DL_TLS, 4433, true);
	assert(ts_addr_parse("2001:db8::25", &s->record.addr) == 0);
	sample_tls12(s);
	s->tls.group = 0;
	s->tls.dh_bits = 1024;
	s->tls.kex = (struct hl_key_exchange){.seen = true,
		.dh_bits = 1024,
		.dh_p = {prime, sizeof(prime)},
		.dh_g = {(const uint8_t *)"\x02", 1},
		.dh_y = {(const uint8_t *)"\x55", 1},
		.params = {(const uint8_t *)"params", 6},
		.sig_alg = 0x0804,
		.signature = {(const uint8_t *)"signed", 6}};
}

static void closed(struct sample *s)
{
	sample_begin(s, "closed", DL_SMTP, 25, false);
	s->record.dialog = NULL;
	s->record.outcome = DP_OUTCOME_CLOSED;
	s->record.tcp = (struct ts_facts){0};
	sample_fail(s, DL_CONNECTION_REFUSED, DL_AT_SYN, DL_CLASS_NONE, 0);
}

static void unreachable(struct sample *s)
{
	closed(s);
	s->name = "unreachable";
	s->record.outcome = DP_OUTCOME_UNREACHABLE;
	s->record.icmp_type = 3;
	s->record.icmp_code = 13;
}

static void silent(struct sample *s)
{
	sample_begin(s, "silent", DL_HTTP, 443, true);
	s->record.dialog = NULL;
	s->record.tcp.close = TS_CLOSE_RTO;
	s->record.tcp.synack_wscale = 0xff;
	s->record.tcp.synack_mss = 0;
	s->record.tcp.rx_bytes = 0;
	s->record.tcp.fin_acked = true;
	s->record.tcp.window_opened = true;
	s->record.n_decoys_sent = 2;
	s->record.n_decoys_answered = 1;
	sample_fail(s, DL_IO_TIMEOUT, DL_AT_TLS, DL_CLASS_NONE, 0);
}

static void running(struct sample *s)
{
	sample_begin(s, "running", DL_SMTP, 587, false);
	sample_fail(s, DL_RUNNING, DL_AT_GREETING, DL_CLASS_NONE, 0);
}

/* Every byte value in every place that takes a stranger's bytes. */
static void hostile(struct sample *s)
{
	static const char overlong[] =
		"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80";
	char every[256];

	sample_begin(s, "hostile", DL_SMTP, 25, false);
	for (unsigned int i = 0; i < sizeof(every); i++)
		every[i] = (char)(255 - i);
	memcpy(s->dialog.host, "a\"b\\c\x7f\xff<>\n", 11);
	for (unsigned int phase = 0; phase < DL_N_TEXT; phase++) {
		sample_bytes(s, (enum dl_text)phase, every, sizeof(every));
		sample_bytes(s, (enum dl_text)phase, overlong, sizeof(overlong));
	}
	every[255] = '\0';
	for (unsigned int list = 0; list < DL_LIST_NUMERICS; list++)
		sample_item(s, (enum dl_list)list, every);
	/* Text that turns around: embedded, overridden, isolated; and the end of a line to some. */
	sample_item(s, DL_LIST_CAPS, "\xe2\x80\xabx\xe2\x80\xae.moc\xe2\x81\xa7\xe2\x80\xa8");
	sample_tls12(s);
	memcpy(s->tls.alpn, every, HL_ALPN_MAX);
	memcpy(s->tls.hello.alpn, every, HL_ALPN_MAX);
	memcpy(s->tls.error, every, TL_ERROR_LEN - 1);
	memset(s->tls.hello.extensions, 0xff, sizeof(s->tls.hello.extensions));
	s->tls.hello.n_extensions = HL_MAX_EXTENSIONS;
	s->tls.completed = false;
	s->tls.alert_dir = HL_ALERT_SENT;
	s->tls.alert_code = 255;
	s->tls.limit_hit = s->tls.not_tls = s->tls.chain_truncated = true;
	s->dialog.raw_truncated = s->dialog.items_truncated = true;
	sample_cert(s, "", 0);
	sample_cert(s, every, sizeof(every));
	sample_fail(s, DL_PROTOCOL_ERROR, DL_AT_HELLO, DL_CLASS_OTHER_PROTOCOL, 65535);
}

/* The same bytes where HTTP, XMPP and IRC put them. */
static void hostile_as(struct sample *s, const char *name, enum dl_proto proto)
{
	hostile(s);
	s->name = name;
	s->record.service.proto = proto;
	s->record.service.implicit_tls = proto == DL_HTTP || proto == DL_TLS;
	s->dialog.proto = proto;
	sample_item(s, DL_LIST_NUMERICS, "99999999999999999999x");
	sample_item(s, DL_LIST_STREAM, ":");
	sample_item(s, DL_LIST_STREAM, "from=");
	sample_item(s, DL_LIST_STREAM, "\xff\xfe: \xff");
}

bool sample_nth(unsigned int n, struct sample *sample)
{
	static void (*const fill[])(struct sample *) = {smtp, smtp_policy, smtps_alert, smtp_alert,
		http_alert, imap_preauth, pop3, irc, xmpp_client, xmpp_server, http, http_binary,
		http_other, tls_other, bad_signature, tls_dhe, closed, unreachable, silent, running,
		hostile};
	static const struct {
		const char *name;
		enum dl_proto proto;
	} wild[] = {{"hostile-imap", DL_IMAP}, {"hostile-pop3", DL_POP3}, {"hostile-irc", DL_IRC},
		{"hostile-xmpp", DL_XMPP_SERVER}, {"hostile-http", DL_HTTP},
		{"hostile-tls", DL_TLS}};
	const unsigned int n_fill = sizeof(fill) / sizeof(fill[0]);

	if (n >= n_fill + sizeof(wild) / sizeof(wild[0]))
		return false;
	if (n < n_fill)
		fill[n](sample);
	else
		hostile_as(sample, wild[n - n_fill].name, wild[n - n_fill].proto);
	sample->record.responder = dp_noise_class(&sample->record);
	return true;
}
