/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a lab host says: the server side of each protocol, before TLS and inside it.
 *
 * Pure; one thread at a time. Bytes go in, bytes and the next step come out. One call answers with
 * at most LAB_SAY_MAX bytes and takes at most one command. The owner calls again with the rest.
 */
#pragma once

#include "lab_world.h"
#include "lab_port.h"

#define LAB_SAY_MAX	1024
#define LAB_COMMAND_MAX 512 /* bytes of a command; longer ones are cut */

enum lab_next {
	LAB_NEXT_READ,	/* send the bytes and wait for more from the client */
	LAB_NEXT_TLS,	/* send the bytes, discard unread plaintext, begin the handshake */
	LAB_NEXT_CLOSE, /* send the bytes, then close */
};

struct lab_say {
	enum lab_next next;
	uint32_t len;
	char bytes[LAB_SAY_MAX];
};

struct lab_dialog {
	struct lab_host host;
	enum dl_proto proto;
	bool implicit_tls, in_tls;
	char name[LAB_NAME_LEN]; /* what the host calls itself */
	uint32_t len;		 /* bytes of the command so far */
	char command[LAB_COMMAND_MAX + 1];
};

/**
 * A connection has opened.
 * @param d     out: the dialog
 * @param host  in: copied; its kind is LAB_SERVICE, LAB_NO_TLS or LAB_GARBAGE
 * @param port  in: what is served there; NULL for LAB_GARBAGE on a port that is not well known
 * @param addr  in: the host's address, from which its name follows
 * @param say   out: the greeting, or LAB_NEXT_TLS at once
 */
void lab_dialog_start(struct lab_dialog *d, const struct lab_host *host,
	const struct lab_port *port, const struct ts_addr *addr, struct lab_say *say);

/**
 * Bytes have come from the client.
 * @param d           in/out: the dialog
 * @param bytes, len  in: borrowed for the call
 * @param say         out: the answer; empty until a command is complete
 * @return how many bytes were taken, at least one
 */
size_t lab_dialog_input(
	struct lab_dialog *d, const uint8_t *bytes, size_t len, struct lab_say *say);

/**
 * The handshake is complete.
 * @param d    in/out: the dialog
 * @param say  out: the greeting, if it comes inside TLS; else empty
 */
void lab_dialog_tls_up(struct lab_dialog *d, struct lab_say *say);

/** Append a text, formatted as by printf, to say; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) void lab_say(struct lab_say *say, const char *format, ...);

/* lab_dialog_xmpp.c: answer one tag, from '<' to '>'. */
void lab_dialog_xmpp(struct lab_dialog *d, const char *tag, struct lab_say *say);
