/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of the command line into numbers, times, addresses: strictly, and with a sentence when it
 * fails. */
#include "options_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "dataplane/targets/targets_item.h"

/* Room for the sentence behind "--option word: ". */
#define WHY_LEN 160

int sw_word_refuse(const struct sw_word *word, const char *format, ...)
{
	char why[WHY_LEN];
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, sizeof(why), format, ap);
	va_end(ap);
	snprintf(word->err, word->err_len, "%s \"%.64s\": %s", word->option, word->text, why);
	return -EINVAL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A suffix that ends the word, as a factor; 0 when it is none. K is a thousand whatever is counted,
 * Ki is 1,024. */
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

/* Digits with at most one point; strtod() alone would take "inf", "0x1p3" and " -1" as well. Both
 * outputs are written on success only. */
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
	/* "1e9" is not one of our forms: the letter has to stand in the suffix. */
	if (end < c || *c == 'e' || *c == 'E')
		return false;
	*out = value;
	*rest = c;
	return true;
}

int sw_word_flag(const struct sw_word *word, bool *out)
{
	bool on = word->text == NULL || strcmp(word->text, "true") == 0;

	if (!on && strcmp(word->text, "false") != 0)
		return sw_word_refuse(word, "this is true or false");
	*out = on;
	return 0;
}

int sw_word_times(const struct sw_word *word, uint32_t *out)
{
	bool on;

	if (word->text != NULL && is_digit(word->text[0]))
		return sw_word_count32(word, 0, 9, out);
	if (sw_word_flag(word, &on) != 0)
		return -EINVAL;
	*out = on;
	return 0;
}

int sw_word_count(const struct sw_word *word, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value = 0, scale;
	const char *c = word->text;
	bool good = is_digit(*c);

	for (; good && is_digit(*c); c++)
		good = !__builtin_mul_overflow(value, 10, &value) &&
		       !__builtin_add_overflow(value, (uint64_t)(*c - '0'), &value);
	scale = good ? scale_parse(c) : 0;
	if (scale == 0 || __builtin_mul_overflow(value, scale, &value) || value < min ||
		value > max)
		return sw_word_refuse(word,
			"give a whole number from %llu to %llu, with K, M, G (thousands) or Ki, "
			"Mi, Gi (of 1,024) behind it if that helps",
			(unsigned long long)min, (unsigned long long)max);
	*out = value;
	return 0;
}

int sw_word_count32(const struct sw_word *word, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t value;
	int rc = sw_word_count(word, min, max, &value);

	if (rc == 0)
		*out = (uint32_t)value;
	return rc;
}

int sw_word_seed(const struct sw_word *word, uint64_t *out)
{
	bool hex = word->text[0] == '0' && (word->text[1] == 'x' || word->text[1] == 'X');
	const char *digits = word->text + (hex ? 2 : 0);
	size_t len = strlen(digits);
	unsigned long long value;

	if (len == 0 || strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != len)
		return sw_word_refuse(word,
			"give a whole number of up to 64 bits, decimal or 0x and hexadecimal");
	errno = 0;
	value = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno == ERANGE)
		return sw_word_refuse(word, "this number has more than 64 bits");
	*out = value;
	return 0;
}

int sw_word_rate(const struct sw_word *word, double *out)
{
	const char *rest;
	double value = 0;
	uint64_t scale = decimal_parse(word->text, &value, &rest) ? scale_parse(rest) : 0;

	value *= (double)scale;
	/* One packet in eleven days, and ten times what 100 GbE carries. */
	if (scale == 0 || (value != 0 && (value < 1e-6 || value > 1.5e9)))
		return sw_word_refuse(word,
			"give packets a second, such as 0.5, 1000, 20K or 1.2M; 0 is no limit");
	*out = value;
	return 0;
}

int sw_word_bandwidth(const struct sw_word *word, double *out)
{
	const char *rest;
	double value = 0;
	uint64_t scale = decimal_parse(word->text, &value, &rest) ? scale_parse(rest) : 0;

	value *= (double)scale;
	/* A smallest frame in eleven minutes, and ten times 100 GbE. */
	if (scale == 0 || value < 1 || value > 1e12)
		return sw_word_refuse(word, "give bits a second, such as 500K, 100M or 2.5G");
	*out = value;
	return 0;
}

