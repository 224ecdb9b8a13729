/* SPDX-License-Identifier: BSD-3-Clause */
#include "dialog.h"

#include <string.h>

#include "alert.h"
#include "body.h"
#include "frame.h"
#include "turn.h"

_Static_assert(DL_HOST_MAX == DL_NAME_MAX, "a name that passes must fit");
_Static_assert(sizeof(struct dl_dialog) <= 12 * 1024, "a dialog is a pool element, keep it small");

void dl_config_default(struct dl_config *config)
{
	*config = (struct dl_config){
		.ehlo_name = "",
		.user_agent = "",
		.http_method = "GET",
		.http_path = "/",
		.greeting_us = DL_GREETING_US,
		.reply_us = DL_REPLY_US,
		.irc_hello_us = DL_IRC_HELLO_US,
		.irc_starttls_us = DL_IRC_STARTTLS_US,
		.handshake_us = DL_HANDSHAKE_US,
		.bye_us = DL_BYE_US,
		.max_lines = 128,
		.max_phase_bytes = 16 * 1024,
		.post_tls = true,
	};
}

/* Tell the owner what to do next: it follows from the state alone. */
static void turn_end(const struct dl_turn *turn)
{
	const struct dl_dialog *dialog = turn->dialog;

	turn->out->deadline_us = dialog->deadline_us;
	switch ((enum dl_state)dialog->state) {
	case DL_STATE_CREDIT:
		turn->out->next = DL_NEXT_CREDIT;
		break;
	case DL_STATE_TLS:
		turn->out->next = DL_NEXT_TLS;
		break;
	case DL_STATE_DONE:
		turn->out->next = dialog->class == DL_CLASS_HOST_UNKNOWN &&
						  dialog->reconnect_host[0] != '\0'
					  ? DL_NEXT_RECONNECT
					  : DL_NEXT_DONE;
		break;
	default:
		turn->out->next = DL_NEXT_READ;
		break;
	}
}

static enum dl_text text_of(const struct dl_dialog *dialog)
{
	switch ((enum dl_state)dialog->state) {
	case DL_STATE_GREET:
		return DL_TEXT_BANNER;
	case DL_STATE_HELLO:
		return dialog->in_tls ? DL_TEXT_HELLO_TLS : DL_TEXT_HELLO;
	case DL_STATE_HELO:
		return dialog->in_tls ? DL_TEXT_HELLO_TLS : DL_TEXT_HELO;
	case DL_STATE_BYE:
		return DL_TEXT_QUIT;
	default:
		return DL_TEXT_STARTTLS;
	}
}

static bool is_reading(const struct dl_dialog *dialog)
{
	switch ((enum dl_state)dialog->state) {
	case DL_STATE_CREDIT:
	case DL_STATE_TLS:
	case DL_STATE_DONE:
		return false;
	default:
		return true;
	}
}

static struct dl_word line_of(const struct dl_dialog *dialog)
{
	return (struct dl_word){dialog->line, dialog->line_len};
}

static bool looks_like_tls(const struct dl_dialog *dialog)
{
	return !dialog->in_tls && dl_tls_record_begins(line_of(dialog));
}

/* Has the protocol accepted a line or a tag as its own? An XML declaration is not yet XMPP. */
static bool is_proof(const struct dl_dialog *dialog, enum dl_framing framing, struct dl_word line)
{
	if (dialog->class == DL_CLASS_OTHER_PROTOCOL || dialog->doubted)
		return false;
	return framing == DL_FRAME_XML ? dialog->header_seen || dialog->class != DL_CLASS_NONE
				       : line.len > 0;
}

/* Keep the present bytes as text and begin a new line. A TLS alert is not text. */
static void keep_text(struct dl_dialog *dialog, enum dl_text phase)
{
	if (dialog->in_tls || !dl_alert_note(dialog, line_of(dialog)))
		dl_text_add(dialog, phase, dialog->line, dialog->line_len);
	dl_frame_reset(dialog);
}

