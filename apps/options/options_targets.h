/* SPDX-License-Identifier: BSD-3-Clause */
/* From the options to the set of targets, and what that set demands in turn. Main thread. */
#pragma once

#include "options.h"

/**
 * Read every list and item into targets, in this order: default exclusions, exclusions, targets,
 * pairs; then finish. Once for these options.
 * @param options       in/out: services grows by those of ports that only pairs have
 * @param targets       out: a finished set on success, owned by the caller (dp_targets_free());
 *                      else NULL
 * @param err, err_len  out: one sentence on failure
 * @return 0, or the negative errno of dp_targets_*
 */
int op_options_targets(
	struct op_options *options, struct dp_targets **targets, char *err, size_t err_len);

/** The part of the order that the options choose: the shard, and of that no more than -n says. */
struct dp_index_range op_options_share(
	const struct op_options *options, const struct dp_targets *targets);

/**
 * Check what only the finished targets can tell: a source address for each family that is scanned,
 * and a way to the targets (a gateway, or the prefix of an on-link network). The lab needs neither.
 * @param options       in: parsed
 * @param targets       in: the finished set of op_options_targets()
 * @param err, err_len  out: one sentence on failure
 * @return 0 or -EINVAL
 */
int op_options_check(const struct op_options *options, const struct dp_targets *targets, char *err,
	size_t err_len);
