/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of tls/session/ share; nobody else includes it. */
#pragma once

#include "hugepages/arena.h"
#include "tls/hello/reframe.h"
#include "tls/session/lib.h"
#include "tls/session/random.h"
#include "tls/session/session.h"
#include "tls/session/share.h"

#define TL_PLAIN_MAX 4096
/* Outgoing bytes not yet pulled: a flight is about 1 kB; a peer that makes us write more is a
 * hostile one. */
#define TL_TX_MAX (64 * 1024)
/* Scratch of the flight reader at its largest; the verify hook sees longer chains. */
#define TL_SCRATCH_MAX (16 * 1024)

struct tl_worker {
	WOLFSSL_CTX *ctx;
	struct hp_arena *arena;
	struct tl_config config;
	struct tl_shared_key shared;
	uint8_t plain[TL_PLAIN_MAX];
};

struct tl_buffer {
	uint8_t *bytes;
	uint32_t off, len, cap; /* off <= len <= cap */
};

/* The first release in which cut_header.c has an effect. */
#define TL_CUT_HEADERS_SINCE 0x05009002

/* A TLS 1.3 message whose rest comes in the next records (cut_header.c). */
struct tl_cut {
	uint8_t header[4], header_len;
	uint8_t *message; /* header included; NULL: none is being put together */
	uint32_t len, have;
};

enum tl_state {
	TL_STATE_HANDSHAKE,
	TL_STATE_OPEN,
	TL_STATE_CLOSED, /* close_notify received; ours may still go out */
	TL_STATE_FAILED,
};

struct tl_session {
	struct tl_worker *worker;
	WOLFSSL *ssl;
	struct hp_meter meter;
	struct tl_random random;
	const uint8_t *in; /* fed and not yet taken by wolfSSL, borrowed */
	size_t in_len;
	struct tl_buffer tx;
	struct hl_flight flight; /* its scratch is made to measure, message by message */
	struct hl_reframe reframe;
	uint16_t padding_len; /* of the ClientHello being written, hello_shape.c */
	struct tl_cut cut;
	uint64_t rx_bytes, tx_bytes;
	enum tl_state state;
	bool hello_sent, flight_ended, completed, limit_hit, chain_truncated, chain_captured;
	bool chain_awaited; /* another road than the verify hook will bring it */
	uint8_t n_certs;
	uint8_t alert_dir, alert_level, alert_code;
	int lib_error;
	char error[TL_ERROR_LEN];
	char alpn[HL_ALPN_MAX + 1];
	struct tl_cert_span
		*certs; /* n_certs of them, process heap like der: they leave the thread */
	uint32_t der_len;
	uint8_t *der;
};

/* Everything a call into wolfSSL must find in place on its thread. */
struct tl_scope {
	struct hp_scope heap;
	struct tl_random *random;
	struct tl_shared_key *shared;
	struct tl_session *session;
};

/** Whose chain wolfSSL reads on this thread; NULL: nobody's. @return the one before */
struct tl_session *tl_capture_enter(struct tl_session *session);
/** The session entered, if ssl is its own; NULL: somebody else's, such as a server of the lab. */
struct tl_session *tl_capture_session(const WOLFSSL *ssl);

static inline struct tl_scope tl_scope_enter(struct tl_session *session)
{
	struct tl_worker *worker = session->worker;
	struct hp_scope heap = {worker->arena, &session->meter};
	struct tl_shared_key *shared = worker->config.share_key ? &worker->shared : NULL;

	return (struct tl_scope){hp_scope_enter(heap), tl_random_enter(&session->random),
		tl_share_enter(shared), tl_capture_enter(session)};
}

static inline void tl_scope_leave(struct tl_scope before)
{
	hp_scope_enter(before.heap);
	tl_random_enter(before.random);
	tl_share_enter(before.shared);
	tl_capture_enter(before.session);
}

/** wolfSSL's I/O hooks; ctx is the session. */
int tl_transport_recv(WOLFSSL *ssl, char *buf, int size, void *ctx);
int tl_transport_send(WOLFSSL *ssl, char *buf, int size, void *ctx);

/** Offer every suite of this wolfSSL but the anonymous ones, the cheap and usual first. */
bool tl_suites_offer(WOLFSSL_CTX *ctx);
/** Offer signatures with SHA-256 first. @param ctx  in, out: its suites are offered already */
void tl_signatures_order(WOLFSSL_CTX *ctx);

/**
 * Offer named groups in this order, with a TLS 1.3 key share for the first alone.
 * @param wanted  in: 0-terminated; NULL: all that this wolfSSL completes
 * @return false when the library refuses one of those wanted
 */
bool tl_groups_offer(WOLFSSL_CTX *ctx, const uint16_t *wanted);

/** Listen to what the server says in the clear. Called inside the session's scope. */
void tl_tap_input(struct tl_session *session, const uint8_t *bytes, size_t len);
/** Nothing more comes in the clear. Called inside the session's scope. */
void tl_tap_end(struct tl_session *session);

/** wolfSSL's verify hook: keeps the chain, if nobody has yet, and accepts it. */
int tl_capture_verify(int preverify, WOLFSSL_X509_STORE_CTX *store);
/** Keep the chain from the body of a Certificate message. Called inside the session's scope. */
void tl_capture_message(struct tl_session *session, const uint8_t *body, size_t len, bool tls13);

/** End a session on a wolfSSL error: alert, code and sentence. Called inside the session's scope.
 */
void tl_fail_lib(struct tl_session *session, int ret);
/** End a session for a reason of our own. */
void tl_fail_why(struct tl_session *session, const char *why);
