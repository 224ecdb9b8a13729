/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"

#define NS   " xmlns:stream='http://etherx.jabber.org/streams'"
#define DB   " xmlns:db='jabber:server:dialback'"
#define C2S  "<?xml version='1.0'?><stream:stream xmlns='jabber:client'" NS
#define S2S  "<?xml version='1.0'?><stream:stream xmlns='jabber:server'" NS DB
#define TO   " to='dlg.example' version='1.0'>"
#define TOIP " to='" TEST_ADDR "' version='1.0'>"
#define ASK  "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define BYE  "</stream:stream>"

#define PROCEED	 "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
#define HEADER	 "<?xml version='1.0'?><stream:stream id='1' version='1.0'" NS ">"
#define FEATURES "<stream:features>" STARTTLS "</stream:features>"
#define MECHS                                                                         \
	"<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"      \
	"<mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms>" \
	"</stream:features>"
#define UNKNOWN                                                                                    \
	"<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text>no</text>" \
	"</stream:error></stream:stream>"
#define PROSODY                                                                         \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' from='dlg.example' " \
	"id='e4b677a4' version='1.0'" NS " xml:lang='en'>"
#define PROSODY_S2S                                                                           \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:server' to='' from='dlg.example' " \
	"version='1.0' xml:lang='en' id='dcdce6d7'" NS DB ">"

static const struct exchange served[] = {
	{
		.proves = "Prosody 0.12 as recorded, client stream",
		.proto = DL_XMPP_CLIENT,
		.host = "dlg.example",
		.steps = STEPS(SAY(PROSODY FEATURES), SAY(PROCEED), SAY(PROSODY MECHS), SAY(BYE)),
		.sent = C2S TO ASK "{tls}" C2S TO BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok required caps=starttls caps-tls=mechanisms "
			 "auth-tls=PLAIN;SCRAM-SHA-1 "
			 "stream=from=dlg.example;id=e4b677a4;version=1.0;lang=en",
	},
	{
		.proves = "Prosody 0.12 as recorded, server stream: dialback in both phases",
		.proto = DL_XMPP_SERVER,
		.host = "dlg.example",
		.steps = STEPS(SAY(PROSODY_S2S "<stream:features>" STARTTLS
					       "<dialback xmlns='urn:xmpp:features:dialback'/>"
					       "</stream:features>"),
			SAY(PROCEED),
			SAY(PROSODY_S2S
				"<stream:features><dialback xmlns='urn:xmpp:features:dialback'/>"
				"</stream:features>"),
			SAY(BYE)),
		.sent = S2S TO ASK "{tls}" S2S TO BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok required dialback caps=starttls;dialback "
			 "caps-tls=dialback "
			 "stream=from=dlg.example;id=dcdce6d7;version=1.0;lang=en",
	},
	{
		.proves = "Prosody on 5223",
		.proto = DL_XMPP_CLIENT,
		.implicit = true,
		.host = "dlg.example",
		.steps = STEPS(SAY(PROSODY MECHS), SAY(BYE)),
		.sent = "{tls}" C2S TO BYE,
		.verdict = "success bye none 0",
		.facts = "caps-tls=mechanisms auth-tls=PLAIN;SCRAM-SHA-1 "
			 "stream=from=dlg.example;id=e4b677a4;version=1.0;lang=en",
	},
	{
		.proves = "double quotes, other prefixes, '>' in a value, comments and white space "
			  "are XML",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("<?xml version=\"1.0\"?>\n<!-- it's -->\n"
				   "<s:stream  xmlns:s=\"http://etherx.jabber.org/streams\"\n"
				   " note='a>\"b' id = \"i'>d\" version=\"1.0\" >\n"),
			SAY("<s:features>\n <tls:starttls xmlns:tls=\"urn\"></tls:starttls>\n"
			    " <mechanisms>\n  <mechanism>\n plain\n</mechanism>\n"
			    "  <mechanism>X</mechanism></mechanisms>\n"
			    " <bind><required/></bind><compression><method>zlib</method></"
			    "compression>"
			    "</s:features>"),
			SAY("<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"></proceed>"),
			SAY(HEADER "<stream:features/>"), SAY("</s:stream>")),
		.sent = C2S TOIP ASK "{tls}" C2S TOIP BYE,
		.verdict = "success bye none 0",
		.facts = "advertised attempted ok caps=starttls;mechanisms;bind;compression "
			 "auth=PLAIN;X "
			 "stream=id=i'>d;version=1.0",
	},
	{
		.proves = "an error behind our goodbye takes nothing back",
		.proto = DL_XMPP_CLIENT,
		.implicit = true,
		.steps = STEPS(SAY(HEADER MECHS), SAY("<stream:error><reset/></stream:error>")),
		.sent = "{tls}" C2S TOIP BYE,
		.verdict = "success bye none 0",
	},
	{
		.proves = "STARTTLS is asked for where it is not advertised",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER "<stream:features><mechanisms/></stream:features>"),
			SAY(PROCEED), SAY(HEADER MECHS), SAY(BYE)),
		.sent = C2S TOIP ASK "{tls}" C2S TOIP BYE,
		.verdict = "success bye none 0",
	},
	{
		.proves = "a stream whose features never come is asked all the same",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER), TIMER, SAY(PROCEED), SAY(HEADER MECHS), SAY(BYE)),
		.sent = C2S TOIP ASK "{tls}" C2S TOIP BYE,
		.verdict = "success bye none 0",
	},
};

