/* SPDX-License-Identifier: BSD-3-Clause */
/* IMAP client up to STARTTLS and CAPABILITY inside TLS: RFC 3501, RFC 9051, RFC 2595. */
#include "turn.h"

/* Each command has its own tag, so that a late answer is never taken for another command's. */
#define TAG_CAPABILITY	   "a1"
#define TAG_STARTTLS	   "a2"
#define TAG_CAPABILITY_TLS "a3"
#define TAG_LOGOUT	   "a4"

static void ask_capability(struct dl_turn *turn)
{
	dl_command(turn, "%s CAPABILITY\r\n",
		turn->dialog->in_tls ? TAG_CAPABILITY_TLS : TAG_CAPABILITY);
	dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
}

static void imap_begin(struct dl_turn *turn)
{
	if (turn->dialog->in_tls && !turn->dialog->implicit_tls)
		ask_capability(turn);
	else
		dl_enter(turn, DL_STATE_GREET, turn->config->greeting_us);
}

static void imap_starttls(struct dl_turn *turn)
{
	dl_command(turn, TAG_STARTTLS " STARTTLS\r\n");
	dl_enter(turn, DL_STATE_STARTTLS, turn->config->reply_us);
}

static void on_capabilities(struct dl_dialog *dialog, struct dl_word caps)
{
	struct dl_word cap;

	while ((cap = dl_word_next(&caps, " \t")).len > 0) {
		if (dialog->state == DL_STATE_GREET)
			dl_item_add_once(dialog, DL_LIST_CAPS_GREETING, cap);
		else
			dl_cap_add_once(dialog, cap);
		if (dl_word_begins(cap, "AUTH="))
			dl_auth_add(dialog, dl_word_skip(cap, 5));
		else if (dl_word_is(cap, "LOGINDISABLED"))
			*(dialog->in_tls ? &dialog->logindisabled_tls
					 : &dialog->logindisabled) = true;
		else if (dl_word_is(cap, "STARTTLS") && !dialog->in_tls)
			dialog->starttls_advertised = true;
	}
}

/* "[CAPABILITY ...]" in a status response, RFC 3501 section 7.1. */
static void take_code(struct dl_dialog *dialog, struct dl_word rest)
{
	struct dl_word code = dl_word_between(rest, '[', ']');

	if (dl_word_is(dl_word_next(&code, " "), "CAPABILITY"))
		on_capabilities(dialog, code);
}

/* CAPABILITY is sent even if the greeting lists some: servers list a few there, many when asked. */
static void on_greeting(struct dl_turn *turn, struct dl_word word, struct dl_word rest)
{
	struct dl_dialog *dialog = turn->dialog;

	take_code(dialog, rest);
	if (dl_word_is(word, "PREAUTH")) {
		dialog->preauth = true;
		/* RFC 3501 section 6.2.1: STARTTLS is valid in the not authenticated state alone.
		 */
		if (!dialog->in_tls) {
			dl_refused(turn, DL_CLASS_PREAUTH, 0);
			return;
		}
	}
	ask_capability(turn);
}

/* RFC 3501 section 7.1: what may follow "*" before anybody has logged in. */
static bool is_untagged_word(struct dl_word word)
{
	static const char *const words[] = {"OK", "NO", "BAD", "PREAUTH", "BYE", "CAPABILITY"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (dl_word_is(word, words[i]))
			return true;
	}
	return false;
}

static bool imap_greets(struct dl_word line)
{
	return dl_word_is(dl_word_next(&line, " "), "*") &&
	       is_untagged_word(dl_word_next(&line, " "));
}

/* Of these only BYE ends a command. NO and BAD without the tag are warnings (section 7.1). */
static void on_untagged(struct dl_turn *turn, struct dl_word rest)
{
	struct dl_dialog *dialog = turn->dialog;
	bool greeting = dialog->state == DL_STATE_GREET;
	struct dl_word word = dl_word_next(&rest, " ");

	if (dl_word_is(word, "BYE")) {
		if (dialog->state != DL_STATE_BYE)
			dl_abort(turn, DL_CLASS_POLICY, 0);
	} else if (greeting && (dl_word_is(word, "OK") || dl_word_is(word, "PREAUTH"))) {
		on_greeting(turn, word, rest);
	} else if (greeting && !is_untagged_word(word)) {
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
	} else if (dl_word_is(word, "CAPABILITY")) {
		on_capabilities(dialog, rest);
	} else if (dl_word_is(word, "OK") && dialog->in_tls && dialog->state == DL_STATE_HELLO) {
		turn->text = DL_TEXT_BANNER_TLS;
	}
}

static bool is_our_tag(struct dl_word tag)
{
	return dl_word_is(tag, TAG_CAPABILITY) || dl_word_is(tag, TAG_STARTTLS) ||
	       dl_word_is(tag, TAG_CAPABILITY_TLS) || dl_word_is(tag, TAG_LOGOUT);
}

/* The reply to a command. If another word follows our tag, it is our own command, come back. */
static void on_tagged(struct dl_turn *turn, struct dl_word tag, struct dl_word rest)
{
	struct dl_dialog *dialog = turn->dialog;
	struct dl_word word = dl_word_next(&rest, " ");
	bool ok = dl_word_is(word, "OK");

	if (!ok && !dl_word_is(word, "NO") && !dl_word_is(word, "BAD")) {
		if (is_our_tag(tag))
			dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		return;
	}
	if (dialog->state == DL_STATE_HELLO && dl_word_is(tag, TAG_CAPABILITY)) {
		take_code(dialog, rest);
		dl_hello_done(turn);
	} else if (dialog->state == DL_STATE_HELLO && dl_word_is(tag, TAG_CAPABILITY_TLS)) {
		take_code(dialog, rest);
		if (ok)
			dl_hello_done(turn);
		else
			dl_refused(turn, DL_CLASS_POLICY, 0);
	} else if (dialog->state == DL_STATE_STARTTLS && dl_word_is(tag, TAG_STARTTLS)) {
		if (ok)
			dl_go_ahead(turn);
		else
			dl_refused(turn, DL_CLASS_TLS_REFUSED, 0);
	} else if (dialog->state == DL_STATE_BYE && dl_word_is(tag, TAG_LOGOUT)) {
		dl_bye_done(turn);
	}
}

static void imap_line(struct dl_turn *turn, struct dl_word line)
{
	struct dl_word tag = dl_word_next(&line, " ");

	if (dl_word_is(tag, "*"))
		on_untagged(turn, line);
	else if (turn->dialog->state == DL_STATE_GREET)
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
	else
		on_tagged(turn, tag, line);
}

const struct dl_ops dl_imap_ops = {
	.framing = DL_FRAME_IMAP,
	.first_bytes = "*",
	.goodbye = TAG_LOGOUT " LOGOUT\r\n",
	.begin = imap_begin,
	.starttls = imap_starttls,
	.line = imap_line,
	.no_hello = dl_hello_done,
	.greets = imap_greets,
};