/* Give dialog->line to the protocol and keep its text. */
static void deliver(struct dl_turn *turn)
{
	struct dl_dialog *dialog = turn->dialog;
	const struct dl_ops *ops = dl_ops_of(dialog->proto);
	struct dl_word line = line_of(dialog);

	turn->text = text_of(dialog);
	if (looks_like_tls(dialog)) {
		dl_abort(turn, DL_CLASS_TLS_ON_PLAIN, 0);
	} else if (ops->framing != DL_FRAME_XML && ++dialog->n_lines > turn->config->max_lines) {
		dl_cut_short(turn, DL_PROTOCOL_ERROR, DL_CLASS_LIMIT);
	} else {
		while (line.len > 0 &&
			(line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
			line.len--;
		ops->line(turn, line);
		if (is_proof(dialog, ops->framing, line))
			dialog->heard = DL_HEARD_PROTOCOL;
	}
	keep_text(dialog, turn->text);
}

/* Keep the text of a line that will never be whole. @return true if it shows that this is not the
 * protocol */
static bool drop_partial(struct dl_turn *turn)
{
	struct dl_dialog *dialog = turn->dialog;
	enum dl_text phase = text_of(dialog);
	bool first = dialog->stage <= DL_AT_HELLO && dialog->raw_len == 0;
	bool foreign = is_reading(dialog) && dialog->line_len > 0 && !dialog->in_tls &&
		       (looks_like_tls(dialog) ||
			       (first && strchr(dl_ops_of(dialog->proto)->first_bytes,
						 dialog->line[0]) == NULL));

	if (foreign)
		dl_abort(turn,
			looks_like_tls(dialog) ? DL_CLASS_TLS_ON_PLAIN : DL_CLASS_OTHER_PROTOCOL,
			0);
	keep_text(dialog, phase);
	return foreign;
}

/* If the first line never ends but begins like the protocol's, it counts as the protocol. */
static void over_limit(struct dl_turn *turn)
{
	struct dl_dialog *dialog = turn->dialog;
	const struct dl_ops *ops = dl_ops_of(dialog->proto);

	if (ops->greets != NULL && ops->greets(line_of(dialog)))
		dialog->heard = DL_HEARD_PROTOCOL;
	drop_partial(turn);
	dl_cut_short(turn, DL_PROTOCOL_ERROR, DL_CLASS_LIMIT);
}

static void feed(struct dl_turn *turn, uint8_t byte)
{
	struct dl_dialog *dialog = turn->dialog;
	enum dl_framing framing = dl_ops_of(dialog->proto)->framing;

	if (dialog->greeting_us == 0) {
		uint64_t us = turn->now_us - dialog->started_us;

		dialog->greeting_us = us == 0 ? 1 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
	}
	if (++dialog->phase_bytes > turn->config->max_phase_bytes ||
		++dialog->input_bytes > DL_INPUT_CAP) {
		over_limit(turn);
		return;
	}
	if (!looks_like_tls(dialog) && dl_frame_ends_before(dialog, framing, (char)byte)) {
		deliver(turn);
		if (!is_reading(dialog))
			return;
	}
	if (dl_frame_take(dialog, framing, (char)byte) ||
		(dialog->line_len == DL_ALERT_LEN && looks_like_tls(dialog)))
		deliver(turn);
}

/*
 * The peer speaks while we wait for a credit. The bytes are kept for dl_granted(), so that findings
 * do not depend on how long the wait was. With implicit TLS we have sent nothing yet, so the bytes
 * can be TLS only if they are an alert.
 */
static void keep(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_dialog *dialog = turn->dialog;
	size_t room = DL_LINE_CAP - dialog->line_len, fits = len < room ? len : room;

	memcpy(dialog->line + dialog->line_len, bytes, fits);
	dialog->line_len = (uint16_t)(dialog->line_len + fits);
	if (dialog->implicit_tls && !dl_alert_begins(line_of(dialog))) {
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		dialog->status = DL_HANDSHAKE_ERROR;
		keep_text(dialog, DL_TEXT_BANNER);
	} else if (fits < len) {
		dl_abort(turn, DL_CLASS_LIMIT, 0);
	}
}

/* What follows the go-ahead in the same read: an alert is kept for the session, the rest counted.
 */
static void behind_go_ahead(struct dl_dialog *dialog, struct dl_word rest)
{
	if (!dl_alert_begins(rest) || rest.len > DL_LINE_CAP) {
		dialog->plaintext_after_ready = (uint32_t)rest.len;
		return;
	}
	memcpy(dialog->line, rest.at, rest.len);
	dialog->line_len = (uint16_t)rest.len;
}

static void take_in(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_dialog *dialog = turn->dialog;
	size_t i = 0;

	if (len > 0 && dialog->heard == DL_HEARD_NOTHING)
		dialog->heard = DL_HEARD_BYTES;
	while (i < len && is_reading(dialog)) { /* each turn takes at least one byte */
		if (dialog->body_state != DL_BODY_NONE)
			i += dl_body_take(turn, bytes + i, len - i);
		else
			feed(turn, bytes[i++]);
	}
	if (i == len)
		return;
	if (dialog->state == DL_STATE_CREDIT)
		keep(turn, bytes + i, len - i);
	else if (dialog->state == DL_STATE_TLS)
		behind_go_ahead(dialog, (struct dl_word){(const char *)bytes + i, len - i});
}

void dl_start(struct dl_dialog *dialog, const struct dl_config *config, enum dl_proto proto,
	bool implicit, const char *host, const char *addr, bool retry, uint64_t now_us,
	struct dl_out *out)
{
	struct dl_turn turn = {.dialog = dialog, .config = config, .out = out, .now_us = now_us};
	size_t addr_len = strnlen(addr, sizeof(dialog->addr) - 1);

	memset(dialog, 0, sizeof(*dialog));
	dialog->proto = proto;
	dialog->implicit_tls = implicit || dl_ops_of(proto)->starttls == NULL;
	dialog->retry = retry;
	dialog->http_length = -1;
	dialog->started_us = now_us;
	if (dl_word_is_host((struct dl_word){host, strlen(host)}))
		memcpy(dialog->host, host, strlen(host));
	memcpy(dialog->addr, addr, addr_len);
	out->len = 0;
	if (dialog->implicit_tls)
		dl_enter(&turn, DL_STATE_CREDIT, DL_NEVER);
	else
		dl_ops_of(proto)->begin(&turn);
	turn_end(&turn);
}

void dl_granted(struct dl_dialog *dialog, const struct dl_config *config, uint64_t now_us,
	struct dl_out *out)
{
	struct dl_turn turn = {.dialog = dialog, .config = config, .out = out, .now_us = now_us};
	uint8_t kept[DL_LINE_CAP];
	size_t n_kept = dialog->line_len;

	out->len = 0;
	if (dialog->state == DL_STATE_CREDIT && dialog->implicit_tls) {
		dl_enter(&turn, DL_STATE_TLS, DL_NEVER);
	} else if (dialog->state == DL_STATE_CREDIT) {
		memcpy(kept, dialog->line, n_kept);
		dl_frame_reset(dialog);
		dialog->starttls_attempted = true;
		dl_ops_of(dialog->proto)->starttls(&turn);
		take_in(&turn, kept, n_kept);
	}
	turn_end(&turn);
}

void dl_input(struct dl_dialog *dialog, const struct dl_config *config, const uint8_t *bytes,
	size_t len, uint64_t now_us, struct dl_out *out)
{
	struct dl_turn turn = {.dialog = dialog, .config = config, .out = out, .now_us = now_us};

	out->len = 0;
	/* What comes after the go-ahead belongs to the handshake: giving it here is the owner's
	 * mistake. */
	if (dialog->state != DL_STATE_TLS)
		take_in(&turn, bytes, len);
	turn_end(&turn);
}

size_t dl_tls_bytes(const struct dl_dialog *dialog, const uint8_t **bytes)
{
	*bytes = (const uint8_t *)dialog->line;
	return dialog->state == DL_STATE_TLS ? dialog->line_len : 0;
}

void dl_body_lend(struct dl_dialog *dialog, uint8_t *bytes, uint32_t cap)
{
	dialog->body = bytes;
	dialog->body_cap = bytes == NULL ? 0 : cap;
}

void dl_tls_up(struct dl_dialog *dialog, const struct dl_config *config, uint64_t now_us,
	struct dl_out *out)
{
	struct dl_turn turn = {.dialog = dialog, .config = config, .out = out, .now_us = now_us};

	out->len = 0;
	if (dialog->state == DL_STATE_TLS) {
		const struct dl_ops *ops = dl_ops_of(dialog->proto);

		dialog->in_tls = true;
		dl_frame_reset(dialog);
		if (dialog->implicit_tls)
			dialog->started_us = now_us;
		if (config->post_tls)
			ops->begin(&turn);
		else if (ops->framing == DL_FRAME_XML || dialog->implicit_tls)
			/* No stream is open, or a command would come before the greeting. */
			dl_bye_done(&turn);
		else
			dl_succeed(&turn);
	}
	turn_end(&turn);
}

void dl_tls_failed(struct dl_dialog *dialog, enum dl_status status)
{
	struct dl_out out = {.len = 0};

	if (dialog->state == DL_STATE_DONE)
		return;
	if (dialog->in_tls) {
		dl_eof(dialog, &out);
		return;
	}
	dialog->status = status;
	dialog->stage = DL_AT_TLS;
	dialog->code = 0; /* that of the go-ahead decided nothing of this */
	dialog->state = DL_STATE_DONE;
	dialog->deadline_us = DL_NEVER;
}

void dl_tls_other(struct dl_dialog *dialog, const uint8_t *bytes, size_t len)
{
	if (dialog->state != DL_STATE_TLS || !dialog->implicit_tls)
		return;
	dl_tls_failed(dialog, DL_HANDSHAKE_ERROR);
	dialog->class = DL_CLASS_OTHER_PROTOCOL;
	dialog->heard = DL_HEARD_BYTES;
	dl_text_add(
		dialog, DL_TEXT_BANNER, (const char *)bytes, len < DL_LINE_CAP ? len : DL_LINE_CAP);
}

void dl_timer(struct dl_dialog *dialog, const struct dl_config *config, uint64_t now_us,
	struct dl_out *out)
{
	struct dl_turn turn = {.dialog = dialog, .config = config, .out = out, .now_us = now_us};
	const struct dl_ops *ops = dl_ops_of(dialog->proto);

	out->len = 0;
	if (now_us >= dialog->deadline_us && dialog->deadline_us != DL_NEVER &&
		!drop_partial(&turn)) {
		bool hello = dialog->state == DL_STATE_HELLO || dialog->state == DL_STATE_HELO;

		if (hello && ops->no_hello != NULL && (!dialog->in_tls || dialog->ask_again))
			ops->no_hello(&turn);
		else
			dl_timed_out(&turn);
	}
	turn_end(&turn);
}

void dl_eof(struct dl_dialog *dialog, struct dl_out *out)
{
	struct dl_turn turn = {.dialog = dialog, .out = out};
	/* What could not be given to a session any more. */
	bool angry = dialog->state == DL_STATE_CREDIT && dialog->implicit_tls &&
		     dl_alert_note(dialog, line_of(dialog));

	out->len = 0;
	if (dialog->state != DL_STATE_DONE && !drop_partial(&turn))
		dl_cut_short(
			&turn, angry ? DL_HANDSHAKE_ERROR : DL_CONNECTION_CLOSED, DL_CLASS_NONE);
	turn_end(&turn);
}
