/* SPDX-License-Identifier: BSD-3-Clause */
/* What is asked inside TLS and nowhere else: HTTP, and TLS alone. */
#include "exchange.h"

#define GET(host)                                                                        \
	"GET / HTTP/1.1\r\nHost: " host "\r\nUser-Agent: tlsweep (scan@example.net)\r\n" \
	"Accept: */*\r\nConnection: close\r\n\r\n"

static const struct exchange web[] = {
	{
		.proves = "nginx 1.22 as recorded: status, headers, and no wait for the body",
		.proto = DL_HTTP,
		.implicit = true,
		.host = "www.example",
		.steps = STEPS(
			SAY("HTTP/1.1 401 Unauthorized\r\nServer: nginx/1.22.1\r\n"
			    "Content-Length: 179\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n"
			    "<html>\r\n")),
		.sent = "{tls}" GET("www.example"),
		.verdict = "success post none 0",
		.facts = "auth-tls=BASIC stream=Server: nginx/1.22.1;Content-Length: 179;"
			 "WWW-Authenticate: Basic realm=\"x\"",
	},
	{
		.proves = "HTTP is TLS first, whatever the caller says",
		.proto = DL_HTTP,
		.steps = STEPS(SAY("HTTP/1.0 200\n\n")),
		.sent = "{tls}" GET(TEST_ADDR),
		.verdict = "success post none 0",
	},
	{
		.proves = "an interim answer is followed by the real one",
		.proto = DL_HTTP,
		.steps = STEPS(SAY("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
				   "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n")),
		.sent = "{tls}" GET(TEST_ADDR),
		.verdict = "success post none 0",
		.facts = "stream=Link: </a>;Server: x",
	},
	{
		.proves = "an IPv6 address goes into brackets",
		.proto = DL_HTTP,
		.host = "2001:db8::1",
		.steps = STEPS(SAY("HTTP/1.1 200 OK\r\n\r\n")),
		.sent = "{tls}" GET("[2001:db8::1]"),
		.verdict = "success post none 0",
	},
	{
		.proves = "a status line is enough, even when the headers are cut off",
		.proto = DL_HTTP,
		.steps = STEPS(SAY("HTTP/1.1 200 OK\r\nServer: x\r\nDa"), PEER_CLOSES),
		.sent = "{tls}" GET(TEST_ADDR),
		.verdict = "success post none 0",
		.facts = "stream=Server: x",
	},
	{
		.proves = "another protocol inside TLS",
		.proto = DL_HTTP,
		.steps = STEPS(SAY("220 mx ESMTP\r\n")),
		.sent = "{tls}" GET(TEST_ADDR),
		.verdict = "post-tls-application-error post other-protocol 0",
	},
	{
		.proves = "silence inside TLS",
		.proto = DL_HTTP,
		.steps = STEPS(TIMER),
		.sent = "{tls}" GET(TEST_ADDR),
		.verdict = "post-tls-application-error post silent 0",
	},
	{
		.proves = "a handshake that fails",
		.proto = DL_HTTP,
		.steps = STEPS(HANDSHAKE_FAILS),
		.sent = "",
		.verdict = "handshake-error tls none 0",
	},
	{
		.proves = "TLS alone is done when TLS is up, and says nothing",
		.proto = DL_TLS,
		.steps = STEPS({STEP_SAY, "", 0}),
		.sent = "{tls}",
		.verdict = "success tls none 0",
	},
};

static void test_status(void)
{
	static struct play play;

	play_whole(&play, &web[0]);
	tap_eq(play.dialog.http_status, 401, "the status code of the answer is kept");
	tap_str(play_text(&play, DL_TEXT_HELLO_TLS),
		"HTTP/1.1 401 Unauthorized\r\nServer: nginx/1.22.1\r\nContent-Length: 179\r\n"
		"WWW-Authenticate: Basic realm=\"x\"\r\n\r\n",
		"the raw head of the answer is kept, without the body");
	play_whole(&play, &web[2]);
	tap_eq(play.dialog.http_status, 200, "the last of two status codes counts");
}

int main(void)
{
	check_exchanges(web, sizeof(web) / sizeof(web[0]));
	test_status();
	return tap_done();
}
