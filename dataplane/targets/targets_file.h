/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A finished set of targets in a file, so that a scan can be resumed: the same file and seed give
 * the same index map, even if the lists have changed since.
 *
 * The file is text. Each line begins with a keyword:
 *
 *     tlsweep-targets 1
 *     services 2 25 443                 number and ports of the services of every allowed address
 *     allow 192.0.2.0-192.0.2.255       what the allow lists name, merged
 *     exclude 192.0.2.7                 what the exclusions take away, merged
 *     name 192.0.2.9 mx.example.org
 *     pair 198.51.100.1 2525            address and port from a list of pairs
 *     end 0123456789abcdef              the digest of all lines above: shows a cut file
 *
 * Any thread may call these functions. They only read the sets that they are given.
 */
#pragma once

#include "ranges.h"
#include "targets.h"

#include <stdio.h>

/**
 * Write a set to an open file.
 * @param targets  in: finished
 * @param fd       in: open for writing; stays open, is not synchronised to the disk; may be half
 *                 written on failure
 * @return 0; -ENOMEM; or the negative errno of writing
 */
int dp_targets_save(const struct dp_targets *targets, int fd);

/**
 * Read a set that dp_targets_save() wrote and finish it.
 * @param in          in: from its beginning; stays open
 * @param path        in: of the file, for messages, NUL-terminated; borrowed
 * @param n_services  in: as for dp_targets_finish(); must be what the set was saved with
 * @param seed        in: as for dp_targets_finish(); the file does not hold it
 * @param err         out: on failure "file:line:column: sentence", "file: sentence" or a sentence
 * @return the finished set with the index map of the saved one, the caller's to free with
 *         dp_targets_free(). NULL: the file is damaged, of another version or of another
 *         n_services, or memory is short
 */
struct dp_targets *dp_targets_load(
	FILE *in, const char *path, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN]);

/**
 * Can a scan of one set be resumed with lists that now give another? It can if they name the same
 * targets, or if more is excluded.
 * @param saved  in: the set of the scan, finished
 * @param now    in: what the lists give now, finished
 * @param added  out: on 0 the addresses that are excluded now and were not, a normal set that the
 *               caller frees with dp_ranges_free(); empty on failure
 * @param err    out: on -EINVAL the first difference, such as "198.18.4.0-198.18.4.255 is no longer
 *               among the targets", "... is new", "... is no longer excluded", "the name of
 *               198.18.0.9 was a.example and is b.example"; on -ENOMEM a sentence
 * @return 0; -EINVAL: the scan cannot be resumed; -ENOMEM
 */
int dp_targets_diff(const struct dp_targets *saved, const struct dp_targets *now,
	struct dp_ranges *added, char err[DP_ERR_LEN]);

/**
 * A digest of what dp_targets_save() writes, by SipHash-2-4 with keys that are no secret. Equal
 * sets have equal digests, whatever the order and overlap of their lists. The seed has no part in
 * it.
 * @param targets  in: finished
 * @return 64 bits
 */
uint64_t dp_targets_digest(const struct dp_targets *targets);
