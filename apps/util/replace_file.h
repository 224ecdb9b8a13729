/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files that readers always find whole: they are written as NAME.new, which then replaces NAME.
 *
 * Any thread may call these functions, one thread at a time for each folder and name.
 */
#pragma once

#include "folder.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Create NAME.new. If there is one already, it is removed first.
 * @param folder  in: open
 * @param name    in: a name without '/', of at most 59 characters
 * @return a descriptor for writing, to be closed by ut_replace_end(); -ENAMETOOLONG; or the -errno
 *         of removing or creating it
 */
int ut_replace_begin(const struct ut_folder *folder, const char *name);

/**
 * Let NAME.new replace NAME.
 * @param folder   in: as given to ut_replace_begin()
 * @param name     in: as given to ut_replace_begin()
 * @param fd       in: from ut_replace_begin(); closed in any case
 * @param error    in: 0, or the -errno of a write that failed: nothing is replaced then
 * @param lasting  in: bring the file to the disk before it is renamed, and the folder afterwards
 * @return 0 or -errno. On failure the old file is untouched and NAME.new is removed.
 */
int ut_replace_end(
	const struct ut_folder *folder, const char *name, int fd, int error, bool lasting);

/**
 * Replace a file as a whole: ut_replace_begin(), ut_write_all(), ut_replace_end().
 * @param folder      in: open
 * @param name        in: a name without '/', of at most 59 characters
 * @param bytes, len  in: what the file holds afterwards
 * @param lasting     in: as for ut_replace_end()
 * @return 0 or -errno. On failure the old file is untouched.
 */
int ut_replace_file(const struct ut_folder *folder, const char *name, const char *bytes, size_t len,
	bool lasting);

/**
 * Write all bytes to a descriptor; a signal does not interrupt it.
 * @param fd          in: open for writing, and blocking
 * @param bytes, len  in: what is written
 * @return 0 or -errno; on failure part of the bytes may be written
 */
int ut_write_all(int fd, const char *bytes, size_t len);
