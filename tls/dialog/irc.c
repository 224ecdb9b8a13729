/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * IRC client that never registers: CAP LS, STARTTLS, CAP LS inside TLS. RFC 2812, IRCv3 capability
 * negotiation and tls extension. The server may be silent until we have spoken, or send
 * NOTICEs first.
 */
#include "turn.h"

/* Longer PING cookies than this are not in use, and DL_MAX_PONGS of them must fit into one output.
 */
#define MAX_PING 128

enum irc_numeric {
	ERR_INVALIDCAPCMD = 410,
	ERR_UNKNOWNCOMMAND = 421,
	ERR_NOTREGISTERED = 451,
	ERR_PASSWDMISMATCH = 464,
	ERR_YOUREBANNEDCREEP = 465,
	RPL_STARTTLS = 670,
	ERR_STARTTLS = 691,
};

_Static_assert(DL_MAX_PONGS *(MAX_PING + 8) < DL_OUT_MAX - 64, "PONGs would crowd out a command");

struct irc_message {
	bool has_source;
	struct dl_word command;
	struct dl_word params; /* with the trailing one */
};

static void irc_begin(struct dl_turn *turn)
{
	turn->dialog->ask_again = false;
	dl_command(turn, "CAP LS 302\r\n");
	/* Inside TLS this is the last step, so it gets the time of any other reply. */
	dl_enter(turn, DL_STATE_HELLO,
		turn->dialog->in_tls ? turn->config->reply_us : turn->config->irc_hello_us);
}

/* Some servers ignore what comes before our PONG, so CAP is asked again. Those that do not ignore
 * it have answered already; otherwise a second answer to CAP could be taken for one to STARTTLS. */
static void irc_no_hello(struct dl_turn *turn)
{
	if (turn->dialog->ask_again)
		irc_begin(turn);
	else
		dl_hello_done(turn);
}

static void irc_starttls(struct dl_turn *turn)
{
	dl_command(turn, "STARTTLS\r\n");
	dl_enter(turn, DL_STATE_STARTTLS, turn->config->irc_starttls_us);
}

static struct irc_message parse(struct dl_word line)
{
	struct irc_message message = {0};

	if (line.len > 0 && line.at[0] == ':')
		message.has_source = dl_word_next(&line, " ").len > 1;
	message.command = dl_word_next(&line, " ");
	message.params = line;
	return message;
}

static bool is_one_of(struct dl_word word, const char *const *words)
{
	while (*words != NULL && !dl_word_is(word, *words))
		words++;
	return *words != NULL;
}

/*
 * What a server says, and no client does, before registration (RFC 2812 sections 2.3.1, 2.4, 3.3.2,
 * 3.7; IRCv3 capability negotiation, standard replies): a numeric from a named source, a notice to
 * somebody, CAP with a nick or "*" before its verb, ERROR with a reason, PING with a cookie.
 */
static bool is_servers(const struct irc_message *message)
{
	static const char *const cap_verbs[] = {"LS", "LIST", "ACK", "NAK", "NEW", "DEL", NULL};
	static const char *const notices[] = {"NOTICE", "PRIVMSG", NULL};
	static const char *const others[] = {"MODE", "FAIL", "WARN", "NOTE", NULL};
	struct dl_word command = message->command, rest = message->params;
	struct dl_word first = dl_word_next(&rest, " ");
	struct dl_word second = dl_word_next(&rest, " ");

	if (command.len == 3 && dl_word_code(command) >= 0)
		return message->has_source;
	if (dl_word_is(command, "CAP"))
		return is_one_of(second, cap_verbs);
	if (is_one_of(command, notices))
		return second.len > 0 && second.at[0] == ':';
	if (dl_word_is(command, "ERROR"))
		return first.len > 0 && first.at[0] == ':';
	if (dl_word_is(command, "PING"))
		return first.len > 0;
	return message->has_source && is_one_of(command, others) && first.len > 0;
}

/* What only we send: from a server it is an echo. */
static bool is_ours(const struct irc_message *message)
{
	static const char *const words[] = {"CAP", "STARTTLS", "PONG", "QUIT", NULL};

	return !message->has_source && is_one_of(message->command, words);
}

static bool irc_greets(struct dl_word line)
{
	struct irc_message message = parse(line);

	return is_servers(&message);
}

/* "PLAIN,EXTERNAL" after "sasl=" (CAP 302). A bare "sasl" names no mechanism. */
static void on_capability(struct dl_dialog *dialog, struct dl_word cap)
{
	struct dl_word value = cap;
	struct dl_word name = dl_word_next(&value, "=");

	dl_cap_add(dialog, cap);
	if (dl_word_is(name, "sasl"))
		dl_auth_add_all(dialog, value, "=,");
	else if (dl_word_is(name, "tls") && !dialog->in_tls)
		dialog->starttls_advertised = true;
}

