/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is scanned, and in which order: index -> (address, service) by a bijection with random
 * access.
 *
 * Built once on the control thread from allow and exclude lists, then read-only: any thread may map
 * any index. With n = count() every (address, service) pair appears exactly once over the indices
 * 0..n-1, in an order fixed by the seed; shard, resume and retry are arithmetic on the index. No
 * DPDK in here.
 *
 * An item, on a line or a command line, is one of
 *
 *     192.0.2.1            an address of either family
 *     192.0.2.1,name       an address and the host name it is to be addressed by (allow lists)
 *     192.0.2.0/24         a prefix; host bits must be zero
 *     192.0.2.7-192.0.2.9  a range, both ends included
 *
 * Items may overlap, within a list and between lists. IPv4-mapped IPv6 (::ffff:a.b.c.d) is the IPv4
 * address; a wider IPv6 prefix or range around that block does not reach into it.
 */
#pragma once

#include "tcpstack/packet/addr.h"

#include <stdio.h>

#define DP_ERR_LEN  256
#define DP_LINE_MAX 4096 /* bytes of one line of a list, comment included */
#define DP_NAME_MAX 253	 /* host names; RFC 1035 2.3.4 without the length bytes */

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

/* All that builds a set: the control thread, before dp_targets_finish(). A set that an error left
 * half filled is good for dp_targets_free() alone. */

/**
 * Would dp_targets_add() take this item? Pure; any thread.
 * @return 0, or -EINVAL with err as there
 */
int dp_targets_check(enum dp_list list, const char *text, char err[DP_ERR_LEN]);

/**
 * Add one item.
 * @param list  in: what the item is for; names are for DP_ALLOW
 * @param text  in: the item, NUL-terminated, without white space at its ends; borrowed until return
 * @param err   out: on failure a sentence that names the item and what is wrong with it
 * @return 0, -EINVAL, -ENOMEM
 */
int dp_targets_add(
	struct dp_targets *targets, enum dp_list list, const char *text, char err[DP_ERR_LEN]);

/**
 * Add every item of a file: one a line, '#' starts a comment, blank lines and CRLF are fine; "-"
 * reads standard input. An allow list without any item is an error, an exclude list (/dev/null) is
 * not. What follows a comma in an exclude list is a comment too, unless it is one more item: that
 * is an error.
 * @param list  in: what the items are for
 * @param path  in: NUL-terminated
 * @param err   out: "file:line:column: sentence"
 * @return 0, -EINVAL, -ENOMEM, -E2BIG: the 65,536th list; or the negative errno of opening and
 *         reading
 */
int dp_targets_add_file(
	struct dp_targets *targets, enum dp_list list, const char *path, char err[DP_ERR_LEN]);

/** The same from an open stream, which stays open; name stands for the file in messages. */
int dp_targets_add_stream(struct dp_targets *targets, enum dp_list list, FILE *in, const char *name,
	char err[DP_ERR_LEN]);

/**
 * Exclude the special-purpose address registries of the IANA, multicast and reserved space
 * (targets_special.c names the RFC of each prefix).
 * @return 0, -ENOMEM
 */
int dp_targets_exclude_special(struct dp_targets *targets);

/**
 * Add every pair of address and port of a file: one a line as
 *
 *     192.0.2.1:25          [2001:db8::1]:25       address and port
 *     192.0.2.1 25          192.0.2.1,25           the same; a line "saddr,sport" (ZMap) may lead
 *     192.0.2.1:2525:smtp                          with what to speak there
 *     192.0.2.1:25,name     192.0.2.1 25 name      with the host name of the address
 *
 * comments and the rest as in allow lists. A pair that an allowed address and a service make
 * anyway is no second target.
 * @param path     in: NUL-terminated; "-" reads standard input
 * @param service  in: asked for each pair whether its port can be scanned: returns 0, or -EINVAL
 *                 and a sentence in why (DP_ERR_LEN / 2 bytes); protocol: NUL-terminated, "" when
 *                 the line has none. Each port has one service, whatever the address
 * @param to       in: passed on to service
 * @param err      out: "file:line:column: sentence"
 * @return 0, -EINVAL, -ENOMEM, or the negative errno of opening and reading
 */
int dp_targets_add_pairs(struct dp_targets *targets, const char *path,
	int (*service)(void *to, uint16_t port, const char *protocol, char *why), void *to,
	char err[DP_ERR_LEN]);

/** The same from an open stream, which stays open; name stands for the file in messages. */
int dp_targets_add_pairs_stream(struct dp_targets *targets, FILE *in, const char *name,
	int (*service)(void *to, uint16_t port, const char *protocol, char *why), void *to,
	char err[DP_ERR_LEN]);

