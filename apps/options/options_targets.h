/* SPDX-License-Identifier: BSD-3-Clause */
/* From the options to the set of targets, and what this set needs of the options. Main thread. */
#pragma once

#include "options.h"

/**
 * Read all lists and items into a set of targets, in this order: default exclusions, exclusions,
 * targets, pairs. May be called once for a struct of options.
 * @param options       in/out: complete; services grows by those that only pairs have
 * @param targets       out: a finished set on success, owned by the caller (dp_targets_free());
 *                      else NULL
 * @param err, err_len  out: one sentence on failure
 * @return 0, -ENOMEM, or another -errno of dp_targets_*
 */
int op_options_targets(
	struct op_options *options, struct dp_targets **targets, char *err, size_t err_len);

/**
 * The part of the permutation that the options choose: the shard, and of it as much as -n allows.
 * @param options  in: complete
 * @param targets  in: the finished set
 * @return indices of the permutation
 */
struct dp_index_range op_options_share(
	const struct op_options *options, const struct dp_targets *targets);

/**
 * Check what depends on the targets: there is a source address for each family that is scanned, and
 * a way to the targets (a gateway, or the prefix of an on-link network). The lab needs neither.
 * @param options       in: complete
 * @param targets       in: the finished set of op_options_targets()
 * @param err, err_len  out: one sentence on failure
 * @return 0; -EINVAL: one of these is missing
 */
int op_options_check(const struct op_options *options, const struct dp_targets *targets, char *err,
	size_t err_len);
