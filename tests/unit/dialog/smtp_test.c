/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"
#include "tap.h"

#define EHLO "EHLO scan.example.net\r\n"
#define HELO "HELO scan.example.net\r\n"
#define ASK  "STARTTLS\r\n"
#define QUIT "QUIT\r\n"

#define POSTFIX_CAPS \
	"250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n"
#define POSTFIX_TLS "250-mx.dlg.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n" POSTFIX_CAPS
#define OK_TLS	    SAY("220 go ahead\r\n"), SAY("250-mx\r\n250 AUTH PLAIN\r\n"), SAY("221 bye\r\n")

static const struct exchange served[] = {
	{
		.proves = "Postfix 3.7 as recorded on loopback is taken to the end",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx.dlg.example ESMTP Postfix (Debian/GNU)\r\n"),
			SAY("250-mx.dlg.example\r\n250-SIZE "
			    "10240000\r\n250-STARTTLS\r\n" POSTFIX_CAPS),
			SAY("220 2.0.0 Ready to start TLS\r\n"), SAY(POSTFIX_TLS),
			SAY("221 2.0.0 Bye\r\n")),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "advertised attempted ok "
			 "caps=SIZE "
			 "10240000;STARTTLS;ENHANCEDSTATUSCODES;8BITMIME;DSN;SMTPUTF8;CHUNKING "
			 "caps-tls=PIPELINING;SIZE "
			 "10240000;ENHANCEDSTATUSCODES;8BITMIME;DSN;SMTPUTF8;"
			 "CHUNKING",
	},
	{
		.proves = "Postfix on 465 greets and is asked inside TLS alone",
		.proto = DL_SMTP,
		.implicit = true,
		.steps = STEPS(SAY("220 mx.dlg.example ESMTP Postfix (Debian/GNU)\r\n"),
			SAY("250-mx.dlg.example\r\n250-AUTH PLAIN LOGIN\r\n250 CHUNKING\r\n"),
			SAY("221 2.0.0 Bye\r\n")),
		.sent = "{tls}" EHLO QUIT,
		.verdict = "success bye none 0",
		.facts = "caps-tls=AUTH PLAIN LOGIN;CHUNKING auth-tls=PLAIN;LOGIN",
	},
	{
		.proves = "a multi-line greeting, bare codes, LF alone and mixed case are all SMTP",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220-mx\n220-No UCE\n220\n"),
			SAY("250-mx\n250-StartTls\n250-AUTH=login plain\n250 Auth PLAIN "
			    "Cram-MD5\n"),
			SAY("220\r\n"), SAY("250\r\n"), SAY("221\n")),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "advertised attempted ok caps=StartTls;AUTH=login plain;Auth PLAIN "
			 "Cram-MD5 "
			 "auth=LOGIN;PLAIN;CRAM-MD5",
	},
	{
		.proves = "502 to EHLO leads to HELO, and STARTTLS is asked for all the same",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("502 what?\r\n"), SAY("250 mx\r\n"), OK_TLS),
		.sent = EHLO HELO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "attempted ok caps-tls=AUTH PLAIN auth-tls=PLAIN",
	},
	{
		.proves = "STARTTLS not advertised but granted: two facts",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250-mx\r\n250 SIZE\r\n"), OK_TLS),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "attempted ok caps=SIZE caps-tls=AUTH PLAIN auth-tls=PLAIN",
	},
	{
		.proves = "a keyword censored by a firewall is kept and flagged",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 ****\r\n"),
			SAY("250-mx\r\n250-XXXXXXXA\r\n250 8BITMIME\r\n"),
			SAY("500 5.5.1 Command unrecognized: \"XXXXXXXX\"\r\n")),
		.sent = EHLO ASK QUIT,
		.verdict = "application-error starttls tls-refused 500",
		.facts = "attempted censored caps=XXXXXXXA;8BITMIME",
	},
	{
		.proves = "a greeting repeated inside TLS is not the reply to EHLO",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("220 go\r\n"),
			SAY("220 mx again\r\n250-mx\r\n250 SIZE\r\n"), SAY("221 bye\r\n")),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "attempted ok caps-tls=SIZE",
	},
	{
		.proves = "a greeting said twice before TLS is no reply to EHLO either",
		.proto = DL_SMTP,
		.steps = STEPS(
			SAY("220 proxy\r\n220 mx\r\n"), SAY("250-mx\r\n250 STARTTLS\r\n"), OK_TLS),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "advertised attempted ok caps=STARTTLS caps-tls=AUTH PLAIN auth-tls=PLAIN",
	},
	{
		.proves = "who knows neither EHLO nor HELO, but STARTTLS, speaks SMTP",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("500 no\r\n"), SAY("500 no\r\n"), OK_TLS),
		.sent = EHLO HELO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
	},
	{
		.proves = "no answer to EHLO: STARTTLS is asked for, and a late 250 is EHLO's",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), TIMER, SAY("250-mx\r\n250 STARTTLS\r\n"), OK_TLS),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "advertised attempted ok caps=STARTTLS caps-tls=AUTH PLAIN auth-tls=PLAIN",
	},
	{
		.proves = "the goodbye needs no answer",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("220 go\r\n"),
			SAY("250 mx\r\n"), TIMER),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
	},
	{
		.proves = "a server that answers before it is asked gives the same as a polite one",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n"),
			SAY("250 mx\r\n221 bye\r\n")),
		.sent = EHLO ASK "{tls}" EHLO QUIT,
		.verdict = "success bye none 220",
		.facts = "advertised attempted ok caps=STARTTLS",
	},
};

