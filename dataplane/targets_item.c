/* SPDX-License-Identifier: BSD-3-Clause */
#include "targets_item.h"

#include <errno.h>
#include <stdarg.h>

struct dp_quoted dp_item_quote(const char *word, size_t len)
{
	struct dp_quoted q;
	size_t n = len < DP_QUOTE_MAX ? len : DP_QUOTE_MAX;

	for (size_t i = 0; i < n; i++)
		q.text[i] = word[i] >= 0x20 && word[i] < 0x7f ? word[i] : '?';
	snprintf(q.text + n, sizeof(q.text) - n, "%s", len > n ? "..." : "");
	return q;
}

int dp_item_refuse(struct dp_item_error *error, size_t column, const char *format, ...)
{
	va_list ap;

	error->column = column;
	va_start(ap, format);
	vsnprintf(error->sentence, sizeof(error->sentence), format, ap);
	va_end(ap);
	return -EINVAL;
}

/*
 * A dotted quad at the start of a text, by the rules of inet_pton(): four numbers up to 255, no
 * leading zeros. Most lines of most lists are one, and lists have millions of lines.
 * @return its length, or 0
 */
static size_t take_quad(const char *text, size_t len, dp_u128 *number)
{
	uint32_t v4 = 0;
	size_t at = 0;

	for (unsigned int i = 0; i < 4; i++) {
		size_t start = at;
		uint32_t byte = 0;

		while (at < len && at < start + 3 && text[at] >= '0' && text[at] <= '9')
			byte = byte * 10 + (uint32_t)(text[at++] - '0');
		if (at == start || byte > UINT8_MAX || (text[start] == '0' && at > start + 1))
			return 0;
		v4 = v4 << 8 | byte;
		if (i < 3 && (at == len || text[at++] != '.'))
			return 0;
	}
	*number = DP_V4_FIRST | v4;
	return at;
}

static int parse_addr(
	const char *text, size_t start, size_t end, dp_u128 *number, struct dp_item_error *error)
{
	char word[TS_ADDR_STRLEN];
	struct ts_addr addr;
	size_t len = end - start;

	if (len > 0 && take_quad(text + start, len, number) == len)
		return 0;
	if (len > 0 && len < sizeof(word)) {
		memcpy(word, text + start, len);
		word[len] = '\0';
		if (strlen(word) == len && ts_addr_parse(word, &addr) == 0) {
			*number = dp_number_from_addr(&addr);
			return 0;
		}
	}
	if (len == 0)
		return dp_item_refuse(error, start, "an address is missing");
	if (memchr(text + start, ';', len) != NULL)
		return dp_item_refuse(error, start,
			"\"%s\" is more than one item: write one a line",
			dp_item_quote(text + start, len).text);
	return dp_item_refuse(error, start,
		"\"%s\" is not an IPv4 or IPv6 address (host names are not looked up: give the "
		"address)",
		dp_item_quote(text + start, len).text);
}

/* The digits behind the slash. */
static int parse_prefix_len(const char *text, size_t start, size_t end, unsigned int max,
	unsigned int *out, struct dp_item_error *error)
{
	unsigned int value = 0;
	bool good = end - start >= 1 && end - start <= 3;

	for (size_t i = start; good && i < end; i++) {
		good = text[i] >= '0' && text[i] <= '9';
		value = value * 10 + (unsigned int)(text[i] - '0');
	}
	if (!good || value > max)
		return dp_item_refuse(error, start,
			"\"%s\" is not a prefix length: write a number from 0 to %u",
			dp_item_quote(text + start, end - start).text, max);
	*out = value;
	return 0;
}

static int parse_prefix(const char *text, size_t slash, size_t end, struct dp_range *range,
	struct dp_item_error *error)
{
	bool dotted = memchr(text, ':', slash) == NULL;
	unsigned int len = 0, max = dotted ? 32 : 128;
	char base[TS_ADDR_STRLEN];
	struct ts_addr addr;
	dp_u128 host_bits;
	int rc = parse_addr(text, 0, slash, &range->first, error);

	if (rc == 0)
		rc = parse_prefix_len(text, slash + 1, end, max, &len, error);
	if (rc != 0)
		return rc;
	host_bits = len == 0 && !dotted ? DP_U128_MAX : ((dp_u128)1 << (max - len)) - 1;
	if ((range->first & host_bits) != 0) {
		addr = dp_addr_from_number(range->first & ~host_bits);
		ts_addr_format(&addr, base);
		return dp_item_refuse(error, 0,
			"\"%s\" has bits set behind its prefix: write %s/%u",
			dp_item_quote(text, end).text, base, len);
	}
	range->last = range->first | host_bits;
	return 0;
}

static int parse_range(const char *text, size_t dash, size_t end, struct dp_range *range,
	struct dp_item_error *error)
{
	int rc = parse_addr(text, 0, dash, &range->first, error);

