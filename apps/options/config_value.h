/* SPDX-License-Identifier: BSD-3-Clause */
/* One option and its value on a line, in the words that options_values.c reads. For config_print.c.
 */
#pragma once

#include "config_file.h"
#include "options_internal.h"

/* One option on its way out. */
struct config_line {
	FILE *out;
	const char *name;
	enum sw_config_use use;
	const struct sw_options *o;
};

/** "name = text", quoted where it would be read differently. */
void config_put_text(const struct config_line *line, const char *text);

/** "# name =": the option has no value. */
void config_put_none(const struct config_line *line);

void config_put_time(const struct config_line *line, uint64_t us);
void config_put_number(const struct config_line *line, double value);

/* Options that are more than one field, or read it in a way of their own. */
typedef void config_printer(const struct config_line *line);
config_printer config_print_rate, config_print_services, config_print_max_targets,
	config_print_shard, config_print_seed, config_print_source_ip, config_print_gateway_ip,
	config_print_source_mac, config_print_gateway_mac, config_print_source_port,
	config_print_vlan, config_print_user_agent, config_print_ehlo_name, config_print_overwrite,
	config_print_outcomes, config_print_certs, config_print_verbose, config_print_quiet;
