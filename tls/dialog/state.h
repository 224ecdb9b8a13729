/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a dialog is made of: its words, its configuration, its state with all findings, and what it
 * asks its owner to do. dialog.h has the functions that run it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dl_proto {
	DL_SMTP,
	DL_IMAP,
	DL_POP3,
	DL_IRC,
	DL_XMPP_CLIENT,
	DL_XMPP_SERVER,
	DL_HTTP, /* only over TLS */
	DL_TLS,	 /* no dialog: TLS and nothing more */
	DL_N_PROTO
};

/* Status words of ZGrab2 (status.go); dl_status_name() gives the exact spelling. */
enum dl_status {
	DL_RUNNING,
	DL_SUCCESS,
	DL_CONNECTION_REFUSED,
	DL_CONNECTION_TIMEOUT,
	DL_CONNECTION_CLOSED,
	DL_HANDSHAKE_ERROR,
	DL_POST_TLS_APPLICATION_ERROR,
	DL_IO_TIMEOUT,
	DL_PROTOCOL_ERROR,
	DL_APPLICATION_ERROR,
	DL_UNKNOWN_ERROR,
	DL_N_STATUS
};

/* How far the dialog came. */
enum dl_stage {
	DL_AT_SYN,
	DL_AT_GREETING,
	DL_AT_HELLO,
	DL_AT_STARTTLS,
	DL_AT_TLS,
	DL_AT_POST,
	DL_AT_BYE,
	DL_N_STAGE
};

/* Why a dialog did not succeed; dl_class_name() gives the word of the JSON. */
enum dl_class {
	DL_CLASS_NONE,
	/* Greeting 554 or -ERR, ERROR :Closing link, banned, IMAP BYE: we are not served. */
	DL_CLASS_POLICY,
	DL_CLASS_THROTTLED,	  /* 421, 450, 451, 452: come back later */
	DL_CLASS_TLS_UNAVAILABLE, /* 454, IRC 691, XMPP <failure/>: known, but not now */
	DL_CLASS_TLS_REFUSED,	  /* 5xx, BAD, NO, -ERR, IRC 421/451: STARTTLS is not known */
	DL_CLASS_TLS_ON_PLAIN,	  /* a TLS record where plaintext was due; see alert_level */
	DL_CLASS_PREAUTH,	  /* IMAP PREAUTH: STARTTLS is not possible */
	DL_CLASS_HOST_UNKNOWN,	  /* XMPP stream error */
	DL_CLASS_STREAM_ERROR,	  /* any other XMPP stream error */
	DL_CLASS_PRE_XMPP1,	  /* stream without version: no features, no STARTTLS */
	DL_CLASS_OTHER_PROTOCOL,  /* not this protocol, or our own words come back */
	DL_CLASS_LIMIT,		  /* a cap on bytes or lines ended the dialog */
	DL_CLASS_SILENT,	  /* nothing came before the timer */
	DL_N_CLASS
};

/* The strongest proof that came from the peer. */
enum dl_heard {
	DL_HEARD_NOTHING,
	DL_HEARD_BYTES,	   /* bytes, none of which proves the protocol */
	DL_HEARD_PROTOCOL, /* a line or tag that a server of this protocol says */
};

/* The phases whose raw text is kept, in the order of arrival; the writer maps them to ZGrab2's
 * keys. */
enum dl_text {
	DL_TEXT_BANNER,
	DL_TEXT_HELLO, /* EHLO, CAPABILITY, CAPA, CAP LS reply; XMPP stream header and features */
	DL_TEXT_HELO,
	DL_TEXT_STARTTLS,
	/* Unsolicited text after STARTTLS; the greeting inside implicit TLS is DL_TEXT_BANNER. */
	DL_TEXT_BANNER_TLS,
	DL_TEXT_HELLO_TLS, /* the second round, after TLS; HTTP: status line and headers */
	DL_TEXT_QUIT,
	DL_N_TEXT
};

