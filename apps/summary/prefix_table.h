/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers by network: /24 of IPv4, /64 of IPv6. If a whole network accepts connections on every
 * address and port, then one box in front of it answers. Such answers hide the real services.
 *
 * The table grows up to SU_MAX_PREFIXES networks (32 MB). Answers from further networks are counted
 * as untracked. One thread at a time.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

#define SU_MAX_PREFIXES (1u << 20)

struct su_prefix_totals {
	uint64_t n_prefixes;  /* with at least one answer */
	uint64_t n_answers;   /* those counted in their network */
	uint64_t n_untracked; /* answers for whose network there was no room */
};

struct su_prefix {
	struct ts_addr first; /* the network's lowest address */
	uint8_t len;	      /* 24 or 64 */
	uint32_t n_answers;   /* pairs of address and port that accepted a connection */
	uint32_t n_services;  /* of n_answers, those that are services */
	double n_probed;      /* pairs of the network that were probed; at least n_answers */
};

struct su_prefix_table;

/**
 * Make an empty table.
 * @param key  in: random, so that nobody can choose addresses that pile up in one place; copied
 * @return the table, to be freed with su_prefix_table_free(); NULL: memory is short
 */
struct su_prefix_table *su_prefix_table_new(const struct ts_cookie_key *key);

/** Free the table. NULL is allowed. */
void su_prefix_table_free(struct su_prefix_table *table);

/**
 * Count one pair of address and port that accepted a connection.
 * @param table       in/out: may grow; without memory for the network the answer is untracked
 * @param addr        in: the address
 * @param is_service  in: it turned out to be a service
 */
void su_prefix_table_count(
	struct su_prefix_table *table, const struct ts_addr *addr, bool is_service);

/** The sums over all networks. */
struct su_prefix_totals su_prefix_table_read_totals(const struct su_prefix_table *table);

/**
 * How many pairs of a network were probed; if only part of the targets was probed, how many of them
 * are to be expected. Called for networks with many answers only.
 * @param ctx    in: as given to su_prefix_table_suspects()
 * @param first  in: the network's lowest address
 * @param len    in: its prefix length, 24 or 64
 */
typedef double su_prefix_table_probed(const void *ctx, const struct ts_addr *first, uint8_t len);

/**
 * Find the networks that look like one box: at least 16 answers, from at least half of the pairs
 * that were probed there, and fewer than half of the answers services.
 * @param table       in: as counted so far
 * @param probed      in: called for each network in question
 * @param ctx         in: handed to probed() as it is
 * @param out         out: those with the most answers, the largest first
 * @param max         in: room in out, in entries
 * @param n_suspects  out: how many there are, those without room in out included
 * @return how many are in out
 */
uint32_t su_prefix_table_suspects(const struct su_prefix_table *table,
	su_prefix_table_probed *probed, const void *ctx, struct su_prefix *out, uint32_t max,
	uint64_t *n_suspects);
