/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a lab host says: the server side of each protocol, before TLS and inside it.
 *
 * Pure: bytes in, bytes and next step out. One call never answers with more than LAB_SAY_MAX bytes,
 * and takes no more than one command; the owner calls again with the rest.
 */
#pragma once

#include "lab_world.h"
#include "lab_port.h"

#define LAB_SAY_MAX	1024
#define LAB_COMMAND_MAX 512 /* longer ones are cut */

enum lab_next {
	LAB_NEXT_READ,
	LAB_NEXT_TLS, /* send what there is, then the handshake; plaintext still waiting is void */
	LAB_NEXT_CLOSE, /* send what there is, then close */
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
	uint32_t len;		 /* of the command being collected */
	char command[LAB_COMMAND_MAX + 1];
};

/**
 * A connection has opened.
 * @param host  in: kind LAB_SERVICE, LAB_NO_TLS or LAB_GARBAGE
 * @param port  in: NULL for LAB_GARBAGE on a port that is not well known
 * @param say   out: greeting, or LAB_NEXT_TLS at once
 */
void lab_dialog_start(struct lab_dialog *d, const struct lab_host *host,
	const struct lab_port *port, const struct ts_addr *addr, struct lab_say *say);

/** Bytes from the client. @return how many were taken; say is void unless all or a command was */
size_t lab_dialog_input(
	struct lab_dialog *d, const uint8_t *bytes, size_t len, struct lab_say *say);

/** The handshake is done. */
void lab_dialog_tls_up(struct lab_dialog *d, struct lab_say *say);

/** Append to what is said; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) void lab_say(struct lab_say *say, const char *format, ...);

/* lab_dialog_xmpp.c: one tag, from '<' to '>'. */
void lab_dialog_xmpp(struct lab_dialog *d, const char *tag, struct lab_say *say);
