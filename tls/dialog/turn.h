/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The part that all dialogs share: states, timers, caps, outcomes. A protocol is a struct dl_ops.
 * dialog.c cuts the input into lines (XML: into tags and text) and calls the protocol for each.
 *
 *   GREET ─► HELLO ─► (HELO) ─► CREDIT ─► STARTTLS ─► TLS ─► GREET, HELLO ─► BYE ─► DONE
 *   implicit TLS begins at CREDIT, IRC and XMPP at HELLO; any state may lead to DONE
 */
#pragma once

#include "state.h"
#include "findings.h"
#include "words.h"

enum dl_state {
	DL_STATE_GREET,	 /* the server's greeting is due */
	DL_STATE_HELLO,	 /* EHLO, CAPABILITY, CAPA, CAP LS, stream header, GET: the reply is due */
	DL_STATE_HELO,	 /* SMTP: HELO after EHLO was refused */
	DL_STATE_CREDIT, /* dl_granted() is due; input is kept in dialog->line */
	DL_STATE_STARTTLS, /* the go-ahead is due */
	DL_STATE_TLS,	   /* the owner makes the handshake */
	DL_STATE_BYE,	   /* everything asked for has come, the goodbye is sent */
	DL_STATE_DONE,
	DL_N_STATE
};

/* One call from the owner. */
struct dl_turn {
	struct dl_dialog *dialog;
	const struct dl_config *config;
	struct dl_out *out;
	uint64_t now_us;
	uint16_t
		command_end; /* out->bytes up to here are commands; behind it are answers to PING */
	enum dl_text text;   /* where the raw text of the present line goes */
};

enum dl_framing {
	DL_FRAME_LINES,
	DL_FRAME_IMAP, /* lines with literals {n} in them */
	DL_FRAME_XML,  /* one tag, or a run of text up to the next tag or line end */
};

struct dl_ops {
	enum dl_framing framing;
	const char *first_bytes; /* what a server of this protocol can begin with */
	const char *goodbye;	 /* NULL: none */
	/* The connection is open, or TLS is up: wait for a greeting or send the first command. */
	void (*begin)(struct dl_turn *turn);
	/* Ask for TLS. NULL: implicit TLS only. */
	void (*starttls)(struct dl_turn *turn);
	/* One line without its end, or one tag or text, in the states GREET, HELLO, HELO, STARTTLS
	 * and BYE. */
	void (*line)(struct dl_turn *turn, struct dl_word line);
	/* HELLO was never answered. dl_hello_done() asks for STARTTLS all the same; NULL: the
	 * dialog ends. Inside TLS it is called only while dialog->ask_again is set. */
	void (*no_hello)(struct dl_turn *turn);
	/* Does a server's first line begin like this? Asked if that line never ends. NULL: no. */
	bool (*greets)(struct dl_word line);
};

extern const struct dl_ops dl_smtp_ops, dl_imap_ops, dl_pop3_ops, dl_irc_ops, dl_xmpp_ops,
	dl_http_ops, dl_bare_ops;

const struct dl_ops *dl_ops_of(enum dl_proto proto);

/** Send a command: the text of the format. If it does not fit, nothing of it is sent. */
__attribute__((format(printf, 2, 3))) void dl_command(
	struct dl_turn *turn, const char *format, ...);

/** Answer a question of the server outside of the dialog (PING). The answer is dropped if the
 * go-ahead comes in the same turn. */
__attribute__((format(printf, 2, 3))) void dl_answer(struct dl_turn *turn, const char *format, ...);

/** Enter a state. The peer has timer_us for its reply (DL_NEVER: no limit). The phase's counters
 * begin at 0. */
void dl_enter(struct dl_turn *turn, enum dl_state state, uint64_t timer_us);

/** The capabilities have come, or will not come. STARTTLS is next; inside TLS the dialog
 * succeeds. */
void dl_hello_done(struct dl_turn *turn);

/** The server gave the go-ahead: TLS begins. */
void dl_go_ahead(struct dl_turn *turn);

/** Everything asked for has come: say goodbye and wait shortly for the answer. */
void dl_succeed(struct dl_turn *turn);

/** The goodbye was answered. */
void dl_bye_done(struct dl_turn *turn);

/** The server refuses: keep class and code, say goodbye, end. In BYE it is dl_bye_done(). */
void dl_refused(struct dl_turn *turn, enum dl_class class, int code);

/** End without a goodbye: keep class and code. In BYE it is dl_bye_done(). */
void dl_abort(struct dl_turn *turn, enum dl_class class, int code);

/** The timer ended the wait. */
void dl_timed_out(struct dl_turn *turn);

/** The peer fell silent, closed, or sent too much: success if everything asked for had come, else
 * the given status. */
void dl_cut_short(struct dl_turn *turn, enum dl_status status, enum dl_class class);
