/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers, caps and the rules that hold for every dialog. */
#include "exchange.h"

#include "tls/dialog/turn.h"

static struct play play;

static void test_timers(void)
{
	struct dl_config defaults;

	dl_config_default(&defaults);
	tap_ok(defaults.greeting_us == 12000000 && defaults.reply_us == 10000000 &&
			defaults.irc_hello_us == 3000000 && defaults.irc_starttls_us == 8000000 &&
			defaults.bye_us == 1000000 && defaults.post_tls,
		"the default timers are those of the reference");
	play_begin(&play, DL_SMTP);
	tap_eq(play.out.deadline_us, play.now_us + 12000000, "a greeting is waited for 12 s");
	play.now_us += 5000000;
	play_say_text(&play, "220-");
	tap_eq(play.out.deadline_us, 1000000 + 12000000, "dripping bytes does not buy time");
	dl_timer(&play.dialog, &test_config, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_READ && play.out.deadline_us == 13000000,
		"a timer that fires early changes nothing");
	play_say_text(&play, "hi\n220 hi\n");
	tap_eq(play.out.deadline_us, play.now_us + 10000000,
		"a reply is waited for 10 s from the command on");
	tap_eq(play.dialog.greeting_us, 5000000, "the time to the first byte is kept");
	play_begin(&play, DL_IRC);
	tap_eq(play.out.deadline_us, play.now_us + 3000000,
		"an answer to CAP LS is waited for 3 s");
	play.now_us = play.out.deadline_us;
	dl_timer(&play.dialog, &test_config, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_CREDIT && play.out.deadline_us == DL_NEVER,
		"waiting for a credit has no timer");
	dl_timer(&play.dialog, &test_config, play.now_us + 1000000000, &play.out);
	tap_eq(play.out.next, DL_NEXT_CREDIT,
		"a dialog that waits for a credit is not ended by a call to its timer");
	dl_granted(&play.dialog, &test_config, play.now_us, &play.out);
	tap_eq(play.out.deadline_us, play.now_us + 8000000,
		"an answer to STARTTLS on IRC is waited for 8 s");
	play_say_text(&play, ":s 670 :go\n");
	tap_eq(play.out.deadline_us, DL_NEVER, "a dialog has no timer while TLS is set up");
	dl_timer(&play.dialog, &test_config, play.now_us + 10000000, &play.out);
	tap_str(play_verdict(&play), "running tls none 670",
		"a call to the timer of a dialog does not end a handshake: its deadline is the TLS "
		"core's");
}

static void test_phase_bytes(void)
{
	play_begin(&play, DL_IMAP);
	for (uint32_t i = 0; i < test_config.max_phase_bytes; i++)
		play_say_text(&play, "*");
	tap_eq(play.out.next, DL_NEXT_READ, "16 kB of a phase are taken in");
	play_say_text(&play, "*");
	tap_str(play_verdict(&play), "protocol-error greeting limit 0",
		"one byte more than 16 kB of a phase ends the dialog");
	tap_ok(play.dialog.raw_truncated, "a line that filled its phase is flagged as cut");
	tap_eq(play.dialog.text[DL_TEXT_BANNER].len, DL_TEXT_CAP,
		"2 kB of the text of a phase are kept");
}

static void test_first_line_without_end(void)
{
	static const struct {
		enum dl_proto proto;
		const char *begins;
		enum dl_heard want;
	} cases[] = {
		{DL_SMTP, "220 ", DL_HEARD_PROTOCOL},
		{DL_SMTP, "554-", DL_HEARD_PROTOCOL},
		{DL_SMTP, "200 ", DL_HEARD_BYTES},
		{DL_SMTP, "2200", DL_HEARD_BYTES},
		{DL_IMAP, "* OK ", DL_HEARD_PROTOCOL},
		{DL_IMAP, "* no-", DL_HEARD_BYTES},
		{DL_POP3, "+OK ", DL_HEARD_PROTOCOL},
		{DL_POP3, "+OKAY", DL_HEARD_BYTES},
		{DL_IRC, ":s NOTICE AUTH :", DL_HEARD_PROTOCOL},
		{DL_IRC, "CAP LS 302", DL_HEARD_BYTES},
		{DL_XMPP_CLIENT, "<stream ", DL_HEARD_BYTES},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		play_begin(&play, cases[i].proto);
		play_say_text(&play, cases[i].begins);
		for (uint32_t n = 0; n < test_config.max_phase_bytes; n++)
			play_say_text(&play, "x");
		tap_ok(play.dialog.class == DL_CLASS_LIMIT &&
				play.dialog.status == DL_PROTOCOL_ERROR &&
				play.dialog.heard == cases[i].want,
			"\"%s\" without end is %s, ended at its limit", cases[i].begins,
			cases[i].want == DL_HEARD_PROTOCOL ? "the protocol" : "no proof of it");
	}
}

