/* SPDX-License-Identifier: BSD-3-Clause */
/* The body of an HTTP answer: how long it is, how much of it is kept, and when the dialog ends. */
#include "tap.h"
#include "tls/dialog/dialog.h"

#define MAX 16

enum end { BY_ITSELF, PEER_CLOSES, TIMER };

static const struct {
	const char *proves, *answer, *body;
	int64_t length;
	enum end end; /* what ends it; BY_ITSELF: the last byte of the answer, or an earlier one */
	bool truncated, chunked;
	const char *method, *trailer;
} cases[] = {
	{
		.proves = "a body of a known length",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		.body = "hello",
		.length = 5,
	},
	{
		.proves = "a body as long as is kept",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n0123456789abcdef",
		.body = "0123456789abcdef",
		.length = 16,
	},
	{
		.proves = "a longer one is cut, and nobody waits for the rest",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n0123456789abcdef",
		.body = "0123456789abcdef",
		.length = 900,
		.truncated = true,
	},
	{
		.proves = "a body without a length ends with the connection",
		.answer = "HTTP/1.0 200 OK\r\n\r\nhello",
		.body = "hello",
		.length = -1,
		.end = PEER_CLOSES,
	},
	{
		.proves = "one without a length that is too long",
		.answer = "HTTP/1.0 200 OK\r\n\r\n0123456789abcdefg",
		.body = "0123456789abcdef",
		.length = -1,
		.truncated = true,
	},
	{
		.proves = "a body that the peer cuts off",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwor",
		.body = "wor",
		.length = 5,
		.end = PEER_CLOSES,
		.truncated = true,
	},
	{
		.proves = "a body that never comes",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
		.body = "",
		.length = 5,
		.end = TIMER,
		.truncated = true,
	},
	{
		.proves = "a body in chunks, with an extension",
		.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
			  "3\r\nabc\r\n00B;x=y\r\n0123456789a\r\n0\r\n\r\n",
		.body = "abc0123456789a",
		.length = -1,
		.chunked = true,
	},
	{
		.proves = "chunks count, not a length beside them",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: gzip, "
			  "chunked\r\n\r\n"
			  "3\r\nabc\r\n0\r\n\r\n",
		.body = "abc",
		.length = -1,
		.chunked = true,
	},
	{
		.proves = "what follows the last chunk is a trailer",
		.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
			  "3\r\nabc\r\n0\r\nX-Sum: 5\r\n\r\n",
		.body = "abc",
		.length = -1,
		.chunked = true,
		.trailer = "X-Sum: 5",
	},
	{
		.proves = "chunks that are too long are cut",
		.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
			  "chunked\r\n\r\nff\r\n0123456789abcdefg",
		.body = "0123456789abcdef",
		.length = -1,
		.truncated = true,
		.chunked = true,
	},
	{
		.proves = "a chunk without a size",
		.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz",
		.body = "",
		.length = -1,
		.truncated = true,
		.chunked = true,
	},
	{
		.proves = "a chunk whose size no number holds",
		.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff",
		.body = "",
		.length = -1,
		.truncated = true,
		.chunked = true,
	},
	{
		.proves = "a length that no number holds counts for nothing",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
		.body = "hello",
		.length = -1,
		.end = PEER_CLOSES,
	},
	{
		.proves = "an answer to HEAD has no body",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
		.body = "",
		.length = 5,
		.method = "HEAD",
	},
	{
		.proves = "204 has no body",
		.answer = "HTTP/1.1 204 No Content\r\n\r\n",
		.body = "",
		.length = -1,
	},
	{
		.proves = "304 has no body",
		.answer = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
		.body = "",
		.length = 5,
	},
	{
		.proves = "the length of an interim answer does not count",
		.answer = "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n"
			  "HTTP/1.1 200 OK\r\n\r\nhello",
		.body = "hello",
		.length = -1,
		.end = PEER_CLOSES,
	},
	{
		.proves = "an empty body",
		.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		.body = "",
		.length = 0,
	},
};

#define N_CASES (sizeof(cases) / sizeof(cases[0]))

static struct dl_config config;
static struct dl_dialog dialog;
static struct dl_out out;
static uint8_t memory[MAX];

static void start(const char *method)
{
	dl_config_default(&config);
	config.http_max_body = MAX;
	config.http_method = method != NULL ? method : "GET";
	config.http_path = "/a?b=c";
	memset(memory, 0, sizeof(memory));
	dl_start(&dialog, &config, DL_HTTP, true, "www.example", "192.0.2.1", false, 0, &out);
	dl_granted(&dialog, &config, 0, &out);
	dl_tls_up(&dialog, &config, 0, &out);
}

