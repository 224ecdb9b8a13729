/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Complete TLS client sessions on wolfSSL, driven by bytes.
 *
 * There is one tl_worker for each TLS thread: a WOLFSSL_CTX, an allocation arena, scratch memory. A
 * session stays on its worker's thread for its whole life; all functions here that take a worker or
 * a session run on that thread. The owner feeds ciphertext with tl_session_feed() and calls
 * tl_session_step() until it wants more; tl_session_output() gives outgoing ciphertext. Nothing
 * here knows sockets or packets. All randomness of a session comes from its seed, so that a
 * recorded session can be replayed bit for bit.
 */
#pragma once

#include "tls/hello/flight.h"
#include "tls/hello/reframe.h"
#include "cause.h"

#define TL_MAX_CERTS 32
#define TL_OTHER_MAX 256 /* bytes kept of a peer that does not speak TLS */
#define TL_ERROR_LEN 96

/* wolfSSL's MAX_CERTIFICATE_SZ. */
#define TL_CERTIFICATE_CEILING (1024u * 1024)
#define TL_CERTIFICATE_DEFAULT (128u * 1024)
#if TLSWEEP_WOLFSSL_SYSTEM
#define TL_HEAP_DEFAULT (192u * 1024) /* that library takes 57 kB before any byte has come */
#else
#define TL_HEAP_DEFAULT (64u * 1024)
#endif
#define TL_DEAR_PERCENT 10
#define TL_DEAR_NEVER	UINT32_MAX

struct tl_config {
	uint32_t max_session_bytes; /* ciphertext taken in, then the session fails; 256 kB */
	uint32_t max_chain_bytes;   /* DER bytes kept; 128 kB */
	/* Body of a Certificate message, at most TL_CERTIFICATE_CEILING; 0: TL_CERTIFICATE_DEFAULT.
	 * Of a larger one this many bytes are read, and we leave the handshake. */
	uint32_t max_certificate_bytes;
	/* Heap of a session in bytes by usable size, besides what its Certificate message has taken
	 * so far; TL_HEAP_DEFAULT; 0: no cap. */
	size_t max_heap_bytes;
	/* Share of a worker's time for the dear operations of all its sessions together, percent, 1
	 * to 100; 0: TL_DEAR_PERCENT; TL_DEAR_NEVER: none is done. */
	uint32_t dear_percent;
	/*
	 * One X25519 key for all sessions of a worker, made from share_seed. This saves about a
	 * tenth of the client's CPU time in a handshake: 5 to 9 % in TLS 1.3, 11 to 16 % in TLS
	 * 1.2. Whoever knows the seed can read the sessions. No effect with the system's wolfSSL.
	 */
	bool share_key;
	uint64_t share_seed;
	/* Named groups to offer, in order, 0-terminated; NULL: all that complete. The first one
	 * must be a group of TLS 1.3: it gets the key share. */
	const uint16_t *groups;
};

/* One captured certificate inside tl_result.der. */
struct tl_cert_span {
	uint32_t off, len;
};

/* Bytes as they went over the wire, on the process heap. */
struct tl_kept {
	uint8_t *other; /* the first bytes of a peer that does not speak TLS; NULL: it does */
	uint16_t other_len;
	uint16_t hello_len;
	uint8_t *hello; /* our first ClientHello, with its message header; behind the struct */
};

/*
 * What a session found out. The session's worker allocates it and hands it over whole; its last
 * owner frees it with tl_result_free(), on any thread.
 */
struct tl_result {
	bool completed;	  /* Finished exchanged in both directions */
	uint16_t version; /* negotiated, 0x0300..0x0304; 0: not known */
	uint16_t cipher_suite;
	uint16_t group;	  /* key exchange group, 0: none */
	uint16_t dh_bits; /* DHE prime size, 0: none */
	char alpn[HL_ALPN_MAX + 1];
	uint8_t alert_dir; /* enum hl_alert_dir of the alert that ended it */
	uint8_t alert_level, alert_code;
	/* Codes of the warning alerts in the clear that ended nothing, in the order of arrival. */
	uint8_t n_warnings, warnings[HL_WARNINGS_MAX];
	int lib_error;		     /* wolfSSL's error code, 0: none */
	enum tl_cause cause;	     /* why we left it; TL_CAUSE_NONE: we did not leave it */
	char error[TL_ERROR_LEN];    /* sentence, "" on success */
	bool limit_hit;		     /* a cap on bytes, certificates, alerts or memory ended it */
	uint32_t rx_bytes, tx_bytes; /* ciphertext of the handshake and after */
	uint32_t peak_heap_bytes;    /* most heap the session ever had, wolfSSL's part and ours */
	uint32_t cpu_us; /* time spent in this session's calls, as the owner measured it */
	struct hl_server_hello hello;
	struct hl_key_exchange kex; /* points into kex_message */
	bool bad_signature;	    /* that of the key exchange does not verify */
	bool not_tls;
	struct tl_kept *kept; /* NULL: nothing was sent, or no memory */
	uint8_t *kex_message; /* ServerKeyExchange, its body or the beginning; NULL: none */
	/* What came inside TLS and the session's owner wants to keep; NULL: nothing. */
	uint8_t *body;
	uint8_t n_certs; /* as sent, leaf first */
	bool chain_truncated;
	struct tl_cert_span certs[TL_MAX_CERTS];
	uint32_t der_len;
	uint8_t *der;
};

