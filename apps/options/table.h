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
 * and use the field. Only a value that no kind below can hold needs handlers (handlers.h).
 *
 * Texts name numbers of the row as {default}, {min} and {max}, and its choices as {choices}: each
 * number stands once. All of it is constant, and any thread may read it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OP_OPTION_NAME_MAX 32
#define OP_MAX_OPTIONS	   96 /* rows of a command; a test counts them */

/* Times in rows are in µs. */
#define OP_US_PER_MS   UINT64_C(1000)
#define OP_US_PER_S    UINT64_C(1000000)
#define OP_US_PER_HOUR (3600 * OP_US_PER_S)

struct op_options;
struct ut_arg;
struct op_config_line;

/* How the text of an argument becomes a value, and the type of the field that holds it. */
enum op_kind {
	OP_KIND_OWN,	   /* by the row's functions set and print */
	OP_KIND_FLAG,	   /* bool: true if the option is given */
	OP_KIND_FLAG_OFF,  /* bool: false if it is given, true by default */
	OP_KIND_COUNT,	   /* uint16_t, uint32_t or uint64_t */
	OP_KIND_BYTES,	   /* the same; texts show it in Ki or Mi */
	OP_KIND_TIME,	   /* uint32_t in units of unit_us */
	OP_KIND_SHARE,	   /* double, above 0 and at most 1 */
	OP_KIND_RATE,	   /* double, packets a second */
	OP_KIND_BANDWIDTH, /* double, bits a second */
	OP_KIND_TEXT,	   /* const char *, NULL if the option is not given */
	OP_KIND_LINE,	   /* the same: one line of 1 to max visible characters */
	OP_KIND_TEXTS,	   /* array of const char *; a size_t at count_offset counts them */
	/* Without a value: these take effect in op_line_look(), before options are applied. */
	OP_KIND_HELP,
	OP_KIND_VERSION,
	OP_KIND_CONFIG,
};

/* If the command line names one of a part, all that files named of this part is dropped. */
enum op_part {
	OP_PART_NONE, /* the value of this option alone */
	OP_PART_TARGETS,
	OP_PART_SERVICES,
	OP_PART_VERBOSITY,
	OP_N_PART
};

/* What --resume does with a value in the scan.conf of an output folder (config_trust.h). */
enum op_resume {
	OP_RESUME_TAKE,
	OP_RESUME_PASS_OVER, /* it is ignored */
	OP_RESUME_CODE,	     /* it can load code: never taken */
	OP_RESUME_DEVICE,    /* taken if it names a device and nothing more */
	OP_RESUME_LIST,	     /* it names a file to be read: taken if scan.conf is the user's own */
	OP_N_RESUME
};

/* What a shell can complete an argument with, besides the row's choices. */
enum op_complete { OP_COMPLETE_NOTHING, OP_COMPLETE_FILE, OP_COMPLETE_FOLDER, OP_COMPLETE_PORT };

struct op_option {
	const char *name; /* long name without its dashes */
	char letter;	  /* 0: none */
	const char *arg;  /* the name of its argument, such as "N"; NULL: it takes none */
	enum op_kind kind;
	bool repeats;	/* may be given several times, and each adds a value */
	bool once;	/* OP_KIND_TEXTS: a text that is in the list is not added again */
	bool line_only; /* allowed on the command line alone */
	bool file_only; /* allowed in files alone: on the command line its value has no name */

	/* texts */
	const char *help; /* one or two sentences for --help */
	const char *doc;  /* Markdown for docs/ and the man page; NULL: help */

	/* value; OP_FIELD() fills the first two */
	size_t offset, size;
	size_t count_offset; /* OP_KIND_TEXTS */
	uint64_t min, max; /* of counts, bytes and times (µs), both included; of lines the length */
	uint64_t number;   /* default of counts, bytes and times (µs) */
	const char *text;  /* default of all others, as a user would write it; NULL: none */
	const char *unset;  /* what texts say in place of a default; NULL: nothing */
	bool zero_is_unset; /* 0 in the field stands for "not given" */
	uint32_t unit_us;   /* OP_KIND_TIME */
	enum op_part part;
	enum op_resume resume;

	/* completion */
	const char *(*choice)(size_t i); /* value number i, from 0; NULL behind the last one */
	bool list;			 /* several choices, with commas between them */
	enum op_complete complete;

	/*
	 * Functions for this option alone; NULL: as its kind says. check is called for a text and
	 * may refuse it. set reads an argument. Both return 0, or -EINVAL with a sentence in
	 * arg->err. print writes the option's lines of a file.
	 */
	int (*check)(const struct ut_arg *arg);
	int (*set)(struct op_options *options, const struct ut_arg *arg);
	void (*print)(const struct op_config_line *line);
};

/* A row's field. */
#define OP_FIELD(type_, member) \
	.offset = offsetof(type_, member), .size = sizeof(((type_ *)NULL)->member)

/* Rows under one heading. */
struct op_option_group {
	const char *title; /* NULL: none */
	const struct op_option *rows;
	size_t n_rows;
};

extern const struct op_option_group op_group_targets, op_group_rate, op_group_samples,
	op_group_port, op_group_dialog, op_group_results, op_group_program;
extern const struct op_option_group op_group_help; /* --help alone, for commands with few options */

/* What an exit code means. */
struct op_exit_text {
	int code;
	const char *help; /* for --help; NULL: behind the last one */
	const char *doc;  /* Markdown for docs/ and the man page */
};

/* A command of tlsweep. A text that is NULL is not printed. */
struct op_command {
	const char *name;
	const char *summary;			     /* one line for the list of commands */
	const char *usage;			     /* its arguments, from "tlsweep" on */
	const char *about;			     /* printed by --help before the options */
	const struct op_option_group *const *groups; /* ended by NULL */
	size_t n_own; /* of groups, the first ones: those that --help lists; others are a scan's */
	bool options_first; /* an option behind the first argument is taken for an argument */
	/* Printed by --help after the options. */
	const char *notes;
	const char *examples; /* lines of shell, each indented by two blanks */
	const struct op_exit_text *exits;
};

extern const struct op_command op_command_scan, op_command_targets, op_command_control,
	op_command_doctor;

/** Command number i, from 0, in the order of `tlsweep help`; NULL behind the last one. */
const struct op_command *op_command_at(size_t i);

/** Row number i of a command, from 0, group after group; NULL behind the last one. */
const struct op_option *op_option_at(const struct op_command *command, size_t i);

/**
 * The row of a long name.
 * @param command    in: its rows are searched
 * @param name, len  in: the whole name, without dashes
 * @return the row; NULL: there is none
 */
const struct op_option *op_option_named(
	const struct op_command *command, const char *name, size_t len);

/** The row of a letter; NULL: there is none. */
const struct op_option *op_option_lettered(const struct op_command *command, char letter);

/** The number of a row among the rows of a scan, below OP_MAX_OPTIONS; OP_MAX_OPTIONS: it is none
 * of these. */
size_t op_option_index(const struct op_option *option);
