/* SPDX-License-Identifier: BSD-3-Clause */
#include "argument.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for the sentence after `OPTION "TEXT": `. */
#define WHY_LEN 160

int ut_arg_refuse(const struct ut_arg *arg, const char *format, ...)
{
	char why[WHY_LEN];
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, sizeof(why), format, ap);
	va_end(ap);
	snprintf(arg->err, arg->err_len, "%s \"%.64s\": %s", arg->option, arg->text, why);
	return -EINVAL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A suffix at the end of a number as a factor: 1 if there is none, 0 if it is wrong. K is 1,000 and
 * Ki is 1,024, for bytes as well. */
static uint64_t scale_parse(const char *suffix)
{
	static const char letters[] = "kKmMgG";
	const char *letter = suffix[0] == '\0' ? NULL : strchr(letters, suffix[0]);
	bool binary = suffix[0] != '\0' && suffix[1] == 'i';
	uint64_t scale = 1;

	if (suffix[0] == '\0')
		return 1;
	if (letter == NULL || suffix[binary ? 2 : 1] != '\0')
		return 0;
	for (ptrdiff_t power = (letter - letters) / 2; power >= 0; power--)
		scale *= binary ? 1024 : 1000;
	return scale;
}

/* Read digits with at most one point; strtod() alone would also accept "inf", "0x1p3" and " -1".
 * Both outputs are written on success only. */
static bool decimal_parse(const char *text, double *out, const char **rest)
{
	size_t n_digits = 0, n_points = 0;
	const char *c = text;
	double value;
	char *end;

	for (; is_digit(*c) || *c == '.'; c++) {
		n_digits += is_digit(*c);
		n_points += *c == '.';
	}
	if (n_digits == 0 || n_digits > 20 || n_points > 1)
		return false;
	value = strtod(text, &end);
	/* "1e9" is refused: a power of ten is written as a suffix. */
	if (end < c || *c == 'e' || *c == 'E')
		return false;
	*out = value;
	*rest = c;
	return true;
}

int ut_arg_flag(const struct ut_arg *arg, bool *out)
{
	bool on = arg->text == NULL || strcmp(arg->text, "true") == 0;

	if (!on && strcmp(arg->text, "false") != 0)
		return ut_arg_refuse(arg, "this is true or false");
	*out = on;
	return 0;
}

int ut_arg_times(const struct ut_arg *arg, uint32_t *out)
{
	bool on;

	if (arg->text != NULL && is_digit(arg->text[0]))
		return ut_arg_count32(arg, 0, 9, out);
	if (ut_arg_flag(arg, &on) != 0)
		return -EINVAL;
	*out = on;
	return 0;
}

int ut_arg_count(const struct ut_arg *arg, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value = 0, scale;
	const char *c = arg->text;
	bool good = is_digit(*c);

	for (; good && is_digit(*c); c++)
		good = !__builtin_mul_overflow(value, 10, &value) &&
		       !__builtin_add_overflow(value, (uint64_t)(*c - '0'), &value);
	scale = good ? scale_parse(c) : 0;
	if (scale == 0 || __builtin_mul_overflow(value, scale, &value) || value < min ||
		value > max)
		return ut_arg_refuse(arg,
			"give a whole number from %llu to %llu, with K, M, G (thousands) or Ki, "
			"Mi, Gi (of 1,024) behind it if that helps",
			(unsigned long long)min, (unsigned long long)max);
	*out = value;
	return 0;
}

int ut_arg_count32(const struct ut_arg *arg, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t value;
	int rc = ut_arg_count(arg, min, max, &value);

	if (rc == 0)
		*out = (uint32_t)value;
	return rc;
}

int ut_arg_seed(const struct ut_arg *arg, uint64_t *out)
{
	bool hex = arg->text[0] == '0' && (arg->text[1] == 'x' || arg->text[1] == 'X');
	const char *digits = arg->text + (hex ? 2 : 0);
	size_t len = strlen(digits);
	unsigned long long value;

	if (len == 0 || strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != len)
		return ut_arg_refuse(
			arg, "give a whole number of up to 64 bits, decimal or 0x and hexadecimal");
	errno = 0;
	value = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno == ERANGE)
		return ut_arg_refuse(arg, "this number has more than 64 bits");
	*out = value;
	return 0;
}

