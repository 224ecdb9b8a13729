/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Complete TLS client sessions on wolfSSL, driven by bytes.
 *
 * One tl_worker per TLS thread: a WOLFSSL_CTX, an allocation arena, scratch. A session lives and
 * dies on its worker's thread. The owner feeds ciphertext with tl_session_feed() and calls
 * tl_session_step() until it wants more; outgoing ciphertext is pulled with tl_session_output().
 * Nothing here knows sockets or packets. All randomness of a session comes from its seed, so that a
 * recorded session can be replayed bit for bit.
 */
#pragma once

#include "tls/hello/flight.h"
#include "tls/hello/reframe.h"
#include "cause.h"

#define TL_MAX_CERTS 32
#define TL_ERROR_LEN 96

/* wolfSSL's MAX_CERTIFICATE_SZ. */
#define TL_CERTIFICATE_CEILING (1024u * 1024)
#define TL_CERTIFICATE_DEFAULT (128u * 1024)
#if TLSWEEP_WOLFSSL_SYSTEM
#define TL_HEAP_DEFAULT (192u * 1024) /* that library takes 57 kB before it has heard a byte */
#else
#define TL_HEAP_DEFAULT (64u * 1024)
#endif
#define TL_DEAR_PERCENT 10
#define TL_DEAR_NEVER	UINT32_MAX

struct tl_config {
	uint32_t max_session_bytes; /* ciphertext taken in, then the session fails; 256 kB */
	uint32_t max_chain_bytes;   /* DER bytes kept; 128 kB */
	/* Body of a Certificate message, at most TL_CERTIFICATE_CEILING; 0: TL_CERTIFICATE_DEFAULT.
	 * Of a larger one as much is read, and the handshake is left. */
	uint32_t max_certificate_bytes;
	/* Allocations per session by usable size, beside those for what has arrived of a
	 * Certificate message; TL_HEAP_DEFAULT; 0: no cap. */
	size_t max_heap_bytes;
	/* Of a worker's time, what dear operations of all its sessions may take together, 1 to 100;
	 * 0: TL_DEAR_PERCENT; TL_DEAR_NEVER: none is done. */
	uint32_t dear_percent;
	/*
	 * One X25519 key per worker for all its sessions, made from share_seed: a tenth less work,
	 * and whoever knows the seed can read the sessions. No effect with the system's wolfSSL.
	 */
	bool share_key;
	uint64_t share_seed;
	/* Offered, in order, 0-terminated, the first, one of TLS 1.3, with a key share; NULL: all
	 * that complete. */
	const uint16_t *groups;
};

/* One captured certificate inside tl_result.der. */
struct tl_cert_span {
	uint32_t off, len;
};

/*
 * What a session found out. Allocated by the session's worker thread, handed over whole, freed by
 * whoever owns it last with tl_result_free() (any thread).
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
	enum tl_cause cause;	     /* why we left it; TL_CAUSE_NONE: we did not */
	char error[TL_ERROR_LEN];    /* sentence, "" on success */
	bool limit_hit;		     /* a cap on bytes, certificates, alerts or memory ended it */
	uint32_t rx_bytes, tx_bytes; /* ciphertext of the handshake and after */
	uint32_t peak_heap_bytes; /* the session's allocations, wolfSSL's and ours, at their highest
				   */
	uint32_t cpu_us;	  /* time spent in this session's calls, as the owner measured it */
	struct hl_server_hello hello;
	struct hl_key_exchange kex;
	bool not_tls;
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
	TL_WANT_READ,	/* feed more */
	TL_ESTABLISHED, /* handshake just completed; once */
	TL_PLAINTEXT,	/* plain, plain_len hold some */
	TL_CLOSED,	/* close_notify received */
	TL_FAILED,	/* see the result; an alert of ours may still be there to pull */
};

struct tl_worker;
struct tl_session;

/** Once per process before the first worker; installs the allocator hooks. 0 or -EIO. Main thread.
 */
int tl_global_init(void);

/**
 * Make a worker for the calling thread.
 * @param config  in: copied (groups are read now)
 * @param why     out: on failure a constant sentence
 * @return the worker or NULL
 */
struct tl_worker *tl_worker_new(const struct tl_config *config, const char **why);

/**
 * Tell the worker the time: before and after each piece of work with its sessions, so that it knows
 * what dear operations took. A worker that is told none takes them for free.
 * @param now_us  in: monotonic
 */
void tl_worker_now(struct tl_worker *worker, uint64_t now_us);

/** Free a worker whose sessions are all freed; NULL is allowed. Its own thread. */
void tl_worker_free(struct tl_worker *worker);

/**
 * Start a session and produce the ClientHello (pull it with tl_session_output()).
 * It is padded to 512 bytes and more: old load balancers hang on 256 to 511 (RFC 7685). The
 * system's wolfSSL cannot pad.
 * @return the session, or NULL when memory is short (the caller keeps its credit and tries later)
 */
struct tl_session *tl_session_open(struct tl_worker *worker, const struct tl_open *open);

/**
 * Hand in ciphertext.
 * @param bytes  in: borrowed until tl_session_step() has returned TL_WANT_READ, TL_CLOSED or
 * TL_FAILED
 */
void tl_session_feed(struct tl_session *session, const uint8_t *bytes, size_t len);

/**
 * Has what was fed turned out not to be TLS?
 * @param n_bytes  out: how many bytes have been fed so far
 * @return true if the first bytes are no TLS record, or are a ClientHello: ours, come back
 */
bool tl_session_not_tls(const struct tl_session *session, size_t *n_bytes);

/**
 * Go on. Call until it returns TL_WANT_READ, TL_CLOSED or TL_FAILED.
 * @param plain, plain_len  out: for TL_PLAINTEXT, at most 4 kB a step, valid until the next step of
 * any session of the worker
 */
enum tl_step tl_session_step(struct tl_session *session, const uint8_t **plain, size_t *plain_len);

/** Encrypt plaintext; after TL_ESTABLISHED. 0, or -EPIPE when the session is over. */
int tl_session_write(struct tl_session *session, const uint8_t *bytes, size_t len);

/** Queue our close_notify. */
void tl_session_close_notify(struct tl_session *session);

/** Is there outgoing ciphertext to pull? */
bool tl_session_has_output(const struct tl_session *session);

/** Pull outgoing ciphertext. @return bytes written to buf, 0 when none is left. */
size_t tl_session_output(struct tl_session *session, uint8_t *buf, size_t cap);

/** End the session early and say why in the result: the transport broke, or a deadline passed. */
void tl_session_fail(struct tl_session *session, const char *why);

/**
 * Take the findings; call once, before tl_session_free().
 * @return owned by the caller; NULL when memory is short
 */
struct tl_result *tl_session_take_result(struct tl_session *session);

void tl_session_free(struct tl_session *session);

/** Bytes the worker holds now, sessions and context, and the most so far. Its thread. */
void tl_worker_memory(const struct tl_worker *worker, size_t *now_bytes, size_t *peak_bytes);

/** e.g. "wolfSSL 5.9.2 (built from source)". */
const char *tl_library_version(void);
