/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a scan from a file: the same as on the command line, one `name = value` on a line.
 *
 *     # a scan of our own networks
 *     target-ports = smtp,imaps
 *     target = 192.0.2.0/24
 *     exclude = 192.0.2.17          # may be repeated, as on the command line
 *     no-huge = true
 *     user-agent = "probe/1 # 2"    # quoted where a blank or # would be lost
 *
 * Names are the long names of the options, unabbreviated; `target` is a target. A file that
 * op_config_print() has written gives the same options again. Main thread.
 */
#pragma once

#include "options.h"
#include "apps/util/folder.h"

/**
 * Apply the lines of a file to the options.
 * @param path          in: relative to the working directory
 * @param options       in/out: keeps the file's text until op_config_free()
 * @param err, err_len  out: on failure a sentence, behind "FILE:LINE:COLUMN: " if a line is wrong
 * @return 0; -EINVAL: a line is wrong; -EFBIG: more than 4 MB; -ENOMEM; or the -errno of opening or
 *         reading. On failure some of the options are changed.
 */
int op_config_read(const char *path, struct op_options *options, char *err, size_t err_len);

/**
 * The same for the scan.conf of an output folder, except for options that are not taken from there
 * (config_trust.h). Those that the user has to give again are marked as withheld in
 * options->places.
 * @param folder        in: open
 * @param options       in/out: keeps the file's text until op_config_free()
 * @param err, err_len  out: on failure a sentence, as of op_config_read()
 * @return 0; -ENOENT: there is none; or another error of op_config_read()
 */
int op_config_resume(
	const struct ut_folder *folder, struct op_options *options, char *err, size_t err_len);

/**
 * The same as op_config_read() for bytes in memory.
 * @param name          in: stands for the path in sentences; copied
 * @param bytes, len    in: the text; copied
 * @param options       in/out: keeps the copy until op_config_free()
 * @param err, err_len  out: on failure a sentence
 * @return 0, -EINVAL or -ENOMEM; on failure some of the options are changed
 */
int op_config_parse(const char *name, const char *bytes, size_t len, struct op_options *options,
	char *err, size_t err_len);

/** Free the texts of files. Values of options that came from files are no longer valid. */
void op_config_free(struct op_options *options);
