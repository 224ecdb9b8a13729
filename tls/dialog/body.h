/* SPDX-License-Identifier: BSD-3-Clause */
/* The body of an HTTP answer: how long it is, and taking it in (RFC 9112 6.3, 7.1). */
#pragma once

#include "turn.h"

/* How the bytes that come are taken. */
enum dl_body {
	DL_BODY_NONE,	    /* as lines */
	DL_BODY_LENGTH,	    /* body_left bytes of the body */
	DL_BODY_TO_END,	    /* the body, until the connection ends */
	DL_BODY_CHUNK_SIZE, /* the digits of a chunk's size */
	DL_BODY_CHUNK_REST, /* behind them, to the end of the line */
	DL_BODY_CHUNK,	    /* body_left bytes of the body */
	DL_BODY_CHUNK_END,  /* the line end behind a chunk */
};

/** A header field of the answer: what it says of the body is noted. @param dialog  in/out: the
 * dialog. @param line  in: without its end */
void dl_body_header(struct dl_dialog *dialog, struct dl_word line);

/** The headers are over: take the body in, or end the dialog if there is none to take. */
void dl_body_begin(struct dl_turn *turn);

/**
 * Take bytes while dialog->body_state is not DL_BODY_NONE.
 * @param turn   in/out: the dialog ends when the body is whole or as much of it as is kept has come
 * @param bytes  in: borrowed
 * @param len    in: at least 1
 * @return how many were taken, at least 1; the others belong to the lines behind
 */
size_t dl_body_take(struct dl_turn *turn, const uint8_t *bytes, size_t len);
