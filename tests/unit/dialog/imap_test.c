/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"

#define CAPS   "a1 CAPABILITY\r\n"
#define ASK    "a2 STARTTLS\r\n"
#define CAPS_T "a3 CAPABILITY\r\n"
#define BYE    "a4 LOGOUT\r\n"

#define DOVECOT "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+"
#define END_TLS \
	SAY("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na3 OK done\r\n"), SAY("* BYE\r\na4 OK bye\r\n")
#define END_FACTS "caps-tls=IMAP4rev1;AUTH=PLAIN"

static const struct exchange served[] = {
	{
		.proves =
			"Dovecot 2.3 as recorded: the greeting's capabilities are kept apart from "
			"those asked for",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK [CAPABILITY " DOVECOT " STARTTLS AUTH=PLAIN AUTH=LOGIN] "
				   "Dovecot (Debian) ready.\r\n"),
			SAY("* CAPABILITY " DOVECOT
			    " STARTTLS AUTH=PLAIN AUTH=LOGIN\r\na1 OK Pre-login "
			    "capabilities listed, post-login capabilities have more.\r\n"),
			SAY("a2 OK Begin TLS negotiation now.\r\n"),
			SAY("* CAPABILITY " DOVECOT " AUTH=PLAIN AUTH=LOGIN\r\n"
			    "a3 OK Pre-login capabilities listed, post-login capabilities have "
			    "more.\r\n"),
			SAY("* BYE Logging out\r\n"), SAY("a4 OK Logout completed.\r\n")),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok "
			 "caps=IMAP4rev1;SASL-IR;LOGIN-REFERRALS;ID;ENABLE;IDLE;LITERAL+;STARTTLS;"
			 "AUTH=PLAIN;AUTH=LOGIN "
			 "caps-tls=IMAP4rev1;SASL-IR;LOGIN-REFERRALS;ID;ENABLE;IDLE;LITERAL+;AUTH="
			 "PLAIN;AUTH=LOGIN "
			 "caps-greeting=IMAP4rev1;SASL-IR;LOGIN-REFERRALS;ID;ENABLE;IDLE;LITERAL+;"
			 "STARTTLS;AUTH=PLAIN;AUTH=LOGIN auth=PLAIN;LOGIN auth-tls=PLAIN;LOGIN",
	},
	{
		.proves = "on 993 as well; what either list says counts",
		.proto = DL_IMAP,
		.implicit = true,
		.steps = STEPS(
			SAY("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN] ready.\r\n"),
			SAY("* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN IDLE\r\na3 OK\r\n"),
			SAY("* BYE Logging out\r\na4 OK Logout completed.\r\n")),
		.sent = "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "logindisabled-tls caps-tls=IMAP4rev1;AUTH=PLAIN;AUTH=LOGIN;IDLE "
			 "caps-greeting=IMAP4rev1;LOGINDISABLED;AUTH=PLAIN auth-tls=PLAIN;LOGIN",
	},
	{
		.proves = "STARTTLS listed in the greeting alone is advertised",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK [CAPABILITY STARTTLS] hi\r\n"), SAY("a1 BAD what\r\n"),
			SAY("a2 OK\r\n"), END_TLS),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok " END_FACTS
			 " caps-greeting=STARTTLS auth-tls=PLAIN",
	},
	{
		.proves = "BAD and NO without our tag are warnings, before CAPABILITY's reply and "
			  "before "
			  "STARTTLS's",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"),
			SAY("* BAD not yours\r\n* CAPABILITY IDLE\r\na1 OK\r\n"),
			SAY("* BAD not yours\r\n* NO disk almost full\r\n* OK still here\r\n"
			    "a2 OK go\r\n"),
			END_TLS),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "attempted ok caps=IDLE " END_FACTS " auth-tls=PLAIN",
	},
	{
		.proves = "capabilities asked for: untagged and in the tagged code, listed once",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* ok IMAP server ready\r\n"),
			SAY("* 1 EXISTS\r\n* capability IMAP4rev1 StartTLS LoginDisabled "
			    "Auth=cram-md5\r\n"
			    "a1 OK [CAPABILITY IMAP4rev1 IDLE] done\r\n"),
			SAY("* NOOP noise\r\na2 ok begin\r\n"), END_TLS),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok logindisabled "
			 "caps=IMAP4rev1;StartTLS;LoginDisabled;Auth=cram-md5;IDLE " END_FACTS
			 " auth=CRAM-MD5 auth-tls=PLAIN",
	},
	{
		.proves = "LF alone ends lines as well",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\n"), SAY("* CAPABILITY IMAP4\na1 OK\n"), SAY("a2 OK\n"),
			SAY("a3 OK\n"), SAY("a4 OK\n")),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
	},
	{
		.proves = "a literal's bytes are never read as replies",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"),
			SAY("* X {16}\r\na1 OK\r\n* BYE x\r\nxyz {3+}\r\n\n\n\n tail\r\n"
			    "* CAPABILITY STARTTLS\r\na1 OK\r\n"),
			SAY("a2 OK\r\n"), END_TLS),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok caps=STARTTLS " END_FACTS " auth-tls=PLAIN",
	},
	{
		.proves = "BAD to CAPABILITY does not keep us from STARTTLS",
		.proto = DL_IMAP,
		.steps = STEPS(
			SAY("* OK hi\r\n"), SAY("a1 BAD what\r\n"), SAY("a2 OK\r\n"), END_TLS),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "attempted ok " END_FACTS " auth-tls=PLAIN",
	},
	{
		.proves = "silence to CAPABILITY neither; its late answer is not STARTTLS's",
		.proto = DL_IMAP,
		.steps = STEPS(
			SAY("* OK hi\r\n"), TIMER, SAY("a1 NO late\r\na2 OK go\r\n"), END_TLS),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
	},
	{
		.proves = "a greeting repeated inside TLS is noise",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("* CAPABILITY IMAP4\r\na1 OK\r\n"),
			SAY("a2 OK\r\n"),
			SAY("* OK hi again\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na3 OK\r\n"),
			SAY("a4 OK\r\n")),
		.sent = CAPS ASK "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "attempted ok caps=IMAP4 " END_FACTS " auth-tls=PLAIN",
	},
	{
		.proves = "PREAUTH inside implicit TLS is a greeting like any other",
		.proto = DL_IMAP,
		.implicit = true,
		.steps = STEPS(SAY("* PREAUTH hi\r\n"), SAY("* CAPABILITY IMAP4\r\na3 OK\r\n"),
			SAY("a4 OK\r\n")),
		.sent = "{tls}" CAPS_T BYE,
		.verdict = "success bye none 0",
		.facts = "preauth caps-tls=IMAP4",
	},
};