/* Parsed tokens; each item belongs to one list. */
enum dl_list {
	DL_LIST_CAPS,	       /* capability lines or tokens before TLS, as sent */
	DL_LIST_CAPS_TLS,      /* the same after TLS */
	DL_LIST_CAPS_GREETING, /* IMAP: those of the greeting, which are often fewer */
	DL_LIST_AUTH,	       /* mechanisms before TLS, upper-cased, order kept, no repeats */
	DL_LIST_AUTH_TLS,      /* the same after TLS */
	/* XMPP: "from=", "id=", "version=", "lang=", "error="; HTTP: "name: value" headers. */
	DL_LIST_STREAM,
	DL_LIST_TRAILER,  /* HTTP: the same behind a body in chunks */
	DL_LIST_NUMERICS, /* IRC numerics seen, decimal */
	DL_N_LIST
};

/* Default caps; a config holds the ones in force. */
#define DL_RAW_CAP   6144	  /* raw text of one dialog, all phases */
#define DL_TEXT_CAP  2048	  /* raw text of one phase */
#define DL_ITEMS_CAP 2048	  /* parsed tokens of one dialog */
#define DL_LINE_CAP  2048	  /* one reply line; a longer one is cut and flagged */
#define DL_NAME_MAX  255	  /* host names */
#define DL_OUT_MAX   1024	  /* bytes one call may ask to send */
#define DL_INPUT_CAP (256 * 1024) /* bytes of plaintext one dialog may take in */
#define DL_MAX_PONGS 4		  /* IRC: PINGs answered in one dialog */
#define DL_NEVER     UINT64_MAX	  /* deadline_us while no timer runs */

/* Default timers, see struct dl_config. */
#define DL_GREETING_US	   12000000u
#define DL_REPLY_US	   10000000u
#define DL_IRC_HELLO_US	   3000000u
#define DL_IRC_STARTTLS_US 8000000u
#define DL_HANDSHAKE_US	   10000000u
#define DL_BYE_US	   1000000u

struct dl_config {
	/* Our own name for EHLO and HELO, honest and resolvable; at most DL_NAME_MAX. */
	const char *ehlo_name;
	const char *user_agent; /* HTTP, with contact address; at most DL_NAME_MAX */
	/* HTTP: a method and an origin-form target (RFC 9112 3.2.1) of at most DL_NAME_MAX. */
	const char *http_method, *http_path;
	uint32_t http_max_body; /* bytes of an answer's body that are read and kept; 0: none */
	/* How long the peer has for each step, even if single bytes keep coming. */
	uint32_t greeting_us, reply_us, irc_hello_us, irc_starttls_us, handshake_us, bye_us;
	uint32_t max_lines;	  /* per phase */
	uint32_t max_phase_bytes; /* what a phase may take in before the dialog is ended */
	bool post_tls;		  /* ask for capabilities again after TLS (default) */
};

struct dl_span {
	uint16_t off, len;
};

/* State and findings of one dialog. Fixed size; it points to nothing outside of itself but the
 * memory that dl_body_lend() gave. */
