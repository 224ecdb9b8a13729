/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded lab: a synthetic Internet that answers on the far end of a wire, inside the same
 * process.
 *
 * Frames in, frames out; no DPDK in here, the caller carries them (net_ring). What an address is
 * follows from a keyed hash of the address alone, so the truth about any scan of it is computable
 * (lab_truth()). The gateway answers ARP and ND for itself; every other address is reached through
 * it.
 */
#pragma once

#include "tcpstack/packet/addr.h"

/* The lab's wire: the scanner's address and the gateway, on 198.19.255.0/24 and fd00:1ab::/64. */
#define LAB_SCANNER_V4 "198.19.255.1"
#define LAB_GATEWAY_V4 "198.19.255.254"
#define LAB_SCANNER_V6 "fd00:1ab::1"
#define LAB_GATEWAY_V6 "fd00:1ab::fe"

/* The comments give the share of addresses in 1/1000 of the mixed population. */
enum lab_kind {
	LAB_SILENT,	   /* 500: answers nothing */
	LAB_CLOSED,	   /* 200: RST on every port */
	LAB_UNREACHABLE,   /* 20: the gateway answers with ICMP host unreachable */
	LAB_SERVICE,	   /* 200: speaks the port's protocol up to TLS */
	LAB_NO_TLS,	   /* 20: speaks, but refuses STARTTLS; implicit ports: plain text */
	LAB_ACCEPT_SILENT, /* 15: SYN-ACK, acknowledges data, never says a word */
	LAB_ACCEPT_DEAF,   /* 10: SYN-ACK, never acknowledges data */
	LAB_ZERO_WINDOW,   /* 15: SYN-ACK with window 0 and no options, for ever */
	LAB_RESET_ON_DATA, /* 10: RST as soon as data comes */
	LAB_GARBAGE,	   /* 10: random bytes as greeting */
	LAB_N_MIXED,
	/* In the other populations alone. */
	LAB_HANG_UP = LAB_N_MIXED, /* SYN-ACK, then RST for whatever comes */
	LAB_N_KIND
};

enum lab_population {
	LAB_MIXED,     /* the shares above, each host with a delay of its own */
	LAB_SPARSE,    /* 1 address in 100 takes connections and hangs up, the others are silent */
	LAB_ANSWERING, /* every address takes connections and hangs up */
	LAB_N_POPULATION
};

/* Which synthetic Internet: the truth about every address follows from these three alone. */
struct lab_world {
	uint64_t seed;
	enum lab_population population;
	uint32_t delay_us; /* 0: each host of the mixed population has its own, others none */
};

enum lab_cert {
	LAB_CERT_VALID, /* under the lab CA, with one intermediate, for *.lab.test */
	LAB_CERT_SELF_SIGNED,
	LAB_CERT_EXPIRED,
	LAB_CERT_WRONG_NAME, /* valid, for elsewhere.invalid */
	LAB_N_CERT
};

/* All there is to know about one address and port. */
struct lab_host {
	/* Services, those without TLS and those that hang up are LAB_CLOSED on all but the 14
	 * well-known ports; the other kinds are the same on every port. */
	enum lab_kind kind;
	enum lab_cert cert;
	bool rsa;	 /* RSA-2048, else P-256 */
	bool tls13;	 /* TLS 1.3, else at most TLS 1.2 */
	bool advertises; /* lists STARTTLS among its capabilities; it works in any case */
	bool picky; /* XMPP with STARTTLS: host-unknown for a stream to an address, naming itself */
	uint8_t ttl;	   /* as the scanner receives it */
	uint16_t mss;	   /* 0: no option */
	uint32_t delay_us; /* there and back together, all of it on the way back */
};

/** The truth about an address and port. Pure. */
struct lab_host lab_truth(const struct lab_world *world, const struct ts_addr *addr, uint16_t port);

/** "silent", "closed", ... */
const char *lab_kind_name(enum lab_kind kind);

/** "mixed", "sparse", "answering" */
const char *lab_population_name(enum lab_population population);

#define LAB_NAME_LEN 64

/** The name a lab host gives itself: its address with dashes, below .lab.test. Pure. */
void lab_host_name(const struct ts_addr *addr, char name[LAB_NAME_LEN]);

struct lab_config {
	struct lab_world world;
	uint32_t n_conns;			       /* server connections at once, 1..2^20 */
	uint32_t n_sessions;			       /* TLS sessions at once, 1.. */
	uint32_t drop_ppm, duplicate_ppm, reorder_ppm; /* faults in both directions, seeded */
	/* Copies the frame before it returns; false: no room now. The lab then keeps it and comes
	 * again with the next lab_tick(). */
	bool (*emit)(void *ctx, const uint8_t *frame, uint32_t len);
	void *emit_ctx;
};

struct lab_counts {
	uint64_t frames_in, frames_out;
	uint64_t bad_frames; /* not for the gateway, malformed, or nothing the lab answers */
	uint64_t syns, synacks, rsts_out, unreachables, conns_opened;
	uint64_t conns_full; /* SYN left unanswered: every connection is taken */
	uint64_t wire_full;  /* frame lost: too many delayed at once; see lab_has_room() */
	uint64_t tls_completed, tls_failed;
	uint64_t dropped, duplicated, reordered; /* faults done on purpose */
};

struct lab;

/**
 * Build a lab; memory is fixed from here on but for what wolfSSL allocates for sessions.
 * @param config  in: copied
 * @param why     out: on failure a constant sentence
 * @return NULL on failure
 * After tl_global_init(). One thread at a time uses it; TLS work runs in lab_tick() on that thread.
 */
struct lab *lab_new(const struct lab_config *config, uint64_t now_us, const char **why);
void lab_free(struct lab *lab);

#define LAB_BURST 64

/** Whether LAB_BURST more frames may come: the wire has room for all that they cause. */
bool lab_has_room(const struct lab *lab);

/**
 * One frame from the scanner; answers leave by config.emit at a later lab_tick().
 * @param frame  in: borrowed for the call
 */
void lab_input(struct lab *lab, const uint8_t *frame, uint32_t len, uint64_t now_us);

/**
 * The same for a frame whose buffer the answer may take: what a host without state and without
 * delay has to say is there on return, everything else goes the way of lab_input().
 * @param frame  in, out: borrowed for the call
 * @param cap    in: bytes writable at frame
 * @return length of the answer in the buffer, to be sent by the caller; 0: there is none
 */
uint32_t lab_exchange(struct lab *lab, uint8_t *frame, uint32_t len, uint32_t cap, uint64_t now_us);

/**
 * Run what is due: delayed frames, retransmissions, TLS work; each bounded. Call often.
 * @return work items done
 */
uint32_t lab_tick(struct lab *lab, uint64_t now_us);

/** Bytes a lab of this size takes when all its connections and sessions are in use. Pure. */
size_t lab_memory(const struct lab_config *config);

const struct lab_counts *lab_counts(const struct lab *lab);

/** The lab CA's certificate, DER, for verifying tests. Constant data. */
const uint8_t *lab_ca_der(size_t *len);

/** The certificate a host presents first, DER. Constant data, made anew with each build. */
const uint8_t *lab_leaf_der(enum lab_cert cert, bool rsa, size_t *len);
