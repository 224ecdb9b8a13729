/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server's plaintext records on their way to the TLS library, in a shape that it can read.
 *
 * Two things that servers may do, and that clients bear, end a handshake of wolfSSL's:
 * - a record may end inside the four bytes that begin a handshake message (RFC 5246 6.2.1,
 *   RFC 8446 5.1): records are framed anew so that each holds one message, or a part of one, and
 *   the header never apart. No transcript covers the record headers;
 * - an alert of the level warning may come before ServerHello (RFC 6066 3: unrecognized_name) and,
 *   up to TLS 1.2, at any time later: it is noted here and does not go on. What is fatal does, and
 *   so does everything in TLS 1.3 once ServerHello began, where only two alerts are no errors
 *   (RFC 8446 6) and the library knows them.
 *
 *     in:   |hdr| SH..... |Ce|  |hdr| rt........ |  |hdr| al |  |hdr| SKE ....
 *     out:  |hdr| SH..... |     |hdr| Cert........ |            |hdr| SKE ....
 *
 * What is encrypted, and what breaks the rules of records, goes through as it is.
 */
#pragma once

#include "cursor.h"

/* Clients give up after 4 (BoringSSL) to 16 (Go) of them. */
#define HL_WARNINGS_MAX 8

struct hl_reframe {
	uint8_t n_warnings, warnings[HL_WARNINGS_MAX]; /* codes, in the order of arrival */
	bool too_many_warnings;			       /* there was one more: nothing goes on */
	/* private */
	bool passing;	 /* all that comes goes through */
	bool hello_seen; /* a handshake message began */
	uint8_t rec_header[5], rec_have;
	uint8_t msg_header[4], msg_have;
	uint8_t alert[2], alert_have;
	uint8_t out[16], out_at, out_len; /* headers that go out before anything else */
	uint16_t rec_left;		  /* of the record being read, beyond copy_left */
	uint16_t copy_left;		  /* bytes that follow what stands in out */
	uint32_t msg_left;		  /* of the message being read */
};

/** Start a connection. @param reframe  out */
void hl_reframe_init(struct hl_reframe *reframe);

/**
 * Take server bytes and give those meant for the library, until in is empty or out is full.
 * Headers are held back until they are whole; at most four bytes go out for each one taken.
 * @param in     in, out: what came from TCP, any split; the bytes taken leave it
 * @param tls13  in: the ServerHello that begins in these bytes or began before, if any, chose TLS
 * 1.3, or is a HelloRetryRequest
 * @param out    out: at most cap bytes
 * @return bytes written; less than cap only when in is empty or too_many_warnings is set
 */
size_t hl_reframe(
	struct hl_reframe *reframe, struct hl_cursor *in, bool tls13, uint8_t *out, size_t cap);
