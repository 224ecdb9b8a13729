/* SPDX-License-Identifier: BSD-3-Clause */
/* Records framed anew: what goes on to the library, byte for byte, in every split. */
#include <string.h>

#include "tap.h"
#include "tls/hello/reframe.h"

#define OUT_MAX 512

struct bytes {
	uint8_t at[OUT_MAX];
	size_t len;
};

/* What comes out when in arrives in pieces of step bytes and room is asked for at a time. */
static struct bytes through(
	struct hl_reframe *r, const void *in, size_t len, bool tls13, size_t step, size_t room)
{
	struct bytes out = {.len = 0};

	hl_reframe_init(r);
	for (size_t at = 0; at < len; at += step) {
		struct hl_cursor c = {(const uint8_t *)in + at, len - at < step ? len - at : step};
		size_t n;

		do {
			size_t cap = sizeof(out.at) - out.len;

			n = hl_reframe(r, &c, tls13, out.at + out.len, cap < room ? cap : room);
			out.len += n;
		} while (n > 0);
	}
	return out;
}

/* In every split and with every room, the same comes out. */
static bool gives(struct hl_reframe *r, const void *in, size_t len, bool tls13, const void *wanted,
	size_t wanted_len)
{
	bool same = true;

	for (size_t step = 1; step <= len; step++) {
		for (size_t room = 1; room <= 16; room++) {
			struct bytes out = through(r, in, len, tls13, step, room);

			same = same && out.len == wanted_len &&
			       memcmp(out.at, wanted, wanted_len) == 0;
		}
	}
	return same;
}

#define GIVES(r, in, tls13, wanted) \
	gives((r), in, sizeof(in) - 1, tls13, wanted, sizeof(wanted) - 1)

static void test_left_alone(void)
{
	static const char usual[] = "\x16\x03\x03\x00\x06\x02\x00\x00\x02\x61\x62"
				    "\x16\x03\x03\x00\x04\x0e\x00\x00\x00"
				    "\x14\x03\x03\x00\x01\x01"
				    "\x16\x03\x03\x00\x03zzz\x15\x03\x03\x00\x02\x01\x70";
	static const char retry[] = "\x16\x03\x03\x00\x06\x02\x00\x00\x02\x61\x62"
				    "\x14\x03\x03\x00\x01\x01"
				    "\x16\x03\x03\x00\x06\x02\x00\x00\x02\x63\x64"
				    "\x17\x03\x03\x00\x02\x16\x03\x16\x03\x03\x00\x01\x05";
	static const char large[] = "\x16\x03\x03\x40\x01\x02\x00\x00\x02\x61\x62";
	struct hl_reframe r;

	tap_ok(GIVES(&r, usual, false, usual),
		"a message a record goes through as it is, and all behind a ChangeCipherSpec");
	tap_ok(GIVES(&r, retry, true, retry), "a HelloRetryRequest with its ChangeCipherSpec, and "
					      "what is encrypted, goes through as it is");
	tap_ok(GIVES(&r, "HTTP/1.1 400", false, "HTTP/1.1 400"),
		"what is not TLS goes through as it is");
	tap_ok(GIVES(&r, "\x16H...", false, "\x16H..."),
		"what only looks like TLS at first goes through as it is");
	tap_ok(GIVES(&r, large, false, large),
		"a record larger than the rules allow goes through as it is");
}

