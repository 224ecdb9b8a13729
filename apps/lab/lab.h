/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded lab: a synthetic Internet that answers on the far end of a wire, inside the same process.
 *
 * Frames in, frames out; no DPDK in here, the caller carries them (net_ring). What an address is follows
 * from a keyed hash of the address alone, so the truth about any scan of it is computable (lab_truth()).
 * The gateway answers ARP and ND for itself; every other address is reached through it.
 */
#pragma once

#include "tcpstack/addr.h"

/* The lab's wire: the scanner's address and the gateway, both on 198.19.255.0/24 and fd00:1ab::/64. */
#define LAB_SCANNER_V4 "198.19.255.1"
#define LAB_GATEWAY_V4 "198.19.255.254"
#define LAB_SCANNER_V6 "fd00:1ab::1"
#define LAB_GATEWAY_V6 "fd00:1ab::fe"

enum lab_kind {
	LAB_SILENT,    /* answers nothing */
	LAB_CLOSED,    /* RST on every port */
	LAB_UNREACHABLE, /* the gateway answers with ICMP host unreachable */
	LAB_SERVICE,   /* speaks the port's protocol up to TLS */
	LAB_NO_TLS,    /* speaks, but refuses STARTTLS; implicit ports: plaintext error */
	LAB_ACCEPT_SILENT, /* SYN-ACK, acknowledges data, never says a word */
	LAB_ACCEPT_DEAF,   /* SYN-ACK, never acknowledges data */
	LAB_ZERO_WINDOW,   /* SYN-ACK with window 0 and no options, for ever */
	LAB_RESET_ON_DATA, /* RST as soon as data comes */
	LAB_GARBAGE,   /* random bytes as greeting */
	LAB_N_KIND
};

enum lab_cert {
	LAB_CERT_VALID, /* under the lab CA, with one intermediate */
	LAB_CERT_SELF_SIGNED,
	LAB_CERT_EXPIRED,
	LAB_CERT_WRONG_NAME,
	LAB_N_CERT
};

/* All there is to know about one address and port. */
struct lab_host {
	enum lab_kind kind;
	enum lab_cert cert;
	bool rsa;             /* RSA-2048, else P-256 */
	bool tls13;           /* TLS 1.3, else at most TLS 1.2 */
	bool advertises;      /* lists STARTTLS among its capabilities */
	uint8_t ttl;
	uint16_t mss;
	uint32_t delay_us;    /* one way, both directions together */
};

/** The truth about an address and port under a lab seed. Pure. */
struct lab_host lab_truth(uint64_t lab_seed, const struct ts_addr *addr, uint16_t port);

const char *lab_kind_name(enum lab_kind kind);

struct lab_config {
	uint64_t seed;
	uint32_t n_conns;    /* server connections at once */
	uint32_t n_sessions; /* TLS sessions at once */
	uint32_t drop_ppm, duplicate_ppm, reorder_ppm; /* faults on the wire, seeded; 0 by default */
	void (*emit)(void *ctx, const uint8_t *frame, uint32_t len); /* takes a copy before it returns */
	void *emit_ctx;
};

struct lab_counts {
	uint64_t frames_in, frames_out, bad_frames, syns, synacks, rsts_out, conns_opened, conns_full,
		tls_completed, tls_failed, dropped, duplicated, reordered;
};

struct lab;

/** Build a lab. @param why out: constant sentence on failure. @return NULL on failure. One thread owns it. */
struct lab *lab_new(const struct lab_config *config, uint64_t now_us, const char **why);
void lab_free(struct lab *lab);

/** One frame from the scanner; answers leave by config.emit, now or at a later lab_tick(). */
void lab_input(struct lab *lab, const uint8_t *frame, uint32_t len, uint64_t now_us);

/** Run what is due: delayed frames, retransmissions, TLS work (bounded). Call often. @return work items done */
uint32_t lab_tick(struct lab *lab, uint64_t now_us);

const struct lab_counts *lab_counts(const struct lab *lab);

/** The lab CA's certificate, DER, for verifying tests. Constant data. */
const uint8_t *lab_ca_der(size_t *len);
