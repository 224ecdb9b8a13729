/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options whose value no kind of table.h can hold, or which are printed in a way of their own. For
 * the rows of group_*.c; struct sw_option says what each of the functions does.
 */
#pragma once

#include "config_line.h"
#include "options.h"
#include "apps/util/argument.h"

#define SW_MAX_PAIRS ((uint64_t)INT64_MAX)
/* With "tlsweep/x.y.z (+)" around it, still a user agent of at most DL_NAME_MAX bytes. */
#define SW_MAX_CONTACT 200

typedef int sw_own_set(struct sw_options *options, const struct sw_arg *arg);
typedef void sw_own_print(const struct sw_config_line *line);
typedef const char *sw_own_choice(size_t i);

/* own_targets.c */
sw_own_set sw_set_services, sw_set_target, sw_set_exclude, sw_set_max_targets, sw_set_shard,
	sw_set_seed;
sw_own_print sw_print_services, sw_print_max_targets, sw_print_shard, sw_print_seed;
sw_own_choice sw_choose_service;

/* own_port.c */
sw_own_set sw_set_interface, sw_set_source_ip, sw_set_source_port, sw_set_source_mac,
	sw_set_gateway_ip, sw_set_gateway_mac;
sw_own_print sw_print_source_ip, sw_print_source_port, sw_print_source_mac, sw_print_gateway_ip,
	sw_print_gateway_mac;

/* own_scan.c */
sw_own_set sw_set_rate, sw_set_min_disk_free, sw_set_outcomes, sw_set_certs, sw_set_verbose,
	sw_set_quiet;
sw_own_print sw_print_rate, sw_print_user_agent, sw_print_ehlo_name, sw_print_overwrite,
	sw_print_outcomes, sw_print_certs, sw_print_verbose, sw_print_quiet;
sw_own_choice sw_choose_outcome, sw_choose_certs;

/** Refuse an empty name of a folder. @return 0 or -EINVAL with a sentence in arg->err */
int sw_check_folder(const struct sw_arg *arg);