static const struct exchange refused[] = {
	{
		.proves = "host-unknown in a stream that echoes our name (Prosody): nothing to "
			  "retry with",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(
			"<stream:stream from='" TEST_ADDR "' id='1' version='1.0'" NS ">" UNKNOWN)),
		.sent = C2S TOIP BYE,
		.verdict = "application-error hello host-unknown 0",
		.facts = "stream=from=" TEST_ADDR ";id=1;version=1.0;error=host-unknown",
	},
	{
		.proves = "host-unknown where the second connection is the one at hand",
		.proto = DL_XMPP_CLIENT,
		.retry = true,
		.host = "a.example",
		.steps = STEPS(SAY("<stream:stream from='b.example' version='1.0'" NS ">" UNKNOWN)),
		.sent = C2S " to='a.example' version='1.0'>" BYE,
		.verdict = "application-error hello host-unknown 0",
	},
	{
		.proves = "any other stream error",
		.proto = DL_XMPP_SERVER,
		.host = "dlg.example",
		.steps = STEPS(
			SAY(HEADER "<stream:error><policy-violation xmlns='u'/></stream:error>")),
		.sent = S2S TO BYE,
		.verdict = "application-error hello stream-error 0",
		.facts = "stream=id=1;version=1.0;error=policy-violation",
	},
	{
		.proves = "an error in a stream without version is that error (Prosody sends such)",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(
			SAY("<?xml version='1.0'?><stream:stream id=''" NS ">"
			    "<stream:error><not-well-formed/></stream:error></stream:stream>")),
		.sent = C2S TOIP BYE,
		.verdict = "application-error hello stream-error 0",
	},
	{
		.proves = "a stream without version and without features is older than XMPP 1.0",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("<stream:stream from='old.example' id='1'" NS ">"), TIMER),
		.sent = C2S TOIP BYE,
		.verdict = "application-error hello pre-xmpp1 0",
		.facts = "stream=from=old.example;id=1",
	},
	{
		.proves = "<failure/> to STARTTLS",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER FEATURES),
			SAY("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")),
		.sent = C2S TOIP ASK BYE,
		.verdict = "application-error starttls tls-unavailable 0",
		.facts = "advertised attempted required caps=starttls stream=id=1;version=1.0",
	},
	{
		.proves = "a stream error in place of <proceed/>",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER FEATURES), SAY("<stream:error><undefined-condition/>")),
		.sent = C2S TOIP ASK BYE,
		.verdict = "application-error starttls stream-error 0",
	},
	{
		.proves = "a stream closed without a word",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER "</stream:stream>")),
		.sent = C2S TOIP,
		.verdict = "connection-closed hello none 0",
	},
	{
		.proves = "a silent server",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(TIMER),
		.sent = C2S TOIP,
		.verdict = "io-timeout hello silent 0",
	},
	{
		.proves = "our own header, coming back",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(C2S TOIP)),
		.sent = C2S TOIP,
		.verdict = "protocol-error hello other-protocol 0",
		.facts = "",
	},
	{
		.proves = "... of a server stream, in capitals",
		.proto = DL_XMPP_SERVER,
		.steps = STEPS(SAY("<?XML VERSION='1.0'?><STREAM:STREAM XMLNS='JABBER:SERVER'"
				   " TO='192.0.2.1' VERSION='1.0'>")),
		.sent = S2S TOIP,
		.verdict = "protocol-error hello other-protocol 0",
		.facts = "",
	},
	{
		.proves = "... behind a server's",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER C2S TOIP)),
		.sent = C2S TOIP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "our own <starttls/>, coming back",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY(HEADER FEATURES), SAY(ASK)),
		.sent = C2S TOIP ASK,
		.verdict = "protocol-error starttls other-protocol 0",
	},
	{
		.proves = "a header that says nothing of its server proves nothing",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("<stream:stream version='1.0'" NS ">"), TIMER),
		.sent = C2S TOIP,
		.verdict = "io-timeout hello none 0",
	},
	{
		.proves = "but an error behind it is a server's",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("<stream:stream version='1.0'" NS "><stream:error><reset/>")),
		.sent = C2S TOIP BYE,
		.verdict = "application-error hello stream-error 0",
	},
	{
		.proves = "a web page",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("<!DOCTYPE html>\n<html><body>")),
		.sent = C2S TOIP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "a web server",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("HTTP/1.1 400 Bad Request\r\n\r\n")),
		.sent = C2S TOIP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "a TLS server's alert to our stream header",
		.proto = DL_XMPP_SERVER,
		.host = "dlg.example",
		.steps = STEPS(SAY("\x15\x03\x03\x00\x02\x01\x00")),
		.sent = S2S TO,
		.verdict = "protocol-error hello tls-on-plain 0",
	},
	{
		.proves = "elements nested without end",
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(
			SAY(HEADER "<stream:features><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
				   "<a><a><a><a>")),
		.sent = C2S TOIP,
		.verdict = "protocol-error hello limit 0",
	},
};

