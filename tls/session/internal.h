/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of tls/session/ share; nobody else includes it. */
#pragma once

#include "hugepages/arena.h"
#include "tls/session/lib.h"
#include "tls/session/random.h"
#include "tls/session/session.h"
#include "tls/session/share.h"

#define TL_PLAIN_MAX 4096
/* Outgoing bytes not yet pulled: a flight is about 1 kB; a peer that makes us write more is a
 * hostile one. */
#define TL_TX_MAX (64 * 1024)
/* Scratch of the flight reader: a short chain (kept) and a ServerKeyExchange of DHE-4096. */
#define TL_SCRATCH    3072
#define TL_GROUPS_MAX 16

struct tl_worker {
	WOLFSSL_CTX *ctx;
	struct hp_arena *arena;
	struct tl_config config;
	struct tl_shared_key shared;
	uint8_t plain[TL_PLAIN_MAX];
};

/* The reader of the plaintext flight; the scratch goes when the flight has ended. */
struct tl_tap {
	struct hl_flight flight;
	uint8_t scratch[TL_SCRATCH];
};

struct tl_buffer {
	uint8_t *bytes;
	uint32_t off, len, cap; /* off <= len <= cap */
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
	struct tl_tap *tap; /* NULL: nothing received yet, or no memory */
	uint64_t rx_bytes, tx_bytes;
	enum tl_state state;
	bool hello_sent, tap_ended, completed, limit_hit, chain_truncated, chain_captured;
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
};

static inline struct tl_scope tl_scope_enter(struct tl_session *session)
{
	struct tl_worker *worker = session->worker;
	struct hp_scope heap = {worker->arena, &session->meter};
	struct tl_shared_key *shared = worker->config.share_key ? &worker->shared : NULL;

	return (struct tl_scope){
		hp_scope_enter(heap), tl_random_enter(&session->random), tl_share_enter(shared)};
}

static inline void tl_scope_leave(struct tl_scope before)
{
	hp_scope_enter(before.heap);
	tl_random_enter(before.random);
	tl_share_enter(before.shared);
}

/** wolfSSL's I/O hooks; ctx is the session. */
int tl_transport_recv(WOLFSSL *ssl, char *buf, int size, void *ctx);
int tl_transport_send(WOLFSSL *ssl, char *buf, int size, void *ctx);

/** Offer every suite of this wolfSSL but the anonymous ones, the cheap and usual first. */
bool tl_suites_offer(WOLFSSL_CTX *ctx);

/** wolfSSL's verify hook: keeps the chain and accepts it. */
int tl_capture_verify(int preverify, WOLFSSL_X509_STORE_CTX *store);
/** Up to TLS 1.2 the flight reader may hold a chain that wolfSSL never came to: keep that. */
void tl_capture_from_flight(struct tl_session *session);

/** End a session on a wolfSSL error: alert, code and sentence. Called inside the session's scope.
 */
void tl_fail_lib(struct tl_session *session, int ret);
/** End a session for a reason of our own. */
void tl_fail_why(struct tl_session *session, const char *why);
