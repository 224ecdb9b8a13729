/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers, caps and the rules that hold for every dialog. */
#include "exchange.h"

#include "tls/dialog/turn.h"

static struct play play;

static void start(enum dl_proto proto)
{
	const struct exchange exchange = {.proto = proto};

	play_start(&play, &exchange);
}

static void say(const char *text)
{
	play_say(&play, text, strlen(text));
}

static void test_timers(void)
{
	struct dl_config defaults;

	dl_config_default(&defaults);
	tap_ok(defaults.greeting_us == 12000000 && defaults.reply_us == 10000000 &&
			defaults.irc_hello_us == 3000000 && defaults.irc_starttls_us == 8000000 &&
			defaults.bye_us == 1000000 && defaults.post_tls,
		"the default timers are those of the reference");
	start(DL_SMTP);
	tap_eq(play.out.deadline_us, play.now_us + 12000000, "a greeting has 12 s");
	play.now_us += 5000000;
	say("220-");
	tap_eq(play.out.deadline_us, 1000000 + 12000000, "dripping bytes does not buy time");
	dl_timer(&play.talk, &test_config, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_READ && play.out.deadline_us == 13000000,
		"a timer that fires early changes nothing");
	say("hi\n220 hi\n");
	tap_eq(play.out.deadline_us, play.now_us + 10000000, "a reply has 10 s of its own");
	tap_eq(play.talk.greeting_us, 5000000, "the time to the first byte is kept");
	start(DL_IRC);
	tap_eq(play.out.deadline_us, play.now_us + 3000000, "CAP LS has 3 s");
	play.now_us = play.out.deadline_us;
	dl_timer(&play.talk, &test_config, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_CREDIT && play.out.deadline_us == DL_NEVER,
		"waiting for a credit has no timer");
	dl_timer(&play.talk, &test_config, play.now_us + 1000000000, &play.out);
	tap_eq(play.out.next, DL_NEXT_CREDIT, "and no call to the timer ends it");
	dl_granted(&play.talk, &test_config, play.now_us, &play.out);
	tap_eq(play.out.deadline_us, play.now_us + 8000000, "STARTTLS has 8 s on IRC");
	say(":s 670 :go\n");
	tap_eq(play.out.deadline_us, play.now_us + 10000000, "the handshake has 10 s");
	dl_timer(&play.talk, &test_config, play.now_us + 10000000, &play.out);
	tap_str(play_verdict(&play), "io-timeout tls silent 0", "and then it is over");
}

static void test_phase_bytes(void)
{
	start(DL_IMAP);
	for (uint32_t i = 0; i < test_config.max_phase_bytes; i++)
		say("*");
	tap_eq(play.out.next, DL_NEXT_READ, "16 kB of a phase are taken in");
	say("*");
	tap_str(play_verdict(&play), "protocol-error greeting limit 0",
		"one byte more ends the talk");
	tap_ok(play.talk.raw_truncated, "the line was cut and flagged");
	tap_eq(play.talk.text[DL_TEXT_BANNER].len, DL_TEXT_CAP, "2 kB of its text are kept");
}

static void test_lines(void)
{
	start(DL_SMTP);
	for (uint32_t i = 0; i < test_config.max_lines; i++)
		say("220-x\n");
	tap_eq(play.out.next, DL_NEXT_READ, "128 lines of a phase are taken in");
	say("220-x\n");
	tap_str(play_verdict(&play), "protocol-error greeting limit 0", "one more ends the talk");
}

static void test_long_line(void)
{
	start(DL_SMTP);
	say("220 ");
	for (int i = 0; i < DL_LINE_CAP; i++)
		say("x");
	say("\r\n");
	tap_ok(play.out.next == DL_NEXT_READ && play.talk.stage == DL_AT_HELLO,
		"a line beyond 2 kB is cut, not refused");
	tap_ok(play.talk.raw_truncated, "and flagged");
	say("250-x\n250 STARTTLS\n");
	tap_eq(play.talk.stage, DL_AT_STARTTLS, "the next line is read from its start");
}

static void test_items(void)
{
	char line[400];

	start(DL_SMTP);
	say("220 x\n250-x\n");
	memset(line, 'y', sizeof(line));
	memcpy(line, "250-", 4);
	memcpy(line + sizeof(line) - 2, "\n", 2);
	for (int i = 0; i < 20; i++)
		say(line);
	say("250 STARTTLS\n");
	tap_ok(play.talk.items_truncated && play.talk.items_len <= DL_ITEMS_CAP,
		"tokens are cut to 255 bytes and to what fits");
	tap_ok(play.talk.starttls_advertised, "a token that did not fit still counts as said");
	start(DL_IMAP);
	say("* OK [CAPABILITY");
	for (int i = 0; i < 300; i++)
		say(" a");
	say("]\n");
	tap_ok(play.talk.items_truncated,
		"thousands of small tokens do not cost thousands of look-ups");
}

static void test_raw(void)
{
	size_t sum = 0;

	start(DL_SMTP);
	for (int phase = 0; phase < 3; phase++) {
		for (int i = 0; i < 100; i++)
			say("250-0123456789012345678901234567890123456789\r\n");
		say(phase == 0 ? "250 x\r\n" : "550 x\r\n");
	}
	for (int i = 0; i < 100; i++)
		say("220-0123456789012345678901234567890123456789\r\n");
	say("220 go\r\n");
	for (int i = 0; i < DL_N_TEXT; i++)
		sum += play.talk.text[i].len;
	tap_eq(play.talk.raw_len, DL_RAW_CAP, "the raw text of all phases together is bounded");
	tap_eq(sum, play.talk.raw_len, "and each byte of it belongs to one phase");
	tap_eq(play.talk.text[DL_TEXT_STARTTLS].len, 0,
		"the last phase is the one that goes short");
	tap_ok(play.talk.starttls_ok, "what is not kept is still read");
}