static void test_lines(void)
{
	play_begin(&play, DL_SMTP);
	for (uint32_t i = 0; i < test_config.max_lines; i++)
		play_say_text(&play, "220-x\n");
	tap_eq(play.out.next, DL_NEXT_READ, "128 lines of a phase are taken in");
	play_say_text(&play, "220-x\n");
	tap_str(play_verdict(&play), "protocol-error greeting limit 0",
		"one line more than 128 ends the dialog");
}

static void test_long_line(void)
{
	play_begin(&play, DL_SMTP);
	play_say_text(&play, "220 ");
	for (int i = 0; i < DL_LINE_CAP; i++)
		play_say_text(&play, "x");
	play_say_text(&play, "\r\n");
	tap_ok(play.out.next == DL_NEXT_READ && play.dialog.stage == DL_AT_HELLO,
		"a line beyond 2 kB is cut, not refused");
	tap_ok(play.dialog.raw_truncated, "a line beyond 2 kB is flagged as cut");
	play_say_text(&play, "250-x\n250 STARTTLS\n");
	tap_eq(play.dialog.stage, DL_AT_STARTTLS, "the next line is read from its start");
}

static void test_items(void)
{
	char line[400];

	play_begin(&play, DL_SMTP);
	play_say_text(&play, "220 x\n250-x\n");
	memset(line, 'y', sizeof(line));
	memcpy(line, "250-", 4);
	memcpy(line + sizeof(line) - 2, "\n", 2);
	for (int i = 0; i < 20; i++)
		play_say_text(&play, line);
	play_say_text(&play, "250 STARTTLS\n");
	tap_ok(play.dialog.items_truncated && play.dialog.items_len <= DL_ITEMS_CAP,
		"tokens are cut to 255 bytes and to what fits");
	tap_ok(play.dialog.starttls_advertised, "a token that did not fit still counts as said");
	play_begin(&play, DL_IMAP);
	play_say_text(&play, "* OK [CAPABILITY");
	for (int i = 0; i < 300; i++)
		play_say_text(&play, " a");
	play_say_text(&play, "]\n");
	tap_ok(play.dialog.items_truncated,
		"thousands of small tokens do not cost thousands of look-ups");
}

static void test_raw(void)
{
	size_t sum = 0;

	play_begin(&play, DL_SMTP);
	for (int phase = 0; phase < 3; phase++) {
		for (int i = 0; i < 100; i++)
			play_say_text(&play,
				phase == 0 ? "220-0123456789012345678901234567890123456789\r\n"
					   : "250-0123456789012345678901234567890123456789\r\n");
		play_say_text(&play, phase == 0 ? "220 x\r\n" : "550 x\r\n");
	}
	for (int i = 0; i < 100; i++)
		play_say_text(&play, "220-0123456789012345678901234567890123456789\r\n");
	play_say_text(&play, "220 go\r\n");
	for (int i = 0; i < DL_N_TEXT; i++)
		sum += play.dialog.text[i].len;
	tap_eq(play.dialog.raw_len, DL_RAW_CAP, "the raw text of all phases together is bounded");
	tap_eq(sum, play.dialog.raw_len, "each byte of the raw text belongs to one phase");
	tap_eq(play.dialog.text[DL_TEXT_STARTTLS].len, 0,
		"the last phase is the one that goes short");
	tap_ok(play.dialog.starttls_ok, "what is not kept is still read");
}

