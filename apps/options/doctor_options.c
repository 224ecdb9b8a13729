/* SPDX-License-Identifier: BSD-3-Clause */
#include "doctor_options.h"

#include "table.h"

static const struct op_option rows[] = {
	{
		.name = "interface",
		.letter = 'i',
		.arg = "PORT",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_doctor_options, port),
		.text = "lab",
		.complete = OP_COMPLETE_PORT,
		.help = "the port a scan would use (default {default})",
		.doc = "the port a scan would use",
	},
	{
		.name = "source-ip",
		.letter = 'S',
		.arg = "ADDR",
		.kind = OP_KIND_TEXTS,
		OP_FIELD(struct op_doctor_options, sources),
		.count_offset = offsetof(struct op_doctor_options, n_sources),
		.repeats = true,
		.help = "the address a scan would use; twice for two families",
	},
	{
		.name = "no-huge",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_doctor_options, no_huge),
		.help = "a scan with ordinary pages",
	},
};

static const struct op_option_group group = {
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
};

static const struct op_option_group *const groups[] = {&group, &op_group_help, NULL};

const struct op_command op_command_doctor = {
	.name = "doctor",
	.summary = "say what this machine lacks for a scan, and which command helps",
	.usage = "tlsweep doctor [-i PORT] [-S ADDR[/LEN]]... [--no-huge]",
	.about = "Says what this machine lacks for a scan, and the command that helps. Changes "
		 "nothing, sends nothing.",
	.groups = groups,
	.n_own = 2,
	.notes = "Exit code: 0 no check failed, 1 one did, 2 the command line is wrong.",
};
