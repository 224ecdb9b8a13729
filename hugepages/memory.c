/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory.h"

#include <limits.h>
#include <stdio.h>

#define LINE_LEN 128 /* lines of the file have half of that */

bool hp_memory_available(const char *root, size_t *mb)
{
	char path[PATH_MAX], line[LINE_LEN];
	bool found = false;
	size_t kb = 0;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/proc/meminfo", root) >= (int)sizeof(path))
		return false;
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), f) != NULL)
		found = sscanf(line, "MemAvailable: %zu kB", &kb) == 1;
	fclose(f);
	if (found)
		*mb = kb / 1024;
	return found;
}
