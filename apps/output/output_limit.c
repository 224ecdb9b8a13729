/* SPDX-License-Identifier: BSD-3-Clause */
#include "output_limit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_US 1000000

/* Bytes of the files in the folder, without results and certificates, which the writer counts. */
static uint64_t besides(const struct ut_folder *folder)
{
	uint64_t n = 0;
	struct stat st;

	for (size_t i = 0; ut_folder_file(i) != NULL; i++) {
		const char *name = ut_folder_file(i);

		if (strcmp(name, UT_RESULTS_FILE) == 0 || strcmp(name, UT_CERTS_FILE) == 0)
			continue;
		if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			n += (uint64_t)st.st_size;
	}
	return n;
}

bool out_limit_reached(struct out_limit *limit, uint64_t now_us, uint64_t n_lines)
{
	if (limit->max_bytes == 0)
		return false;
	if (limit->looked_us == 0 || now_us - limit->looked_us >= LOOK_US) {
		limit->looked_us = now_us;
		limit->n_besides = limit->folder == NULL ? 0 : besides(limit->folder);
	}
	return n_lines + limit->n_besides >= limit->max_bytes;
}
