/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host that returns what it hears: in every protocol, however it changes, cuts or delays our
 * words, it never comes near to having spoken the protocol.
 */
#include "exchange.h"

/* Turns of one dialog; none takes more than a handful. */
#define MAX_TURNS 64

struct echo {
	const char *name;
	const char *before; /* said in front of each return */
	bool upper, lf, bytewise;
	size_t limit; /* bytes returned each time; 0: all */
};

static const struct echo echoes[] = {
	{.name = "whole"},
	{.name = "byte by byte", .bytewise = true},
	{.name = "in capitals", .upper = true},
	{.name = "ended by LF", .lf = true},
	{.name = "ended by LF, byte by byte, in capitals",
		.lf = true,
		.bytewise = true,
		.upper = true},
	{.name = "behind a line end", .before = "\r\n"},
	{.name = "behind a colon", .before = ":"},
	{.name = "behind a colon and a space", .before = ": "},
	{.name = "behind a name", .before = ":echo "},
	{.name = "behind a star", .before = "* "},
	{.name = "behind a tag", .before = "a1 "},
	{.name = "behind a prompt", .before = "> "},
	{.name = "behind telnet's options", .before = "\xff\xfd\x18"},
	{.name = "behind spaces", .before = "  "},
};

static void give(struct dl_dialog *dialog, struct dl_out *out, const uint8_t *bytes, size_t len,
	uint64_t now_us)
{
	bool hears = out->next == DL_NEXT_READ || out->next == DL_NEXT_CREDIT;

	if (hears && len > 0)
		dl_input(dialog, &test_config, bytes, len, now_us, out);
}

static size_t change(const struct echo *echo, const struct dl_out *out, uint8_t *back)
{
	size_t len = echo->before != NULL ? strlen(echo->before) : 0;
	size_t limit = echo->limit > 0 && echo->limit < out->len ? echo->limit : out->len;

	memcpy(back, echo->before != NULL ? echo->before : "", len);
	for (size_t i = 0; i < limit; i++) {
		uint8_t byte = out->bytes[i];

		if (echo->lf && byte == '\r')
			continue;
		back[len++] = echo->upper && byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 32)
									: byte;
	}
	return len;
}

/* Play a talk to its end; what it says comes back, and between that its timers pass. */
static void play_echo(
	enum dl_proto proto, const struct echo *echo, struct dl_dialog *dialog, struct dl_out *out)
{
	uint64_t now_us = 1;

	dl_start(dialog, &test_config, proto, false, "", TEST_ADDR, false, now_us, out);
	for (int turn = 0; turn < MAX_TURNS && out->next != DL_NEXT_DONE; turn++) {
		uint8_t back[DL_OUT_MAX + 16];
		size_t len = out->len > 0 ? change(echo, out, back) : 0;
		struct dl_out next = *out;

		next.len = 0;
		for (size_t i = 0; echo->bytewise && i < len && next.len == 0; i++)
			give(dialog, &next, &back[i], 1, now_us);
		if (!echo->bytewise)
			give(dialog, &next, back, len, now_us);
		*out = next;
		if (out->next == DL_NEXT_CREDIT) {
			dl_granted(dialog, &test_config, now_us, out);
		} else if (out->next == DL_NEXT_READ && out->len == 0) {
			now_us = out->deadline_us;
			dl_timer(dialog, &test_config, now_us, out);
		}
	}
}

static bool proves_nothing(enum dl_proto proto, const struct echo *echo)
{
	static struct dl_dialog dialog;
	struct dl_out out;

	play_echo(proto, echo, &dialog, &out);
	return out.next == DL_NEXT_DONE && dialog.heard != DL_HEARD_PROTOCOL &&
	       dialog.status != DL_SUCCESS && !dialog.starttls_ok && dialog.alert_level == 0;
}

int main(void)
{
	for (enum dl_proto proto = DL_SMTP; proto <= DL_XMPP_SERVER; proto++) {
		bool all = true;

		for (size_t i = 0; i < sizeof(echoes) / sizeof(echoes[0]); i++)
			tap_ok(proves_nothing(proto, &echoes[i]), "%s: our words %s prove nothing",
				dl_proto_name(proto), echoes[i].name);
		for (size_t n = 1; n < 300; n++)
			all = all && proves_nothing(proto, &(struct echo){.limit = n});
		tap_ok(all, "%s: nor do they when they are cut, wherever", dl_proto_name(proto));
	}
	return tap_done();
}
