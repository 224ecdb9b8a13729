/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers by network: /24 of IPv4, /64 of IPv6. Whole networks that take connections on every
 * address and port are the work of one box in front of them, and drown what a scan is after.
 *
 * The table grows up to SU_MAX_PREFIXES networks (32 MB). Answers from further ones are counted as
 * untracked. One thread at a time.
 */
#pragma once

#include "tcpstack/cookie/cookie.h"

#define SU_MAX_PREFIXES (1u << 20)

struct su_prefix_totals {
	uint64_t n_prefixes;  /* with at least one answer */
	uint64_t n_answers;   /* counted below a prefix */
	uint64_t n_untracked; /* answers for whose network there was no room */
};

struct su_prefix {
	struct ts_addr first; /* the network's lowest address */
	uint8_t len;	      /* 24 or 64 */
	uint32_t n_answers;   /* pairs of address and port that took a connection */
	uint32_t n_services;  /* of these, services */
	double n_probed;      /* pairs of it that were probed; at least n_answers */
};

struct su_prefix_table;

/**
 * @param key  in: random, so that nobody can crowd the table on purpose; copied
 * @return NULL when memory is short
 */
struct su_prefix_table *su_prefix_table_new(const struct ts_cookie_key *key);
void su_prefix_table_free(struct su_prefix_table *table);

/** Count one open pair. */
void su_prefix_table_count(
	struct su_prefix_table *table, const struct ts_addr *addr, bool is_service);

struct su_prefix_totals su_prefix_table_read_totals(const struct su_prefix_table *table);

/* How many pairs of a network were probed, or how many are to be expected when only part of the
 * targets was; used for networks with many answers only. */
typedef double su_prefix_table_probed(const void *ctx, const struct ts_addr *first, uint8_t len);

/**
 * Networks that look like one box: at least 16 answers, from at least half of the pairs probed
 * there, and fewer than half of them services.
 * @param out  out: those with the most answers first, room for max
 * @return how many are in out
 */
uint32_t su_prefix_table_suspects(const struct su_prefix_table *table,
	su_prefix_table_probed *probed, const void *ctx, struct su_prefix *out, uint32_t max,
	uint64_t *n_suspects);