static void say(const char *bytes, size_t len)
{
	dl_body_lend(&dialog, memory, MAX);
	dl_input(&dialog, &config, (const uint8_t *)bytes, len, 1, &out);
}

static void play(size_t i, size_t cut)
{
	const char *answer = cases[i].answer;
	size_t len = strlen(answer);

	start(cases[i].method);
	say(answer, cut);
	say(answer + cut, len - cut);
	if (cases[i].end == PEER_CLOSES)
		dl_eof(&dialog, &out);
	else if (cases[i].end == TIMER)
		dl_timer(&dialog, &config, dialog.deadline_us, &out);
}

static bool as_wanted(size_t i)
{
	return out.next == DL_NEXT_DONE && dialog.status == DL_SUCCESS &&
	       dialog.class == DL_CLASS_NONE && dialog.body_len == strlen(cases[i].body) &&
	       memcmp(memory, cases[i].body, dialog.body_len) == 0 &&
	       dialog.http_length == cases[i].length &&
	       dialog.body_truncated == cases[i].truncated &&
	       dialog.http_chunked == cases[i].chunked;
}

static void test_cases(void)
{
	for (size_t i = 0; i < N_CASES; i++) {
		size_t len = strlen(cases[i].answer), n_wrong = 0;

		for (size_t cut = 0; cut <= len; cut++) {
			play(i, cut);
			n_wrong += !as_wanted(i);
		}
		if (!tap_ok(n_wrong == 0, "%s, however the answer is cut", cases[i].proves))
			printf("# %zu of %zu cuts; status %d class %d body %u \"%.*s\" length "
			       "%lld truncated %d\n",
				n_wrong, len, dialog.status, dialog.class, dialog.body_len,
				(int)dialog.body_len, (const char *)memory,
				(long long)dialog.http_length, dialog.body_truncated);
	}
}

static void test_trailer(void)
{
	enum dl_list list = DL_LIST_CAPS;
	const char *token = "";
	size_t pos = 0, len = 0;

	play(9, 0);
	while (list != DL_LIST_TRAILER && (len = dl_item_next(&dialog, &pos, &list, &token)) > 0)
		continue;
	tap_ok(len == strlen(cases[9].trailer) && memcmp(token, cases[9].trailer, len) == 0,
		"a trailer is kept, and told from the headers");
	tap_eq(dialog.text[DL_TEXT_HELLO_TLS].len,
		(int64_t)strlen("HTTP/1.1 200 OK\r\n"
				"Transfer-Encoding: chunked\r\n\r\n"),
		"the raw head of the answer is without it");
}

static void test_request(void)
{
	start("HEAD");
	tap_ok(out.len > 60 &&
			memcmp(out.bytes, "HEAD /a?b=c HTTP/1.1\r\nHost: www.example\r\n", 41) == 0,
		"the request has the method and the path asked for");
}

static void test_no_room(void)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

	start(NULL);
	dl_body_lend(&dialog, NULL, 0);
	dl_input(&dialog, &config, (const uint8_t *)answer, sizeof(answer) - 1, 1, &out);
	tap_ok(out.next == DL_NEXT_DONE && dialog.status == DL_SUCCESS && dialog.body_len == 0 &&
			dialog.body_truncated,
		"without memory for a body the answer counts all the same");
	start(NULL);
	config.http_max_body = 0;
	dl_input(&dialog, &config, (const uint8_t *)answer, sizeof(answer) - 1, 1, &out);
	tap_ok(out.next == DL_NEXT_DONE && dialog.body_len == 0 && !dialog.body_truncated,
		"if no body is asked for, none is waited for");
}

/* One byte a chunk: the caps of a dialog hold for what frames a body too. */
static void test_endless(void)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
	size_t n = 0;

	start(NULL);
	say(head, sizeof(head) - 1);
	while (out.next == DL_NEXT_READ && n < DL_INPUT_CAP) {
		say("00", 2);
		n += 2;
	}
	tap_ok(out.next == DL_NEXT_DONE && dialog.status == DL_SUCCESS && dialog.body_truncated,
		"a size of a chunk that never ends ends the dialog");
}

int main(void)
{
	test_cases();
	test_trailer();
	test_request();
	test_no_room();
	test_endless();
	return tap_done();
}
