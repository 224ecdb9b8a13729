/* SPDX-License-Identifier: BSD-3-Clause */
/* SMTP client up to STARTTLS and EHLO inside TLS: RFC 5321, RFC 3207; AUTH of RFC 4954 is only
 * read. */
#include "turn.h"

/* The reply codes that matter by themselves; for all others the first digit decides. */
enum smtp_code {
	SMTP_READY = 220,
	SMTP_CLOSING = 421,
	SMTP_MAILBOX_BUSY = 450,
	SMTP_LOCAL_ERROR = 451,
	SMTP_NO_STORAGE = 452,
	SMTP_UNKNOWN = 500,
	SMTP_NOT_IMPLEMENTED = 502,
	FTP_NOT_LOGGED_IN = 530, /* RFC 959 section 5.4 */
};

static bool is_positive(int code)
{
	return code / 100 == 2;
}

static bool is_transient(int code)
{
	return code / 100 == 4;
}

/*
 * RFC 5321 section 4.3.2 has 220 and 554 for a greeting, section 3.8 adds 421, RFC 7504 adds 521;
 * servers refuse with more codes than these. Their second digit (section 4.2.1) means the
 * connection (2) or the mail system (5), and 57z is widely used for policy. This excludes NNTP's
 * 200, 201, 400 and 502 (RFC 3977 section 5.1). FTP's 220 and 421 are the same as SMTP's: see
 * is_unknown().
 */
static bool is_greeting(int code)
{
	int kind = code / 10 % 10;

	return code == SMTP_READY ||
	       (code >= 400 && code <= 599 && (kind == 2 || kind == 5 || kind == 7));
}

/* The reply to a command that the server does not know or, in FTP, refuses before login.
 */
static bool is_unknown(int code)
{
	return code == SMTP_UNKNOWN || code == SMTP_NOT_IMPLEMENTED || code == FTP_NOT_LOGGED_IN;
}

static void refuse(struct dl_turn *turn, enum dl_class class, int code)
{
	if (code == SMTP_CLOSING) /* RFC 5321 section 3.8: it closes at once, QUIT would be reset */
		dl_abort(turn, DL_CLASS_THROTTLED, code);
	else
		dl_refused(turn, class, code);
}

static void smtp_begin(struct dl_turn *turn)
{
	if (turn->dialog->in_tls && !turn->dialog->implicit_tls) {
		dl_command(turn, "EHLO %.*s\r\n", DL_NAME_MAX, turn->config->ehlo_name);
		dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
	} else {
		dl_enter(turn, DL_STATE_GREET, turn->config->greeting_us);
	}
}

static void smtp_starttls(struct dl_turn *turn)
{
	dl_command(turn, "STARTTLS\r\n");
	dl_enter(turn, DL_STATE_STARTTLS, turn->config->reply_us);
}

static void on_greeting(struct dl_turn *turn, int code)
{
	if (is_positive(code)) {
		dl_command(turn, "EHLO %.*s\r\n", DL_NAME_MAX, turn->config->ehlo_name);
		dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
	} else {
		refuse(turn, is_transient(code) ? DL_CLASS_THROTTLED : DL_CLASS_POLICY, code);
	}
}

static void on_ehlo(struct dl_turn *turn, int code)
{
	if (is_positive(code)) {
		dl_hello_done(turn);
	} else if (is_transient(code)) {
		refuse(turn, DL_CLASS_THROTTLED, code);
	} else {
		turn->dialog->doubted = is_unknown(code);
		dl_command(turn, "HELO %.*s\r\n", DL_NAME_MAX, turn->config->ehlo_name);
		dl_enter(turn, DL_STATE_HELO, turn->config->reply_us);
	}
}

/*
 * RFC 5321 section 4.5.1: every server knows HELO. A server that knows neither EHLO nor HELO has
 * shown only a greeting, which FTP has as well. Only the reply to STARTTLS can still prove SMTP.
 */
static void on_helo(struct dl_turn *turn, int code)
{
	turn->dialog->doubted = turn->dialog->doubted && is_unknown(code);
	if (turn->dialog->doubted)
		turn->dialog->heard = DL_HEARD_BYTES;
	if (is_transient(code))
		refuse(turn, DL_CLASS_THROTTLED, code);
	else if (turn->dialog->in_tls && !is_positive(code))
		refuse(turn, DL_CLASS_POLICY, code);
	else /* even if HELO was refused, STARTTLS is asked */
		dl_hello_done(turn);
}