static void test_reconnect(void)
{
	const struct exchange stranger = {
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(
			SAY("<stream:stream from='im.example' version='1.0'" NS ">" UNKNOWN)),
	};
	struct exchange again = stranger;
	const struct exchange evil = {
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(SAY("<stream:stream from=\"a'/><b\" version='1.0'" NS ">" UNKNOWN)),
	};
	static struct play play;
	char where[64] = "";

	play_whole(&play, &stranger);
	tap_eq(play.out.next, DL_NEXT_RECONNECT, "host-unknown asks for a second connection");
	tap_str(play.dialog.reconnect_host, "im.example",
		"the second connection uses the name that the server gives itself");
	tap_str(play.sent, C2S TOIP BYE,
		"the second connection is made after a goodbye on the first");
	same_however_cut(&stranger, &play, where, sizeof(where));
	tap_str(where, "", "host-unknown leads to a second connection however the header was cut");
	again.retry = true;
	play_whole(&play, &again);
	tap_eq(play.out.next, DL_NEXT_DONE, "there is only one second connection");
	play_whole(&play, &evil);
	tap_eq(play.out.next, DL_NEXT_DONE, "a from= that is no host name is not sent back");
}

static void test_host_is_checked(void)
{
	const struct exchange bad_host = {
		.proto = DL_XMPP_CLIENT, .host = "a'><b", .steps = STEPS(TIMER)};
	static struct play play;

	play_whole(&play, &bad_host);
	tap_str(play.sent, C2S TOIP, "a host that would break out of its attribute is not sent");
}

static void test_residue(void)
{
	const struct exchange injected = {
		.proto = DL_XMPP_CLIENT,
		.steps = STEPS(
			SAY(HEADER FEATURES), SAY(PROCEED "<x/>"), SAY(HEADER MECHS), SAY(BYE)),
	};
	static struct play play;

	play_whole(&play, &injected);
	tap_eq(play.dialog.plaintext_after_ready, 4, "bytes behind <proceed/> are counted");
	tap_str(play_verdict(&play), "success bye none 0",
		"bytes behind <proceed/> do not change the verdict");
}

int main(void)
{
	check_exchanges(served, sizeof(served) / sizeof(served[0]));
	check_exchanges(refused, sizeof(refused) / sizeof(refused[0]));
	test_reconnect();
	test_host_is_checked();
	test_residue();
	return tap_done();
}
