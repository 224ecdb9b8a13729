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

static bool word_has(const char *word, size_t len, const char *set)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(set, word[i]) != NULL && word[i] != '\0')
			return true;
	return false;
}

static int parse_addr(
	const char *text, size_t start, size_t end, dp_u128 *number, struct dp_item_error *error)
{
	char word[TS_ADDR_STRLEN];
	struct ts_addr addr;
	size_t len = end - start;

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
	if (word_has(text + start, len, " \t;"))
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

int dp_item_parse(const char *text, size_t len, struct dp_item *item, struct dp_item_error *error)
{
	const char *comma = memchr(text, ',', len);
	size_t end = comma == NULL ? len : (size_t)(comma - text);
	const char *slash = memchr(text, '/', end), *dash = memchr(text, '-', end);
	int rc;

	*item = (struct dp_item){0};
	if (slash != NULL) {
		rc = parse_prefix(text, (size_t)(slash - text), end, &item->range, error);
	} else if (dash != NULL) {
		rc = parse_range(text, (size_t)(dash - text), end, &item->range, error);
	} else {
		rc = parse_addr(text, 0, end, &item->range.first, error);
		item->range.last = item->range.first;
	}
	if (rc != 0 || comma == NULL)
		return rc;
	if (item->range.first != item->range.last)
		return dp_item_refuse(error, end, "a name goes with a single address");
	item->name = comma + 1;
	item->name_len = len - end - 1;
	return dp_item_check_name(text, end + 1, len, error);
}
