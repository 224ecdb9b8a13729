/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is scanned, and in which order: index -> (address, service) by a bijection with random access.
 *
 * Built once on the control thread from allow and exclude lists, then read-only: any thread may map any
 * index. With n = count() every (address, service) pair appears exactly once over the indices 0..n-1, in an
 * order fixed by the seed; shard, resume and retry are arithmetic on the index. No DPDK in here.
 */
#pragma once

#include "tcpstack/addr.h"

#include <stdio.h>

#define DP_ERR_LEN 256

struct dp_targets;

struct dp_target {
	struct ts_addr addr;
	uint16_t service; /* index into the scan's services */
};

enum dp_list {
	DP_ALLOW,
	DP_EXCLUDE, /* wins over DP_ALLOW */
};

/** An empty set. @return NULL when memory is short. */
struct dp_targets *dp_targets_new(void);
void dp_targets_free(struct dp_targets *targets);

/**
 * Add one item: an address, a CIDR prefix (host bits must be zero), or a range a-b; either family.
 * @param err  out: on failure a sentence that names the item and what is wrong with it
 * @return 0, -EINVAL, -ENOMEM
 */
int dp_targets_add(struct dp_targets *targets, enum dp_list list, const char *text, char err[DP_ERR_LEN]);

/**
 * Add every item of a file: one a line, '#' starts a comment, blank lines and CRLF are fine; "-" reads
 * standard input.
 * @param err  out: "file:line:column: sentence"
 * @return 0, -EINVAL, -ENOMEM, or the errno of opening and reading
 */
int dp_targets_add_file(struct dp_targets *targets, enum dp_list list, const char *path,
	char err[DP_ERR_LEN]);

/** Add the IANA special-purpose registries (RFC 6890, 5736 and successors), multicast and reserved space to the exclusions. */
int dp_targets_exclude_special(struct dp_targets *targets);

/**
 * Merge, subtract and freeze; key the permutation.
 * @param n_services  in: 1..65,535
 * @param seed        in: any value
 * @param err         out: a sentence, e.g. that no target is left and which exclusion took the last of them
 * @return 0; -ENOENT: nothing allowed or nothing left; -EOVERFLOW: more than 2^63 - 1 pairs; -ENOMEM
 */
int dp_targets_finish(struct dp_targets *targets, uint32_t n_services, uint64_t seed,
	char err[DP_ERR_LEN]);

/** Pairs in the set, addresses in the set, addresses taken away by exclusions. After dp_targets_finish(). */
uint64_t dp_targets_count(const struct dp_targets *targets);
uint64_t dp_targets_n_addresses(const struct dp_targets *targets);
uint64_t dp_targets_n_excluded(const struct dp_targets *targets);

/** The pair at an index below count(). Any thread, no locks; about 20 ns. */
struct dp_target dp_targets_get(const struct dp_targets *targets, uint64_t index);

/** Is the address in the set (exclusions applied)? Any thread. */
bool dp_targets_contains(const struct dp_targets *targets, const struct ts_addr *addr);

/** Does the set hold addresses of a family? */
bool dp_targets_has_v4(const struct dp_targets *targets);
bool dp_targets_has_v6(const struct dp_targets *targets);
