/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options whose value no kind of table.h can hold, or which are printed in a way of their own. For
 * the rows of group_*.c; struct op_option says what each of the functions does.
 */
#pragma once

#include "config_line.h"
#include "options.h"
#include "apps/util/argument.h"

#define OP_MAX_PAIRS ((uint64_t)INT64_MAX)
/* With "tlsweep/x.y.z (+)" around it, still a user agent of at most DL_NAME_MAX bytes. */
#define OP_MAX_CONTACT 200

typedef int op_own_set(struct op_options *options, const struct ut_arg *arg);
typedef void op_own_print(const struct op_config_line *line);
typedef const char *op_own_choice(size_t i);

/* own_targets.c */
op_own_set op_set_services, op_set_target, op_set_exclude, op_set_max_targets, op_set_shard,
	op_set_seed;
op_own_print op_print_services, op_print_max_targets, op_print_shard, op_print_seed;
op_own_choice op_choose_service;

/* own_port.c */
op_own_set op_set_interface, op_set_source_ip, op_set_source_port, op_set_source_mac,
	op_set_gateway_ip, op_set_gateway_mac;
op_own_print op_print_source_ip, op_print_source_port, op_print_source_mac, op_print_gateway_ip,
	op_print_gateway_mac;

/* own_scan.c */
op_own_set op_set_rate, op_set_syn_options, op_set_min_disk_free, op_set_outcomes, op_set_certs,
	op_set_verbose, op_set_quiet;
op_own_print op_print_rate, op_print_syn_options, op_print_user_agent, op_print_ehlo_name,
	op_print_overwrite, op_print_outcomes, op_print_certs, op_print_verbose, op_print_quiet;
op_own_choice op_choose_syn_options, op_choose_outcome, op_choose_certs;

/** Refuse an empty name of a folder. @return 0 or -EINVAL with a sentence in arg->err */
int op_check_folder(const struct ut_arg *arg);
