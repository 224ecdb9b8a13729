/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Handlers of options whose value no kind of table.h can hold, or which are printed in another way.
 * The rows of group_*.c name them, and struct op_option says what set, print and choice do. Main
 * thread.
 */
#pragma once

#include "config_line.h"
#include "options.h"
#include "apps/util/argument.h"

#define OP_MAX_PAIRS ((uint64_t)INT64_MAX)
/* Bytes: with "tlsweep/x.y.z (+)" around it, a user agent has at most DL_NAME_MAX. */
#define OP_MAX_CONTACT 200

typedef int op_handler_set(struct op_options *options, const struct ut_arg *arg);
typedef void op_handler_print(const struct op_config_line *line);
typedef const char *op_handler_choice(size_t i);

/* handlers_targets.c */
op_handler_set op_set_services, op_set_target, op_set_exclude, op_set_max_targets, op_set_shard,
	op_set_seed;
op_handler_print op_print_services, op_print_max_targets, op_print_shard, op_print_seed;
op_handler_choice op_choose_service;

/* handlers_port.c */
op_handler_set op_set_interface, op_set_source_ip, op_set_source_port, op_set_source_mac,
	op_set_gateway_ip, op_set_gateway_mac;
op_handler_print op_print_source_ip, op_print_source_port, op_print_source_mac, op_print_gateway_ip,
	op_print_gateway_mac;

/* handlers_scan.c */
op_handler_set op_set_rate, op_set_syn_options, op_set_min_disk_free, op_set_outcomes, op_set_certs,
	op_set_verbose, op_set_quiet;
op_handler_print op_print_rate, op_print_syn_options, op_print_user_agent, op_print_ehlo_name,
	op_print_overwrite, op_print_outcomes, op_print_certs, op_print_verbose, op_print_quiet;
op_handler_choice op_choose_syn_options, op_choose_outcome, op_choose_certs, op_choose_http_method;

/**
 * Refuse a method that may change something on a server (RFC 9110 9.2.1).
 * @param arg  in: the method
 * @return 0, or -EINVAL with a sentence in arg->err
 */
int op_check_http_method(const struct ut_arg *arg);

/**
 * Refuse what is no path with an optional query (RFC 9112 3.2.1).
 * @param arg  in: the path
 * @return 0, or -EINVAL with a sentence in arg->err
 */
int op_check_http_path(const struct ut_arg *arg);

/**
 * Refuse an empty name of a folder.
 * @param arg  in: the name
 * @return 0, or -EINVAL with a sentence in arg->err
 */
int op_check_folder(const struct ut_arg *arg);
