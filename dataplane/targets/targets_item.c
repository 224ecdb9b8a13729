/* SPDX-License-Identifier: BSD-3-Clause */
#include "targets_item.h"

#include <errno.h>
#include <stdarg.h>

#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

struct dp_quoted dp_item_quote(const char *text, size_t len)
{
	struct dp_quoted q;
	size_t n = len < DP_QUOTE_MAX ? len : DP_QUOTE_MAX;

	for (size_t i = 0; i < n; i++)
		q.text[i] = text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
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

bool dp_item_parse_number(
	const char *text, size_t start, size_t end, size_t n_digits, uint32_t *value)
{
	if (start == end || end - start > n_digits)
		return false;
	*value = 0;
	for (size_t i = start; i < end; i++) {
		if (!dp_item_is_digit(text[i]))
			return false;
		*value = *value * 10 + (uint32_t)(text[i] - '0');
	}
	return true;
}

/*
 * A dotted quad at the start of a text, by the rules of inet_pton(): four numbers up to 255, no
 * leading zeros. Lists have millions of lines, and most of them are a dotted quad.
 * @return its length, or 0
 */
static size_t take_quad(const char *text, size_t len, dp_u128 *number)
{
	uint32_t v4 = 0;
	size_t at = 0;

	for (unsigned int i = 0; i < 4; i++) {
		size_t start = at;
		uint32_t byte = 0;

		while (at < len && at < start + 3 && dp_item_is_digit(text[at]))
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

int dp_item_parse_addr(
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
	uint32_t value;

	if (!dp_item_parse_number(text, start, end, 3, &value) || value > max)
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
	int rc = dp_item_parse_addr(text, 0, slash, &range->first, error);

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
	int rc = dp_item_parse_addr(text, 0, dash, &range->first, error);

	if (rc == 0)
		rc = dp_item_parse_addr(text, dash + 1, end, &range->last, error);
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

/* digits: out, the label has nothing but digits. */
static bool is_label(const char *label, size_t len, bool *digits)
{
	bool good = len > 0 && len <= LABEL_MAX && label[0] != '-' && label[len - 1] != '-';

	*digits = true;
	for (size_t i = 0; good && i < len; i++) {
		char c = label[i];

		*digits = *digits && dp_item_is_digit(c);
		good = dp_item_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		       c == '-' || c == '_';
	}
	return good;
}

bool dp_is_host_name(const char *text, size_t len)
{
	bool good = len <= DP_NAME_MAX, digits = true;
	size_t start = 0, end;

	for (; good && start <= len; start = end + 1) {
		const char *dot = start < len ? memchr(text + start, '.', len - start) : NULL;

		end = dot == NULL ? len : (size_t)(dot - text);
		good = is_label(text + start, end - start, &digits);
	}
	/* The last label of an IPv4 address, correct or not, is a number. No domain ends in one. */
	return good && !digits;
}

int dp_item_check_name(const char *text, size_t start, size_t end, struct dp_item_error *error)
{
	if (!dp_is_host_name(text + start, end - start))
		return dp_item_refuse(error, start, "\"%s\" is not a host name",
			dp_item_quote(text + start, end - start).text);
	return 0;
}

/* The number of an autonomous system, or a set of them such as "{65000,65001}". */
static bool is_as_column(const char *text, size_t start, size_t end)
{
	bool digit = false;

	if (end - start > 2 && (text[start] == 'A' || text[start] == 'a') &&
		(text[start + 1] == 'S' || text[start + 1] == 's'))
		start += 2;
	for (size_t i = start; i < end; i++) {
		if (dp_item_is_digit(text[i]))
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

/* A column of a line: text[start..end). */
struct column {
	size_t start, end;
};

static struct column column_at(const char *text, size_t at, size_t len)
{
	size_t start = next_column(text, at, len);

	return (struct column){start, column_end(text, start, len)};
}

/* The prefix that a line of a dump names, in one column or as address and length in two. */
struct dump {
	char text[TS_ADDR_STRLEN + 4]; /* "ADDRESS/LENGTH" */
	size_t len;		       /* 0: it is no such line */
	struct column address, size;   /* size.end 0: the prefix is one column */
};

static struct dump dump_of_column(const char *text, struct column column)
{
	struct dump dump = {.len = column.end - column.start, .address = column};

	if (dump.len >= TS_ADDR_STRLEN)
		return (struct dump){0};
	memcpy(dump.text, text + column.start, dump.len);
	return dump;
}

/*
 * A line of a dump of BGP prefixes: "PREFIX AS ...", "AS PREFIX ..." as in RIPE's riswhoisdump, or
 * "ADDRESS LENGTH AS ..." as in CAIDA's routeviews-prefix2as. Blanks, tabs or '|' separate the
 * columns. Only the number of an autonomous system tells such a line from two items on one line, so
 * it must be there.
 */
static struct dump dump_parse(const char *text, size_t len)
{
	struct column first = column_at(text, 0, len), second = column_at(text, first.end, len);
	struct column third = column_at(text, second.end, len);
	size_t first_len = first.end - first.start, second_len = second.end - second.start;
	struct dump dump = {0};

	if (memchr(text + first.start, '/', first_len) != NULL)
		return is_as_column(text, second.start, second.end) ? dump_of_column(text, first)
								    : dump;
	if (memchr(text + second.start, '/', second_len) != NULL)
		return is_as_column(text, first.start, first.end) ? dump_of_column(text, second)
								  : dump;
	if (first_len >= TS_ADDR_STRLEN || second_len == 0 || second_len > 3 ||
		!is_as_column(text, third.start, third.end))
		return dump;
	dump = dump_of_column(text, first);
	dump.size = second;
	dump.text[dump.len++] = '/';
	memcpy(dump.text + dump.len, text + second.start, second_len);
	dump.len += second_len;
	return dump;
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
	rc = dp_item_parse_addr(text, 0, len, &range->first, error);
	range->last = range->first;
	return rc;
}

static int parse_dump(const struct dump *dump, struct dp_range *range, struct dp_item_error *error)
{
	size_t address_len = dump->address.end - dump->address.start;
	int rc = parse_addresses(dump->text, dump->len, range, error);

	if (rc == 0)
		return 0;
	/* The error counts bytes of the prefix: turn that into bytes of the line. */
	if (dump->size.end != 0 && error->column > address_len)
		error->column += dump->size.start - address_len - 1;
	else
		error->column += dump->address.start;
	return rc;
}

int dp_item_parse(const char *text, size_t len, struct dp_item *item, struct dp_item_error *error)
{
	struct dp_item_error ignored;
	struct dp_range second;
	const char *comma;
	size_t end, word_end;
	struct dump dump;
	int rc;

	*item = (struct dp_item){0};
	if (len > 0 && take_quad(text, len, &item->range.first) == len) {
		item->range.last = item->range.first;
		return 0;
	}
	word_end = column_end(text, 0, len);
	if (word_end < len) {
		dump = dump_parse(text, len);
		if (dump.len > 0)
			return parse_dump(&dump, &item->range, error);
	}
	comma = memchr(text, ',', len);
	end = comma == NULL ? len : (size_t)(comma - text);
	if (word_end < end)
		return dp_item_refuse(error, 0, "\"%s\" is more than one item: write one a line",
			dp_item_quote(text, end).text);
	rc = parse_addresses(text, end, &item->range, error);
	if (rc != 0 || comma == NULL)
		return rc;
	if (parse_addresses(comma + 1, len - end - 1, &second, &ignored) == 0)
		return dp_item_refuse(error, end + 1,
			"\"%s\" is a second item, and no name: write each by itself",
			dp_item_quote(comma + 1, len - end - 1).text);
	if (item->range.first != item->range.last)
		return dp_item_refuse(error, end, "only a single address can have a name");
	item->name = comma + 1;
	item->name_len = len - end - 1;
	return dp_item_check_name(text, end + 1, len, error);
}