void tl_result_free(struct tl_result *result);

struct tl_open {
	uint64_t seed;	  /* fixes every random byte of the session */
	const char *sni;  /* NULL or "": none (RFC 6066 forbids addresses) */
	const char *alpn; /* comma-separated, NULL: none; e.g. "http/1.1" or "xmpp-client" */
};

enum tl_step {
	TL_WANT_READ,	/* everything fed was taken: feed more */
	TL_ESTABLISHED, /* the handshake has just completed; comes once */
	TL_PLAINTEXT,	/* plain and plain_len are set */
	TL_CLOSED,	/* close_notify received */
	TL_FAILED,	/* see the result; tl_session_output() may still give an alert of ours */
};

struct tl_worker;
struct tl_session;

/** Call once in a process, before the first worker: it installs the allocator hooks. @return 0 or
 * -EIO. Main thread. */
int tl_global_init(void);

/**
 * Make a worker for the calling thread.
 * @param config  in: copied (groups are read now)
 * @param why     out: on failure a constant sentence
 * @return the worker or NULL
 */
struct tl_worker *tl_worker_new(const struct tl_config *config, const char **why);

/**
 * Tell the worker the time. Call it before and after each piece of work with its sessions, so that
 * the worker knows how long dear operations took. Without it they count as taking no time.
 * @param worker  in/out: the worker
 * @param now_us  in: monotonic clock
 */
void tl_worker_now(struct tl_worker *worker, uint64_t now_us);

/** Free a worker; all its sessions must be freed. NULL is allowed. */
void tl_worker_free(struct tl_worker *worker);

/**
 * Start a session and make the ClientHello, which tl_session_output() gives.
 * It has no length between 256 and 511 bytes, at which old load balancers hang: it is padded to 512
 * bytes or more (RFC 7685). The system's wolfSSL cannot pad.
 * @param worker  in/out: the worker that the session belongs to
 * @param open    in: borrowed for the call
 * @return the session, or NULL if memory is short
 */
struct tl_session *tl_session_open(struct tl_worker *worker, const struct tl_open *open);

/**
 * Give ciphertext to the session. Then call tl_session_step().
 * @param session  in/out: the session; it must have taken what was fed before
 * @param bytes    in: borrowed until tl_session_step() returns TL_WANT_READ, TL_CLOSED or TL_FAILED
 * @param len      in: their number
 */
void tl_session_feed(struct tl_session *session, const uint8_t *bytes, size_t len);

/**
 * Has it turned out that the peer does not speak TLS?
 * @param session  in: the session
 * @param n_bytes  out: how many bytes have been fed so far
 * @return true if the first bytes are no TLS record, or are our own ClientHello, come back
 */
bool tl_session_not_tls(const struct tl_session *session, size_t *n_bytes);

/**
 * Work on what was fed. Call it until it returns TL_WANT_READ, TL_CLOSED or TL_FAILED.
 * @param session    in/out: the session
 * @param plain      out: for TL_PLAINTEXT, valid until the next step of any session of the worker
 * @param plain_len  out: for TL_PLAINTEXT, bytes, at most 4,096
 * @return what happened; public-key operations may take milliseconds
 */
enum tl_step tl_session_step(struct tl_session *session, const uint8_t **plain, size_t *plain_len);

/** Encrypt plaintext; only after TL_ESTABLISHED. @return 0, or -EPIPE if the session is over */
int tl_session_write(struct tl_session *session, const uint8_t *bytes, size_t len);

/** Queue our close_notify. */
void tl_session_close_notify(struct tl_session *session);

/** Is there outgoing ciphertext? */
bool tl_session_has_output(const struct tl_session *session);

/** Take outgoing ciphertext. @return bytes written to buf, at most cap; 0 if none is left */
size_t tl_session_output(struct tl_session *session, uint8_t *buf, size_t cap);

/** End the session early: the transport broke, or a deadline passed. @param session  in/out: the
 * session. @param why  in: the sentence for the result; copied */
void tl_session_fail(struct tl_session *session, const char *why);

/**
 * Take the findings. Call it once, before tl_session_free().
 * @return owned by the caller; NULL if memory is short
 */
struct tl_result *tl_session_take_result(struct tl_session *session);

void tl_session_free(struct tl_session *session);

/** Bytes that the worker holds now, sessions and context together, and the most it ever held. */
void tl_worker_memory(const struct tl_worker *worker, size_t *now_bytes, size_t *peak_bytes);

/** e.g. "wolfSSL 5.9.2 (built from source)". */
const char *tl_library_version(void);

/** What this build lacks because of its wolfSSL, e.g. "post-quantum groups". Any thread.
 * @return constant text; "": it lacks nothing */
const char *tl_library_lacks(void);

/**
 * Would some of these groups be offered wrongly by this wolfSSL? Releases before 5.8.0 have other
 * code points for the hybrids with ML-KEM than IANA's "TLS Supported Groups". Any thread.
 * @param groups   in: 0-terminated; NULL: the usual ones, which are right in every release
 * @param library  in: as LIBWOLFSSL_VERSION_HEX, e.g. 0x05007002 for 5.7.2
 * @return a constant sentence, or NULL if they may be offered
 */
const char *tl_groups_refusal(const uint16_t *groups, uint32_t library);
