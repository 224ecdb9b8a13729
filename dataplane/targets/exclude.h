/* SPDX-License-Identifier: BSD-3-Clause */
/* Exclusions that come while a scan runs: the same lists and items as before it, into a set of
 * ranges. */
#pragma once

#include "ranges.h"
#include "targets.h"

/**
 * Add every item of an exclude list (the grammar of dp_targets_add_file() with DP_EXCLUDE; "-" is
 * standard input; an empty list is fine).
 * @param ranges  in/out: a normal set, {0} to begin with; grows by the list and stays normal;
 *                unchanged on failure
 * @param err     out: on failure "file:line:column: sentence"
 * @return 0, -EINVAL, -ENOMEM, or the negative errno of opening and reading
 */
int dp_exclude_file(const char *path, struct dp_ranges *ranges, char err[DP_ERR_LEN]);

/** The same for a single item, such as "192.0.2.0/24"; err: a sentence that names it.
 * @return 0, -EINVAL, -ENOMEM */
int dp_exclude_item(const char *text, struct dp_ranges *ranges, char err[DP_ERR_LEN]);
