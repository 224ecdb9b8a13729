/* SPDX-License-Identifier: BSD-3-Clause */
#include "exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_RANDOM_RUNS 100

const struct dl_config test_config = {
	.ehlo_name = "scan.example.net",
	.user_agent = "tlsweep (scan@example.net)",
	.http_method = "GET",
	.http_path = "/",
	.greeting_us = 12000000,
	.reply_us = 10000000,
	.irc_hello_us = 3000000,
	.irc_starttls_us = 8000000,
	.handshake_us = 10000000,
	.bye_us = 1000000,
	.max_lines = 128,
	.max_phase_bytes = 16384,
	.post_tls = true,
};

static void note(struct play *play, const char *bytes, size_t len)
{
	if (len >= sizeof(play->sent) - play->sent_len)
		abort();
	memcpy(play->sent + play->sent_len, bytes, len);
	play->sent_len += len;
	play->sent[play->sent_len] = '\0';
}

/* Do what the dialog asks for, until it waits for the peer or is over. */
static void serve(struct play *play, bool step_over)
{
	note(play, (const char *)play->out.bytes, play->out.len);
	play->n_turns++;
	while (play->out.next == DL_NEXT_CREDIT && (step_over || !play->late_credit)) {
		dl_granted(&play->dialog, &test_config, play->now_us, &play->out);
		note(play, (const char *)play->out.bytes, play->out.len);
		play->n_turns++;
	}
}

void play_start(struct play *play, const struct exchange *exchange)
{
	memset(play, 0, sizeof(*play));
	play->now_us = 1000000;
	dl_start(&play->dialog, &test_config, exchange->proto, exchange->implicit,
		exchange->host != NULL ? exchange->host : "", TEST_ADDR, exchange->retry,
		play->now_us, &play->out);
	serve(play, true);
}

void play_begin(struct play *play, enum dl_proto proto)
{
	const struct exchange exchange = {.proto = proto};

	play_start(play, &exchange);
}

static bool hears(const struct play *play)
{
	return play->out.next == DL_NEXT_READ || play->out.next == DL_NEXT_CREDIT;
}

void play_say(struct play *play, const char *bytes, size_t len)
{
	/* An exact copy, so that a sanitizer sees the first byte read too far. */
	uint8_t *copy;

	if (!hears(play))
		return;
	copy = malloc(len > 0 ? len : 1);
	if (copy == NULL)
		abort();
	memcpy(copy, bytes, len);
	dl_input(&play->dialog, &test_config, copy, len, play->now_us, &play->out);
	free(copy);
	serve(play, false);
}

void play_say_text(struct play *play, const char *text)
{
	play_say(play, text, strlen(text));
}

/* A step is over, or about to begin: what had to wait happens now. */
static void settle(struct play *play)
{
	if (play->out.next == DL_NEXT_CREDIT) {
		play->out.len = 0;
		serve(play, true);
	}
}

/* The owner's handshake succeeds before the peer's next step, unless that step is its failure. */
static void handshake(struct play *play)
{
	if (play->out.next != DL_NEXT_TLS)
		return;
	note(play, "{tls}", 5);
	dl_tls_up(&play->dialog, &test_config, play->now_us, &play->out);
	serve(play, true);
}

static void other_step(struct play *play, const struct step *step)
{
	switch (step->kind) {
	case STEP_TIMER:
		play->now_us = play->out.deadline_us;
		dl_timer(&play->dialog, &test_config, play->now_us, &play->out);
		serve(play, true);
		break;
	case STEP_EOF:
		dl_eof(&play->dialog, &play->out);
		serve(play, true);
		break;
	case STEP_ALERT:
		dl_tls_failed(&play->dialog, DL_HANDSHAKE_ERROR);
		play->out.next = DL_NEXT_DONE;
		break;
	default:
		break;
	}
}

/* Where the next piece of a step ends. */
typedef size_t cut_fn(void *context, size_t step, size_t from, size_t len);

static void play_cut(
	struct play *play, const struct exchange *exchange, bool late, cut_fn *cut, void *context)
{
	play_start(play, exchange);
	play->late_credit = late;
	for (size_t i = 0; exchange->steps[i].kind != STEP_END; i++) {
		const struct step *step = &exchange->steps[i];
		size_t from = 0, to;

		if (step->kind != STEP_ALERT)
			handshake(play);
		for (; from < step->len; from = to) {
			to = cut(context, i, from, step->len);
			play_say(play, step->bytes + from, to - from);
		}
		settle(play);
		if (step->kind != STEP_SAY)
			other_step(play, step);
	}
	handshake(play);
}

static size_t cut_nowhere(void *context, size_t step, size_t from, size_t len)
{
	return len;
}

static size_t cut_everywhere(void *context, size_t step, size_t from, size_t len)
{
	return from + 1;
}

struct one_cut {
	size_t step, at;
};

static size_t cut_once(void *context, size_t step, size_t from, size_t len)
{
	const struct one_cut *cut = context;

	return step == cut->step && from < cut->at ? cut->at : len;
}

static size_t cut_random(void *context, size_t step, size_t from, size_t len)
{
	uint64_t *state = context;

	*state = *state * 6364136223846793005U + 1442695040888963407U;
	from += 1 + (size_t)(*state >> 33) % 24;
	return from < len ? from : len;
}

