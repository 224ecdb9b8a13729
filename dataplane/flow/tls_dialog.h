/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a TLS core does with the dialog of a session. Pure: dataplane/tlscore runs it with real
 * sessions, tests/sim with scripted ones.
 *
 * The dialog is the TLS core's from DP_MSG_OPEN to DP_MSG_DONE. Each function says in out what the
 * dialog asks for; if it is over, out->next is not DL_NEXT_READ. The thread that owns the dialog.
 */
#pragma once

#include "msg.h"
#include "tls/dialog/dialog.h"
#include "tls/session/session.h"

/* Steps that one delivery of bytes may take. Each of them yields plaintext or ends the session; one
 * that takes more has failed. */
#define DP_TLS_MAX_STEPS 256

/**
 * Take in what a step of the session has led to.
 * @param dialog     in/out
 * @param config     in: of dl_start()
 * @param step       in: of tl_session_step()
 * @param plain      in: with TL_PLAINTEXT: borrowed for the call
 * @param plain_len  in: with TL_PLAINTEXT: bytes
 * @param now_us     in: clock of dl_start()
 * @param out        out: unless false is returned
 * @return false with TL_WANT_READ: nothing is to be done before more bytes come
 */
bool dp_tls_dialog_step(struct dl_dialog *dialog, const struct dl_config *config, enum tl_step step,
	const uint8_t *plain, size_t plain_len, uint64_t now_us, struct dl_out *out);

/**
 * The session has failed, or its connection has ended: the dialog is over, and nothing is sent.
 * @param dialog  in/out
 * @param status  in: during the handshake, the dialog's status; inside TLS the dialog decides, but
 *                for DL_IO_TIMEOUT
 * @param out     out: DL_NEXT_DONE
 */
void dp_tls_dialog_fail(struct dl_dialog *dialog, enum dl_status status, struct dl_out *out);

/**
 * The deadline has passed: the handshake's, or one of the dialog inside TLS.
 * @param dialog  in/out
 * @param config  in: of dl_start()
 * @param now_us  in: clock of dl_start()
 * @param out     out
 * @return why the session is to fail; NULL: the dialog runs inside TLS and has decided
 */
const char *dp_tls_dialog_timer(struct dl_dialog *dialog, const struct dl_config *config,
	uint64_t now_us, struct dl_out *out);

/**
 * The connection has ended.
 * @param dialog  in/out
 * @param why     in: how
 * @param out     out: DL_NEXT_DONE
 * @return why the session is to fail; NULL: the handshake was complete
 */
const char *dp_tls_dialog_broken(struct dl_dialog *dialog, enum dp_broken why, struct dl_out *out);
