/* SPDX-License-Identifier: BSD-3-Clause */
/* POP3 client up to STLS and CAPA inside TLS: RFC 1939, RFC 2449, RFC 2595 section 4, RFC 5034. */
#include <string.h>

#include "turn.h"

static void ask_capa(struct dl_turn *turn)
{
	dl_command(turn, "CAPA\r\n");
	dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
}

static void pop3_begin(struct dl_turn *turn)
{
	if (turn->dialog->in_tls && !turn->dialog->implicit_tls)
		ask_capa(turn);
	else
		dl_enter(turn, DL_STATE_GREET, turn->config->greeting_us);
}

static void pop3_starttls(struct dl_turn *turn)
{
	dl_command(turn, "STLS\r\n");
	dl_enter(turn, DL_STATE_STARTTLS, turn->config->reply_us);
}

/* RFC 1939 section 7: a "<...@...>" stamp in the greeting offers APOP. */
static bool has_stamp(struct dl_word greeting)
{
	struct dl_word stamp = dl_word_between(greeting, '<', '>');

	return stamp.len > 0 && memchr(stamp.at, '@', stamp.len) != NULL;
}

static void on_capability(struct dl_dialog *dialog, struct dl_word cap)
{
	struct dl_word rest = cap;
	struct dl_word keyword = dl_word_next(&rest, " \t");

	dl_cap_add(dialog, cap);
	if (dl_word_is(keyword, "STLS") && !dialog->in_tls)
		dialog->starttls_advertised = true;
	else if (dl_word_is(keyword, "SASL"))
		dl_auth_add_all(dialog, rest, " \t");
}

static bool is_status(struct dl_word line, const char *status)
{
	size_t len = strlen(status);

	return dl_word_begins(line, status) &&
	       (line.len == len || (!dl_is_alpha(line.at[len]) && !dl_is_digit(line.at[len])));
}

static bool pop3_greets(struct dl_word line)
{
	return is_status(line, "+OK") || is_status(line, "-ERR");
}

/*
 * A line of the CAPA list. "." ends the list; the leading dot of a longer line is stuffing (RFC
 * 1939 section 3). No capability is called -ERR. If -ERR comes, the +OK before it was a second
 * greeting, and CAPA is unknown.
 */
static void on_list_line(struct dl_turn *turn, struct dl_word line)
{
	if (is_status(line, "-ERR")) {
		dl_hello_done(turn);
		return;
	}
	if (line.len > 0 && line.at[0] == '.') {
		line = dl_word_skip(line, 1);
		if (line.len == 0) {
			dl_hello_done(turn);
			return;
		}
	}
	on_capability(turn->dialog, dl_word_trim(line));
}

static void on_status(struct dl_turn *turn, struct dl_word line, bool ok)
{
	struct dl_dialog *dialog = turn->dialog;

	switch ((enum dl_state)dialog->state) {
	case DL_STATE_GREET:
		dialog->apop = ok && has_stamp(line);
		if (ok)
			ask_capa(turn);
		else
			dl_refused(turn, DL_CLASS_POLICY, 0);
		break;
	case DL_STATE_HELLO:
		dialog->reply_begun = ok;
		if (!ok) /* CAPA is an extension: a server need not know it */
			dl_hello_done(turn);
		break;
	case DL_STATE_STARTTLS:
		if (ok)
			dl_go_ahead(turn);
		else
			dl_refused(turn, DL_CLASS_TLS_REFUSED, 0);
		break;
	default:
		dl_bye_done(turn);
		break;
	}
}

static void pop3_line(struct dl_turn *turn, struct dl_word line)
{
	if (turn->dialog->reply_begun)
		on_list_line(turn, line);
	else if (pop3_greets(line))
		on_status(turn, line, is_status(line, "+OK"));
	else
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
}

const struct dl_ops dl_pop3_ops = {
	.framing = DL_FRAME_LINES,
	.first_bytes = "+-",
	.goodbye = "QUIT\r\n",
	.begin = pop3_begin,
	.starttls = pop3_starttls,
	.line = pop3_line,
	.greets = pop3_greets,
};
