/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A test program: checks, each with a label that is a claim in English, printed as TAP 13 for
 * `meson test`. A label is read alone, in a list of what failed: it names its subject.
 *
 *     int main(void)
 *     {
 *             tap_ok(parse("x") == -EINVAL, "a lone letter is not an address");
 *             return tap_done();
 *     }
 */
#pragma once

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned int tap_n_run, tap_n_failed;
/* What the checks are about, with what stands between it and their labels. */
static char tap_subject[200];

/* Say what the checks that follow are about: it stands before their labels, so that each can be
 * read alone. NULL: their labels stand alone again. */
__attribute__((format(printf, 1, 2))) static inline void tap_about(const char *subject, ...)
{
	va_list ap;
	size_t len;

	tap_subject[0] = '\0';
	if (subject == NULL)
		return;
	va_start(ap, subject);
	vsnprintf(tap_subject, sizeof(tap_subject) - 2, subject, ap);
	va_end(ap);
	len = strlen(tap_subject);
	memcpy(&tap_subject[len], ": ", 3);
}

/* One check; the label is a printf format. Returns the condition, so that a test can stop early. */
__attribute__((format(printf, 2, 3))) static inline bool tap_ok(bool ok, const char *label, ...)
{
	va_list ap;

	tap_n_run++;
	tap_n_failed += !ok;
	printf("%sok %u - %s", ok ? "" : "not ", tap_n_run, tap_subject);
	va_start(ap, label);
	vprintf(label, ap);
	va_end(ap);
	putchar('\n');
	return ok;
}

/* Equality of integers; prints both values when they differ. */
static inline bool tap_eq(int64_t got, int64_t want, const char *label)
{
	if (!tap_ok(got == want, "%s", label))
		printf("# got %" PRId64 ", want %" PRId64 "\n", got, want);
	return got == want;
}

/* Equality of strings; prints both when they differ. */
static inline bool tap_str(const char *got, const char *want, const char *label)
{
	bool same = got != NULL && strcmp(got, want) == 0;

	if (!tap_ok(same, "%s", label))
		printf("# got \"%s\"\n# want \"%s\"\n", got == NULL ? "(null)" : got, want);
	return same;
}

/* A claim that cannot be checked here, and why. */
static inline void tap_skip(const char *label, const char *why)
{
	printf("ok %u - %s%s # SKIP %s\n", ++tap_n_run, tap_subject, label, why);
}

/* Say why the whole program has nothing to run here. Returns the exit code to return from main. */
static inline int tap_skip_all(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	return 0;
}

/* The plan, last. Returns the exit code. */
static inline int tap_done(void)
{
	printf("1..%u\n", tap_n_run);
	return tap_n_failed == 0 ? 0 : 1;
}