	if (rc == 0)
		rc = parse_addr(text, dash + 1, end, &range->last, error);
	if (rc != 0)
		return rc;
	if (dp_number_is_v4(range->first) != dp_number_is_v4(range->last))
		return dp_item_refuse(error, dash + 1,
			"the range starts in one address family and ends in the other");
	if (range->last < range->first)
		return dp_item_refuse(
			error, dash + 1, "the range runs backwards: swap its two ends");
	return 0;
}

int dp_item_check_name(const char *text, size_t start, size_t end, struct dp_item_error *error)
{
	bool good = end > start && end - start <= DP_NAME_MAX;

	for (size_t i = start; good && i < end; i++) {
		char c = text[i];

		good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		       c == '-' || c == '_' || (c == '.' && i > start && text[i - 1] != '.');
	}
	if (!good)
		return dp_item_refuse(error, start, "\"%s\" is not a host name",
			dp_item_quote(text + start, end - start).text);
	return 0;
}

/* Digits, and what parts the numbers of a set of them. */
static bool is_as_column(const char *text, size_t start, size_t end)
{
	bool digit = false;

	if (end - start > 2 && (text[start] == 'A' || text[start] == 'a') &&
		(text[start + 1] == 'S' || text[start + 1] == 's'))
		start += 2;
	for (size_t i = start; i < end; i++) {
		if (text[i] >= '0' && text[i] <= '9')
			digit = true;
		else if (memchr("_,{}", text[i], 4) == NULL)
			return false;
	}
	return digit;
}

static bool is_column_end(char c)
{
	return c == ' ' || c == '\t' || c == '|';
}

static size_t column_end(const char *text, size_t at, size_t len)
{
	while (at < len && !is_column_end(text[at]))
		at++;
	return at;
}

static size_t next_column(const char *text, size_t at, size_t len)
{
	while (at < len && is_column_end(text[at]))
		at++;
	return at;
}

/*
 * A line of a dump of BGP prefixes: "PREFIX AS ...", or "ADDRESS LENGTH AS ..." as CAIDA's
 * routeviews-prefix2as has it; blanks, tabs or '|' between. Nothing but the number of an autonomous
 * system tells it from two items on a line, so that is asked for.
 * @param prefix  out: "ADDRESS/LENGTH"
 * @return the length of prefix, or 0: not such a line
 */
static size_t dump_prefix(const char *text, size_t len, char prefix[TS_ADDR_STRLEN + 4])
{
	size_t end = column_end(text, 0, len), second = next_column(text, end, len);
	size_t second_end = column_end(text, second, len);
	size_t third = next_column(text, second_end, len);
	size_t third_end = column_end(text, third, len), size_len = second_end - second;

	if (end >= TS_ADDR_STRLEN || second == len)
		return 0;
	memcpy(prefix, text, end);
	if (memchr(text, '/', end) != NULL)
		return is_as_column(text, second, second_end) ? end : 0;
	if (size_len > 3 || !is_as_column(text, third, third_end))
		return 0;
	prefix[end] = '/';
	memcpy(prefix + end + 1, text + second, size_len);
	return end + 1 + size_len;
}

/* An address, a prefix or a range. */
static int parse_addresses(
	const char *text, size_t len, struct dp_range *range, struct dp_item_error *error)
{
	const char *slash = memchr(text, '/', len), *dash = memchr(text, '-', len);
	int rc;

	if (slash != NULL)
		return parse_prefix(text, (size_t)(slash - text), len, range, error);
	if (dash != NULL)
		return parse_range(text, (size_t)(dash - text), len, range, error);
	rc = parse_addr(text, 0, len, &range->first, error);
	range->last = range->first;
	return rc;
}

int dp_item_parse(const char *text, size_t len, struct dp_item *item, struct dp_item_error *error)
{
	char prefix[TS_ADDR_STRLEN + 4];
	const char *comma;
	size_t end, word_end, dump_len;
	int rc;

	*item = (struct dp_item){0};
	if (len > 0 && take_quad(text, len, &item->range.first) == len) {
		item->range.last = item->range.first;
		return 0;
	}
	word_end = column_end(text, 0, len);
	dump_len = word_end < len ? dump_prefix(text, len, prefix) : 0;
	if (dump_len > 0)
		return parse_addresses(prefix, dump_len, &item->range, error);
	comma = memchr(text, ',', len);
	end = comma == NULL ? len : (size_t)(comma - text);
	if (word_end < end)
		return dp_item_refuse(error, 0, "\"%s\" is more than one item: write one a line",
			dp_item_quote(text, end).text);
	rc = parse_addresses(text, end, &item->range, error);
	if (rc != 0 || comma == NULL)
		return rc;
	if (item->range.first != item->range.last)
		return dp_item_refuse(error, end, "a name goes with a single address");
	item->name = comma + 1;
	item->name_len = len - end - 1;
	return dp_item_check_name(text, end + 1, len, error);
}
