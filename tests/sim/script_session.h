/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS without cryptography, for simulations of very many connections: the shape of a handshake, its
 * sizes and its turns, and records with their plaintext as it is.
 *
 *     client                                   server
 *     record 0x16, HELLO_LEN bytes ─────────►
 *                                  ◄─────────  records 0x16, the first tells how many bytes of the
 *                                              flight there are
 *     record 0x14 ──────────────────────────►  established on both sides
 *     records 0x17 ◄────────────────────────►  plaintext
 *     record 0x15 ◄─────────────────────────►  closed
 *
 * A record is a type, two bytes of length (network order) and its content.
 */
#pragma once

#include "tests/sim/tls_core.h"

#define SCRIPT_HEADER_LEN 3
#define SCRIPT_RECORD_MAX 2048
#define SCRIPT_HELLO_LEN  517
#define SCRIPT_FLIGHT_MIN 4 /* the flight's length, network order, begins it */

enum script_type {
	SCRIPT_FINISHED = 0x14,
	SCRIPT_CLOSE = 0x15,
	SCRIPT_HANDSHAKE = 0x16,
	SCRIPT_DATA = 0x17,
};

/* A stream of records on its way in. */
struct script_in {
	uint32_t n; /* bytes of the record so far, header included */
	uint8_t record[SCRIPT_HEADER_LEN + SCRIPT_RECORD_MAX];
};

/**
 * Collect one record.
 * @param taken  out: bytes that belong to it
 * @return its content's length once it is whole; -1: more is wanted; -2: no record can begin so
 */
int script_collect(struct script_in *in, const uint8_t *bytes, size_t len, size_t *taken);

/** Write a header for a record. @return SCRIPT_HEADER_LEN */
uint32_t script_header(uint8_t *out, enum script_type type, uint32_t len);

/* Sessions that are open and results that are not freed, over all. */
struct script_counts {
	uint32_t n_sessions, n_results;
	uint64_t random;       /* which sessions are refused */
	uint32_t refuse_every; /* one in this many; 0: none */
};

/** The client's side of such sessions. @param counts  in: borrowed; the ctx of open() */
struct sim_session_ops script_session_ops(struct script_counts *counts);

/** Free a result of a scripted session; it is counted. */
void script_result_free(struct tl_result *result);
