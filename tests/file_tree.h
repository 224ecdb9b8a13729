/* SPDX-License-Identifier: BSD-3-Clause */
/* A machine made of files: a folder that stands for the root of the file system. The process ends
 * if a file cannot be made. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char tree_root[] = "/tmp/tlsweep-tree-XXXXXX";

/* Make the folder. False: there is nowhere to make it. */
static inline bool tree_make(void)
{
	return mkdtemp(tree_root) != NULL;
}

/* Put a file below the root, folders included; path begins with a slash. */
static inline void tree_put(const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", tree_root, path);
	for (char *slash = strchr(full + sizeof(tree_root), '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	f = fopen(full, "we");
	if (f == NULL)
		exit(1);
	fputs(text, f);
	fclose(f);
}

/* Put a symbolic link in the place of what is there; its folder exists. */
static inline void tree_link(const char *path, const char *to)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", tree_root, path);
	unlink(full);
	if (symlink(to, full) != 0)
		exit(1);
}

/* Remove the folder and all in it. False: it could not be removed. */
static inline bool tree_remove(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", tree_root);
	return system(command) == 0;
}
