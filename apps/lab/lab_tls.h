/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab's TLS servers: one wolfSSL context for each certificate, key type and version, and
 * sessions that read and write the buffers of a lab_tcp directly.
 *
 * Every random byte of a session follows from its seed (tls/session/random.h).
 */
#pragma once

#include "lab_world.h"
#include "lab_tcp.h"

enum lab_tls_step {
	LAB_TLS_WAIT,	/* for bytes from the client, or for room in tx */
	LAB_TLS_UP,	/* the handshake is done; once */
	LAB_TLS_PLAIN,	/* plaintext was read */
	LAB_TLS_CLOSED, /* the client sent close_notify */
	LAB_TLS_FAILED,
};

struct lab_tls;
struct lab_tls_session;

/** @param why  out: on failure a constant sentence. @return NULL on failure */
struct lab_tls *lab_tls_new(uint32_t n_sessions, const char **why);

/** Every session must have been freed. */
void lab_tls_free(struct lab_tls *tls);

/**
 * Begin a session for a host on an open connection.
 * @param tcp   in: borrowed until lab_tls_session_free()
 * @param seed  in: fixes the session's random bytes
 * @return NULL when every slot is taken or memory is short
 */
struct lab_tls_session *lab_tls_session_new(
	struct lab_tls *tls, const struct lab_host *host, struct lab_tcp *tcp, uint64_t seed);
void lab_tls_session_free(struct lab_tls *tls, struct lab_tls_session *session);

/**
 * Go on: the handshake first, then one read. Up to a millisecond (a signature).
 * @param plain  out: for LAB_TLS_PLAIN, cap bytes writable
 * @param len    out: bytes written to plain
 */
enum lab_tls_step lab_tls_session_step(
	struct lab_tls_session *session, uint8_t *plain, uint32_t cap, uint32_t *len);

/** Encrypt into tx, which must have room for it. @return false when the session is over */
bool lab_tls_session_write(struct lab_tls_session *session, const void *bytes, uint32_t len);

/** Queue close_notify. */
void lab_tls_session_goodbye(struct lab_tls_session *session);
