/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"

#define CAP  "CAP LS 302\r\n"
#define ASK  "STARTTLS\r\n"
#define QUIT "QUIT\r\n"

#define NOTICE	 ":irc.dlg.example NOTICE * :*** Looking up your hostname...\r\n"
#define INSP_CAP ":irc.dlg.example CAP * LS :inspircd.org/poison tls \r\n"
#define INSP_GO	 ":irc.dlg.example 670 * :STARTTLS successful, go ahead with TLS handshake\r\n"
#define INSP_BYE "ERROR :Closing link: (97KAAAAAA@127.0.0.1) [Client exited]\r\n"
#define END_TLS	 SAY(":s CAP * LS :x\r\n"), SAY("ERROR :bye\r\n")

static const struct exchange served[] = {
	{
		.proves = "InspIRCd 3.15 as recorded is taken to the end",
		.proto = DL_IRC,
		.steps = STEPS(SAY(NOTICE INSP_CAP), SAY(INSP_GO), SAY(INSP_CAP), SAY(INSP_BYE)),
		.sent = CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
		.facts = "advertised attempted ok caps=inspircd.org/poison;tls "
			 "caps-tls=inspircd.org/poison;tls numerics=670",
	},
	{
		.proves = "InspIRCd on 6697",
		.proto = DL_IRC,
		.implicit = true,
		.steps = STEPS(SAY(NOTICE INSP_CAP), SAY(INSP_BYE)),
		.sent = "{tls}" CAP QUIT,
		.verdict = "success bye none 0",
		.facts = "caps-tls=inspircd.org/poison;tls",
	},
	{
		.proves = "CAP over several lines, with values; 670 with an empty target",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s CAP * LS * :multi-prefix sasl=PLAIN,external\r\n"
				   ":s CAP * LS :sts=port=6697,duration=1 away-notify\r\n"),
			SAY(":irc.joulunet.org 670  :STARTTLS successful\r\n"), END_TLS),
		.sent = CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
		.facts = "attempted ok "
			 "caps=multi-prefix;sasl=PLAIN,external;sts=port=6697,duration=1;"
			 "away-notify caps-tls=x auth=PLAIN;EXTERNAL numerics=670",
	},
	{
		.proves = "a server that says nothing to CAP is asked for STARTTLS after the timer",
		.proto = DL_IRC,
		.steps = STEPS(TIMER, SAY(":s 670 * :go\r\n"), END_TLS),
		.sent = CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
	},
	{
		.proves = "PING is answered, in both forms",
		.proto = DL_IRC,
		.steps = STEPS(SAY("PING :cookie\r\n:s PING other\r\n"),
			SAY(":s CAP * LS :tls\r\n"), SAY(":s 670 * :go\r\n"), END_TLS),
		.sent = CAP "PONG :cookie\r\nPONG other\r\n" ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
	},
	{
		.proves = "a server that ignores what comes before our PONG is asked again",
		.proto = DL_IRC,
		.steps = STEPS(SAY(NOTICE "PING :1\r\n"), TIMER, SAY(":s CAP * LS :tls\r\n"),
			SAY(":s 670 * :go\r\n"), END_TLS),
		.sent = CAP "PONG :1\r\n" CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
		.facts = "advertised attempted ok caps=tls caps-tls=x numerics=670",
	},
	{
		.proves = "once; then STARTTLS is asked for",
		.proto = DL_IRC,
		.steps = STEPS(SAY("PING :1\r\n"), TIMER, SAY("PING :2\r\n"), TIMER,
			SAY(":s 670 * :go\r\n"), END_TLS),
		.sent = CAP "PONG :1\r\n" CAP "PONG :2\r\n" ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
	},
	{
		.proves = "two answers to CAP are one list",
		.proto = DL_IRC,
		.steps = STEPS(SAY("PING :1\r\n"), TIMER,
			SAY(":s CAP * LS :tls\r\n:s CAP * LS :tls\r\n"), SAY(":s 670 * :go\r\n"),
			END_TLS),
		.sent = CAP "PONG :1\r\n" CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
		.facts = "advertised attempted ok caps=tls caps-tls=x numerics=670",
	},
	{
		.proves = "inside TLS as well",
		.proto = DL_IRC,
		.implicit = true,
		.steps = STEPS(SAY("PING :1\r\n"), TIMER, SAY(":s CAP * LS :x\r\n"),
			SAY("ERROR :bye\r\n")),
		.sent = "{tls}" CAP "PONG :1\r\n" CAP QUIT,
		.verdict = "success bye none 0",
		.facts = "caps-tls=x",
	},
	{
		.proves = "421 to CAP means no CAP, and says nothing of STARTTLS",
		.proto = DL_IRC,
		.steps = STEPS(
			SAY(":s 421 * CAP :Unknown command\r\n"), SAY(":s 670 * :go\r\n"), END_TLS),
		.sent = CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
		.facts = "attempted ok caps-tls=x numerics=421;670",
	},
	{
		.proves = "a late 451 to CAP is not STARTTLS's",
		.proto = DL_IRC,
		.steps = STEPS(
			TIMER, SAY(":s 451 * CAP :Register first.\r\n:s 670 * :go\r\n"), END_TLS),
		.sent = CAP ASK "{tls}" CAP QUIT,
		.verdict = "success bye none 670",
	},
	{
		.proves = "a ban that comes behind our goodbye takes nothing back",
		.proto = DL_IRC,
		.implicit = true,
		.steps = STEPS(SAY(":s CAP * LS :x\r\n"), SAY(":s 465 * :banned\r\n")),
		.sent = "{tls}" CAP QUIT,
		.verdict = "success bye none 0",
	},
	{
		.proves = "451 to CAP inside TLS is an answer too",
		.proto = DL_IRC,
		.implicit = true,
		.steps = STEPS(
			SAY(NOTICE ":s 451 * :You have not registered\r\n"), SAY("ERROR :x\r\n")),
		.sent = "{tls}" CAP QUIT,
		.verdict = "success bye none 0",
		.facts = "numerics=451",
	},
};

