/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that say what is scanned. */
#include "handlers.h"
#include "table.h"

static const struct op_option rows[] = {
	{
		.name = "target",
		.arg = "TARGET",
		.kind = OP_KIND_TEXTS,
		OP_FIELD(struct op_options, targets),
		.count_offset = offsetof(struct op_options, n_targets),
		.set = op_set_target,
		.repeats = true,
		.file_only = true,
		.help = "an address, a prefix (192.0.2.0/24) or a range "
			"(192.0.2.7-192.0.2.9), IPv4 or IPv6",
	},
	{
		.name = "target-ports",
		.letter = 'p',
		.arg = "LIST",
		.kind = OP_KIND_OWN,
		.set = op_set_services,
		.print = op_print_services,
		.choice = op_choose_service,
		.list = true,
		.repeats = true,
		.part = OP_PART_SERVICES,
		.help = "services, by name, well-known port, port:name, first-last:name, or *:name "
			"for all ports: {choices}; 25, 2525:smtp, 4433:tls (TLS and nothing more)",
		.doc = "services to scan, by name, well-known port, `port:name`, "
		       "`first-last:name` or `*:name`, with commas between; see "
		       "[Services](#services)",
	},
	{
		.name = "allowlist-file",
		.letter = 'w',
		.arg = "FILE",
		.kind = OP_KIND_TEXTS,
		OP_FIELD(struct op_options, allow_files),
		.count_offset = offsetof(struct op_options, n_allow_files),
		.repeats = true,
		.part = OP_PART_TARGETS,
		.resume = OP_RESUME_LIST,
		.complete = OP_COMPLETE_FILE,
		.help = "targets from a file, one a line; - is standard input",
		.doc = "targets from a file, one a line; any number of files; `-` is standard "
		       "input",
	},
	{
		.name = "blocklist-file",
		.letter = 'b',
		.arg = "FILE",
		.kind = OP_KIND_TEXTS,
		OP_FIELD(struct op_options, exclude_files),
		.count_offset = offsetof(struct op_options, n_exclude_files),
		.once = true,
		.repeats = true,
		.resume = OP_RESUME_LIST,
		.complete = OP_COMPLETE_FILE,
		.help = "never send to what this file lists; wins over all targets",
		.doc = "never send to what this file lists; any number of files; what follows a "
		       "comma is a comment, and refused if it is one more item",
	},
	{
		.name = "exclude",
		.arg = "ITEM",
		.kind = OP_KIND_TEXTS,
		OP_FIELD(struct op_options, excludes),
		.count_offset = offsetof(struct op_options, n_excludes),
		.once = true,
		.set = op_set_exclude,
		.repeats = true,
		.help = "never send to this address, prefix or range",
	},
	{
		.name = "no-default-exclude",
		.kind = OP_KIND_FLAG_OFF,
		OP_FIELD(struct op_options, exclude_special),
		.help = "scan private, reserved and multicast space too, where it is named (-i "
			"lab: always so)",
		.doc = "scan private, reserved and multicast space too, where it is named; the "
		       "lab always does",
	},
	{
		.name = "pairs",
		.arg = "FILE",
		.kind = OP_KIND_TEXTS,
		OP_FIELD(struct op_options, pair_files),
		.count_offset = offsetof(struct op_options, n_pair_files),
		.repeats = true,
		.part = OP_PART_TARGETS,
		.resume = OP_RESUME_LIST,
		.complete = OP_COMPLETE_FILE,
		.help = "addresses with their ports from a file, one pair a line",
		.doc = "addresses with their ports from a file, one pair a line; any number of "
		       "files",
	},
	{
		.name = "max-targets",
		.letter = 'n',
		.arg = "N",
		.kind = OP_KIND_OWN,
		.min = 1,
		.max = OP_MAX_PAIRS,
		.unset = "all",
		.set = op_set_max_targets,
		.print = op_print_max_targets,
		.help = "stop after N pairs of address and port, or after a share of them, such as "
			"10% (default: {default})",
		.doc = "stop after N pairs of address and port, or after a share of them, such as "
		       "`10%`",
	},
	{
		.name = "shard",
		.arg = "I/N",
		.kind = OP_KIND_OWN,
		.text = "1/1",
		.set = op_set_shard,
		.print = op_print_shard,
		.help = "scan part I of N, from 1/N to N/N; all parts need the same --seed",
		.doc = "scan part I of N, from `1/N` to `N/N`; all parts need the same `--seed`",
	},
	{
		.name = "seed",
		.letter = 'e',
		.arg = "N",
		.kind = OP_KIND_OWN,
		.unset = "drawn, reported",
		.set = op_set_seed,
		.print = op_print_seed,
		.help = "fixes order and random bytes of sessions (default: {default})",
		.doc = "fixes the order of the targets and every random byte of the sessions",
	},
};

const struct op_option_group op_group_targets = {
	.title = "What to scan",
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
};