static void test_kept_while_waiting(void)
{
	static char flood[DL_LINE_CAP + 1];

	play_begin(&play, DL_SMTP);
	play.late_credit = true;
	memset(flood, 'x', sizeof(flood));
	play_say_text(&play, "220 x\n250 x\n");
	play_say(&play, flood, DL_LINE_CAP);
	tap_eq(play.out.next, DL_NEXT_CREDIT, "2 kB are kept while the dialog waits for a credit");
	play_say_text(&play, "x");
	tap_str(play_verdict(&play), "protocol-error hello limit 0",
		"more than 2 kB while a dialog waits for a credit is a flood");
	play_begin(&play, DL_SMTP);
	play.late_credit = true;
	play_say_text(&play, "220 x\n250 x\n421 idle\n");
	dl_eof(&play.dialog, &play.out);
	tap_str(play_verdict(&play), "connection-closed hello none 0",
		"a close by the peer ends a dialog that waits for a credit");
	tap_str(play_text(&play, DL_TEXT_STARTTLS), "421 idle\n",
		"what was said before a close is kept");
}

static void test_plaintext_on_implicit_port(void)
{
	struct dl_dialog *dialog = &play.dialog;

	dl_start(dialog, &test_config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	tap_ok(play.out.next == DL_NEXT_CREDIT && play.out.len == 0,
		"implicit TLS begins with a credit");
	dl_input(dialog, &test_config, (const uint8_t *)"220 x\r\n", 7, 2, &play.out);
	tap_str(play_verdict(&play), "handshake-error tls other-protocol 0",
		"who greets before our ClientHello does not speak TLS");
	tap_str(play_text(&play, DL_TEXT_BANNER), "220 x\r\n",
		"the greeting of a host that greets before our ClientHello is kept");
}

#define ALERT "\x15\x03\x03\x00\x02\x02\x28" /* fatal, handshake_failure */

static void input(struct dl_dialog *dialog, const char *bytes, size_t len)
{
	dl_input(dialog, &test_config, (const uint8_t *)bytes, len, 2, &play.out);
}

static void test_alert_before_the_session(void)
{
	struct dl_dialog *dialog = &play.dialog;
	const uint8_t *bytes;

	dl_start(dialog, &test_config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	for (size_t i = 0; i < 7; i++)
		input(dialog, &ALERT[i], 1);
	tap_ok(play.out.next == DL_NEXT_CREDIT && dialog->raw_len == 0 && dialog->alert_level == 0,
		"an alert that comes while the session has no credit yet is kept");
	tap_eq(dl_tls_bytes(dialog, &bytes), 0,
		"an early alert is given to nobody before the session begins");
	dl_granted(dialog, &test_config, 3, &play.out);
	tap_ok(play.out.next == DL_NEXT_TLS && dl_tls_bytes(dialog, &bytes) == 7 &&
			memcmp(bytes, ALERT, 7) == 0,
		"an early alert is given to the session before all else");
	dl_tls_up(dialog, &test_config, 4, &play.out);
	tap_ok(dl_tls_bytes(dialog, &bytes) == 0 && dialog->line_len == 0,
		"an alert that was given to the session is not kept any longer");
	dl_start(dialog, &test_config, DL_HTTP, true, "", TEST_ADDR, false, 1, &play.out);
	input(dialog, ALERT, 7);
	dl_eof(dialog, &play.out);
	tap_str(play_verdict(&play), "handshake-error tls none 0",
		"a dialog whose peer closes behind an alert has the status handshake-error");
	tap_ok(dialog->alert_level == 2 && dialog->alert_code == 40 && dialog->raw_len == 0,
		"an alert of a host that closes behind it is noted by the dialog, and is no text");
	dl_start(dialog, &test_config, DL_HTTP, true, "", TEST_ADDR, false, 1, &play.out);
	input(dialog, ALERT, 6);
	dl_eof(dialog, &play.out);
	tap_ok(dialog->status == DL_CONNECTION_CLOSED && dialog->alert_level == 0,
		"half an alert is no alert");
	dl_start(dialog, &test_config, DL_HTTP, true, "", TEST_ADDR, false, 1, &play.out);
	input(dialog, "\x15\x03\x03\x00\x1a", 5);
	tap_str(play_verdict(&play), "handshake-error tls other-protocol 0",
		"what cannot become one ends the dialog");
	dl_start(dialog, &test_config, DL_HTTP, true, "", TEST_ADDR, false, 1, &play.out);
	input(dialog, "\x16\x03\x01\x02\x00\x01", 6);
	tap_str(play_verdict(&play), "handshake-error tls other-protocol 0",
		"a ClientHello before ours ends the dialog");
}

static void test_alert_behind_the_go_ahead(void)
{
	static const char go[] = "220 go\r\n" ALERT;
	const uint8_t *bytes;

	for (size_t cut = 9; cut <= sizeof(go) - 1; cut++) {
		play_begin(&play, DL_SMTP);
		play_say_text(&play, "220 x\n250 x\n");
		play_say(&play, go, cut);
		tap_ok(play.out.next == DL_NEXT_TLS && play.dialog.plaintext_after_ready == 0 &&
				dl_tls_bytes(&play.dialog, &bytes) == cut - 8 &&
				memcmp(bytes, ALERT, cut - 8) == 0,
			"%zu bytes of an alert in the go-ahead's read are the session's, no "
			"residue",
			cut - 8);
	}
	play_begin(&play, DL_SMTP);
	play_say_text(&play, "220 x\n250 x\n");
	play_say(&play, "220 go\r\n\x16\x03\x03", 11);
	tap_ok(play.dialog.plaintext_after_ready == 3 && dl_tls_bytes(&play.dialog, &bytes) == 0,
		"anything else behind the go-ahead is counted and never given to TLS");
}

static void test_alert_for_plaintext(void)
{
	static const enum dl_proto protos[] = {
		DL_SMTP, DL_IMAP, DL_POP3, DL_IRC, DL_XMPP_CLIENT, DL_XMPP_SERVER};
	char alert[7] = "\x15\x03\x01\x00\x02\x01";

	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		bool all = true;

		for (int code = 0; code < 256; code++) {
			alert[6] = (char)code;
			play_begin(&play, protos[i]);
			for (size_t n = 0; n < 7; n++)
				play_say(&play, &alert[n], 1);
			all = all && play.dialog.class == DL_CLASS_TLS_ON_PLAIN &&
			      play.dialog.alert_level == 1 && play.dialog.alert_code == code &&
			      play.dialog.raw_len == 0;
		}
		tap_ok(all, "%s: an alert of any code is noted, and is no text",
			dl_proto_name(protos[i]));
	}
	play_begin(&play, DL_SMTP);
	play_say(&play, "\x15\x03\x01\x00\x03\x02\x28", 7);
	tap_ok(play.dialog.class == DL_CLASS_TLS_ON_PLAIN && play.dialog.alert_level == 0 &&
			play.dialog.raw_len == 7,
		"a record of another length is TLS on plaintext, but no alert");
}

static void test_no_post(void)
{
	struct dl_config config = test_config;
	struct dl_dialog *dialog = &play.dialog;

	config.post_tls = false;
	play_begin(&play, DL_SMTP);
	play_say_text(&play, "220 x\n250 x\n220 go\n");
	dl_tls_up(dialog, &config, play.now_us, &play.out);
	tap_ok(play.out.len == 6 && memcmp(play.out.bytes, "QUIT\r\n", 6) == 0,
		"without a second round the goodbye comes right after TLS");
	dl_input(dialog, &config, (const uint8_t *)"221 x\r\n", 7, play.now_us, &play.out);
	tap_str(play_verdict(&play), "success bye none 220",
		"a dialog without a second round is a success");
	dl_start(dialog, &config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	dl_granted(dialog, &config, 1, &play.out);
	dl_tls_up(dialog, &config, 1, &play.out);
	tap_ok(play.out.len == 0 && play.out.next == DL_NEXT_DONE && dialog->status == DL_SUCCESS,
		"no command is sent before a greeting inside TLS");
}

int main(void)
{
	test_timers();
	test_phase_bytes();
	test_first_line_without_end();
	test_lines();
	test_long_line();
	test_items();
	test_raw();
	test_kept_while_waiting();
	test_plaintext_on_implicit_port();
	test_alert_before_the_session();
	test_alert_behind_the_go_ahead();
	test_alert_for_plaintext();
	test_no_post();
	return tap_done();
}
