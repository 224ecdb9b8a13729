/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is scanned, and in which order: index -> (address, service) by a bijection with random
 * access.
 *
 * The control thread builds a set once from allow and exclude lists. From then on the set is
 * read-only, and any thread may map any index. With n = dp_targets_count() each (address, service)
 * pair appears exactly once over the indices 0..n-1. The seed fixes their order, so shard, resume
 * and retry are arithmetic on the index. No DPDK in here.
 *
 * An item of a list or of the command line is one of
 *
 *     192.0.2.1            an address of either family
 *     192.0.2.1,name       an address and the host name to use for it (allow lists)
 *     192.0.2.0/24         a prefix; host bits must be zero
 *     192.0.2.7-192.0.2.9  a range, both ends included
 *
 * Items may overlap, within a list and between lists. An IPv4-mapped IPv6 address (::ffff:a.b.c.d)
 * means the IPv4 address. A wider IPv6 prefix or range around these does not include them.
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

/**
 * Make an empty set.
 * @return the caller's, to be freed by dp_targets_free(); NULL if memory is short
 */
struct dp_targets *dp_targets_new(void);

/** Free a set in any state; NULL is allowed. No thread may use it any more. */
void dp_targets_free(struct dp_targets *targets);

/* The functions that build a set. Control thread, before dp_targets_finish(). After an error the
 * set may be half filled, and only dp_targets_free() may be called for it. */

/**
 * Would dp_targets_add() take this item? Pure; any thread.
 * @param list  in: what the item is for; only DP_ALLOW takes names
 * @param text  in: as for dp_targets_add()
 * @param err   out: as for dp_targets_add()
 * @return 0 or -EINVAL
 */
int dp_targets_check(enum dp_list list, const char *text, char err[DP_ERR_LEN]);

/**
 * Add one item.
 * @param targets  in/out: not finished
 * @param list     in: what the item is for; only DP_ALLOW takes names
 * @param text     in: the item, NUL-terminated, without white space at its ends; borrowed
 * @param err      out: on failure a sentence that names the item and says what is wrong with it
 * @return 0; -EINVAL: the item is wrong; -ENOMEM
 */
int dp_targets_add(
	struct dp_targets *targets, enum dp_list list, const char *text, char err[DP_ERR_LEN]);

/**
 * Add every item of a file: one a line. '#' starts a comment; blank lines and CRLF are allowed. An
 * allow list without any item is an error; an empty exclude list is none. In an exclude list a
 * comma starts a comment too. If that comment is one more item, this is an error.
 * @param targets  in/out: not finished
 * @param list     in: what the items are for; only DP_ALLOW takes names
 * @param path     in: NUL-terminated; "-" reads standard input; borrowed
 * @param err      out: on failure "file:line:column: sentence", or a sentence if there is no line
 * @return 0; -EINVAL: an item is wrong, or an allow list is empty; -ENOMEM; -E2BIG: 65,535 lists
 *         have been read before; or the negative errno of opening and reading
 */
int dp_targets_add_file(
	struct dp_targets *targets, enum dp_list list, const char *path, char err[DP_ERR_LEN]);

/**
 * Add every item of an open stream, as dp_targets_add_file() does.
 * @param targets  in/out: not finished
 * @param list     in: what the items are for
 * @param in       in: read to its end; stays open
 * @param name     in: stands for the file in messages, NUL-terminated; copied
 * @param err      out: on failure "name:line:column: sentence"
 * @return as dp_targets_add_file()
 */
int dp_targets_add_stream(struct dp_targets *targets, enum dp_list list, FILE *in, const char *name,
	char err[DP_ERR_LEN]);

/**
 * Exclude the special-purpose address registries of the IANA, multicast and reserved space
 * (targets_special.c names the RFC of each prefix).
 * @param targets  in/out: not finished
 * @return 0 or -ENOMEM
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
 * Comments and blank lines are as in allow lists. A pair that an allowed address and a service make
 * as well is one target, not two.
 * @param targets  in/out: not finished
 * @param path     in: NUL-terminated; "-" reads standard input; borrowed
 * @param service  in: called for each pair: can its port be scanned? It returns 0, or another value
 *                 and a sentence in why (DP_ERR_LEN / 2 bytes). protocol is NUL-terminated, "" if
 *                 the line has none. A port has one service, whatever the address
 * @param to       in: passed on to service
 * @param err      out: on failure "file:line:column: sentence", or a sentence if there is no line
 * @return 0; -EINVAL: a line is wrong, or there is no pair; -ENOMEM; -E2BIG: 65,535 lists have been
 *         read before; or the negative errno of opening and reading
 */
int dp_targets_add_pairs(struct dp_targets *targets, const char *path,
	int (*service)(void *to, uint16_t port, const char *protocol, char *why), void *to,
	char err[DP_ERR_LEN]);

/**
 * Add every pair of an open stream, as dp_targets_add_pairs() does.
 * @param targets  in/out: not finished
 * @param in       in: read to its end; stays open
 * @param name     in: stands for the file in messages, NUL-terminated; copied
 * @param service  in: as for dp_targets_add_pairs()
 * @param to       in: passed on to service
 * @param err      out: on failure "name:line:column: sentence"
 * @return as dp_targets_add_pairs()
 */
int dp_targets_add_pairs_stream(struct dp_targets *targets, FILE *in, const char *name,
	int (*service)(void *to, uint16_t port, const char *protocol, char *why), void *to,
	char err[DP_ERR_LEN]);

/**
 * Say which ports the services of dp_targets_finish() have, in their order. A set that has pairs as
 * well as services needs this. Others may leave it out; saved sets name no ports then.
 * @param targets  in/out: not finished
 * @param ports    in: n ports in host order, each once; copied
 * @param n        in: the n_services of dp_targets_finish()
 * @return 0 or -ENOMEM
 */
