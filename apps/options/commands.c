/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands of tlsweep, and which options each of them takes. */
#include "options.h"
#include "table.h"
#include "apps/util/exit_codes.h"

static const struct op_option targets_rows[] = {
	{
		.name = "count",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, count),
		.line_only = true,
		.help = "print how many there are instead",
		.doc = "print how many targets there are instead of the targets",
	},
};

static const struct op_option_group targets_group = {
	.rows = targets_rows,
	.n_rows = sizeof(targets_rows) / sizeof(targets_rows[0]),
};

/* The groups of `targets`: its own, then all those of `scan`. */
static const struct op_option_group *const groups[] = {
	&targets_group,
	&op_group_targets,
	&op_group_rate,
	&op_group_samples,
	&op_group_port,
	&op_group_dialog,
	&op_group_results,
	&op_group_program,
	NULL,
};
#define N_SCAN_GROUPS (sizeof(groups) / sizeof(groups[0]) - 2)

static const struct op_exit_text exits[] = {
	{UT_EXIT_DONE, "done", "done: everything that was asked for was scanned and written"},
	{UT_EXIT_SETUP, "could not start: nothing was sent",
		"nothing was sent: a port, its link, memory, a permission, a list or the output "
		"folder stood in the way"},
	{UT_EXIT_USAGE, "wrong command line",
		"nothing was sent: the command line is wrong, or the folder of `--resume` is not "
		"to be believed"},
	{UT_EXIT_INTERRUPTED, "interrupted: results and summary are whole",
		"interrupted; results and summary are whole. During set-up: nothing was sent, and "
		"there is neither"},
	{UT_EXIT_OUTPUT, "writing failed: what is there is whole lines",
		"a write failed (disk full), of results or of what a command prints; lines in "
		"files are whole"},
	{UT_EXIT_PORT, "the port failed during the scan",
		"the port failed during the scan: it is gone, set down, or has been without a link "
		"for ten seconds; or the gateway has been silent for thirty"},
	{UT_EXIT_GUARD, "too few answers: --min-hitrate ended it",
		"`--min-hitrate` ended the scan; results and summary are whole"},
	{.help = NULL},
};

const struct op_command op_command_scan = {
	.name = "scan",
	.summary = "send SYNs, speak to what answers, write one JSON line per target and port",
	.usage = "tlsweep scan -i PORT -p LIST [OPTION]... TARGET...",
	.about = "Scan TARGETs for services that speak TLS, at once or by STARTTLS, and write one "
		 "JSON line for each address and port that answered. A TARGET is an address, a "
		 "prefix (192.0.2.0/24) or a range (192.0.2.7-192.0.2.9), IPv4 or IPv6.",
	.groups = &groups[1],
	.n_own = N_SCAN_GROUPS,
	.notes = "TIME is a number with us, ms, s, m or h (default s). N, PPS, BPS and SIZE take "
		 "K, M and G, which are thousands, and Ki, Mi and Gi, which are of 1,024; SIZE is "
		 "in bytes. Options that name targets, exclusions, files or services may be "
		 "repeated; of the others the last one counts.",
	.examples = "  tlsweep scan -i lab --no-huge -p smtp,https 198.18.0.0/24\n"
		    "  tlsweep scan -i eth1 -S 192.0.2.10/24 --gateway-ip 192.0.2.1 -p 25,443 \\\n"
		    "      -r 5K -b optout.txt --contact https://scan.example.org -o run1 \\\n"
		    "      -w prefixes.txt\n"
		    "  tlsweep scan -i 0000:03:00.0 -S 2001:db8::10/64 --gateway-ip fe80::1 \\\n"
		    "      -p imaps,8443:https -w hosts6.txt -o - | jq .ip\n",
	.exits = exits,
};

static const struct op_option help_rows[] = {
	{
		.name = "help",
		.letter = 'h',
		.kind = OP_KIND_HELP,
		.line_only = true,
		.help = "this text",
	},
};

const struct op_option_group op_group_help = {
	.rows = help_rows,
	.n_rows = sizeof(help_rows) / sizeof(help_rows[0]),
};

const struct op_command op_command_targets = {
	.name = "targets",
	.summary = "print or count what a scan would probe, in its order",
	.usage = "tlsweep targets [--count] [OPTION]... TARGET...",
	.about = "Print what `tlsweep scan` with the same options would probe, in its order, one "
		 "address,port,protocol[,name] a line; nothing is sent. All options of a scan are "
		 "taken; those that choose targets matter: -p, -w, -b, --exclude, "
		 "--no-default-exclude, --pairs, --seed, --shard, -n, and -i lab for the lab's "
		 "own.",
	.groups = groups,
	.n_own = 1,
};

static const struct op_option_group *const control_groups[] = {&op_group_help, NULL};
static const struct op_option_group *const no_groups[] = {NULL};

const struct op_command op_command_control = {
	.name = "control",
	.summary = "tell a running scan something: its rate, an exclusion, its end",
	.usage = "tlsweep control DIR COMMAND [ARGUMENT]",
	.about = "Give a command to the scan that writes to DIR, and print its answer.",
	.groups = control_groups,
	.n_own = 1,
	.options_first = true,
};

static const struct op_command command_version = {
	.name = "version",
	.summary = "print versions of tlsweep and its libraries",
	.groups = no_groups,
};

static const struct op_command command_help = {
	.name = "help",
	.summary = "this text; `tlsweep scan --help` lists the options of a scan",
	.groups = no_groups,
};

const struct op_command *op_command_at(size_t i)
{
	static const struct op_command *const commands[] = {
		&op_command_scan,
		&op_command_targets,
		&op_command_control,
		&op_command_doctor,
		&command_version,
		&command_help,
	};

	return i < sizeof(commands) / sizeof(commands[0]) ? commands[i] : NULL;
}
