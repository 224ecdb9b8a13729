/* SPDX-License-Identifier: BSD-3-Clause */
#include "dialog_harness.h"

#include <stdlib.h>
#include <string.h>

/* Longer inputs are played, but reads longer than what is kept for a credit do end differently. */
#define COMPARE_MAX DL_LINE_CAP
/* Every command of the longest dialog, four PONGs, and a stream header or two with a long name. */
#define SENT_MAX 4096
/* No dialog outlives this many timers without a word from the peer. */
#define MAX_TIMERS 8

struct fuzz_play {
	struct dl_dialog dialog;
	struct dl_out out;
	struct dl_config config;
	uint64_t now_us;
	size_t n_sent;
	bool late_credit;
};

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void check_findings(const struct dl_dialog *dialog)
{
	size_t pos = 0, sum = 0;
	enum dl_list list;
	const char *token;

	must(dialog->raw_len <= DL_RAW_CAP && dialog->items_len <= DL_ITEMS_CAP);
	for (int i = 0; i < DL_N_TEXT; i++) {
		must(dialog->text[i].off + dialog->text[i].len <= dialog->raw_len);
		must(dialog->text[i].len <= DL_TEXT_CAP);
		sum += dialog->text[i].len;
	}
	must(sum == dialog->raw_len);
	while (dl_item_next(dialog, &pos, &list, &token) > 0)
		must(list < DL_N_LIST);
	must(pos == dialog->items_len);
	must(memchr(dialog->reconnect_host, '\0', sizeof(dialog->reconnect_host)) != NULL);
}

static void check_turn(struct fuzz_play *play)
{
	const struct dl_dialog *dialog = &play->dialog;
	const struct dl_out *out = &play->out;
	bool over = out->next == DL_NEXT_DONE || out->next == DL_NEXT_RECONNECT;

	must(out->len <= DL_OUT_MAX);
	play->n_sent += out->len;
	must(play->n_sent <= SENT_MAX);
	must(over == (dialog->status != DL_RUNNING));
	if (out->next == DL_NEXT_TLS)
		must(dialog->implicit_tls || (dialog->starttls_attempted && dialog->starttls_ok));
	if (out->next == DL_NEXT_RECONNECT)
		must(!dialog->retry && dialog->reconnect_host[0] != '\0');
	/* While TLS is set up the deadline is the TLS core's. */
	if (out->next == DL_NEXT_READ)
		must(out->deadline_us != DL_NEVER && out->deadline_us > play->now_us);
}

static void grant(struct fuzz_play *play)
{
	if (play->out.next != DL_NEXT_CREDIT)
		return;
	dl_granted(&play->dialog, &play->config, play->now_us, &play->out);
	check_turn(play);
	must(play->out.next != DL_NEXT_CREDIT);
}

static void say(struct fuzz_play *play, const uint8_t *bytes, size_t len)
{
	if (play->out.next != DL_NEXT_READ && play->out.next != DL_NEXT_CREDIT)
		return;
	dl_input(&play->dialog, &play->config, bytes, len, play->now_us, &play->out);
	check_turn(play);
	if (!play->late_credit)
		grant(play);
}

static void timer(struct fuzz_play *play)
{
	/* The TLS core ends a handshake that takes too long. */
	if (play->out.next == DL_NEXT_TLS) {
		dl_tls_failed(&play->talk, DL_IO_TIMEOUT);
		dl_eof(&play->talk, &play->out);
		check_turn(play);
		return;
	}
	if (play->out.deadline_us == DL_NEVER)
		return;
	play->now_us = play->out.deadline_us;
	dl_timer(&play->dialog, &play->config, play->now_us, &play->out);
	check_turn(play);
}

static void handshake(struct fuzz_play *play)
{
	if (play->out.next != DL_NEXT_TLS)
		return;
	dl_tls_up(&play->dialog, &play->config, play->now_us, &play->out);
	check_turn(play);
}

static void mark(struct fuzz_play *play, uint8_t what)
{
	grant(play);
	switch (what) {
	case FUZZ_END_OF_READ:
		handshake(play);
		break;
	case FUZZ_TIMER:
		timer(play);
		break;
	case FUZZ_EOF:
		dl_eof(&play->dialog, &play->out);
		must(play->out.len == 0);
		check_turn(play);
		break;
	case FUZZ_ALERT:
		dl_tls_failed(&play->dialog, DL_HANDSHAKE_ERROR);
		dl_eof(&play->dialog, &play->out);
		check_turn(play);
		break;
	default:
		break;
	}
}

static bool is_mark(uint8_t byte)
{
	return byte >= FUZZ_END_OF_READ && byte <= FUZZ_ALERT;
}

static void play_all(struct fuzz_play *play, const uint8_t *data, size_t len, size_t piece)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;

		if (is_mark(data[i])) {
			mark(play, data[i++]);
			continue;
		}
		while (i + n < len && !is_mark(data[i + n]) && (piece == 0 || n < piece))
			n++;
		say(play, data + i, n);
		i += n;
	}
	for (int i = 0; i < MAX_TIMERS; i++) {
		grant(play);
		timer(play);
	}
	must(play->out.next == DL_NEXT_DONE || play->out.next == DL_NEXT_RECONNECT);
	check_findings(&play->dialog);
	play->dialog.plaintext_after_ready = 0; /* depends on the read, by definition */
}

static void start(struct fuzz_play *play, enum dl_proto proto, uint8_t flags)
{
	memset(play, 0, sizeof(*play));
	dl_config_default(&play->config);
	play->config.ehlo_name = "scan.example.net";
	play->config.user_agent = "tlsweep";
	play->config.post_tls = (flags & FUZZ_NO_POST) == 0;
	play->late_credit = (flags & FUZZ_LATE_CREDIT) != 0;
	play->now_us = 1;
	dl_start(&play->dialog, &play->config, proto, (flags & FUZZ_IMPLICIT) != 0,
		(flags & FUZZ_HOST) != 0 ? "host.example" : "", "192.0.2.1",
		(flags & FUZZ_RETRY) != 0, play->now_us, &play->out);
	check_turn(play);
	grant(play);
	handshake(play);
}

void fuzz_dialog(enum dl_proto proto, const uint8_t *data, size_t len)
{
	static struct fuzz_play pieces, bytewise;

	if (len < 2)
		return;
	start(&pieces, proto, data[0]);
	play_all(&pieces, data + 2, len - 2, data[1]);
	if (len > COMPARE_MAX)
		return;
	start(&bytewise, proto, data[0] ^ FUZZ_LATE_CREDIT);
	play_all(&bytewise, data + 2, len - 2, 1);
	must(memcmp(&pieces.dialog, &bytewise.dialog, offsetof(struct dl_dialog, state)) == 0);
	must(pieces.out.next == bytewise.out.next);
}
