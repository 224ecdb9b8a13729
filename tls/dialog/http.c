/* SPDX-License-Identifier: BSD-3-Clause */
/* HTTP inside TLS: one request; status line, headers and the beginning of the body of its answer
 * (RFC 9110, RFC 9112). Redirects are not followed. */
#include <string.h>

#include "body.h"
#include "turn.h"

static void http_begin(struct dl_turn *turn)
{
	const struct dl_dialog *dialog = turn->dialog;
	const char *host = dialog->host[0] != '\0' ? dialog->host : dialog->addr;
	bool is_v6 = strchr(host, ':') != NULL;

	dl_command(turn,
		"%s %s HTTP/1.1\r\nHost: %s%s%s\r\nUser-Agent: %.*s\r\nAccept: */*\r\n"
		"Connection: close\r\n\r\n",
		turn->config->http_method, turn->config->http_path, is_v6 ? "[" : "", host,
		is_v6 ? "]" : "", DL_NAME_MAX, turn->config->user_agent);
	dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
}

static void on_status_line(struct dl_turn *turn, struct dl_word line)
{
	struct dl_word version = dl_word_next(&line, " ");
	int code = dl_word_code(dl_word_next(&line, " "));

	if (!dl_word_begins(version, "HTTP/") || code < 100 || code > 999) {
		if (turn->dialog->http_status == 0)
			dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		else
			dl_succeed(turn);
		return;
	}
	turn->dialog->http_status = (uint16_t)code;
	turn->dialog->http_length = -1;
	turn->dialog->http_chunked = false;
	turn->dialog->reply_begun = true;
}

static void on_header(struct dl_turn *turn, struct dl_word line)
{
	struct dl_word value = line;
	struct dl_word name = dl_word_next(&value, ":");

	dl_item_add(turn->dialog, DL_LIST_STREAM, line);
	dl_body_header(turn->dialog, line);
	if (dl_word_is(name, "WWW-Authenticate")) {
		value = dl_word_trim(dl_word_skip(value, 1));
		dl_auth_add(turn->dialog, dl_word_next(&value, " ,"));
	}
}

/* RFC 9112 7.1.2. Their text does not belong to the headers'. */
static void on_trailer(struct dl_turn *turn, struct dl_word line)
{
	turn->text = DL_TEXT_QUIT;
	if (line.len == 0)
		dl_succeed(turn);
	else
		dl_item_add(turn->dialog, DL_LIST_TRAILER, line);
}

static void http_line(struct dl_turn *turn, struct dl_word line)
{
	struct dl_dialog *dialog = turn->dialog;

	if (dialog->in_trailer)
		on_trailer(turn, line);
	else if (!dialog->reply_begun)
		on_status_line(turn, line);
	else if (line.len > 0)
		on_header(turn, line);
	else if (dialog->http_status < 200 &&
		 dialog->http_status != 101) /* interim, the real one follows */
		dialog->reply_begun = false;
	else
		dl_body_begin(turn);
}

const struct dl_ops dl_http_ops = {
	.framing = DL_FRAME_LINES,
	.first_bytes = "H",
	.begin = http_begin,
	.line = http_line,
};