static void test_headers(void)
{
	struct hl_reframe r;

	tap_ok(GIVES(&r, "\x16\x03\x01\x00\x0b\x02\x00\x00\x02\x61\x62\x0b\x00\x00\x01\x63", false,
		       "\x16\x03\x01\x00\x06\x02\x00\x00\x02\x61\x62"
		       "\x16\x03\x01\x00\x05\x0b\x00\x00\x01\x63"),
		"two messages in a record are made two records");
	tap_ok(GIVES(&r,
		       "\x16\x03\x03\x00\x07\x02\x00\x00\x02\x61\x62\x0b"
		       "\x16\x03\x03\x00\x04\x00\x00\x01\x63",
		       false,
		       "\x16\x03\x03\x00\x06\x02\x00\x00\x02\x61\x62"
		       "\x16\x03\x03\x00\x05\x0b\x00\x00\x01\x63"),
		"a header that a record's end cuts is put together");
	tap_ok(GIVES(&r,
		       "\x16\x03\x03\x00\x01\x02\x16\x03\x03\x00\x01\x00\x16\x03\x03\x00\x01\x00"
		       "\x16\x03\x03\x00\x01\x02\x16\x03\x03\x00\x01\x61\x16\x03\x03\x00\x01\x62",
		       false,
		       "\x16\x03\x03\x00\x04\x02\x00\x00\x02"
		       "\x16\x03\x03\x00\x01\x61\x16\x03\x03\x00\x01\x62"),
		"a header in records of one byte is put together");
	tap_ok(GIVES(&r, "\x16\x03\x03\x00\x02\x02\x00\x14\x03\x03\x00\x01\x01", false,
		       "\x16\x03\x03\x00\x02\x02\x00\x14\x03\x03\x00\x01\x01"),
		"a header that never ends is passed on for the library to judge");
	tap_ok(GIVES(&r,
		       "\x16\x03\x03\x00\x02\x02\x00\x15\x03\x03\x00\x02\x01\x70"
		       "\x16\x03\x03\x00\x02\x00\x00",
		       false, "\x16\x03\x03\x00\x04\x02\x00\x00\x00") &&
			r.n_warnings == 1,
		"an alert may stand in the middle of a header");
}

static void test_alerts(void)
{
	static const char before[] = "\x15\x03\x03\x00\x02\x01\x70"
				     "\x16\x03\x03\x00\x04\x02\x00\x00\x00";
	static const char after[] = "\x16\x03\x03\x00\x04\x02\x00\x00\x00"
				    "\x15\x03\x03\x00\x02\x01\x70";
	static const char hello[] = "\x16\x03\x03\x00\x04\x02\x00\x00\x00";
	static const char fatal[] = "\x15\x03\x03\x00\x02\x02\x28";
	static const char close[] = "\x15\x03\x03\x00\x02\x01\x00";
	struct hl_reframe r;

	tap_ok(GIVES(&r, before, false, hello) && r.n_warnings == 1 && r.warnings[0] == 112,
		"a warning before a ServerHello is noted and not passed on");
	tap_ok(GIVES(&r, before, true, hello) && r.n_warnings == 1,
		"a warning before a ServerHello of TLS 1.3 is noted and not passed on");
	tap_ok(GIVES(&r, after, false, hello) && r.n_warnings == 1,
		"up to TLS 1.2 a warning behind the ServerHello is noted and not passed on");
	tap_ok(GIVES(&r, after, true, after) && r.n_warnings == 0,
		"in TLS 1.3 a warning behind the ServerHello is passed on: there each alert is an "
		"error");
	tap_ok(GIVES(&r, fatal, false, fatal) && r.n_warnings == 0, "a fatal alert is passed on");
	tap_ok(GIVES(&r, close, false, close) && r.n_warnings == 0, "close_notify is passed on");
	tap_ok(GIVES(&r, "\x15\x03\x03\x00\x04\x01\x70\x02\x28", false, fatal) && r.n_warnings == 1,
		"alerts that share a record are told apart");
	tap_ok(GIVES(&r, "\x15\x03\x03\x00\x01\x01\x15\x03\x03\x00\x01\x5a", false, "") &&
			r.n_warnings == 1 && r.warnings[0] == 90,
		"an alert that is cut by the end of a record is put together");
}

static void test_many_alerts(void)
{
	uint8_t in[7 * (HL_WARNINGS_MAX + 1) + 7];
	struct hl_reframe r;
	struct bytes out;

	for (size_t at = 0; at < sizeof(in); at += 7)
		memcpy(in + at, "\x15\x03\x03\x00\x02\x01\x70", 7);
	out = through(&r, in, 7 * HL_WARNINGS_MAX, false, 3, 3);
	tap_ok(out.len == 0 && r.n_warnings == HL_WARNINGS_MAX && !r.too_many_warnings,
		"eight warnings are borne");
	out = through(&r, in, sizeof(in), false, 3, 3);
	tap_ok(out.len == 0 && r.n_warnings == HL_WARNINGS_MAX && r.too_many_warnings,
		"the ninth is one too many, and nothing more goes on");
}

int main(void)
{
	test_left_alone();
	test_headers();
	test_alerts();
	test_many_alerts();
	return tap_done();
}
