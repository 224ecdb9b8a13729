/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of JSON, one value a line. */
#pragma once

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* Lines of a file; -1: there is no file, a line is not JSON, or the last one has no newline. */
static inline int json_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t cap = 0;
	ssize_t len;
	int n = 0;

	if (file == NULL)
		return -1;
	while (n >= 0 && (len = getline(&text, &cap, file)) > 0) {
		json_t *parsed = json_loadb(text, (size_t)len, JSON_ALLOW_NUL, NULL);

		n = parsed == NULL || text[len - 1] != '\n' ? -1 : n + 1;
		json_decref(parsed);
	}
	free(text);
	fclose(file);
	return n;
}
