/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of tls/session/ share; nobody else includes it. */
#pragma once

#include <assert.h>

#include "hugepages/arena.h"
#include "tls/hello/reframe.h"
#include "budget.h"
#include "judge.h"
#include "lib.h"
#include "random.h"
#include "session.h"
#include "share.h"

#define TL_TLS13     0x0304
#define TL_PLAIN_MAX 4096
/* Outgoing bytes not yet pulled: a flight is about 1 kB; a peer that makes us write more and takes
 * none of it is a hostile one. */
#define TL_TX_MAX (32 * 1024)
/* Records without data in an open session: KeyUpdates, tickets, HelloRequests, warnings, empty
 * ones. A server sends a few tickets. */
#define TL_IDLE_RECORDS_MAX 32
/* A handshake message in the clear that announces more is given to wolfSSL only when all of it has
 * arrived: wolfSSL sets aside at once what is announced. */
#define TL_HOLD_MIN (8 * 1024)
/* The heap's cap grows by so many times what has arrived of a Certificate message: it is gathered,
 * copied for wolfSSL, and kept. */
#define TL_CERTIFICATE_COPIES 4
/* So much dear work may be done before its share of the time counts. */
#define TL_DEAR_BURST_US (500 * 1000)

struct tl_worker {
	WOLFSSL_CTX *ctx;
	struct hp_arena *arena;
	struct tl_config config;
	struct tl_shared_key shared;
	struct tl_budget dear; /* for dear operations of all sessions */
	uint64_t now_us;       /* tl_worker_now() */
	bool dear_done;	       /* some was done since then */
	uint8_t plain[TL_PLAIN_MAX];
};

struct tl_buffer {
	uint8_t *bytes;
	uint32_t off, len, cap; /* off <= len <= cap */
};

/* The first release in which message.c has an effect. */
#define TL_MESSAGES_SINCE 0x05009002

/* A handshake message that came in parts. */
struct tl_gathering {
	uint8_t *bytes;
	uint32_t len, cap;
};

/* Where in the stream of records the bytes are that wolfSSL takes. */
struct tl_records {
	uint32_t n;	  /* whole ones so far */
	uint16_t left;	  /* bytes of the body still to come */
	uint8_t n_header; /* bytes of the header seen, HL_RECORD_HEADER_LEN: all */
};

enum tl_state {
	TL_STATE_HANDSHAKE,
	TL_STATE_LISTEN, /* we will not complete it; what still comes in the clear is read */
	TL_STATE_OPEN,
	TL_STATE_CLOSED, /* close_notify received; ours may still go out */
	TL_STATE_FAILED,
};

/* Every waiting session has one: its size is that of a class of the allocator. */
struct tl_session {
	struct tl_worker *worker;
	WOLFSSL *ssl;
	struct hp_meter meter;
	struct tl_random random;
	const uint8_t *in; /* fed and not yet taken by wolfSSL, borrowed */
	size_t in_len;
	struct tl_records records;
	uint32_t n_idle; /* records without data since the session is open */
	uint32_t rx_bytes, tx_bytes;
	enum tl_state state;
	struct tl_buffer tx;
	/* Its scratch is made to measure, message by message. hello.alpn, which TLS 1.3 carries
	 * encrypted, is filled in by the session. */
	struct hl_flight flight;
	struct hl_reframe reframe;
	enum tl_cause cause;
	int lib_error;
	uint16_t padding_len;  /* of the ClientHello being written, hello_shape.c */
	uint16_t judged_group; /* of the key share last judged */
	bool hello_sent, flight_ended, completed, limit_hit, chain_truncated, chain_captured;
	bool chain_awaited; /* another road than the verify hook will bring it */
	bool dear;	    /* has the budget's leave for dear operations */
	bool kex_judged, certificate_begun;
	uint8_t n_certs;
	uint8_t alert_dir, alert_level, alert_code;
	/* Raw bytes not yet given to wolfSSL, and where in them the body of a long Certificate
	 * message begins: certificate_at, with record_left bytes of its record. */
	uint16_t record_left;
	uint32_t certificate_at;
	struct tl_gathering hold;
	struct tl_gathering message; /* TLS 1.3, after decryption */
	char error[TL_ERROR_LEN];
	uint32_t der_len;
	uint8_t *der;
	struct tl_kept *kept; /* process heap, NULL: no memory */
	/* n_certs of them, process heap like der: they leave the thread */
	struct tl_cert_span *certs;
};

static_assert(sizeof(struct tl_session) <= 640, "the next class of the allocator has 768 bytes");

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

/** NULL is allowed. */
void tl_kept_free(struct tl_kept *kept);

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

/**
 * Listen to what the server says in the clear. Called inside the session's scope.
 * @param raw  in: bytes as they came; before at they were listened to already
 */
void tl_tap_input(struct tl_session *session, const uint8_t *raw, size_t at, size_t len);
/** Must bytes listened to be kept from wolfSSL for now? */
bool tl_tap_holds(const struct tl_session *session);
/** Keep of a refused Certificate message what has come. Called inside the session's scope. */
void tl_tap_salvage(struct tl_session *session);
/** Nothing more comes in the clear. Called inside the session's scope. */
void tl_tap_end(struct tl_session *session);

/** wolfSSL's verify hook: keeps the chain, if nobody has yet, and accepts it. */
int tl_capture_verify(int preverify, WOLFSSL_X509_STORE_CTX *store);
/**
 * Keep the chain from the body of a Certificate message. Called inside the session's scope.
 * @param whole  in: false: len bytes of it are all there is, and the chain is marked as cut
 */
void tl_capture_message(
	struct tl_session *session, const uint8_t *body, size_t len, bool tls13, bool whole);

/** Put bytes behind the others. @return false when the session may not have the memory. Inside the
 * session's scope. */
bool tl_gather(struct tl_gathering *gathering, const uint8_t *bytes, size_t len);
/** Give the memory back. Inside the session's scope. */
void tl_gather_free(struct tl_gathering *gathering);

/** So many bytes of a Certificate message have arrived: the heap's cap lets them in. */
void tl_certificate_arrived(struct tl_session *session, size_t len);

/** Will not be completed, for this cause: from now on the session only listens. */
void tl_refuse(struct tl_session *session, enum tl_cause cause, const char *why, ...)
	__attribute__((format(printf, 3, 4)));
/** A Certificate message of so many bytes: @return false when it is too large and so refused */
bool tl_certificate_allowed(struct tl_session *session, uint32_t announced);
/** Judge the server's key: @return false when the session was refused */
bool tl_key_allowed(struct tl_session *session, const uint8_t *leaf, size_t len);
/** Judge the first certificate of a TLS 1.3 Certificate message likewise. */
bool tl_chain_allowed(struct tl_session *session, const uint8_t *body, size_t len);
/** Judge what the flight says of the key exchange. */
void tl_judge_flight(struct tl_session *session);
/** Take leave of a server that we have refused. Inside the session's scope. */
void tl_refuse_end(struct tl_session *session);

/** End a session on a wolfSSL error: alert, code and sentence. Called inside the session's scope.
 */
void tl_fail_lib(struct tl_session *session, int ret);
/** End a session for a reason of our own. */
void tl_fail_why(struct tl_session *session, const char *why);
/** End a session at one of its limits. */
void tl_fail_limit(struct tl_session *session, enum tl_cause cause, const char *why);