static void on_starttls(struct dl_turn *turn, int code)
{
	if (turn->dialog->doubted && is_unknown(code)) {
		dl_refused(turn, DL_CLASS_OTHER_PROTOCOL, code);
		return;
	}
	turn->dialog->doubted = false;
	if (code == SMTP_READY) {
		turn->dialog->code = SMTP_READY;
		dl_go_ahead(turn);
	} else if (turn->dialog->hello_owed) {
		/* Replies come in order, so this one answers the EHLO that had no answer yet. */
		turn->dialog->hello_owed = false;
	} else if (code == SMTP_MAILBOX_BUSY || code == SMTP_LOCAL_ERROR ||
		   code == SMTP_NO_STORAGE) {
		refuse(turn, DL_CLASS_THROTTLED, code);
	} else {
		refuse(turn, is_transient(code) ? DL_CLASS_TLS_UNAVAILABLE : DL_CLASS_TLS_REFUSED,
			code);
	}
}

/* PIX and ASA "fixup" overwrite what they do not know: STARTTLS becomes XXXXXXXA. */
static bool is_censored(struct dl_word keyword)
{
	size_t n = 0;

	while (n < keyword.len && keyword.at[n] == 'X')
		n++;
	return n >= 3 && (n == keyword.len || (n == keyword.len - 1 && keyword.at[n] == 'A'));
}

static void on_capability(struct dl_dialog *dialog, struct dl_word cap)
{
	struct dl_word rest = cap;
	/* Servers send "AUTH=LOGIN" for old clients. */
	struct dl_word keyword = dl_word_next(&rest, " =\t");

	dl_cap_add(dialog, cap);
	if (dl_word_is(keyword, "STARTTLS") && !dialog->in_tls)
		dialog->starttls_advertised = true;
	else if (dl_word_is(keyword, "AUTH"))
		dl_auth_add_all(dialog, rest, " =\t");
	else if (is_censored(keyword))
		dialog->censored = true;
}

static void on_reply(struct dl_turn *turn, int code)
{
	switch ((enum dl_state)turn->dialog->state) {
	case DL_STATE_GREET:
		on_greeting(turn, code);
		break;
	case DL_STATE_HELLO:
		on_ehlo(turn, code);
		break;
	case DL_STATE_HELO:
		on_helo(turn, code);
		break;
	case DL_STATE_STARTTLS:
		on_starttls(turn, code);
		break;
	default:
		dl_bye_done(turn);
		break;
	}
}

static bool is_hello(const struct dl_dialog *dialog)
{
	return dialog->state == DL_STATE_HELLO || dialog->state == DL_STATE_HELO;
}

static bool smtp_greets(struct dl_word line)
{
	return line.len > 3 && !dl_is_digit(line.at[3]) && is_greeting(dl_word_code(line));
}

/* RFC 5321 section 4.2.1: after "NNN-text" more lines follow; "NNN text" and "NNN" end the reply.
 */
static void smtp_line(struct dl_turn *turn, struct dl_word line)
{
	struct dl_dialog *dialog = turn->dialog;
	int code = dl_word_code(line);
	bool last = line.len == 3 || (line.len > 3 && line.at[3] != '-');
	bool first = !dialog->reply_begun;

	if (code < 200 || code > 599 || (line.len > 3 && dl_is_digit(line.at[3])) ||
		(first && dialog->state == DL_STATE_GREET && !is_greeting(code))) {
		if (first && !dialog->hello_owed)
			dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		return;
	}
	/* A second greeting, of a server behind a proxy or inside TLS: EHLO and HELO are answered
	 * with 250 (RFC 5321 section 4.3.2). */
	if (is_hello(dialog) && code == SMTP_READY) {
		turn->text = dialog->in_tls ? DL_TEXT_BANNER_TLS : DL_TEXT_BANNER;
		return;
	}
	dialog->reply_begun = !last;
	if (!first && is_positive(code) &&
		(dialog->state == DL_STATE_HELLO || (dialog->hello_owed && code != SMTP_READY)))
		on_capability(dialog, dl_word_trim(dl_word_skip(line, 4)));
	if (last)
		on_reply(turn, code);
}

static void smtp_no_hello(struct dl_turn *turn)
{
	turn->dialog->hello_owed = true;
	dl_hello_done(turn);
}

const struct dl_ops dl_smtp_ops = {
	.framing = DL_FRAME_LINES,
	.first_bytes = "245",
	.goodbye = "QUIT\r\n",
	.begin = smtp_begin,
	.starttls = smtp_starttls,
	.line = smtp_line,
	.no_hello = smtp_no_hello,
	.greets = smtp_greets,
};
