/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A finished set of targets in a file, so that a scan can be taken up again: the same file and seed
 * give the same index map, whatever has become of the lists it was made from.
 *
 * The file is text, one item a line, each behind a word that says what it is:
 *
 *     tlsweep-targets 1
 *     services 2 25 443                 the services every allowed address is scanned for
 *     allow 192.0.2.0-192.0.2.255       what the allow lists name, merged
 *     exclude 192.0.2.7                 what the exclusions take away, merged
 *     name 192.0.2.9 mx.example.org
 *     pair 198.51.100.1 2525            address and port from a list of pairs
 *     end 0123456789abcdef              the digest of all of it: a cut file is noticed
 *
 * All functions: control thread (or any single one); sets are only read.
 */
#pragma once

#include "ranges.h"
#include "targets.h"

#include <stdio.h>

/**
 * Write a set to an open file, whose place and mode are the caller's affair.
 * @param fd  in: stays open, and is not brought to the disk
 * @return 0, -ENOMEM, or the negative errno of writing
 */
int dp_targets_save(const struct dp_targets *targets, int fd);

/**
 * Read a set that dp_targets_save() wrote and finish it.
 * @param in          in: from its beginning; stays open
 * @param path        in: of the file, for sentences
 * @param n_services  in: as for dp_targets_finish(); must be what the set was saved with
 * @param seed        in: as for dp_targets_finish(); the file does not hold it
 * @param err         out: on failure "file:line:column: sentence"
 * @return the set, finished, with the index map of the saved one; owned by the caller. NULL: the
 *         file is damaged, of another version, or memory is short
 */
struct dp_targets *dp_targets_load(
	FILE *in, const char *path, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN]);

/**
 * May a scan of `saved` be gone on with when the lists now give `now`? Only when they are the same
 * or more is excluded.
 * @param added  out: on 0 the addresses that are excluded now and were not, normal, to be freed by
 *               the caller with dp_ranges_free(); empty on failure
 * @param err    out: on -EINVAL the first difference, e.g. "198.18.4.0-198.18.4.255 is no longer
 *               among the targets", "... is new", "... is no longer excluded", "the name of
 *               198.18.0.9 was a.example and is b.example"
 * @return 0, -EINVAL, -ENOMEM
 */
int dp_targets_diff(const struct dp_targets *saved, const struct dp_targets *now,
	struct dp_ranges *added, char err[DP_ERR_LEN]);

/** 64 bits (SipHash-2-4 under a fixed key) of all that dp_targets_save() writes: equal sets have
 * equal digests, in whatever order and overlap their lists named them. The seed is not in it. */
uint64_t dp_targets_digest(const struct dp_targets *targets);