int dp_targets_set_ports(struct dp_targets *targets, const uint16_t *ports, uint32_t n);

/**
 * Merge the lists, subtract the exclusions, key the permutation, and make the set read-only. Called
 * once.
 * @param targets     in/out: not finished
 * @param n_services  in: 1..65,535, the services that every allowed address is scanned for; 0 for a
 *                    set of pairs alone. Ports that only pairs have become further services, in
 *                    ascending order of the port
 * @param seed        in: any value
 * @param err         out: on failure a sentence, such as that no target is left and which exclusion
 *                    took them
 * @return 0; -ENOENT: nothing allowed or nothing left; -EINVAL: two names for one address, or
 *         addresses and no service; -EOVERFLOW: more than 2^63 - 1 pairs; -ENOMEM
 */
int dp_targets_finish(
	struct dp_targets *targets, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN]);

/* The functions below: after dp_targets_finish() has returned 0, any thread, no locks. */

/* Sizes of a set. A value beyond 64 bits is given as UINT64_MAX. */
struct dp_targets_counts {
	uint64_t pairs_v4, pairs_v6, addresses_v4, addresses_v6, excluded;
};

/**
 * Count by family. This walks through the whole set.
 * @param targets  in
 * @param counts   out
 */
void dp_targets_counts(const struct dp_targets *targets, struct dp_targets_counts *counts);

/** Number of services, those of pairs included. */
uint32_t dp_targets_n_services(const struct dp_targets *targets);

/**
 * The port of a service.
 * @param targets  in
 * @param service  in: below dp_targets_n_services()
 * @return host order; 0 if neither dp_targets_set_ports() nor a pair has named it
 */
uint16_t dp_targets_port(const struct dp_targets *targets, uint32_t service);

/** Number of pairs in the set, 1 to 2^63 - 1. Indices are below this. */
uint64_t dp_targets_count(const struct dp_targets *targets);

/** Number of addresses in the set. */
uint64_t dp_targets_n_addresses(const struct dp_targets *targets);

/** Bytes of memory that the set takes. */
size_t dp_targets_memory(const struct dp_targets *targets);

/** Number of addresses, of allow lists or of pairs, that exclusions took away. UINT64_MAX stands
 * for this many or more. */
uint64_t dp_targets_n_excluded(const struct dp_targets *targets);

/** What the exclude lists and the default exclusions name: a normal set, valid as long as
 * targets. */
const struct dp_ranges *dp_targets_excluded(const struct dp_targets *targets);

/** The pair at an index below dp_targets_count(). Takes about 20 ns. */
struct dp_target dp_targets_get(const struct dp_targets *targets, uint64_t index);

/**
 * The pairs at n indices that lie stride apart: as dp_targets_get() of each, in half the time.
 * @param targets  in
 * @param first    in: the first index; the last one, first + (n - 1) * stride, is below
 *                 dp_targets_count()
 * @param stride   in: 1 to dp_targets_count()
 * @param n        in: how many; 0 is allowed
 * @param out      out: n of them
 */
void dp_targets_get_many(const struct dp_targets *targets, uint64_t first, uint64_t stride,
	size_t n, struct dp_target *out);

/**
 * The index of a pair: the inverse of dp_targets_get().
 * @param targets  in
 * @param target   in: any address and service
 * @param index    out: written if true is returned
 * @return false if the set does not have the address with this service
 */
bool dp_targets_index(
	const struct dp_targets *targets, const struct dp_target *target, uint64_t *index);

/**
 * Does a pair represent its address? This is true for exactly one pair of each address in the set,
 * and for no other pair. A probe that an address gets once, however many services it has, is sent
 * with that pair.
 * @param targets  in
 * @param target   in: any address and service
 * @return true if the pair represents its address
 */
bool dp_targets_represents(const struct dp_targets *targets, const struct dp_target *target);

/* Consecutive indices: the unit in which work is split and resumed. */
struct dp_index_range {
	uint64_t first, n;
};

/**
 * The part of a scan that one of several machines takes. The parts are of nearly equal size, do not
 * overlap and leave nothing out. If there are more shards than pairs, some are empty.
 * @param targets   in
 * @param shard     in: 0..n_shards - 1
 * @param n_shards  in: above 0
 * @return its indices
 */
struct dp_index_range dp_targets_shard(
	const struct dp_targets *targets, uint32_t shard, uint32_t n_shards);

/**
 * Count the pairs of the set whose address lies in a network.
 * @param targets  in
 * @param first    in: its lowest address
 * @param len      in: bits of the prefix, 0..32 for IPv4 and 0..128 for IPv6. An IPv6 prefix that
 *                 contains the IPv4-mapped addresses counts IPv4 too
 * @return pairs
 */
uint64_t dp_targets_count_within(
	const struct dp_targets *targets, const struct ts_addr *first, uint8_t len);

/** Is an address in the set and not excluded, with whatever service? */
bool dp_targets_contains(const struct dp_targets *targets, const struct ts_addr *addr);

/** The host name that was given for an address, "" if none was; valid as long as the set. */
const char *dp_targets_name(const struct dp_targets *targets, const struct ts_addr *addr);

/** Does the set hold IPv4 addresses? */
bool dp_targets_has_v4(const struct dp_targets *targets);

/** Does the set hold IPv6 addresses? */
bool dp_targets_has_v6(const struct dp_targets *targets);

/**
 * The entry of the default exclusions that holds an address.
 * @param addr  in
 * @return static text "prefix (purpose, RFC n)"; NULL: none does; any thread
 */
const char *dp_special_describe(const struct ts_addr *addr);
