/* SPDX-License-Identifier: BSD-3-Clause */
/* What counts as having spoken the protocol: a line a server of it says, not any bytes. */
#include "exchange.h"

struct heard_case {
	const char *proves;
	enum dl_proto proto;
	bool implicit;
	const struct step *steps;
	enum dl_heard want;
};

static const struct heard_case cases[] = {
	{"nothing came", DL_SMTP, false, STEPS(TIMER), DL_HEARD_NOTHING},
	{"closed without a word", DL_IRC, false, STEPS(PEER_CLOSES), DL_HEARD_NOTHING},
	{"an SMTP greeting", DL_SMTP, false, STEPS(SAY("220 mx\r\n"), TIMER), DL_HEARD_PROTOCOL},
	{"the first line of one", DL_SMTP, false, STEPS(SAY("220-mx\r\n"), PEER_CLOSES),
		DL_HEARD_PROTOCOL},
	{"half a line", DL_SMTP, false, STEPS(SAY("220 m"), PEER_CLOSES), DL_HEARD_BYTES},
	{"a refusal", DL_SMTP, false, STEPS(SAY("554 no\r\n")), DL_HEARD_PROTOCOL},
	{"SSH on port 25", DL_SMTP, false, STEPS(SAY("SSH-2.0-x\r\n")), DL_HEARD_BYTES},
	{"an IMAP greeting", DL_IMAP, false, STEPS(SAY("* OK x\r\n"), TIMER), DL_HEARD_PROTOCOL},
	{"HTTP on port 143", DL_IMAP, false, STEPS(SAY("HTTP/1.1 400 Bad\r\n")), DL_HEARD_BYTES},
	{"a POP3 refusal", DL_POP3, false, STEPS(SAY("-ERR busy\r\n")), DL_HEARD_PROTOCOL},
	{"SMTP on port 110", DL_POP3, false, STEPS(SAY("220 mx\r\n")), DL_HEARD_BYTES},
	{"an IRC notice", DL_IRC, false, STEPS(SAY(":x NOTICE * :hi\r\n"), TIMER),
		DL_HEARD_PROTOCOL},
	{"empty lines on port 6667", DL_IRC, false, STEPS(SAY("\r\n\r\n"), TIMER), DL_HEARD_BYTES},
	{"bytes that never end a line", DL_IRC, false, STEPS(SAY("\x01\x02\x03"), TIMER),
		DL_HEARD_BYTES},
	{"an XMPP stream", DL_XMPP_CLIENT, false,
		STEPS(SAY("<stream:stream version='1.0' id='1'>"), TIMER), DL_HEARD_PROTOCOL},
	{"an XML declaration alone", DL_XMPP_CLIENT, false,
		STEPS(SAY("<?xml version='1.0'?> "), TIMER), DL_HEARD_BYTES},
	{"a web page on port 5222", DL_XMPP_CLIENT, false, STEPS(SAY("<html><body>")),
		DL_HEARD_BYTES},
	{"a TLS alert on port 25: the alert counts by itself", DL_SMTP, false,
		STEPS(SAY("\x15\x03\x01\x00\x02\x02\x28")), DL_HEARD_BYTES},
	{"our CAP, coming back", DL_IRC, false, STEPS(SAY("CAP LS 302\r\n")), DL_HEARD_BYTES},
	{"cut in front of its line end", DL_IRC, false, STEPS(SAY("CAP LS"), TIMER, TIMER),
		DL_HEARD_BYTES},
	{"capitals on port 6667", DL_IRC, false, STEPS(SAY("HELLO THERE\r\n")), DL_HEARD_BYTES},
	{"our stream header, coming back", DL_XMPP_SERVER, false,
		STEPS(SAY("<stream:stream xmlns='jabber:server' to='192.0.2.1' version='1.0'>")),
		DL_HEARD_BYTES},
	{"NNTP on port 25", DL_SMTP, false, STEPS(SAY("200 news ready\r\n")), DL_HEARD_BYTES},
	{"FTP on port 25 until it has refused STARTTLS", DL_SMTP, false,
		STEPS(SAY("220 ftp\r\n"), SAY("500 what\r\n"), SAY("500 what\r\n"), PEER_CLOSES),
		DL_HEARD_BYTES},
	{"a star and no word of IMAP", DL_IMAP, false, STEPS(SAY("* hello\r\n")), DL_HEARD_BYTES},
	{"SMTP inside TLS", DL_SMTP, true, STEPS(SAY("220 mx\r\n"), TIMER), DL_HEARD_PROTOCOL},
	{"a handshake that fails", DL_SMTP, true, STEPS(HANDSHAKE_FAILS), DL_HEARD_NOTHING},
};

int main(void)
{
	static struct play play;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct heard_case *c = &cases[i];
		struct exchange exchange = {
			.proto = c->proto, .implicit = c->implicit, .steps = c->steps};

		play_whole(&play, &exchange);
		tap_about("%s, %s", dl_proto_name(c->proto), c->proves);
		tap_eq(play.dialog.heard, c->want, "what was heard is told from the rest");
	}
	return tap_done();
}
