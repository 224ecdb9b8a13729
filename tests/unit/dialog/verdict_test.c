/* SPDX-License-Identifier: BSD-3-Clause */
/* The verdict on a dialog: who gives it, that it stays, and the words it is written in. */
#include "exchange.h"

#include "tls/dialog/turn.h"

static struct play play;

static void test_misuse(void)
{
	struct dl_dialog before;

	play_begin(&play, DL_SMTP);
	play_say_text(&play, "220 x\n250 x\n220 go\n");
	before = play.dialog;
	dl_input(&play.dialog, &test_config, (const uint8_t *)"junk", 4, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_TLS && memcmp(&before, &play.dialog, sizeof(before)) == 0,
		"bytes that belong to TLS leave the dialog as it was");
	dl_granted(&play.dialog, &test_config, play.now_us, &play.out);
	tap_ok(play.out.next == DL_NEXT_TLS && play.out.len == 0, "a dialog takes its credit once");
	dl_tls_failed(&play.dialog, DL_HANDSHAKE_ERROR);
	dl_tls_up(&play.dialog, &test_config, play.now_us, &play.out);
	dl_input(&play.dialog, &test_config, (const uint8_t *)"junk", 4, play.now_us, &play.out);
	dl_eof(&play.dialog, &play.out);
	dl_tls_failed(&play.dialog, DL_IO_TIMEOUT);
	tap_ok(play.out.next == DL_NEXT_DONE && play.out.len == 0,
		"a dialog that is over stays over");
	tap_str(play_verdict(&play), "handshake-error tls none 0",
		"a dialog that is over keeps its verdict");
}

/* Before the credit, and behind the ClientHello. */
static void test_words_for_tls(void)
{
	static const char greeting[] = "220 x ESMTP\r\n";
	const uint8_t *bytes = (const uint8_t *)greeting;
	struct dl_dialog early, *dialog = &play.dialog;

	dl_start(dialog, &test_config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	dl_input(dialog, &test_config, bytes, sizeof(greeting) - 1, 1, &play.out);
	early = *dialog;
	dl_start(dialog, &test_config, DL_SMTP, true, "", TEST_ADDR, false, 1, &play.out);
	dl_granted(dialog, &test_config, 1, &play.out);
	dl_tls_other(dialog, bytes, sizeof(greeting) - 1);
	dl_tls_failed(dialog, DL_IO_TIMEOUT);
	tap_str(play_verdict(&play), "handshake-error tls other-protocol 0",
		"a greeting where TLS was due is another protocol");
	tap_ok(dialog->status == early.status && dialog->stage == early.stage &&
			dialog->class == early.class && dialog->heard == early.heard,
		"a greeting gets one verdict, whether it comes before or behind our ClientHello");
	tap_ok(dialog->text[DL_TEXT_BANNER].len == sizeof(greeting) - 1 &&
			early.text[DL_TEXT_BANNER].len == sizeof(greeting) - 1 &&
			memcmp(&dialog->raw[dialog->text[DL_TEXT_BANNER].off], bytes,
				sizeof(greeting) - 1) == 0,
		"the text of a greeting where TLS was due is the banner");
	play_begin(&play, DL_SMTP);
	play_say_text(&play, "220 x\n250 x\n220 go\n");
	dl_tls_other(dialog, bytes, sizeof(greeting) - 1);
	tap_ok(dialog->status == DL_RUNNING, "behind STARTTLS the session alone gives the verdict");
}

static void test_names(void)
{
	static const char *const statuses[DL_N_STATUS] = {"running", "success",
		"connection-refused", "connection-timeout", "connection-closed", "handshake-error",
		"post-tls-application-error", "io-timeout", "protocol-error", "application-error",
		"unknown-error"};
	bool all = true;

	for (int i = 0; i < DL_N_STATUS; i++)
		tap_ok(strcmp(dl_status_name((enum dl_status)i), statuses[i]) == 0,
			"status %d has the word %s, which is ZGrab2's", i, statuses[i]);
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
	test_misuse();
	test_words_for_tls();
	test_names();
	return tap_done();
}
