/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lab's TLS servers: one wolfSSL context for each certificate, key type and version, and
 * sessions that read and write the buffers of a lab_tcp directly.
 *
 * Every random byte of a session follows from its seed (tls/session/random.h). After
 * tl_global_init(). One thread at a time uses a struct lab_tls and its sessions.
 */
#pragma once

#include "lab_world.h"
#include "lab_tcp.h"

enum lab_tls_step {
	LAB_TLS_WAIT,	/* the session waits for bytes from the client, or for room in tx */
	LAB_TLS_UP,	/* the handshake has just been completed; returned once */
	LAB_TLS_PLAIN,	/* plaintext was read */
	LAB_TLS_CLOSED, /* the client sent close_notify */
	LAB_TLS_FAILED, /* the session is over with an error */
};

struct lab_tls;
struct lab_tls_session;

/**
 * Load the certificates, and make room for sessions.
 * @param n_sessions  in: sessions at once, 1 or more
 * @param why         out: on failure a constant sentence
 * @return to be freed with lab_tls_free(); NULL: memory is short, or wolfSSL refuses a certificate
 */
struct lab_tls *lab_tls_new(uint32_t n_sessions, const char **why);

/** Free it, after all its sessions have been freed. NULL is allowed. */
void lab_tls_free(struct lab_tls *tls);

/**
 * Begin a session for a host on an open connection.
 * @param tls   in/out: one of its slots is taken
 * @param host  in: its certificate, key type and version
 * @param tcp   in: the connection; borrowed until lab_tls_session_free()
 * @param seed  in: the session's random bytes follow from it
 * @return the session; NULL: every slot is in use, or memory is short
 */
struct lab_tls_session *lab_tls_session_new(
	struct lab_tls *tls, const struct lab_host *host, struct lab_tcp *tcp, uint64_t seed);

/** Free a session and give its slot back. Sends nothing. */
void lab_tls_session_free(struct lab_tls *tls, struct lab_tls_session *session);

/**
 * Continue a session: its handshake, or after that one read. May take a millisecond (a signature).
 * @param session  in/out: reads rx of its connection and writes tx
 * @param plain    out: the plaintext, with LAB_TLS_PLAIN
 * @param cap      in: bytes that may be written at plain
 * @param len      out: bytes written to plain; set with LAB_TLS_PLAIN alone
 */
enum lab_tls_step lab_tls_session_step(
	struct lab_tls_session *session, uint8_t *plain, uint32_t cap, uint32_t *len);

/**
 * Encrypt bytes into tx.
 * @param session     in/out: its handshake is complete
 * @param bytes, len  in: tx has room for them in encrypted form
 * @return false: the session has failed
 */
bool lab_tls_session_write(struct lab_tls_session *session, const void *bytes, uint32_t len);

/** Write close_notify to tx. */
void lab_tls_session_goodbye(struct lab_tls_session *session);