static const struct exchange refused[] = {
	{
		.proves = "a 554 greeting is policy, and still gets its QUIT",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("554-mx\r\n554 No SMTP service here\r\n")),
		.sent = QUIT,
		.verdict = "application-error greeting policy 554",
	},
	{
		.proves = "a 421 greeting is throttling, and nobody is there for a QUIT",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("421 4.7.0 Too many connections\r\n")),
		.sent = "",
		.verdict = "application-error greeting throttled 421",
	},
	{
		.proves = "450 to EHLO is throttling",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("450 slow down\r\n")),
		.sent = EHLO QUIT,
		.verdict = "application-error hello throttled 450",
	},
	{
		.proves = "454 means STARTTLS is known but not to be had now",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250-mx\r\n250 STARTTLS\r\n"),
			SAY("454 4.7.0 TLS not available due to local problem\r\n")),
		.sent = EHLO ASK QUIT,
		.verdict = "application-error starttls tls-unavailable 454",
		.facts = "advertised attempted caps=STARTTLS",
	},
	{
		.proves = "451 to STARTTLS is throttling",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("451 later\r\n")),
		.sent = EHLO ASK QUIT,
		.verdict = "application-error starttls throttled 451",
	},
	{
		.proves = "502 to STARTTLS is a refusal",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("502 5.5.1 no\r\n")),
		.sent = EHLO ASK QUIT,
		.verdict = "application-error starttls tls-refused 502",
	},
	{
		.proves = "EHLO and HELO refused: STARTTLS is still asked for, and decides",
		.proto = DL_SMTP,
		.steps = STEPS(
			SAY("220 mx\r\n"), SAY("500 no\r\n"), SAY("500 no\r\n"), SAY("503 no\r\n")),
		.sent = EHLO HELO ASK QUIT,
		.verdict = "application-error starttls tls-refused 503",
	},
	{
		.proves = "EHLO and HELO refused inside TLS",
		.proto = DL_SMTP,
		.implicit = true,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("550 no\r\n"), SAY("550 no\r\n")),
		.sent = "{tls}" EHLO HELO QUIT,
		.verdict = "post-tls-application-error post policy 550",
	},
	{
		.proves = "a refusal to greet inside TLS",
		.proto = DL_SMTP,
		.implicit = true,
		.steps = STEPS(SAY("554 no\r\n")),
		.sent = "{tls}" QUIT,
		.verdict = "post-tls-application-error post policy 554",
	},
	{
		.proves = "571 and 521 refuse as well",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("571 blocked\r\n")),
		.sent = QUIT,
		.verdict = "application-error greeting policy 571",
	},
	{
		.proves = "a lasting refusal of every command is policy, not another protocol",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("554 go away\r\n"), SAY("554 go away\r\n"),
			SAY("554 go away\r\n")),
		.sent = EHLO HELO ASK QUIT,
		.verdict = "application-error starttls tls-refused 554",
	},
	{
		.proves = "NNTP",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("200 news ready\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "NNTP that refuses",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("502 no permission\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "FTP: SMTP's greeting, and none of its commands",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 (vsFTPd 3.0.3)\r\n"), SAY("530 Please login\r\n"),
			SAY("530 Please login\r\n"), SAY("530 Please login\r\n")),
		.sent = EHLO HELO ASK QUIT,
		.verdict = "protocol-error starttls other-protocol 530",
	},
	{
		.proves = "our own words behind a greeting",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY(EHLO)),
		.sent = EHLO,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "another protocol's greeting is told from silence",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("SSH-2.0-OpenSSH_9.2\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "a TLS alert in place of a greeting is recognised, its newline byte "
			  "included",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("\x15\x03\x01\x00\x02\x02\x0a")),
		.sent = "",
		.verdict = "protocol-error greeting tls-on-plain 0",
	},
	{
		.proves = "bytes that are no greeting and no line count as another protocol",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("\xff\xfd\x18\xff\xfd\x20"), TIMER),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
};