/* Read a number with an optional suffix. @return false: it is none, and *value is void */
static bool scaled_parse(const char *text, double *value)
{
	const char *rest;
	uint64_t scale = decimal_parse(text, value, &rest) ? scale_parse(rest) : 0;

	*value *= (double)scale;
	return scale != 0;
}

int ut_arg_rate(const struct ut_arg *arg, double *out)
{
	double value = 0;

	/* One packet in eleven days, and ten times what 100 GbE carries. */
	if (!scaled_parse(arg->text, &value) || (value != 0 && (value < 1e-6 || value > 1.5e9)))
		return ut_arg_refuse(arg,
			"give packets a second, such as 0.5, 1000, 20K or 1.2M; 0 is no limit");
	*out = value;
	return 0;
}

int ut_arg_bandwidth(const struct ut_arg *arg, double *out)
{
	double value = 0;

	/* A smallest frame in eleven minutes, and ten times 100 GbE. */
	if (!scaled_parse(arg->text, &value) || value < 1 || value > 1e12)
		return ut_arg_refuse(arg, "give bits a second, such as 500K, 100M or 2.5G");
	*out = value;
	return 0;
}

int ut_arg_share(const struct ut_arg *arg, double *out)
{
	const char *rest;
	double value = 0;
	bool good = decimal_parse(arg->text, &value, &rest);

	if (good && strcmp(rest, "%") == 0)
		value /= 100;
	else
		good = good && rest[0] == '\0';
	if (!good || value <= 0 || value > 1)
		return ut_arg_refuse(arg, "give a share above 0, such as 0.01 or 1%%, up to 100%%");
	*out = value;
	return 0;
}

int ut_arg_shard(const struct ut_arg *arg, uint32_t *shard, uint32_t *n_shards)
{
	const char *slash = strchr(arg->text, '/');
	char first[16], why[1];
	struct ut_arg one = {.option = "", .text = first, .err = why, .err_len = sizeof(why)};
	uint32_t i, n;

	if (slash == NULL || (size_t)(slash - arg->text) >= sizeof(first))
		return ut_arg_refuse(arg, "give I/N, such as 2/5 for the second of five shards");
	snprintf(first, sizeof(first), "%.*s", (int)(slash - arg->text), arg->text);
	if (ut_arg_count32(&one, 0, UINT32_MAX, &i) != 0)
		return ut_arg_refuse(arg, "give I/N, such as 2/5 for the second of five shards");
	one.text = slash + 1;
	if (ut_arg_count32(&one, 1, UINT32_MAX, &n) != 0)
		return ut_arg_refuse(arg, "there are between 1 and %u shards", UINT32_MAX);
	if (i == 0 || i > n)
		return ut_arg_refuse(arg,
			"shards are counted from 1: the first of %u is 1/%u, the "
			"last %u/%u",
			n, n, n, n);
	*shard = i - 1;
	*n_shards = n;
	return 0;
}

int ut_arg_time_us(const struct ut_arg *arg, uint64_t min, uint64_t max, uint64_t *out)
{
	static const struct {
		const char *name;
		double us;
	} units[] = {{"", 1e6}, {"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}};
	const char *rest;
	double value = -1;

	if (decimal_parse(arg->text, &value, &rest)) {
		size_t i = 0;

		while (i < sizeof(units) / sizeof(units[0]) && strcmp(rest, units[i].name) != 0)
			i++;
		value = i < sizeof(units) / sizeof(units[0]) ? value * units[i].us : -1;
	}
	if (value < (double)min || value > (double)max)
		return ut_arg_refuse(arg,
			"give a time from %gs to %gs, such as 500ms, 12s, 5m or 1h",
			(double)min / 1e6, (double)max / 1e6);
	*out = (uint64_t)(value + 0.5);
	return 0;
}
