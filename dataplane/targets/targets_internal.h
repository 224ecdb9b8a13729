/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to targets*.c. Lists are read and sets built by one thread, the control thread. */
#pragma once

#include "ranges.h"
#include "targets.h"

#include <assert.h>

/* Where a name was read, for messages. */
struct dp_place {
	uint32_t line;	 /* from 1; 0: on the command line, column and list are not valid */
	uint16_t column; /* from 1 */
	uint16_t list;	 /* as dp_names_list() numbers them */
};

/* A host name: an offset, because the pool moves while it grows. */
struct dp_named {
	dp_u128 number;
	uint64_t name_off;
	struct dp_place place;
};

static_assert(sizeof(struct dp_named) == 32, "a place takes what was padding");

struct dp_names {
	struct dp_named *items; /* sorted by number after dp_names_finish() */
	char *pool;		/* NUL-terminated names, one after another */
	size_t n, cap, pool_len, pool_cap;
	char **lists; /* names of the lists, for messages */
	uint16_t n_lists;
};

/** Begin to read a list, whose name is copied. @return its number, 0 or more; -ENOMEM or -E2BIG
 * (there are 65,535 already) with a sentence in err */
int dp_names_list(struct dp_names *names, const char *list, char err[DP_ERR_LEN]);

/** Add the name of an address; len bytes, copied. 0 or -ENOMEM. */
int dp_names_push(struct dp_names *names, dp_u128 number, const char *name, size_t len,
	struct dp_place place);

/** Sort by address and drop repeats, whatever their case. 0, or -EINVAL if one address has two
 * names (err: a sentence with the places of both). */
int dp_names_finish(struct dp_names *names, char err[DP_ERR_LEN]);

/** The name of an address, after dp_names_finish(); "" if there is none. */
const char *dp_names_find(const struct dp_names *names, dp_u128 number);

void dp_names_free(struct dp_names *names);

/* One range as dp_targets_get() needs it. Its last address follows from the next span. */
struct dp_span {
	dp_u128 first;
	uint64_t first_index; /* addresses in all spans before this one */
};

/* Pairs of address and port. Until dp_targets_finish() the service is the port itself. */
struct dp_pairs {
	struct dp_target *items;
	size_t n, cap;
};

struct dp_targets {
	/* read for every probe */
	struct dp_perm perm;
	struct dp_divisor n_services;
	const struct dp_span *spans;
	const uint32_t *buckets; /* bucket k: the span that holds address index k << bucket_shift */
	unsigned int bucket_shift;
	uint64_t n_addresses; /* in the spans */
	uint32_t n_spans;
	uint64_t n_product; /* spans' addresses times services; values from here on are pairs */
	const struct dp_target *live_pairs; /* pairs that are not excluded, in their order */
	/* read now and then, or while the set is built */
	uint64_t n_excluded, n_live_pairs;
	uint64_t n_pair_addresses;		/* of live pairs, beside those in the spans */
	bool finished, special, has_v4, has_v6; /* special: the default exclusions are in */
	/* What the lists name. After dp_targets_finish() allow is empty: its ranges are now in
	 * spans and taken. */
	struct dp_ranges allow, exclude;
	struct dp_ranges taken; /* allowed and excluded */
	struct dp_names names;
	struct dp_pairs pairs; /* named by lists, without those that allowed addresses make, with
				* those that are excluded. Sorted by address, then port */
	uint16_t *ports;       /* of all services; NULL: not known */
	uint32_t n_ports, n_product_ports;
};

/** Append a pair. 0 or -ENOMEM. */
int dp_pairs_push(struct dp_pairs *pairs, const struct ts_addr *addr, uint16_t port);

/**
 * Sort the pairs, drop repeats and those that an allowed address and a service make, and find the
 * services of the rest. Called before exclusions are subtracted from targets->allow. 0 or -ENOMEM.
 */
int dp_pairs_settle(struct dp_targets *targets);

/** Set live_pairs and the numbers that depend on them, after the spans are made. 0 or -ENOMEM. */
int dp_pairs_exclude(struct dp_targets *targets);

/** Which live pair is the first that is not below this address and port; n_live_pairs: none is. */
uint64_t dp_pairs_from(const struct dp_targets *targets, const struct ts_addr *addr, uint16_t port);

/** Which live pair is this? at: its index, on true. False: none. */
bool dp_pairs_find(const struct dp_targets *targets, const struct dp_target *pair, uint64_t *at);

/** Does a live pair have this address? */
bool dp_pairs_have(const struct dp_targets *targets, const struct ts_addr *addr);

/** Compare by address, then by port: below 0, 0 or above 0, as memcmp(). */
static inline int dp_pair_compare(
	const struct ts_addr *addr, uint16_t port, const struct ts_addr *other, uint16_t other_port)
{
	int order = memcmp(addr->b, other->b, sizeof(addr->b));

	return order != 0 ? order : (int)port - (int)other_port;
}

/** Is an address in the spans? at: its address index, on true. */
bool dp_spans_find(const struct dp_targets *targets, dp_u128 number, uint64_t *at);

/** Append a range of a list. IPv4-mapped space is cut out of an IPv6 range that contains it. 0 or
 * -ENOMEM. */
int dp_list_push(struct dp_ranges *ranges, struct dp_range range);

/* A walk through what the allow lists name, merged from the two parts that the set keeps of it. */
struct dp_allow_walk {
	const struct dp_targets *targets;
	uint32_t span;
	size_t taken;
};

/** The next range in ascending order. Ranges neither overlap nor touch. False at the end. */
bool dp_allow_next(struct dp_allow_walk *walk, struct dp_range *range);