static const struct exchange broken[] = {
	{
		.proves = "a silent server",
		.proto = DL_SMTP,
		.steps = STEPS(TIMER),
		.sent = "",
		.verdict = "io-timeout greeting silent 0",
	},
	{
		.proves = "a greeting that never ends is not silence",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220-mx\r\n220 alm"), TIMER),
		.sent = "",
		.verdict = "io-timeout greeting none 0",
	},
	{
		.proves = "a server that closes before it greets",
		.proto = DL_SMTP,
		.steps = STEPS(PEER_CLOSES),
		.sent = "",
		.verdict = "connection-closed greeting none 0",
	},
	{
		.proves = "silence after STARTTLS: no QUIT, it might be taken for a ClientHello",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 STARTTLS\r\n"), TIMER),
		.sent = EHLO ASK,
		.verdict = "io-timeout starttls silent 0",
	},
	{
		.proves = "the go-ahead does not stand as the code that decided a failed handshake",
		.proto = DL_SMTP,
		.steps = STEPS(
			SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("220 go\r\n"), HANDSHAKE_FAILS),
		.sent = EHLO ASK,
		.verdict = "handshake-error tls none 0",
	},
	{
		.proves = "silence inside TLS keeps what TLS gave",
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("220 go\r\n"), TIMER),
		.sent = EHLO ASK "{tls}" EHLO,
		.verdict = "post-tls-application-error post silent 0",
	},
	{
		.proves = "a close inside TLS",
		.proto = DL_SMTP,
		.steps = STEPS(
			SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("220 go\r\n"), PEER_CLOSES),
		.sent = EHLO ASK "{tls}" EHLO,
		.verdict = "post-tls-application-error post none 0",
	},
};

static void test_texts(void)
{
	static struct play play;

	play_whole(&play, &served[6]);
	tap_str(play_text(&play, DL_TEXT_BANNER), "220 mx\r\n", "the greeting's raw text is kept");
	tap_str(play_text(&play, DL_TEXT_STARTTLS), "220 go\r\n",
		"the raw text of the go-ahead is kept");
	tap_str(play_text(&play, DL_TEXT_BANNER_TLS), "220 mx again\r\n",
		"unsolicited text inside TLS has a phase of its own");
	tap_str(play_text(&play, DL_TEXT_HELLO_TLS), "250-mx\r\n250 SIZE\r\n",
		"the reply to EHLO inside TLS is kept apart from unsolicited text");
	tap_str(play_text(&play, DL_TEXT_QUIT), "221 bye\r\n", "the goodbye's answer is kept");
}

static void test_residue(void)
{
	const struct exchange injected = {
		.proto = DL_SMTP,
		.steps = STEPS(SAY("220 mx\r\n"), SAY("250 mx\r\n"), SAY("220 go\r\n250 extra\r\n"),
			SAY("250 mx\r\n"), SAY("221 bye\r\n")),
	};
	static struct play play;

	play_whole(&play, &injected);
	tap_eq(play.dialog.plaintext_after_ready, 11, "bytes behind the go-ahead are counted");
	tap_str(play_text(&play, DL_TEXT_HELLO_TLS), "250 mx\r\n",
		"bytes behind the go-ahead are never given to TLS");
}

int main(void)
{
	check_exchanges(served, sizeof(served) / sizeof(served[0]));
	check_exchanges(refused, sizeof(refused) / sizeof(refused[0]));
	check_exchanges(broken, sizeof(broken) / sizeof(broken[0]));
	test_texts();
	test_residue();
	return tap_done();
}
