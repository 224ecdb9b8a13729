/* SPDX-License-Identifier: BSD-3-Clause */
/* The groups of options; shared by options.c and options_apply.c alone. */
#pragma once

#include "options_internal.h"
#include "apps/util/version.h"

/* The key belongs to another group. */
#define SW_NOT_MINE 1

#define SW_MAX_CONTACT \
	200 /* with "tlsweep/x.y.z (+)" around it, still a user agent of 255 bytes \
	     */
#define SW_MAX_PAIRS ((uint64_t)INT64_MAX)

/** One option, by its key, into the options. @return 0 or -EINVAL with the sentence in arg->err */
int sw_options_apply(struct sw_options *options, int key, const struct sw_arg *arg);

/* Each: @return 0, -EINVAL with the sentence in arg->err, or SW_NOT_MINE. */
int sw_apply_what(struct sw_options *options, int key, const struct sw_arg *arg);
int sw_apply_pace(struct sw_options *options, int key, const struct sw_arg *arg);
int sw_apply_port(struct sw_options *options, int key, const struct sw_arg *arg);
int sw_apply_talk(struct sw_options *options, int key, const struct sw_arg *arg);
int sw_apply_results(struct sw_options *options, int key, const struct sw_arg *arg);