/* "<nick> LS [*] :tokens". The star means that more lines follow. */
static void on_cap(struct dl_turn *turn, struct dl_word params)
{
	struct dl_word word, star;
	bool more;

	dl_word_next(&params, " ");
	if (!dl_word_is(dl_word_next(&params, " "), "LS"))
		return;
	star = params;
	more = dl_word_is(dl_word_next(&star, " "), "*");
	if (more)
		params = star;
	params = dl_word_trim(params);
	if (params.len > 0 && params.at[0] == ':')
		params = dl_word_skip(params, 1);
	/* If we have asked twice, the second answer adds nothing. */
	if (turn->dialog->state != DL_STATE_HELLO)
		return;
	while ((word = dl_word_next(&params, " ")).len > 0)
		on_capability(turn->dialog, word);
	if (!more)
		dl_hello_done(turn);
}

static void on_ping(struct dl_turn *turn, struct dl_word params)
{
	struct dl_dialog *dialog = turn->dialog;

	params = dl_word_trim(params);
	if (dialog->n_pongs == DL_MAX_PONGS || params.len > MAX_PING)
		return;
	dl_answer(turn, "PONG %.*s\r\n", (int)params.len, params.at);
	if (dialog->n_pongs++ > 0 || dialog->state != DL_STATE_HELLO)
		return;
	dialog->ask_again = true;
	dialog->deadline_us = turn->now_us + turn->config->irc_hello_us;
}

static void on_error(struct dl_turn *turn, struct dl_word params)
{
	bool throttled = dl_word_has(params, "throttl") || dl_word_has(params, "too fast") ||
			 dl_word_has(params, "too many");

	dl_abort(turn, throttled ? DL_CLASS_THROTTLED : DL_CLASS_POLICY, 0);
}

static void keep_numeric(struct dl_dialog *dialog, struct dl_word command)
{
	dl_item_add_once(dialog, DL_LIST_NUMERICS, command);
}

/* Does an error numeric name CAP? Then it is a late answer, and STARTTLS is still open. */
static bool is_about_cap(struct dl_word params)
{
	struct dl_word param;

	while ((param = dl_word_next(&params, " ")).len > 0 && param.at[0] != ':') {
		if (dl_word_is(param, "CAP"))
			return true;
	}
	return false;
}

static void on_unknown(struct dl_turn *turn, int numeric, struct dl_word params)
{
	if (turn->dialog->state == DL_STATE_HELLO)
		dl_hello_done(turn); /* no CAP here; inside TLS that is an answer too */
	else if (turn->dialog->state == DL_STATE_STARTTLS && !is_about_cap(params))
		dl_refused(turn, DL_CLASS_TLS_REFUSED, numeric);
}

static void on_numeric(struct dl_turn *turn, const struct irc_message *message)
{
	int numeric = dl_word_code(message->command);

	keep_numeric(turn->dialog, message->command);
	switch (numeric) {
	case ERR_UNKNOWNCOMMAND:
	case ERR_NOTREGISTERED:
		on_unknown(turn, numeric, message->params);
		break;
	case ERR_INVALIDCAPCMD:
		if (turn->dialog->state == DL_STATE_HELLO)
			dl_hello_done(turn);
		break;
	case ERR_PASSWDMISMATCH:
	case ERR_YOUREBANNEDCREEP:
		dl_refused(turn, DL_CLASS_POLICY, numeric);
		break;
	case RPL_STARTTLS:
		if (turn->dialog->state == DL_STATE_STARTTLS) {
			turn->dialog->code = RPL_STARTTLS;
			dl_go_ahead(turn);
		}
		break;
	case ERR_STARTTLS:
		if (turn->dialog->state == DL_STATE_STARTTLS)
			dl_refused(turn, DL_CLASS_TLS_UNAVAILABLE, numeric);
		break;
	default:
		break;
	}
}

/* NOTICE and similar messages before the first answer are the greeting of this protocol. */
static enum dl_text noise_text(const struct dl_turn *turn)
{
	if (turn->dialog->state != DL_STATE_HELLO)
		return turn->text;
	return turn->dialog->in_tls && !turn->dialog->implicit_tls ? DL_TEXT_BANNER_TLS
								   : DL_TEXT_BANNER;
}

static void irc_line(struct dl_turn *turn, struct dl_word line)
{
	struct irc_message message = parse(line);
	struct dl_dialog *dialog = turn->dialog;

	if (line.len == 0)
		return;
	if (!is_servers(&message)) {
		if (!dialog->header_seen || is_ours(&message))
			dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		return;
	}
	dialog->header_seen = true;
	if (dl_word_code(message.command) >= 0) {
		on_numeric(turn, &message);
	} else if (dl_word_is(message.command, "CAP")) {
		on_cap(turn, message.params);
	} else if (dl_word_is(message.command, "ERROR")) {
		on_error(turn, message.params);
	} else {
		turn->text = noise_text(turn);
		if (dl_word_is(message.command, "PING") && dialog->state != DL_STATE_BYE)
			on_ping(turn, message.params);
	}
}

const struct dl_ops dl_irc_ops = {
	.framing = DL_FRAME_LINES,
	.first_bytes = ":ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	.goodbye = "QUIT\r\n",
	.begin = irc_begin,
	.starttls = irc_starttls,
	.line = irc_line,
	.no_hello = irc_no_hello,
	.greets = irc_greets,
};