void play_step(struct play *play, const struct step *step)
{
	if (step->kind != STEP_ALERT)
		handshake(play);
	if (step->kind == STEP_SAY)
		play_say(play, step->bytes, step->len);
	settle(play);
	if (step->kind != STEP_SAY)
		other_step(play, step);
}

void play_whole(struct play *play, const struct exchange *exchange)
{
	play_cut(play, exchange, false, cut_nowhere, NULL);
}

const char *play_verdict(const struct play *play)
{
	static char text[128];
	const struct dl_dialog *dialog = &play->dialog;

	snprintf(text, sizeof(text), "%s %s %s %u", dl_status_name(dialog->status),
		dl_stage_name(dialog->stage), dl_class_name(dialog->class), dialog->code);
	return text;
}

static void add_text(char *text, size_t size, const char *more, size_t len)
{
	size_t used = strlen(text);

	if (used + len >= size)
		abort();
	memcpy(text + used, more, len);
	text[used + len] = '\0';
}

static void add_list(const struct dl_dialog *dialog, enum dl_list list, const char *name,
	char *text, size_t size)
{
	size_t pos = 0, len, n = 0;
	enum dl_list its;
	const char *token;

	while ((len = dl_item_next(dialog, &pos, &its, &token)) > 0) {
		if (its != list)
			continue;
		if (n++ == 0) {
			add_text(text, size, " ", text[0] != '\0');
			add_text(text, size, name, strlen(name));
			add_text(text, size, "=", 1);
		} else {
			add_text(text, size, ";", 1);
		}
		add_text(text, size, token, len);
	}
}

const char *play_facts(const struct play *play)
{
	static char text[8192];
	const struct dl_dialog *dialog = &play->dialog;
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{dialog->starttls_advertised, "advertised"},
		{dialog->starttls_attempted, "attempted"},
		{dialog->starttls_ok, "ok"},
		{dialog->starttls_required, "required"},
		{dialog->logindisabled, "logindisabled"},
		{dialog->logindisabled_tls, "logindisabled-tls"},
		{dialog->apop, "apop"},
		{dialog->preauth, "preauth"},
		{dialog->dialback, "dialback"},
		{dialog->censored, "censored"},
		{dialog->raw_truncated, "raw-cut"},
		{dialog->items_truncated, "items-cut"},
	};
	static const char *const lists[DL_N_LIST] = {"caps", "caps-tls", "caps-greeting", "auth",
		"auth-tls", "stream", "trailer", "numerics"};

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!flags[i].set)
			continue;
		add_text(text, sizeof(text), " ", text[0] != '\0');
		add_text(text, sizeof(text), flags[i].name, strlen(flags[i].name));
	}
	for (size_t i = 0; i < DL_N_LIST; i++)
		add_list(dialog, (enum dl_list)i, lists[i], text, sizeof(text));
	return text;
}

const char *play_text(const struct play *play, enum dl_text text)
{
	static char copy[DL_TEXT_CAP + 1];
	struct dl_span span = play->dialog.text[text];

	memcpy(copy, play->dialog.raw + span.off, span.len);
	copy[span.len] = '\0';
	return copy;
}

/* Everything the owner may read. What lies behind a go-ahead "in the same read" does depend on the
 * read. */
static bool same_findings(const struct play *a, const struct play *b)
{
	struct dl_dialog x = a->dialog, y = b->dialog;

	x.plaintext_after_ready = y.plaintext_after_ready = 0;
	return memcmp(&x, &y, offsetof(struct dl_dialog, state)) == 0 &&
	       a->out.next == b->out.next && strcmp(a->sent, b->sent) == 0;
}

static bool same_in_every_split(const struct exchange *exchange, const struct play *whole,
	bool late, char *where, size_t size)
{
	static struct play play;
	struct one_cut cut;

	for (cut.step = 0; exchange->steps[cut.step].kind != STEP_END; cut.step++) {
		for (cut.at = 1; cut.at < exchange->steps[cut.step].len; cut.at++) {
			play_cut(&play, exchange, late, cut_once, &cut);
			if (!same_findings(whole, &play)) {
				snprintf(where, size, "step %zu cut at %zu", cut.step, cut.at);
				return false;
			}
		}
	}
	return true;
}

static bool same_in_random_splits(
	const struct exchange *exchange, const struct play *whole, char *where, size_t size)
{
	static struct play play;

	for (uint64_t seed = 1; seed <= N_RANDOM_RUNS; seed++) {
		uint64_t state = seed;

		play_cut(&play, exchange, seed % 2 == 0, cut_random, &state);
		if (!same_findings(whole, &play)) {
			snprintf(where, size, "random split of seed %" PRIu64, seed);
			return false;
		}
	}
	return true;
}

bool same_however_cut(
	const struct exchange *exchange, const struct play *whole, char *where, size_t size)
{
	static struct play play;

	for (int late = 0; late <= 1; late++) {
		play_cut(&play, exchange, late == 1, cut_everywhere, NULL);
		if (!same_findings(whole, &play)) {
			snprintf(where, size, "byte by byte, late credit %d", late);
			return false;
		}
		if (!same_in_every_split(exchange, whole, late == 1, where, size))
			return false;
	}
	return same_in_random_splits(exchange, whole, where, size);
}
