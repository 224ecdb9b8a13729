/* SPDX-License-Identifier: BSD-3-Clause */
#include "pages.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_below(const char *root, const char *path)
{
	char full[PATH_MAX];

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

/* Does a line of the list of mounts tell of this type of file system? Its fields have one space
 * between them: device, mount point, type, and more (proc_pid_mounts(5)). */
static bool is_of_type(char *line, const char *type)
{
	const char *field = NULL;

	for (int i = 0; i < 3; i++)
		field = strsep(&line, " \n");
	return field != NULL && strcmp(field, type) == 0;
}

bool hp_pages_mounted(const char *root)
{
	FILE *f = open_below(root, "/proc/mounts");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (f == NULL)
		return false;
	while (!found && getline(&line, &size, f) > 0)
		found = is_of_type(line, "hugetlbfs");
	free(line);
	fclose(f);
	return found;
}

void hp_pages_reserve_command(size_t want_mb, char *text, size_t len)
{
	snprintf(text, len, "sysctl -w vm.nr_hugepages=%zu", want_mb / 2 + want_mb % 2);
}
