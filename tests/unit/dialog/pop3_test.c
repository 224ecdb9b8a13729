/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"

#define CAPA "CAPA\r\n"
#define STLS "STLS\r\n"
#define QUIT "QUIT\r\n"

#define DOVECOT "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\n"

static const struct exchange served[] = {
	{
		.proves = "Dovecot 2.3 as recorded is taken to the end",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK Dovecot (Debian) ready.\r\n"),
			SAY(DOVECOT "STLS\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n"),
			SAY("+OK Begin TLS negotiation now.\r\n"),
			SAY(DOVECOT "USER\r\nSASL PLAIN LOGIN\r\n.\r\n"),
			SAY("+OK Logging out\r\n")),
		.sent = CAPA STLS "{tls}" CAPA QUIT,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok "
			 "caps=CAPA;TOP;UIDL;RESP-CODES;PIPELINING;AUTH-RESP-CODE;STLS;USER;"
			 "SASL PLAIN LOGIN "
			 "caps-tls=CAPA;TOP;UIDL;RESP-CODES;PIPELINING;AUTH-RESP-CODE;USER;"
			 "SASL PLAIN LOGIN auth=PLAIN;LOGIN auth-tls=PLAIN;LOGIN",
	},
	{
		.proves = "Dovecot on 995",
		.proto = DL_POP3,
		.implicit = true,
		.steps = STEPS(SAY("+OK Dovecot (Debian) ready.\r\n"),
			SAY(DOVECOT "USER\r\nSASL PLAIN LOGIN\r\n.\r\n"),
			SAY("+OK Logging out\r\n")),
		.sent = "{tls}" CAPA QUIT,
		.verdict = "success bye none 0",
		.facts = "caps-tls=CAPA;TOP;UIDL;RESP-CODES;PIPELINING;AUTH-RESP-CODE;USER;"
			 "SASL PLAIN LOGIN auth-tls=PLAIN;LOGIN",
	},
	{
		.proves = "an APOP stamp is seen, -ERR to CAPA is normal in both phases",
		.proto = DL_POP3,
		.steps = STEPS(
			SAY("+OK Cyrus POP3 v2.3.16 server ready <15125.1@mail.example>\r\n"),
			SAY("-ERR unknown command\r\n"), SAY("+OK Begin TLS negotiation now\r\n"),
			SAY("-ERR\r\n"), SAY("+OK\r\n")),
		.sent = CAPA STLS "{tls}" CAPA QUIT,
		.verdict = "success bye none 0",
		.facts = "attempted ok apop",
	},
	{
		.proves = "brackets without an @ are no stamp",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK <hello> x@y\r\n"), SAY("-ERR\r\n"), SAY("-ERR\r\n")),
		.sent = CAPA STLS QUIT,
		.verdict = "application-error starttls tls-refused 0",
		.facts = "attempted",
	},
	{
		.proves = "dots are unstuffed, LF alone and mixed case are fine, +OK in a list is "
			  "a line",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+ok\n"),
			SAY("+Ok\n..dotted\n.x\n+OK not a status\nstls\nsasl plain\n.\n"),
			SAY("+oK\n"), SAY("+OK\nUSER\n.\n"), SAY("+OK\n")),
		.sent = CAPA STLS "{tls}" CAPA QUIT,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok caps=.dotted;x;+OK not a status;stls;sasl plain "
			 "caps-tls=USER auth=PLAIN",
	},
};

static const struct exchange refused[] = {
	{
		.proves = "-ERR in place of a greeting is policy",
		.proto = DL_POP3,
		.steps = STEPS(SAY("-ERR [SYS/TEMP] not now\r\n")),
		.sent = QUIT,
		.verdict = "application-error greeting policy 0",
	},
	{
		.proves = "-ERR to STLS is a refusal, also where it was advertised",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK\r\n"), SAY("+OK\r\nSTLS\r\n.\r\n"), SAY("-ERR no\r\n")),
		.sent = CAPA STLS QUIT,
		.verdict = "application-error starttls tls-refused 0",
		.facts = "advertised attempted caps=STLS",
	},
	{
		.proves = "a greeting said twice is no list: -ERR still answers CAPA",
		.proto = DL_POP3,
		.steps = STEPS(
			SAY("+OK proxy\r\n+OK mx\r\n"), SAY("-ERR what\r\n"), SAY("-ERR what\r\n")),
		.sent = CAPA STLS QUIT,
		.verdict = "application-error starttls tls-refused 0",
	},
	{
		.proves = "our own word behind a greeting",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK\r\n"), SAY(CAPA)),
		.sent = CAPA,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "a word that only begins like a greeting",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OKAY\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "another protocol's greeting",
		.proto = DL_POP3,
		.steps = STEPS(SAY("* OK IMAP\r\n")),
		.sent = "",
		.verdict = "protocol-error greeting other-protocol 0",
	},
	{
		.proves = "what is no status line in place of one",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK\r\n"), SAY("500 what\r\n")),
		.sent = CAPA,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "a list without end: CAPA and STLS cannot be told apart, so we do not go "
			  "on",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK\r\n"), SAY("+OK\r\nUSER\r\n"), TIMER),
		.sent = CAPA,
		.verdict = "io-timeout hello none 0",
	},
	{
		.proves = "-ERR in place of a greeting inside TLS",
		.proto = DL_POP3,
		.implicit = true,
		.steps = STEPS(SAY("-ERR no\r\n")),
		.sent = "{tls}" QUIT,
		.verdict = "post-tls-application-error post policy 0",
	},
	{
		.proves = "a close after STLS",
		.proto = DL_POP3,
		.steps = STEPS(SAY("+OK\r\n"), SAY("-ERR\r\n"), PEER_CLOSES),
		.sent = CAPA STLS,
		.verdict = "connection-closed starttls none 0",
	},
};

int main(void)
{
	check_exchanges(served, sizeof(served) / sizeof(served[0]));
	check_exchanges(refused, sizeof(refused) / sizeof(refused[0]));
	return tap_done();
}
