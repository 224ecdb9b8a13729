/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "flight.h"

/* Append a separator and a number. The length stays below cap, and the string terminated. */
static size_t ja3s_append(char *out, size_t cap, size_t len, const char *before, unsigned int value)
{
	int n;

	if (len + 1 >= cap)
		return len;
	n = snprintf(out + len, cap - len, "%s%u", before, value);
	if (n < 0)
		return len;
	return (size_t)n >= cap - len ? cap - 1 : len + (size_t)n;
}

size_t hl_ja3s_string(const struct hl_server_hello *hello, char *out, size_t cap)
{
	size_t len;

	if (cap == 0)
		return 0;
	out[0] = '\0';
	if (!hello->seen)
		return 0;
	len = ja3s_append(out, cap, 0, "", hello->legacy_version);
	len = ja3s_append(out, cap, len, ",", hello->cipher_suite);
	if (hello->n_extensions == 0 && len + 1 < cap) {
		out[len++] = ',';
		out[len] = '\0';
	}
	for (unsigned int i = 0; i < hello->n_extensions; i++)
		len = ja3s_append(out, cap, len, i == 0 ? "," : "-", hello->extensions[i]);
	return len;
}
