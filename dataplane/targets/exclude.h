/* SPDX-License-Identifier: BSD-3-Clause */
/* Exclusions that are given while a scan runs: lists and items as in targets.h, read into a set of
 * ranges. Any thread; nobody else uses the set during a call. */
#pragma once

#include "ranges.h"
#include "targets.h"

/**
 * Add every item of an exclude list, as dp_targets_add_file() with DP_EXCLUDE does. An empty list
 * is no error.
 * @param path    in: NUL-terminated; "-" reads standard input; borrowed
 * @param ranges  in/out: a normal set, {0} for an empty one; it grows by the list and stays normal;
 *                unchanged on failure
 * @param err     out: on failure "file:line:column: sentence"
 * @return 0; -EINVAL: an item is wrong; -ENOMEM; or the negative errno of opening and reading
 */
int dp_exclude_file(const char *path, struct dp_ranges *ranges, char err[DP_ERR_LEN]);

/**
 * Add a single item.
 * @param text    in: such as "192.0.2.0/24", NUL-terminated, without white space at its ends;
 *                borrowed
 * @param ranges  in/out: as for dp_exclude_file()
 * @param err     out: on failure a sentence that names the item
 * @return 0; -EINVAL: the item is wrong; -ENOMEM
 */
int dp_exclude_item(const char *text, struct dp_ranges *ranges, char err[DP_ERR_LEN]);
