/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that readers find whole: written beside their place as NAME.new and moved there. */
#pragma once

#include "folder.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Begin: NAME.new, which is new whatever was there by that name.
 * @return a descriptor for writing, or -errno. Any thread, one at a time for each name, as below.
 */
int ut_replace_begin(const struct ut_folder *folder, const char *name);

/**
 * Let what was written take the place of the old file.
 * @param fd       in: of ut_replace_begin(); closed in any case
 * @param error    in: -errno of writing: give up instead, 0: all was written
 * @param lasting  in: also bring it to the disk, before and after
 * @return 0 or -errno; the old file is then untouched and NAME.new gone
 */
int ut_replace_end(
	const struct ut_folder *folder, const char *name, int fd, int error, bool lasting);

/** Both, with these bytes between. @return 0 or -errno as above */
int ut_replace_file(const struct ut_folder *folder, const char *name, const char *bytes, size_t len,
	bool lasting);

/** Write all of it. @return 0 or -errno */
int ut_write_all(int fd, const char *bytes, size_t len);