/**
 * Say which ports the services have that dp_targets_finish() counts, in their order. Needed beside
 * pairs; and saved sets and messages about them then name ports.
 * @param ports  in: host order, each once; copied
 * @return 0, -ENOMEM
 */
int dp_targets_set_ports(struct dp_targets *targets, const uint16_t *ports, uint32_t n);

/**
 * Merge, subtract and freeze; key the permutation. Once; nothing can be added afterwards.
 * @param n_services  in: 1..65,535, those that every allowed address is scanned for; 0 for a set of
 *                    pairs alone. Ports that only pairs have become the services behind these,
 *                    in ascending order of the port
 * @param seed        in: any value
 * @param err         out: a sentence, e.g. that no target is left and which exclusion took them
 * @return 0; -ENOENT: nothing allowed or nothing left; -EINVAL: two names for one address;
 *         -EOVERFLOW: more than 2^63 - 1 pairs; -ENOMEM
 */
int dp_targets_finish(
	struct dp_targets *targets, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN]);

/* All of the following: after dp_targets_finish() returned 0, any thread, no locks. */

/* Sizes of a set; those beyond 64 bits stand as UINT64_MAX. */
struct dp_targets_counts {
	uint64_t pairs_v4, pairs_v6, addresses_v4, addresses_v6, excluded;
};

/** Count by family: a walk through the set. */
void dp_targets_counts(const struct dp_targets *targets, struct dp_targets_counts *counts);

/** All services, and the port of one where it is known: told by dp_targets_set_ports() or by pairs;
 * else 0. */
uint32_t dp_targets_n_services(const struct dp_targets *targets);
uint16_t dp_targets_port(const struct dp_targets *targets, uint32_t service);

/** Pairs in the set, addresses in the set. */
uint64_t dp_targets_count(const struct dp_targets *targets);
uint64_t dp_targets_n_addresses(const struct dp_targets *targets);

/** Bytes a finished set takes. */
size_t dp_targets_memory(const struct dp_targets *targets);

/** Allowed addresses, or ones of pairs, that exclusions took away; UINT64_MAX stands for that many
 * or more. */
uint64_t dp_targets_n_excluded(const struct dp_targets *targets);

/** What the exclude lists and the default exclusions name: a normal set, borrowed. Any thread. */
const struct dp_ranges *dp_targets_excluded(const struct dp_targets *targets);

/** The pair at an index below count(); about 20 ns. */
struct dp_target dp_targets_get(const struct dp_targets *targets, uint64_t index);

/**
 * The pairs at n indices that lie stride apart: as dp_targets_get() of each, in half the time.
 * @param first    in: index of the first; that of the last is below count()
 * @param stride   in: 1 or more
 * @param out      out: n; may be uninitialised
 */
void dp_targets_get_many(const struct dp_targets *targets, uint64_t first, uint64_t stride,
	size_t n, struct dp_target *out);

/** The index of a pair: the inverse of dp_targets_get(). False when the set does not have the
 * address, or not with this service. */
bool dp_targets_index(
	const struct dp_targets *targets, const struct dp_target *target, uint64_t *index);

/**
 * Does a pair stand for its address? True for exactly one pair of each address in the set, and for
 * none that is not in it: what is asked once of an address, whatever the number of its services, is
 * asked along with that pair.
 */
bool dp_targets_represents(const struct dp_targets *targets, const struct dp_target *target);

/* Consecutive indices: the unit in which work is split, resumed and handed out. */
struct dp_index_range {
	uint64_t first, n;
};

/**
 * The part of a scan that one of several machines takes: parts of nearly equal size that do not
 * overlap and leave nothing out, whatever n_shards is (some are empty when there are more shards
 * than pairs).
 * @param shard  in: 0..n_shards - 1
 */
struct dp_index_range dp_targets_shard(
	const struct dp_targets *targets, uint32_t shard, uint32_t n_shards);

/**
 * Pairs of the set whose address lies in a network.
 * @param first  in: its lowest address
 * @param len    in: of the prefix, 0..32 for IPv4 and 0..128 for IPv6
 */
uint64_t dp_targets_count_within(
	const struct dp_targets *targets, const struct ts_addr *first, uint8_t len);

/** Is the address in the set (exclusions applied)? */
bool dp_targets_contains(const struct dp_targets *targets, const struct ts_addr *addr);

/** The host name an address was given with, "" when none was. Lives as long as the set. */
const char *dp_targets_name(const struct dp_targets *targets, const struct ts_addr *addr);

/** Does the set hold addresses of a family? */
bool dp_targets_has_v4(const struct dp_targets *targets);
bool dp_targets_has_v6(const struct dp_targets *targets);

/** The entry of the default exclusions that holds an address, as "prefix (purpose, RFC n)", or
 * NULL. */
const char *dp_special_describe(const struct ts_addr *addr);