static void test_kept_while_waiting(void)
{
	static char flood[DL_LINE_CAP + 1];

	start(DL_SMTP);
	play.late_credit = true;
	memset(flood, 'x', sizeof(flood));
	say("220 x\n250 x\n");
	play_say(&play, flood, DL_LINE_CAP);
	tap_eq(play.out.next, DL_NEXT_CREDIT, "2 kB are kept while the talk waits for a credit");
	say("x");
	tap_str(play_verdict(&play), "protocol-error hello limit 0", "more than that is a flood");
	start(DL_SMTP);
	play.late_credit = true;
	say("220 x\n250 x\n421 idle\n");
	dl_eof(&play.talk, &play.out);
	tap_str(play_verdict(&play), "connection-closed hello none 0", "a close ends the wait");
	tap_str(play_text(&play, DL_TEXT_STARTTLS), "421 idle\n", "and what was said is kept");
}

static void test_plaintext_on_implicit_port(void)
{
	struct dl_talk *talk = &play.talk;

	dl_start(talk, &test_config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	tap_ok(play.out.next == DL_NEXT_CREDIT && play.out.len == 0,
		"implicit TLS begins with a credit");
	dl_input(talk, &test_config, (const uint8_t *)"220 x\r\n", 7, 2, &play.out);
	tap_str(play_verdict(&play), "handshake-error tls other-protocol 0",
		"who greets before our ClientHello does not speak TLS");
	tap_str(play_text(&play, DL_TEXT_BANNER), "220 x\r\n", "its greeting is kept");
}

static void test_no_post(void)
{
	struct dl_config config = test_config;
	struct dl_talk *talk = &play.talk;

	config.post_tls = false;
	start(DL_SMTP);
	say("220 x\n250 x\n220 go\n");
	dl_tls_up(talk, &config, play.now_us, &play.out);
	tap_ok(play.out.len == 6 && memcmp(play.out.bytes, "QUIT\r\n", 6) == 0,
		"without a second round the goodbye comes right after TLS");
	dl_input(talk, &config, (const uint8_t *)"221 x\r\n", 7, play.now_us, &play.out);
	tap_str(play_verdict(&play), "success bye none 220", "and that is success");
	dl_start(talk, &config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	dl_granted(talk, &config, 1, &play.out);
	dl_tls_up(talk, &config, 1, &play.out);
	tap_ok(play.out.len == 0 && play.out.next == DL_NEXT_DONE && talk->status == DL_SUCCESS,
		"no command is sent before a greeting inside TLS");
}

static void test_misuse(void)
{
	struct dl_talk before;

	start(DL_SMTP);
	say("220 x\n250 x\n220 go\n");
	before = play.talk;
	dl_input(&play.talk, &test_config, (const uint8_t *)"junk", 4, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_TLS && memcmp(&before, &play.talk, sizeof(before)) == 0,
		"bytes that belong to TLS leave the talk as it was");
	dl_granted(&play.talk, &test_config, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_TLS && play.out.len == 0, "a credit is taken once");
	dl_tls_failed(&play.talk, DL_HANDSHAKE_ERROR);
	dl_tls_up(&play.talk, &test_config, play.now_us, &play.out);
	dl_input(&play.talk, &test_config, (const uint8_t *)"junk", 4, play.now_us, &play.out);
	dl_eof(&play.talk, &play.out);
	dl_tls_failed(&play.talk, DL_IO_TIMEOUT);
	tap_ok(play.out.next == DL_NEXT_DONE && play.out.len == 0,
		"a talk that is over stays over");
	tap_str(play_verdict(&play), "handshake-error tls none 0", "and keeps its verdict");
}

static void test_names(void)
{
	static const char *const statuses[DL_N_STATUS] = {"running", "success",
		"connection-refused", "connection-timeout", "connection-closed", "handshake-error",
		"post-tls-application-error", "io-timeout", "protocol-error", "application-error",
		"unknown-error"};
	bool all = true;

	for (int i = 0; i < DL_N_STATUS; i++)
		tap_str(dl_status_name((enum dl_status)i), statuses[i], "ZGrab2's word");
	for (int i = 0; i < DL_N_CLASS; i++)
		all = all && dl_class_name((enum dl_class)i) != NULL;
	for (int i = 0; i < DL_N_STAGE; i++)
		all = all && dl_stage_name((enum dl_stage)i) != NULL;
	for (int i = 0; i < DL_N_PROTO; i++)
		all = all && dl_proto_name((enum dl_proto)i) != NULL &&
		      dl_ops_of((enum dl_proto)i) != NULL;
	tap_ok(all, "every class, stage and protocol has a name, and every protocol a dialog");
}

int main(void)
{
	test_timers();
	test_phase_bytes();
	test_lines();
	test_long_line();
	test_items();
	test_raw();
	test_kept_while_waiting();
	test_plaintext_on_implicit_port();
	test_no_post();
	test_misuse();
	test_names();
	return tap_done();
}
