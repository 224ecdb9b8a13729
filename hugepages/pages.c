/* SPDX-License-Identifier: BSD-3-Clause */
#include "pages.h"

#include <stdio.h>
#include <string.h>

/* Of a path, and of a line in the list of mounts; longer lines are read in parts. */
#define LINE_LEN 4096

static FILE *open_below(const char *root, const char *path)
{
	char full[LINE_LEN];

	if (snprintf(full, sizeof(full), "%s%s", root, path) >= (int)sizeof(full))
		return NULL;
	return fopen(full, "re");
}

size_t hp_pages_free_mb(const char *root)
{
	static const struct {
		const char *path;
		size_t page_mb;
	} sizes[] = {
		{"/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", 2},
		{"/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", 1024},
	};
	size_t mb = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		FILE *f = open_below(root, sizes[i].path);
		size_t n = 0;

		if (f == NULL)
			continue;
		if (fscanf(f, "%zu", &n) == 1)
			mb += n * sizes[i].page_mb;
		fclose(f);
	}
	return mb;
}

static bool names_hugetlbfs(const char *line)
{
	static const char type[] = "hugetlbfs";
	const char *at = strstr(line, type);

	return at != NULL && at > line && at[-1] == ' ' &&
	       strchr(" \n", at[sizeof(type) - 1]) != NULL;
}

bool hp_pages_mounted(const char *root)
{
	FILE *f = open_below(root, "/proc/mounts");
	char line[LINE_LEN];
	bool found = false;

	if (f == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), f) != NULL)
		found = names_hugetlbfs(line);
	fclose(f);
	return found;
}

void hp_pages_reserve_command(size_t want_mb, char *text, size_t len)
{
	snprintf(text, len, "sysctl -w vm.nr_hugepages=%zu", want_mb / 2 + want_mb % 2);
}
