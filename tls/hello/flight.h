/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a server says in the clear: an incremental reader of the plaintext flight.
 *
 * It reads the same bytes as the TLS library, as they arrive (in any split), and stops at the first
 * encrypted record. Up to TLS 1.2 it sees ServerHello, Certificate, ServerKeyExchange and alerts.
 * In TLS 1.3 it sees ServerHello, HelloRetryRequest and plaintext alerts. It never fails a session:
 * it marks what it cannot read and leaves that to the library.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cursor.h"

#define HL_MAX_EXTENSIONS 32
#define HL_ALPN_MAX	  31
#define HL_DH_P_MAX	  1024 /* bytes of a DH prime or public value kept: 8192 bits */
#define HL_DH_G_MAX	  256  /* RFC 5114 generators are as long as their prime */

enum hl_alert_dir {
	HL_ALERT_NONE,
	HL_ALERT_RECEIVED,
	HL_ALERT_SENT,
};

/* Until seen is set, these are the fields of a HelloRetryRequest, if one came (its group is
 * key_share_group). */
struct hl_server_hello {
	/* A server sent this: an alert, or the beginning of a ServerHello or HelloRequest. An echo
	 * of our ClientHello is neither. */
	bool from_server;
	bool seen, retry_seen; /* retry: a HelloRetryRequest came first */
	uint16_t legacy_version;
	uint16_t selected_version; /* supported_versions; 0: extension absent */
	uint16_t record_version;
	uint8_t random[32];
	uint8_t session_id_len;
	uint8_t session_id[32];
	uint16_t cipher_suite;
	uint8_t compression;
	uint16_t key_share_group; /* TLS 1.3; 0: none */
	uint8_t n_extensions;
	uint16_t extensions[HL_MAX_EXTENSIONS]; /* ids in wire order */
	bool ocsp_stapling, ticket, secure_renegotiation, heartbeat, extended_master_secret,
		encrypt_then_mac;
	char alpn[HL_ALPN_MAX +
		  1]; /* "" if none. TLS 1.3 carries it encrypted: the session fills it in */
};

/* ServerKeyExchange up to TLS 1.2 (RFC 5246 7.4.3, RFC 8422 5.4). What it points to is inside the
 * message that was read. */
struct hl_key_exchange {
	bool seen;
	uint16_t group;	  /* named curve, 0: not ECDHE */
	uint16_t dh_bits; /* size of p, at most 65535; 0: not DHE */
	/* Big endian without leading zeros; also empty if beyond HL_DH_P_MAX, HL_DH_G_MAX. */
	struct hl_cursor dh_p, dh_g, dh_y;
	struct hl_cursor point; /* ECDHE: the public value as sent; empty: explicit curve */
	/* What is signed, behind both randoms. Empty: nothing is, as with anonymous and PSK suites.
	 */
	struct hl_cursor params;
	uint16_t sig_alg;	    /* TLS 1.2 SignatureAndHashAlgorithm, 0: none */
	struct hl_cursor signature; /* empty: none, or not whole */
};

struct hl_flight {
	struct hl_server_hello hello;
	bool not_tls;	/* the first bytes are no TLS record, or are our ClientHello, come back */
	bool malformed; /* a length or type broke the rules; reading stopped */
	bool encrypted; /* ChangeCipherSpec or an encrypted record was reached; reading stopped */
	bool cert_request_seen, hello_done_seen;
	bool certificate_seen;		 /* up to TLS 1.2 */
	uint8_t alert_level, alert_code; /* last plaintext alert received; level 0: none */
	/* Why hl_flight_input() stopped; both are cleared by the next call. */
	uint32_t want;	      /* scratch bytes that the new message needs; 0: it fits */
	const uint8_t *certs; /* body of the Certificate message, inside the scratch buffer */
	uint32_t certs_len;
	/* If set, the scratch buffer holds the ServerKeyExchange, or its beginning. */
	bool kex_seen;
	uint32_t kex_len;
	uint16_t rec_left; /* bytes still to come of the record being read */
	/* private: the record being read */
	bool any_record, any_message, fatal;
	uint8_t rec_header[5], rec_have;
	uint8_t alert[2], alert_have;
	/* private: the handshake message being read */
	uint8_t msg_header[4], msg_header_have;
	uint32_t msg_len, msg_have; /* body: announced, read so far */
	uint8_t *scratch;
	uint32_t scratch_cap;
};

/**
 * Start reading a server's flight.
 * @param flight  out: the reader
 * @param buf     in: scratch for handshake messages, owned by the caller, used until
 *                hl_flight_scratch() replaces it. It may be small: of a longer message only the
 *                beginning is read, of the certificates nothing
 * @param cap     in: bytes at buf, 0 allowed
 */
void hl_flight_init(struct hl_flight *flight, uint8_t *buf, uint32_t cap);

/**
 * Replace the scratch buffer. If input stopped with want, take a larger one. If it holds a key
 * exchange (kex_seen), take one of at least kex_len bytes with the same first bytes.
 */
void hl_flight_scratch(struct hl_flight *flight, uint8_t *buf, uint32_t cap);

/**
 * Read bytes as they come from TCP (RFC 5246 6.2, 7.4; RFC 8446 4.1.3, 5.1).
 * It stops early so that the owner can look at want and certs. Call it again with the rest, whether
 * the owner has acted on them or not.
 * @param flight  in/out: the reader
 * @param bytes   in: borrowed for the call, any split
 * @param len     in: their number
 * @return bytes taken, at least one while the flight is open
 */
size_t hl_flight_input(struct hl_flight *flight, const uint8_t *bytes, size_t len);

/**
 * The handshake message that is being read.
 * @param flight     in: the reader
 * @param type       out: RFC 8446 4
 * @param announced  out: bytes of its body
 * @param have       out: of these, read so far
 * @return false between messages
 */
bool hl_flight_message(
	const struct hl_flight *flight, uint8_t *type, uint32_t *announced, uint32_t *have);

/** Can more of the flight be read? false: nothing more comes in the clear. */
bool hl_flight_open(const struct hl_flight *flight);

/** Decode the ServerKeyExchange. @param flight  in: the reader. @param kex  out: all zero if none
 * was seen; it points into the scratch buffer */
void hl_flight_key_exchange(const struct hl_flight *flight, struct hl_key_exchange *kex);

/**
 * JA3S input string: "version,cipher,ext-ext-ext", decimal, wire order (the MD5 of it is the
 * fingerprint).
 * @param hello  in: of the flight
 * @param out    out: NUL-terminated, cut to cap
 * @param cap    in: bytes at out, at least 1
 * @return length written, 0 if no ServerHello was seen
 */
size_t hl_ja3s_string(const struct hl_server_hello *hello, char *out, size_t cap);

/** The IANA name of a suite, "TLS_AES_128_GCM_SHA256"; "unknown" if the table does not have it. */
const char *hl_suite_name(uint16_t suite);
/** "SSLv3", "TLSv1.0" .. "TLSv1.3", "unknown": ZGrab2's spelling. */
const char *hl_version_name(uint16_t version);
/** IANA supported-groups name ("x25519", "secp256r1", "ffdhe2048"), "unknown". */
const char *hl_group_name(uint16_t group);
/** RFC 8446 6.2 alert description, "unknown". */
const char *hl_alert_name(uint8_t code);