int sw_word_share(const struct sw_word *word, double *out)
{
	const char *rest;
	double value = 0;
	bool good = decimal_parse(word->text, &value, &rest);

	if (good && strcmp(rest, "%") == 0)
		value /= 100;
	else
		good = good && rest[0] == '\0';
	if (!good || value <= 0 || value > 1)
		return sw_word_refuse(
			word, "give a share above 0, such as 0.01 or 1%%, up to 100%%");
	*out = value;
	return 0;
}

int sw_word_shard(const struct sw_word *word, uint32_t *shard, uint32_t *n_shards)
{
	const char *slash = strchr(word->text, '/');
	char first[16], why[1];
	struct sw_word one = {.option = "", .text = first, .err = why, .err_len = sizeof(why)};
	uint32_t i, n;

	if (slash == NULL || (size_t)(slash - word->text) >= sizeof(first))
		return sw_word_refuse(word, "give I/N, such as 2/5 for the second of five shards");
	snprintf(first, sizeof(first), "%.*s", (int)(slash - word->text), word->text);
	if (sw_word_count32(&one, 0, UINT32_MAX, &i) != 0)
		return sw_word_refuse(word, "give I/N, such as 2/5 for the second of five shards");
	one.text = slash + 1;
	if (sw_word_count32(&one, 1, UINT32_MAX, &n) != 0)
		return sw_word_refuse(word, "there are between 1 and %u shards", UINT32_MAX);
	if (i == 0 || i > n)
		return sw_word_refuse(word,
			"shards are counted from 1: the first of %u is 1/%u, the "
			"last %u/%u",
			n, n, n, n);
	*shard = i - 1;
	*n_shards = n;
	return 0;
}