static const struct exchange refused[] = {
	{
		.proves = "PREAUTH: STARTTLS is impossible, so it is not tried",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n")),
		.sent = BYE,
		.verdict = "application-error greeting preauth 0",
		.facts = "advertised preauth caps-greeting=IMAP4rev1;STARTTLS",
	},
	{
		.proves = "BYE in place of a greeting is policy",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* BYE go away\r\n")),
		.sent = "",
		.verdict = "application-error greeting policy 0",
	},
	{
		.proves = "BYE later on ends the dialog where it is",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("a1 OK\r\n"), SAY("* bye autologout\r\n")),
		.sent = CAPS ASK,
		.verdict = "application-error starttls policy 0",
	},
	{
		.proves = "BAD to STARTTLS is a refusal",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("a1 OK\r\n"), SAY("a2 BAD unknown\r\n")),
		.sent = CAPS ASK BYE,
		.verdict = "application-error starttls tls-refused 0",
	},
	{
		.proves = "NO to STARTTLS is one as well",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("* CAPABILITY STARTTLS\r\na1 OK\r\n"),
			SAY("a2 NO not today\r\n")),
		.sent = CAPS ASK BYE,
		.verdict = "application-error starttls tls-refused 0",
		.facts = "advertised attempted caps=STARTTLS",
	},
	{
		.proves = "a server that never says our tag has answered nothing",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("* BAD what\r\n"), TIMER,
			SAY("* BAD what\r\n"), TIMER),
		.sent = CAPS ASK,
		.verdict = "io-timeout starttls none 0",
	},
	{
		.proves = "our command coming back is no reply, in capitals or cut",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("A1 CAPAB\r\n")),
		.sent = CAPS,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "nor is it one to STARTTLS",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("a1 OK\r\n"), SAY(ASK)),
		.sent = CAPS ASK,
		.verdict = "protocol-error starttls other-protocol 0",
	},
	{
		.proves = "a star is not enough for a greeting",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("* hello\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "NO to CAPABILITY inside TLS",
		.proto = DL_IMAP,
		.implicit = true,
		.steps = STEPS(SAY("* OK hi\r\n"), SAY("a3 NO\r\n")),
		.sent = "{tls}" CAPS_T BYE,
		.verdict = "post-tls-application-error post policy 0",
	},
	{
		.proves = "another protocol's greeting",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("+OK POP3 ready\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "a TLS handshake record in place of a greeting",
		.proto = DL_IMAP,
		.steps = STEPS(SAY("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")),
		.sent = "",
		.verdict = "protocol-error greeting tls-on-plain 0",
	},
	{
		.proves = "a silent server",
		.proto = DL_IMAP,
		.steps = STEPS(TIMER),
		.sent = "",
		.verdict = "io-timeout greeting silent 0",
	},
};

int main(void)
{
	check_exchanges(served, sizeof(served) / sizeof(served[0]));
	check_exchanges(refused, sizeof(refused) / sizeof(refused[0]));
	return tap_done();
}
