/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

#include "addr.h"
#include "wire.h"

#define N_GROUPS 8

/* Consecutive zero groups; fewer than 2 are not shortened (RFC 5952 4.2.2). */
struct zero_run {
	unsigned int start, len;
};

/* The longest run of zero groups, the first one if several are equal (RFC 5952 4.2.3). */
static struct zero_run longest_zero_run(const struct ts_addr *a)
{
	struct zero_run best = {0}, run = {0};

	for (unsigned int i = 0; i < N_GROUPS; i++) {
		if (ts_get16(&a->b[2 * i]) != 0) {
			run.len = 0;
			continue;
		}
		if (run.len++ == 0)
			run.start = i;
		if (run.len > best.len)
			best = run;
	}
	return best;
}

static void format_v6(const struct ts_addr *a, char out[TS_ADDR_STRLEN])
{
	struct zero_run zeros = longest_zero_run(a);
	size_t at = 0;

	for (unsigned int i = 0; i < N_GROUPS;) {
		if (zeros.len >= 2 && i == zeros.start) {
			at += (size_t)snprintf(out + at, TS_ADDR_STRLEN - at, "::");
			i += zeros.len;
			continue;
		}
		at += (size_t)snprintf(out + at, TS_ADDR_STRLEN - at, "%s%x",
			at > 0 && out[at - 1] != ':' ? ":" : "", ts_get16(&a->b[2 * i]));
		i++;
	}
}

/* Digit by digit: lists of millions of addresses are written, and snprintf() takes ten times as
 * long. */
static void format_v4(const struct ts_addr *a, char *out)
{
	for (unsigned int i = 12; i < 16; i++) {
		unsigned int byte = a->b[i];

		if (byte >= 100)
			*out++ = (char)('0' + byte / 100);
		if (byte >= 10)
			*out++ = (char)('0' + byte / 10 % 10);
		*out++ = (char)('0' + byte % 10);
		*out++ = i < 15 ? '.' : '\0';
	}
}

void ts_addr_format(const struct ts_addr *a, char out[TS_ADDR_STRLEN])
{
	if (ts_addr_is_v4(a))
		format_v4(a, out);
	else
		format_v6(a, out);
}

int ts_addr_parse(const char *text, struct ts_addr *out)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		*out = ts_addr_from_v4(v4.s_addr);
		return 0;
	}
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return -EINVAL;
	memcpy(out->b, &v6, sizeof(out->b));
	return 0;
}