struct dl_dialog {
	/* findings, read by whoever owns the dialog */
	enum dl_proto proto;
	bool implicit_tls;
	enum dl_status status; /* DL_RUNNING until DL_NEXT_DONE */
	enum dl_stage stage;   /* where it is, or where it ended */
	enum dl_class class;
	enum dl_heard heard;
	/* Code or numeric of the reply that decided: the refusal or, after a successful STARTTLS,
	 * the go-ahead. 0: no reply decided (silence, a close, a failed handshake), or it has no
	 * number. */
	uint16_t code;
	/* A TLS alert that no session has seen: it came where plaintext was due, or before a
	 * session could begin. Level 1 or 2 as sent; 0: none. */
	uint8_t alert_level, alert_code;
	bool starttls_advertised, starttls_attempted, starttls_ok, starttls_required;
	bool logindisabled, logindisabled_tls, apop, preauth, dialback;
	bool censored; /* SMTP: a keyword overwritten with X, as PIX and ASA fixups do */
	bool raw_truncated, items_truncated;
	uint32_t plaintext_after_ready; /* bytes after the go-ahead in the same read, not TLS */
	uint32_t greeting_us; /* start (implicit: TLS up) to the first byte, 0: none came */
	uint16_t http_status;
	int64_t http_length; /* Content-Length of the answer; -1: none that counts */
	bool http_chunked;   /* its body came in chunks; they are taken apart */
	bool body_truncated; /* there was more of the body than is kept, or it never ended */
	uint32_t body_len;   /* bytes kept of it, in what dl_body_lend() gave */
	struct dl_span text[DL_N_TEXT]; /* into raw */
	uint16_t raw_len, items_len;
	uint8_t raw[DL_RAW_CAP];
	uint8_t items[DL_ITEMS_CAP]; /* list, length 1..255, bytes; walk with dl_item_next() */
	/* identity: name for XMPP to=, SNI and HTTP Host, "" when only the address is known */
	char host[DL_NAME_MAX + 1];
	char addr[48]; /* the target's address as text, for XMPP to= if there is no name */
	/* XMPP: the server's own name, if it is not the one that we said */
	char reconnect_host[DL_NAME_MAX + 1];
	/* machine, private to tls/dialog */
	uint8_t state;	    /* enum dl_state */
	uint8_t body_state; /* HTTP: enum dl_body */
	uint8_t *body;	    /* lent, see dl_body_lend() */
	uint32_t body_cap;  /* bytes at body */
	uint64_t body_left; /* of the body or of the chunk, still to come */
	bool retry, in_tls, line_cut;
	bool in_trailer;   /* HTTP: the lines behind the last chunk */
	bool reply_begun;  /* inside a multi-line reply */
	bool hello_owed;   /* SMTP: EHLO is unanswered, so the next reply may be its answer */
	bool pre_xmpp1;	   /* XMPP: the stream has no version */
	bool header_seen;  /* XMPP: the stream header came; IRC: a line of IRC came */
	bool ask_again;	   /* IRC: CAP may have been ignored, because a PING was open */
	bool doubted;	   /* SMTP: it knows neither EHLO nor HELO, so this may be FTP */
	uint8_t text_last; /* enum dl_text of the newest raw text */
	uint8_t n_pongs;
	uint8_t xml_depth, xml_inside; /* elements below <features>; enum xmpp_inside */
	char xml_quote;		       /* open quote inside a tag, 0: none */
	uint16_t line_len, n_once;
	uint32_t literal_left; /* IMAP: bytes of a literal still to come */
	uint32_t n_lines, phase_bytes, input_bytes;
	uint64_t started_us, deadline_us;
	/* The line or tag so far. While the dialog waits for a credit: bytes kept for later. From
	 * DL_NEXT_TLS on: those of dl_tls_bytes(). */
	char line[DL_LINE_CAP];
};

/**
 * Walk the parsed tokens.
 * @param dialog   in: the dialog
 * @param pos    in/out: 0 at first
 * @param list   out: the list the token belongs to
 * @param token  out: points into talk->items, not NUL-terminated
 * @return token length 1..255, or 0 at the end
 */
size_t dl_item_next(
	const struct dl_dialog *dialog, size_t *pos, enum dl_list *list, const char **token);

enum dl_next {
	/* Wait for input until deadline_us. */
	DL_NEXT_READ,
	/* Stop. Call dl_granted() when a TLS session may be started; input is kept until then. */
	DL_NEXT_CREDIT,
	/* Start the TLS handshake now; further input belongs to TLS. */
	DL_NEXT_TLS,
	/* The dialog is over. The bytes are a goodbye; close the connection in order after them. */
	DL_NEXT_DONE,
	/* It is over on this connection. Open a new one, once, with host =
	 * dialog->reconnect_host. */
	DL_NEXT_RECONNECT,
};

/* First send the bytes, if there are any, then do what next says. Every call that takes it sets all
 * fields. */
struct dl_out {
	enum dl_next next;
	/* Absolute; call dl_timer() at this time. DL_NEVER while waiting for a credit, during the
	 * handshake, whose deadline is that of the session's owner, and at the end. */
	uint64_t deadline_us;
	uint16_t len;
	uint8_t bytes[DL_OUT_MAX];
};