static const struct exchange refused[] = {
	{
		.proves = "691 means STARTTLS is known but not to be had",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s CAP * LS :tls\r\n"), SAY(":s 691 * :STARTTLS failed\r\n")),
		.sent = CAP ASK QUIT,
		.verdict = "application-error starttls tls-unavailable 691",
		.facts = "advertised attempted caps=tls numerics=691",
	},
	{
		.proves = "421 to STARTTLS is a refusal",
		.proto = DL_IRC,
		.steps = STEPS(
			SAY(":s CAP * LS :\r\n"), SAY(":s 421 * STARTTLS :Unknown command\r\n")),
		.sent = CAP ASK QUIT,
		.verdict = "application-error starttls tls-refused 421",
	},
	{
		.proves = "451 twice: once for CAP, once for STARTTLS",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s 451 * :You have not registered\r\n"),
			SAY(":s 451 * :You have not registered\r\n")),
		.sent = CAP ASK QUIT,
		.verdict = "application-error starttls tls-refused 451",
	},
	{
		.proves = "670 does not stand as the code that decided a failed handshake",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s CAP * LS :\r\n"), SAY(":s 670 * :go\r\n"), HANDSHAKE_FAILS),
		.sent = CAP ASK,
		.verdict = "handshake-error tls none 0",
		.facts = "attempted ok numerics=670",
	},
	{
		.proves = "nor that of an ERROR behind it, which has none",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s CAP * LS :\r\n"), SAY(":s 670 * :go\r\n"),
			SAY("ERROR :Closing Link\r\n")),
		.sent = CAP ASK "{tls}" CAP,
		.verdict = "post-tls-application-error post policy 0",
	},
	{
		.proves = "banned",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s 465 * :You are banned\r\nERROR :Closing Link\r\n")),
		.sent = CAP QUIT,
		.verdict = "application-error hello policy 465",
	},
	{
		.proves = "a password wanted",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s CAP * LS :\r\n"), SAY(":s 464 * :Password incorrect\r\n")),
		.sent = CAP ASK QUIT,
		.verdict = "application-error starttls policy 464",
	},
	{
		.proves = "ERROR :Closing Link is policy",
		.proto = DL_IRC,
		.steps = STEPS(SAY("ERROR :Closing Link: 192.0.2.9 (Z-lined)\r\n")),
		.sent = CAP,
		.verdict = "application-error hello policy 0",
	},
	{
		.proves = "unless it speaks of throttling",
		.proto = DL_IRC,
		.steps = STEPS(SAY("ERROR :Trying to reconnect Too Fast.\r\n")),
		.sent = CAP,
		.verdict = "application-error hello throttled 0",
	},
	{
		.proves = "silence to everything: two timers, then over",
		.proto = DL_IRC,
		.steps = STEPS(TIMER, TIMER),
		.sent = CAP ASK,
		.verdict = "io-timeout starttls silent 0",
	},
	{
		.proves = "noise alone is not silence",
		.proto = DL_IRC,
		.steps = STEPS(SAY(NOTICE), TIMER, SAY(NOTICE), TIMER),
		.sent = CAP ASK,
		.verdict = "io-timeout starttls none 0",
	},
	{
		.proves = "a web server",
		.proto = DL_IRC,
		.steps = STEPS(SAY("HTTP/1.1 400 Bad Request\r\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "our own words, coming back",
		.proto = DL_IRC,
		.steps = STEPS(SAY(CAP)),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "... with a colon before them",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":" CAP)),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "... with a source before them",
		.proto = DL_IRC,
		.steps = STEPS(SAY(":x " CAP)),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "... cut, and ended by LF alone",
		.proto = DL_IRC,
		.steps = STEPS(SAY("CAP L\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "... behind words that are IRC's",
		.proto = DL_IRC,
		.steps = STEPS(SAY(NOTICE "CAP LS 302\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "... to STARTTLS",
		.proto = DL_IRC,
		.steps = STEPS(SAY(NOTICE), TIMER, SAY("starttls\n")),
		.sent = CAP ASK,
		.verdict = "protocol-error starttls other-protocol 0",
	},
	{
		.proves = "capitals that no IRC server says",
		.proto = DL_IRC,
		.steps = STEPS(SAY("WELCOME TO THE MACHINE\r\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "memcached: ERROR without a reason",
		.proto = DL_IRC,
		.steps = STEPS(SAY("ERROR\r\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "NATS: INFO, then PING without a cookie",
		.proto = DL_IRC,
		.steps = STEPS(SAY("INFO {\"server_id\":\"x\"}\r\nPING\r\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "a mail server: a number, but from nobody",
		.proto = DL_IRC,
		.steps = STEPS(SAY("220 mx ESMTP\r\n")),
		.sent = CAP,
		.verdict = "protocol-error hello other-protocol 0",
	},
	{
		.proves = "a TLS server answers our CAP with an alert",
		.proto = DL_IRC,
		.steps = STEPS(SAY("\x15\x03\x01\x00\x02\x02\x46")),
		.sent = CAP,
		.verdict = "protocol-error hello tls-on-plain 0",
	},
};

static void test_pings_are_bounded(void)
{
	static const char ping[] = "PING :x\r\n";
	const struct exchange flood = {
		.proto = DL_IRC,
		.steps = STEPS(SAY(ping), SAY(ping), SAY(ping), SAY(ping), SAY(ping), SAY(ping)),
	};
	static struct play play;

	play_whole(&play, &flood);
	tap_str(play.sent, CAP "PONG :x\r\nPONG :x\r\nPONG :x\r\nPONG :x\r\n",
		"a server that pings for ever is answered four times");
}

static void test_pong_never_follows_the_go_ahead(void)
{
	const struct exchange late_ping = {
		.proto = DL_IRC,
		.steps = STEPS(SAY(":s CAP * LS :tls\r\n"), SAY("PING :x\r\n:s 670 * :go\r\n")),
	};
	static struct play play;

	play_whole(&play, &late_ping);
	tap_str(play.sent, CAP ASK "{tls}" CAP,
		"a PONG that could only leave behind the go-ahead is not sent");
}

static void test_texts(void)
{
	static struct play play;

	play_whole(&play, &served[0]);
	tap_str(play_text(&play, DL_TEXT_BANNER), NOTICE, "notices are the banner");
	tap_str(play_text(&play, DL_TEXT_HELLO), INSP_CAP, "the CAP reply is kept apart");
	tap_str(play_text(&play, DL_TEXT_STARTTLS), INSP_GO, "the go-ahead is kept apart");
}

int main(void)
{
	check_exchanges(served, sizeof(served) / sizeof(served[0]));
	check_exchanges(refused, sizeof(refused) / sizeof(refused[0]));
	test_pings_are_bounded();
	test_pong_never_follows_the_go_ahead();
	test_texts();
	return tap_done();
}
