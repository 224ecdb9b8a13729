/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that readers find whole: written beside their place and moved there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * Write PATH.new and rename it to PATH.
 * @param lasting  in: also bring it to the disk before it takes the old one's place
 * @return 0 or -errno; the old file is then untouched. Any thread, one at a time for each path.
 */
int replace_file(const char *path, const char *bytes, size_t len, bool lasting);

/** Write all of it. @return 0 or -errno */
int write_all(int fd, const char *bytes, size_t len);
