/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The application dialogs up to TLS and after it, as pure incremental machines.
 *
 *   dl_start ─► greeting ─► capabilities ─► (credit) ─► STARTTLS ─► TLS ─► capabilities ─► bye
 *               DL_NEXT_READ ...            _CREDIT     _READ     _TLS  dl_tls_up()     _DONE
 *
 * Bytes come in by dl_input(), in any split. struct dl_out says what to send, what to do next, and
 * until when. The same struct dl_dialog serves inside TLS: the owner feeds plaintext and sends what
 * comes out through the session. A dialog belongs to one thread at a time and is handed over whole.
 * A read is never taken for a reply. STARTTLS is attempted whether it was advertised or not. Bytes
 * that follow the go-ahead are counted and never given to TLS. docs/dialogs.md has the rules.
 */
#pragma once

#include <stddef.h>

#include "state.h"

/** Fill a configuration with the default timers and caps. @param config  out: both names are "" and
 * set by the caller. Any thread. */
void dl_config_default(struct dl_config *config);

/**
 * Begin a dialog on a connection that has just opened (with implicit TLS: that is about to start
 * TLS).
 * @param dialog      out: every field is set
 * @param config    in: borrowed for the call, the same in all calls for this dialog
 * @param proto     in: the protocol
 * @param implicit  in: true: TLS comes first, and the first result is DL_NEXT_CREDIT
 * @param host      in: name that the target was given with, "" if there is none; copied. A name
 *                  longer than DL_NAME_MAX or with other bytes than letters, digits and "-._:" is
 *                  left out
 * @param addr      in: the target's address as text; copied
 * @param retry     in: true on the one repeated connection after DL_NEXT_RECONNECT
 * @param now_us    in: any monotonic clock, the same in all calls for this dialog
 * @param out       out: what to send and do
 * The thread that owns the dialog; this holds for all functions here that take one.
 */
void dl_start(struct dl_dialog *dialog, const struct dl_config *config, enum dl_proto proto,
	bool implicit, const char *host, const char *addr, bool retry, uint64_t now_us,
	struct dl_out *out);

/**
 * A TLS credit has been taken: send STARTTLS or, with implicit TLS, begin TLS.
 * It does nothing except after DL_NEXT_CREDIT.
 */
void dl_granted(struct dl_dialog *dialog, const struct dl_config *config, uint64_t now_us,
	struct dl_out *out);

/**
 * Take bytes from the peer: plaintext, before TLS from TCP, inside TLS from the session.
 * @param dialog    in/out: the dialog
 * @param config  in: of dl_start()
 * @param bytes   in: borrowed for the call; any split or merge of the peer's writes
 * @param len     in: their number, 0 allowed
 * @param now_us  in: clock of dl_start()
 * @param out     out: what to send and do
 */
void dl_input(struct dl_dialog *dialog, const struct dl_config *config, const uint8_t *bytes,
	size_t len, uint64_t now_us, struct dl_out *out);

/**
 * The bytes to give to the session before any others: a server may send its alert before our
 * ClientHello has left. Only an alert, or the beginning of one, is kept for this.
 * @param dialog   in: the dialog
 * @param bytes  out: points into talk->line, valid until the next call for this dialog
 * @return their number; 0 in every state but that of DL_NEXT_TLS
 */
size_t dl_tls_bytes(const struct dl_dialog *dialog, const uint8_t **bytes);

/** Does the dialog run inside TLS? It does after dl_tls_up(). */
static inline bool dl_in_tls(const struct dl_dialog *dialog)
{
	return dialog->in_tls;
}

/**
 * Give the dialog memory for the body of an answer, before the dl_input() that may bring some.
 * What does not fit is cut, as what goes beyond the configuration's http_max_body is.
 * @param dialog  in/out: the dialog
 * @param bytes   in: lent until the next call, or until the dialog ends; holds the body_len bytes
 *                that are kept already. NULL: none
 * @param cap     in: bytes there, at least dialog->body_len
 */
void dl_body_lend(struct dl_dialog *dialog, uint8_t *bytes, uint32_t cap);

/** The handshake is complete: continue inside TLS. It does nothing except after DL_NEXT_TLS. */
void dl_tls_up(struct dl_dialog *dialog, const struct dl_config *config, uint64_t now_us,
	struct dl_out *out);

/**
 * The bytes that came instead of TLS are not TLS. With implicit TLS the dialog ends as it does if
 * the same bytes come before a session has begun: class "other-protocol", and the text is kept as
 * the banner. It does nothing except after DL_NEXT_TLS, and nothing after STARTTLS.
 * @param dialog   in/out: the dialog
 * @param bytes  in: what came, from its first byte on; borrowed for the call
 * @param len    in: their number; 0: they are our own ClientHello, or are lost: no text is kept
 */
void dl_tls_other(struct dl_dialog *dialog, const uint8_t *bytes, size_t len);

/**
 * The handshake failed or was ended: the dialog ends with the given status.
 * After dl_tls_up() this means that the session broke inside the dialog. The status is then
 * DL_POST_TLS_APPLICATION_ERROR, or success if everything asked for had come. A dialog that is over
 * keeps its status.
 */
void dl_tls_failed(struct dl_dialog *dialog, enum dl_status status);

/** deadline_us has passed. If it is called early, it changes nothing and returns the same deadline.
 */
void dl_timer(struct dl_dialog *dialog, const struct dl_config *config, uint64_t now_us,
	struct dl_out *out);

/** The peer closed (FIN) or the connection broke: the dialog ends. Nothing is sent. */
void dl_eof(struct dl_dialog *dialog, struct dl_out *out);

const char *dl_proto_name(enum dl_proto proto);	   /* "smtp", "xmpp-server", ... */
const char *dl_status_name(enum dl_status status); /* "io-timeout", ... */
const char *dl_stage_name(enum dl_stage stage);
const char *dl_class_name(enum dl_class class);
