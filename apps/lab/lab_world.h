/* SPDX-License-Identifier: BSD-3-Clause */
/* What the synthetic Internet is: its populations, and the truth about each address. */
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
	LAB_ACCEPT_SILENT, /* 15: SYN-ACK, acknowledges data, never sends any */
	LAB_ACCEPT_DEAF,   /* 10: SYN-ACK, never acknowledges data */
	LAB_ZERO_WINDOW,   /* 15: SYN-ACK with window 0 and no options, for ever */
	LAB_RESET_ON_DATA, /* 10: RST as soon as data comes */
	LAB_GARBAGE,	   /* 10: random bytes as greeting */
	LAB_N_MIXED,
	/* In the other populations alone. */
	LAB_HANG_UP = LAB_N_MIXED, /* SYN-ACK, then RST for any segment */
	LAB_N_KIND
};

enum lab_population {
	LAB_MIXED,     /* the shares above, each host with a delay of its own */
	LAB_SPARSE,    /* 1 address in 100 accepts connections and hangs up, others are silent */
	LAB_ANSWERING, /* every address accepts connections and hangs up */
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

/* What one address and port is. */
struct lab_host {
	/* Services, those without TLS and those that hang up are LAB_CLOSED on all but the 14
	 * well-known ports; the other kinds are the same on every port. */
	enum lab_kind kind;
	enum lab_cert cert;
	bool rsa;	 /* RSA-2048, else P-256 */
	bool tls13;	 /* TLS 1.3, else at most TLS 1.2 */
	bool advertises; /* lists STARTTLS among its capabilities; it works in any case */
	bool picky;	 /* XMPP with STARTTLS: refuses a stream to an address with host-unknown and
			  * its own name. IMAP: lists its capabilities in the greeting */
	uint8_t ttl;	 /* as the scanner receives it */
	uint16_t mss;	 /* 0: no option */
	uint8_t opts;	 /* TS_OPT_* that it answers, if they are asked for */
	uint32_t delay_us; /* the round-trip time, all of it on the way back */
};

/**
 * The truth about an address and port. Pure; any thread.
 * @param world  in: which Internet
 * @param addr   in: the address
 * @param port   in: host order; 0 for the address itself, as for a ping
 */
struct lab_host lab_truth(const struct lab_world *world, const struct ts_addr *addr, uint16_t port);

/** The name of a kind: "silent", "closed" and so on. Constant. */
const char *lab_kind_name(enum lab_kind kind);

/** The name of a population: "mixed", "sparse" or "answering". Constant. */
const char *lab_population_name(enum lab_population population);

#define LAB_NAME_LEN 64

/**
 * The name that a lab host gives itself: its address with dashes, below .lab.test. Pure; any
 * thread.
 * @param addr  in: its address
 * @param name  out: NUL-terminated
 */
void lab_host_name(const struct ts_addr *addr, char name[LAB_NAME_LEN]);