int sw_word_time_us(const struct sw_word *word, uint64_t min, uint64_t max, uint64_t *out)
{
	static const struct {
		const char *name;
		double us;
	} units[] = {{"", 1e6}, {"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}};
	const char *rest;
	double value = -1;

	if (decimal_parse(word->text, &value, &rest)) {
		size_t i = 0;

		while (i < sizeof(units) / sizeof(units[0]) && strcmp(rest, units[i].name) != 0)
			i++;
		value = i < sizeof(units) / sizeof(units[0]) ? value * units[i].us : -1;
	}
	if (value < (double)min || value > (double)max)
		return sw_word_refuse(word,
			"give a time from %gs to %gs, such as 500ms, 12s, 5m or 1h",
			(double)min / 1e6, (double)max / 1e6);
	*out = (uint64_t)(value + 0.5);
	return 0;
}

int sw_word_seconds(const struct sw_word *word, uint64_t min_us, uint64_t max_us, uint32_t *out)
{
	uint64_t us;
	int rc = sw_word_time_us(word, min_us, max_us, &us);

	/* "500ms" is 1 s, not "no limit". */
	if (rc == 0)
		*out = (uint32_t)((us + 999999) / 1000000);
	return rc;
}

int sw_word_addr(const struct sw_word *word, struct ts_addr *out)
{
	struct ts_addr addr;

	if (ts_addr_parse(word->text, &addr) != 0)
		return sw_word_refuse(word, "this is not an IPv4 or IPv6 address");
	*out = addr;
	return 0;
}

int sw_word_addr_prefix(const struct sw_word *word, struct ts_addr *out, uint8_t *prefix_len)
{
	const char *slash = strchr(word->text, '/');
	struct sw_word digits = *word;
	char text[TS_ADDR_STRLEN];
	struct ts_addr addr;
	uint32_t len = 0, max;
	size_t addr_len = slash == NULL ? strlen(word->text) : (size_t)(slash - word->text);

	snprintf(text, sizeof(text), "%.*s", (int)addr_len, word->text);
	if (addr_len >= sizeof(text) || ts_addr_parse(text, &addr) != 0)
		return sw_word_refuse(
			word, "give an IPv4 or IPv6 address, with /LEN if its network is on-link");
	max = ts_addr_is_v4(&addr) ? 32 : 128;
	if (slash != NULL) {
		digits.text = slash + 1;
		if (sw_word_count32(&digits, 1, max, &len) != 0)
			return sw_word_refuse(
				word, "the prefix length is a number from 1 to %u", max);
	}
	*out = addr;
	*prefix_len = (uint8_t)len;
	return 0;
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int sw_word_mac(const struct sw_word *word, uint8_t out[6])
{
	const char *c = word->text;
	uint8_t mac[6] = {0};
	bool good = strlen(c) == 17 && (c[2] == ':' || c[2] == '-');

	for (unsigned int i = 0; good && i < 6; i++) {
		int high = hex_digit(c[3 * i]), low = hex_digit(c[3 * i + 1]);

		good = high >= 0 && low >= 0 && (i == 5 || c[3 * i + 2] == c[2]);
		mac[i] = (uint8_t)(good ? high << 4 | low : 0);
	}
	if (!good)
		return sw_word_refuse(word, "write a MAC address as 02:00:00:00:00:01");
	if ((mac[0] & 1) != 0 || memcmp(mac, "\0\0\0\0\0", 6) == 0)
		return sw_word_refuse(word, "this MAC address belongs to no single machine");
	memcpy(out, mac, sizeof(mac));
	return 0;
}

int sw_word_port_range(const struct sw_word *word, uint16_t *first, uint16_t *last)
{
	unsigned long ends[2];
	const char *c = word->text;
	bool good = true;

	for (unsigned int i = 0; i < 2 && good; i++) {
		size_t n_digits = strspn(c, "0123456789");

		good = n_digits >= 1 && n_digits <= 5;
		ends[i] = good ? strtoul(c, NULL, 10) : 0;
		c += n_digits;
		if (i == 0 && *c == '\0') {
			ends[1] = ends[0];
			break;
		}
		good = good && *c++ == (i == 0 ? '-' : '\0');
	}
	if (!good || ends[0] == 0 || ends[1] > 65535 || ends[0] > ends[1])
		return sw_word_refuse(
			word, "give a port or a range such as 32768-61000, between 1 and 65535");
	*first = (uint16_t)ends[0];
	*last = (uint16_t)ends[1];
	return 0;
}

int sw_word_line(const struct sw_word *word, size_t max_len)
{
	size_t len = strlen(word->text);

	if (len == 0 || len > max_len)
		return sw_word_refuse(word, "give between 1 and %zu characters", max_len);
	for (size_t i = 0; i < len; i++)
		if (word->text[i] < 0x20 || word->text[i] >= 0x7f)
			return sw_word_refuse(
				word, "only visible ASCII characters and spaces can be sent");
	return 0;
}

int sw_word_host(const struct sw_word *word)
{
	if (!dp_is_host_name(word->text, strlen(word->text)))
		return sw_word_refuse(word, "give a host name");
	return 0;
}

int sw_word_ehlo(const struct sw_word *word)
{
	size_t len = strlen(word->text);
	char inside[TS_ADDR_STRLEN + 5];
	struct ts_addr addr;
	bool v6;

	if (word->text[0] != '[')
		return sw_word_host(word) == 0
			       ? 0
			       : sw_word_refuse(word, "give a host name, or an address as "
						      "[192.0.2.1] or [IPv6:2001:db8::1]");
	snprintf(inside, sizeof(inside), "%s", word->text + 1);
	v6 = strncmp(inside, "IPv6:", 5) == 0;
	if (len < 3 || len > sizeof(inside) || word->text[len - 1] != ']')
		return sw_word_refuse(word, "an address literal ends with ]");
	inside[len - 2] = '\0';
	if (ts_addr_parse(inside + (v6 ? 5 : 0), &addr) != 0 || ts_addr_is_v4(&addr) == v6)
		return sw_word_refuse(
			word, "write an address literal as [192.0.2.1] or [IPv6:2001:db8::1]");
	return 0;
}
