/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a scan as a file: what the command line says, one `name = value` on a line.
 *
 *     # a scan of our own networks
 *     target-ports = smtp,imaps
 *     target = 192.0.2.0/24
 *     exclude = 192.0.2.17          # may be repeated, as on the command line
 *     no-huge = true
 *     user-agent = "probe/1 # 2"    # quoted where a blank or # would be lost
 *
 * Names are the long names of the options, unabbreviated; `target` is a target. What
 * sw_config_print() writes sw_config_read() reads back to the same options. Main thread.
 */
#pragma once

#include "apps/util/folder.h"
#include "options.h"

#include <stdio.h>

/* The text of one file, its lines and behind them its path; values of options point into it. */
struct sw_config_text {
	struct sw_config_text *next;
	const char *name;
	char bytes[];
};

enum sw_config_use {
	SW_CONFIG_SHOW,	   /* for people: a seed that was drawn is left to be drawn again */
	SW_CONFIG_ACCOUNT, /* for the summary: all that was in force, wherever it came from */
	SW_CONFIG_RESUME, /* to go on with this very scan: its seed; nothing that removes results */
};

/**
 * Apply the lines of a file to the options.
 * @param options  in/out: keeps the file's text until sw_options_free()
 * @param err      out: "FILE:LINE:COLUMN: " and a sentence
 * @return 0 or -errno; the options are then half changed
 */
int sw_config_read(const char *path, struct sw_options *options, char *err, size_t err_len);

/**
 * The same for the scan.conf of an output folder, without what is not to be taken from there
 * (config_trust.h): what is withheld is marked in the options' places.
 * @return 0 or -errno; -ENOENT: there is none
 */
int sw_config_resume(
	const struct folder *folder, struct sw_options *options, char *err, size_t err_len);

/** The same as sw_config_read() from bytes in memory; name stands for the path in errors. */
int sw_config_parse(const char *name, const char *bytes, size_t len, struct sw_options *options,
	char *err, size_t err_len);

/** Print all options with their values; those without one as comments. */
void sw_config_print(const struct sw_options *options, enum sw_config_use use, FILE *out);

/* Called with each value; several of one name come one after the other. Both are borrowed. */
typedef void sw_config_visit(void *to, const char *name, const char *value, bool is_list);

/** Visit every option that has a value, in the order and the words of sw_config_print(). 0 or
 * -ENOMEM. */
int sw_config_each(
	const struct sw_options *options, enum sw_config_use use, sw_config_visit *visit, void *to);

/** Replace DIR/scan.conf, which --resume begins with, in one step. @return 0 or -errno; err: one
 * sentence */
int sw_config_save(
	const struct sw_options *options, const struct folder *folder, char *err, size_t err_len);
