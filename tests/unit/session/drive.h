/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests of sessions do again and again: a session and a server in memory, driven against each
 * other. */
#pragma once

#include "memserver.h"
#include "tls/session/session.h"

struct drive_transcript {
	uint8_t client[64 * 1024], server[64 * 1024];
	size_t client_len, server_len;
};

extern char drive_dir[256]; /* of certs_make() */
extern struct tl_worker *drive_worker;
extern const struct tl_config drive_usual;

struct tl_worker *drive_worker_make(const struct tl_config *config);

/* A session with a name and ALPN. */
struct tl_session *drive_open(struct tl_worker *w, uint64_t seed);

/* Move what the client wrote to the server and into the transcript; both may be NULL. @return bytes
 * moved */
size_t drive_pump(
	struct tl_session *session, struct mem_server *server, struct drive_transcript *t);

/* Step until the session wants bytes or is over; TL_ESTABLISHED and TL_PLAINTEXT pass by. */
enum tl_step drive_step(struct tl_session *session, bool *established);

/* Run both sides in pieces of chunk bytes until nothing moves. @return true when the client got
 * through */
bool drive_converse(struct tl_session *session, struct mem_server *server, size_t chunk,
	struct drive_transcript *t);

/* Take the result and free the session. */
struct tl_result *drive_finish(struct tl_session *session);

/* A whole handshake on drive_worker. NULL: this wolfSSL has no such server. */
struct tl_result *drive_handshake(const struct mem_options *options, size_t chunk);

/* Is the index-th certificate the one in name.pem? */
bool drive_leaf_is(const struct tl_result *result, const char *name, unsigned int index);
