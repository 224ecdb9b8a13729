/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of options. Each option is one row: its name, letter, argument, default, range, texts,
 * and the field that holds its value. These are made from the rows, and from nothing else:
 *
 *     command line     line.c             --help               help.c
 *     --config FILE    config_file.c      man page             apps/pages/man.c
 *     --print-config   config_print.c     shell completion     apps/pages/bash.c, zsh.c
 *     scan.conf        config_print.c     tables in docs/      apps/pages/markdown.c
 *
 * To add an option, add a field to its struct (options.h), add a row to one of the files group_*.c,
 * and use the field. Only a value that no kind below can hold needs functions of its own (own.h).
 *
 * Texts name numbers of the row as {default}, {min} and {max}, and its choices as {choices}: each
 * number stands once. All of it is constant, and any thread may read it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SW_OPTION_NAME_MAX 32
#define SW_MAX_OPTIONS	   96 /* rows of a command; a test counts them */

/* Times in rows are in µs. */
#define SW_US_PER_MS   UINT64_C(1000)
#define SW_US_PER_S    UINT64_C(1000000)
#define SW_US_PER_HOUR (3600 * SW_US_PER_S)

struct sw_options;
struct sw_arg;
struct sw_config_line;

/* How the text of an argument becomes a value, and the type of the field that holds it. */
enum sw_kind {
	SW_KIND_OWN,	   /* by the row's functions set and print */
	SW_KIND_FLAG,	   /* bool: true if the option is given */
	SW_KIND_FLAG_OFF,  /* bool: false if it is given, true by default */
	SW_KIND_COUNT,	   /* uint16_t, uint32_t or uint64_t */
	SW_KIND_BYTES,	   /* the same; texts show it in Ki or Mi */
	SW_KIND_TIME,	   /* uint32_t in units of unit_us */
	SW_KIND_SHARE,	   /* double, above 0 and at most 1 */
	SW_KIND_RATE,	   /* double, packets a second */
	SW_KIND_BANDWIDTH, /* double, bits a second */
	SW_KIND_TEXT,	   /* const char *, NULL if the option is not given */
	SW_KIND_LINE,	   /* the same: one line of 1 to max visible characters */
	SW_KIND_TEXTS,	   /* array of const char *; a size_t at count_offset counts them */
	/* No value: these act while the command line is looked through, before any is applied. */
	SW_KIND_HELP,
	SW_KIND_VERSION,
	SW_KIND_CONFIG,
};

/* What the command line names of these takes the place of all that files named. */
enum sw_part {
	SW_PART_NONE, /* the value of this option alone */
	SW_PART_TARGETS,
	SW_PART_SERVICES,
	SW_PART_VERBOSITY,
	SW_N_PART
};

/* What --resume does with the value in the scan.conf of an output folder, see config_trust.h. */
enum sw_resume {
	SW_RESUME_TAKE,
	SW_RESUME_PASS_OVER, /* it has no say there */
	SW_RESUME_CODE,	     /* it can load code: never taken */
	SW_RESUME_DEVICE,    /* taken if it names a device and nothing more */
	SW_RESUME_LIST,	     /* it names a file to be read: taken from a scan.conf of our own */
	SW_N_RESUME
};

/* What a shell can complete an argument with, besides the row's choices. */
enum sw_complete { SW_COMPLETE_NOTHING, SW_COMPLETE_FILE, SW_COMPLETE_FOLDER, SW_COMPLETE_PORT };

struct sw_option {
	const char *name; /* long name without its dashes */
	char letter;	  /* 0: none */
	const char *arg;  /* what its argument is called, such as "N"; NULL: it takes none */
	enum sw_kind kind;
	bool repeats;	/* may be given several times, each time for one thing more */
	bool once;	/* SW_KIND_TEXTS: a text that is there already is not added again */
	bool line_only; /* belongs on the command line alone */
	bool file_only; /* belongs in files alone: on the command line its argument stands alone */

	/* texts */
	const char *help; /* one or two sentences for --help */
	const char *doc;  /* Markdown for docs/ and the man page; NULL: help */

	/* value; SW_FIELD() fills the first two */
	size_t offset, size;
	size_t count_offset; /* SW_KIND_TEXTS */
	uint64_t min, max; /* of counts, bytes and times (µs), both included; of lines the length */
	uint64_t number;   /* default of counts, bytes and times (µs) */
	const char *text;  /* default of all others, as a user would write it; NULL: none */
	const char *unset;  /* for texts: what holds if there is no default */
	bool zero_is_unset; /* 0 in the field stands for "not given" */
	uint32_t unit_us;   /* SW_KIND_TIME */
	enum sw_part part;
	enum sw_resume resume;

	/* completion */
	const char *(*choice)(size_t i); /* the i-th value it can have, NULL behind the last */
	bool list;			 /* several choices, with commas between them */
	enum sw_complete complete;

	/*
	 * Functions of its own; NULL: its kind's. check judges a text before it is stored. set
	 * reads an argument. Both return 0 or -EINVAL with a sentence in arg->err. print writes the
	 * option's lines of a file.
	 */
	int (*check)(const struct sw_arg *arg);
	int (*set)(struct sw_options *options, const struct sw_arg *arg);
	void (*print)(const struct sw_config_line *line);
};

/* A row's field. */
#define SW_FIELD(type_, member) \
	.offset = offsetof(type_, member), .size = sizeof(((type_ *)NULL)->member)

/* Rows under one heading. */
struct sw_option_group {
	const char *title; /* NULL: none */
	const struct sw_option *rows;
	size_t n_rows;
};

extern const struct sw_option_group sw_group_targets, sw_group_rate, sw_group_samples,
	sw_group_port, sw_group_dialog, sw_group_results, sw_group_program;
extern const struct sw_option_group sw_group_help; /* --help alone, for commands with few options */

/* What an exit code means. */
struct sw_exit_text {
	int code;
	const char *help; /* for --help; NULL: behind the last one */
	const char *doc;  /* Markdown for docs/ and the man page */
};

/* A command of tlsweep. Texts that are NULL have nothing to say. */
struct sw_command {
	const char *name;
	const char *summary;			     /* one line for the list of commands */
	const char *usage;			     /* its arguments, from "tlsweep" on */
	const char *about;			     /* printed by --help before the options */
	const struct sw_option_group *const *groups; /* ended by NULL */
	size_t n_own; /* of groups: those that --help lists; the further ones are a scan's */
	/* Printed by --help after the options. */
	const char *notes;
	const char *examples; /* lines of shell, each indented by two blanks */
	const struct sw_exit_text *exits;
};

extern const struct sw_command sw_command_scan, sw_command_targets, sw_command_control,
	sw_command_doctor;

/** The i-th command, the way `tlsweep help` lists them; NULL behind the last. */
const struct sw_command *sw_command_at(size_t i);

/** The i-th row of a command, group after group; NULL behind the last. */
const struct sw_option *sw_option_at(const struct sw_command *command, size_t i);

/**
 * The row of a long name.
 * @param command    in: whose rows are looked through
 * @param name, len  in: whole, without dashes
 * @return NULL if there is none
 */
const struct sw_option *sw_option_named(
	const struct sw_command *command, const char *name, size_t len);

/** The row of a letter; NULL if there is none. */
const struct sw_option *sw_option_lettered(const struct sw_command *command, char letter);

/** The row's number among those of a scan, below SW_MAX_OPTIONS; SW_MAX_OPTIONS if it is none of
 * them. */
size_t sw_option_index(const struct sw_option *option);
