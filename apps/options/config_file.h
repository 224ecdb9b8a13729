/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a scan from a file: what the command line says, one `name = value` on a line.
 *
 *     # a scan of our own networks
 *     target-ports = smtp,imaps
 *     target = 192.0.2.0/24
 *     exclude = 192.0.2.17          # may be repeated, as on the command line
 *     no-huge = true
 *     user-agent = "probe/1 # 2"    # quoted where a blank or # would be lost
 *
 * Names are the long names of the options, unabbreviated; `target` is a target. What
 * op_config_print() writes is read back to the same options. Main thread.
 */
#pragma once

#include "options.h"
#include "apps/util/folder.h"

/**
 * Apply the lines of a file to the options.
 * @param path          in: relative to where tlsweep runs
 * @param options       in/out: keeps the file's text until op_config_free()
 * @param err, err_len  out: on failure "FILE:LINE:COLUMN: " and a sentence
 * @return 0 or -errno; on failure the options are half changed
 */
int op_config_read(const char *path, struct op_options *options, char *err, size_t err_len);

/**
 * The same for the scan.conf of an output folder, but for what is not taken from there
 * (config_trust.h): what is withheld is marked in the options' places.
 * @return 0 or -errno; -ENOENT: there is none
 */
int op_config_resume(
	const struct ut_folder *folder, struct op_options *options, char *err, size_t err_len);

/** The same as op_config_read() from bytes in memory; name stands for the path in errors. */
int op_config_parse(const char *name, const char *bytes, size_t len, struct op_options *options,
	char *err, size_t err_len);

/** Free the texts of files. Values of options that came from files are not valid any more. */
void op_config_free(struct op_options *options);
