/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A filter between the server's plaintext records and the TLS library.
 *
 * Servers may do two things that other clients accept and that end a handshake in wolfSSL:
 * - A record may end inside the four bytes that begin a handshake message (RFC 5246 6.2.1,
 *   RFC 8446 5.1). The filter frames the records anew, so that each holds one message or a part of
 *   one, and a message header is never cut. No transcript covers the record headers.
 * - An alert of the level warning may come before ServerHello (RFC 6066 3: unrecognized_name) and,
 *   up to TLS 1.2, at any time later. The filter notes it and keeps it from the library. Fatal
 *   alerts pass. In TLS 1.3 everything passes once ServerHello has begun: only two alerts are no
 *   errors there (RFC 8446 6), and the library knows them.
 *
 *     in:   |hdr| SH..... |Ce|  |hdr| rt........ |  |hdr| al |  |hdr| SKE ....
 *     out:  |hdr| SH..... |     |hdr| Cert........ |            |hdr| SKE ....
 *
 * What is encrypted, and what breaks the rules of records, passes unchanged.
 */
#pragma once

#include "cursor.h"

/* Clients give up after 4 (BoringSSL) to 16 (Go) of them. */
#define HL_WARNINGS_MAX 8

struct hl_reframe {
	uint8_t n_warnings, warnings[HL_WARNINGS_MAX]; /* codes, in the order of arrival */
	bool too_many_warnings;			       /* there was one more: nothing passes */
	/* private */
	bool passing;	 /* everything passes */
	bool hello_seen; /* a handshake message has begun */
	uint8_t rec_header[5], rec_have;
	uint8_t msg_header[4], msg_have;
	uint8_t alert[2], alert_have;
	uint8_t out[16], out_at, out_len; /* headers to be written before anything else */
	uint16_t rec_left;		  /* of the record being read, beyond copy_left */
	uint16_t copy_left;		  /* bytes to copy after what is in out */
	uint32_t msg_left;		  /* of the message being read */
};

/** Start a connection. @param reframe  out */
void hl_reframe_init(struct hl_reframe *reframe);

/**
 * Take server bytes and give those meant for the library, until in is empty or out is full.
 * A header is held back until it is whole. At most four bytes are written for each one taken.
 * @param reframe  in/out: the filter
 * @param in       in/out: what came from TCP, any split; bytes that were taken are removed
 * @param tls13    in: the ServerHello that has begun, in these bytes or before, chose TLS 1.3 or is
 *                 a HelloRetryRequest
 * @param out      out: bytes for the library
 * @param cap      in: bytes at out
 * @return bytes written; less than cap only if in is empty or too_many_warnings is set
 */
size_t hl_reframe(
	struct hl_reframe *reframe, struct hl_cursor *in, bool tls13, uint8_t *out, size_t cap);
