/* SPDX-License-Identifier: BSD-3-Clause */
/* The options about results and about the program itself. */
#include "handlers.h"
#include "table.h"

static const struct op_option result_rows[] = {
	{
		.name = "output-dir",
		.letter = 'o',
		.arg = "DIR",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_options, output),
		.text = "-",
		.check = op_check_folder,
		.resume = OP_RESUME_PASS_OVER,
		.complete = OP_COMPLETE_FOLDER,
		.help = "folder for results and summary; {default} (default): results to standard "
			"output",
		.doc = "folder for `results.jsonl`, `summary.json` and, on request, "
		       "`certificates.jsonl`; `-` writes results to standard output",
	},
	{
		.name = "overwrite",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, overwrite),
		.print = op_print_overwrite,
		.help = "replace the results of an earlier scan in DIR",
		.doc = "replace the files of an earlier scan; without it a folder that holds any "
		       "file a scan writes is refused",
	},
	{
		.name = "resume",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, resume),
		.line_only = true,
		.help = "continue the scan in DIR where it ended",
		.doc = "continue the scan in DIR where it ended, keeping its results",
	},
	{
		.name = "unsafe-output-dir",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, unsafe_output_dir),
		.line_only = true,
		.help = "use DIR even though other users own it or can write to it: they can then "
			"spoil the results and what --resume reads",
		.doc = "use DIR although other users own it or can write to it, see Whose folder. "
		       "They can then read, exchange and remove results, have a resumed scan send "
		       "to other hosts, and have it end; files elsewhere stay out of their reach "
		       "all the same. On the command line alone",
	},
	{
		.name = "checkpoint-interval",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, checkpoint_s),
		.unit_us = OP_US_PER_S,
		.min = OP_US_PER_S,
		.max = OP_US_PER_HOUR,
		.number = 5 * OP_US_PER_S,
		.help = "how often to note how far the scan is (default {default})",
		.doc = "how often to note in DIR how far the scan is",
	},
	{
		.name = "max-output",
		.arg = "SIZE",
		.kind = OP_KIND_BYTES,
		OP_FIELD(struct op_options, max_output_bytes),
		.min = 1,
		.max = UINT64_MAX,
		.zero_is_unset = true,
		.unset = "no limit",
		.help = "stop when the files in DIR have this size together, or standard output "
			"has (default: {default})",
		.doc = "stop when the files of the scan in DIR have this size together, or "
		       "standard output has. What is under way then is still recorded; "
		       "`--resume` with a larger SIZE continues the scan",
	},
	{
		.name = "min-disk-free",
		.arg = "SHARE",
		.kind = OP_KIND_SHARE,
		OP_FIELD(struct op_options, min_disk_free),
		.text = "5%",
		.set = op_set_min_disk_free,
		.help = "probes wait while less than this share of the disk of DIR is free "
			"(default {default}; 0: never)",
		.doc = "while less than this share of the disk of DIR is free probes wait; `0`: "
		       "never",
	},
	{
		.name = "output",
		.arg = "LIST",
		.kind = OP_KIND_OWN,
		.text = "open",
		.set = op_set_outcomes,
		.print = op_print_outcomes,
		.choice = op_choose_outcome,
		.list = true,
		.help = "records of which outcomes: {choices} (default {default})",
		.doc = "which outcomes are recorded: `open`, `closed` (RST), `unreachable` (ICMP), "
		       "with commas between. All are counted in any case",
	},
	{
		.name = "certs",
		.arg = "HOW",
		.kind = OP_KIND_OWN,
		.text = "inline",
		.set = op_set_certs,
		.print = op_print_certs,
		.choice = op_choose_certs,
		.help = "{default} (default): in each record; store: once each, in "
			"DIR/certificates.jsonl",
		.doc = "`inline`: the DER of each certificate as base64 in each record; `store`: "
		       "its SHA-256 there, and each certificate once in `certificates.jsonl` "
		       "(needs `-o DIR`)",
	},
};

const struct op_option_group op_group_results = {
	.title = "Results",
	.rows = result_rows,
	.n_rows = sizeof(result_rows) / sizeof(result_rows[0]),
};

static const struct op_option program_rows[] = {
	{
		.name = "verbose",
		.letter = 'v',
		.kind = OP_KIND_OWN,
		.set = op_set_verbose,
		.print = op_print_verbose,
		.part = OP_PART_VERBOSITY,
		.help = "say more; twice: more still",
		.doc = "the memory plan and more; twice for more still",
	},
	{
		.name = "quiet",
		.letter = 'q',
		.kind = OP_KIND_OWN,
		.set = op_set_quiet,
		.print = op_print_quiet,
		.part = OP_PART_VERBOSITY,
		.help = "no status line",
		.doc = "no status line; limits and guards hold all the same",
	},
	{
		.name = "config",
		.arg = "FILE",
		.kind = OP_KIND_CONFIG,
		.line_only = true,
		.repeats = true,
		.complete = OP_COMPLETE_FILE,
		.help = "options from a file, one NAME = VALUE a line; those given here win",
		.doc = "options from a file, one `NAME = VALUE` a line; those on the command line "
		       "win",
	},
	{
		.name = "print-config",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, print_config),
		.line_only = true,
		.help = "print all options as such a file and end",
	},
	{
		.name = "help",
		.letter = 'h',
		.kind = OP_KIND_HELP,
		.line_only = true,
		.help = "this text",
		.doc = "print a text with all options and end",
	},
	{
		.name = "version",
		.letter = 'V',
		.kind = OP_KIND_VERSION,
		.line_only = true,
		.help = "version, libraries, and what this build lacks",
	},
};

const struct op_option_group op_group_program = {
	.title = "This program",
	.rows = program_rows,
	.n_rows = sizeof(program_rows) / sizeof(program_rows[0]),
};
