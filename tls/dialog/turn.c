/* SPDX-License-Identifier: BSD-3-Clause */
#include "turn.h"
#include "body.h"

#include <stdarg.h>
#include <stdio.h>

/* The status of each class before TLS. Inside TLS it is always DL_POST_TLS_APPLICATION_ERROR. */
static const uint8_t class_status[DL_N_CLASS] = {
	[DL_CLASS_NONE] = DL_UNKNOWN_ERROR,
	[DL_CLASS_POLICY] = DL_APPLICATION_ERROR,
	[DL_CLASS_THROTTLED] = DL_APPLICATION_ERROR,
	[DL_CLASS_TLS_UNAVAILABLE] = DL_APPLICATION_ERROR,
	[DL_CLASS_TLS_REFUSED] = DL_APPLICATION_ERROR,
	[DL_CLASS_TLS_ON_PLAIN] = DL_PROTOCOL_ERROR,
	[DL_CLASS_PREAUTH] = DL_APPLICATION_ERROR,
	[DL_CLASS_HOST_UNKNOWN] = DL_APPLICATION_ERROR,
	[DL_CLASS_STREAM_ERROR] = DL_APPLICATION_ERROR,
	[DL_CLASS_PRE_XMPP1] = DL_APPLICATION_ERROR,
	[DL_CLASS_OTHER_PROTOCOL] = DL_PROTOCOL_ERROR,
	[DL_CLASS_LIMIT] = DL_PROTOCOL_ERROR,
	[DL_CLASS_SILENT] = DL_IO_TIMEOUT,
};

static const struct dl_ops *const ops_table[DL_N_PROTO] = {
	[DL_SMTP] = &dl_smtp_ops,
	[DL_IMAP] = &dl_imap_ops,
	[DL_POP3] = &dl_pop3_ops,
	[DL_IRC] = &dl_irc_ops,
	[DL_XMPP_CLIENT] = &dl_xmpp_ops,
	[DL_XMPP_SERVER] = &dl_xmpp_ops,
	[DL_HTTP] = &dl_http_ops,
	[DL_TLS] = &dl_bare_ops,
};

const struct dl_ops *dl_ops_of(enum dl_proto proto)
{
	return ops_table[proto];
}

static void send_text(struct dl_turn *turn, const char *format, va_list ap)
{
	struct dl_out *out = turn->out;
	size_t room = DL_OUT_MAX - out->len;
	int len = vsnprintf((char *)out->bytes + out->len, room, format, ap);

	if (len > 0 && (size_t)len < room)
		out->len = (uint16_t)(out->len + len);
}

void dl_command(struct dl_turn *turn, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_text(turn, format, ap);
	va_end(ap);
	turn->command_end = turn->out->len;
}

void dl_answer(struct dl_turn *turn, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	send_text(turn, format, ap);
	va_end(ap);
}

static enum dl_stage stage_of(const struct dl_dialog *dialog, enum dl_state state)
{
	static const uint8_t stages[DL_N_STATE] = {
		[DL_STATE_GREET] = DL_AT_GREETING,
		[DL_STATE_HELLO] = DL_AT_HELLO,
		[DL_STATE_HELO] = DL_AT_HELLO,
		[DL_STATE_CREDIT] = DL_AT_HELLO,
		[DL_STATE_STARTTLS] = DL_AT_STARTTLS,
		[DL_STATE_TLS] = DL_AT_TLS,
		[DL_STATE_BYE] = DL_AT_BYE,
	};

	if (dialog->in_tls && state != DL_STATE_BYE)
		return DL_AT_POST;
	if (dialog->implicit_tls && state == DL_STATE_CREDIT)
		return DL_AT_TLS;
	return (enum dl_stage)stages[state];
}

void dl_enter(struct dl_turn *turn, enum dl_state state, uint64_t timer_us)
{
	struct dl_dialog *dialog = turn->dialog;

	dialog->state = (uint8_t)state;
	dialog->stage = stage_of(dialog, state);
	dialog->deadline_us = timer_us == DL_NEVER ? DL_NEVER : turn->now_us + timer_us;
	dialog->phase_bytes = 0;
	dialog->n_lines = 0;
	dialog->reply_begun = false;
}

/* Not dl_enter(): the stage stays the one in which the dialog was decided. */
static void finish(struct dl_turn *turn, enum dl_status status)
{
	turn->dialog->status = status;
	turn->dialog->state = DL_STATE_DONE;
	turn->dialog->deadline_us = DL_NEVER;
}

void dl_hello_done(struct dl_turn *turn)
{
	if (turn->dialog->in_tls)
		dl_succeed(turn);
	else
		dl_enter(turn, DL_STATE_CREDIT, DL_NEVER);
}

void dl_go_ahead(struct dl_turn *turn)
{
	/* After our command, the next bytes on the wire must be the ClientHello. */
	turn->out->len = turn->command_end;
	turn->dialog->starttls_ok = true;
	dl_enter(turn, DL_STATE_TLS, DL_NEVER);
}

void dl_succeed(struct dl_turn *turn)
{
	const struct dl_ops *ops = dl_ops_of(turn->dialog->proto);

	if (ops->goodbye == NULL) {
		finish(turn, DL_SUCCESS);
		return;
	}
	dl_command(turn, "%s", ops->goodbye);
	dl_enter(turn, DL_STATE_BYE, turn->config->bye_us);
}

void dl_bye_done(struct dl_turn *turn)
{
	finish(turn, DL_SUCCESS);
}

void dl_abort(struct dl_turn *turn, enum dl_class class, int code)
{
	struct dl_dialog *dialog = turn->dialog;

	if (dialog->state == DL_STATE_BYE) {
		dl_bye_done(turn);
		return;
	}
	dialog->class = class;
	dialog->code = (uint16_t)code;
	finish(turn, dialog->in_tls ? DL_POST_TLS_APPLICATION_ERROR
				    : (enum dl_status)class_status[class]);
}

void dl_refused(struct dl_turn *turn, enum dl_class class, int code)
{
	const struct dl_ops *ops = dl_ops_of(turn->dialog->proto);

	if (ops->goodbye != NULL && turn->dialog->state != DL_STATE_BYE)
		dl_command(turn, "%s", ops->goodbye);
	dl_abort(turn, class, code);
}

void dl_cut_short(struct dl_turn *turn, enum dl_status status, enum dl_class class)
{
	struct dl_dialog *dialog = turn->dialog;

	if (dialog->state == DL_STATE_BYE) {
		dl_bye_done(turn);
		return;
	}
	if (dialog->body_state != DL_BODY_NONE || dialog->in_trailer) {
		/* RFC 9112 8: a body that ends with the connection is whole then. */
		bool to_end = dialog->body_state == DL_BODY_TO_END &&
			      status == DL_CONNECTION_CLOSED;

		dialog->body_truncated = dialog->body_state != DL_BODY_NONE && !to_end;
		finish(turn, DL_SUCCESS);
		return;
	}
	dialog->class = class;
	dialog->code = 0;
	if (dialog->http_status != 0)
		status = DL_SUCCESS;
	else if (dialog->in_tls)
		status = DL_POST_TLS_APPLICATION_ERROR;
	finish(turn, status);
}

void dl_timed_out(struct dl_turn *turn)
{
	bool silent = turn->dialog->phase_bytes == 0;

	dl_cut_short(turn, DL_IO_TIMEOUT, silent ? DL_CLASS_SILENT : DL_CLASS_NONE);
}
