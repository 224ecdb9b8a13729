/* SPDX-License-Identifier: BSD-3-Clause */
#include "targets_pair.h"

#include <errno.h>

/* A part of the text. */
struct part {
	size_t start, end;
};

static bool is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

/* The first comma, blank, tab or `also` from start on. */
static size_t find_end(const char *text, size_t start, size_t len, char also)
{
	size_t at = start;

	while (at < len && !is_separator(text[at]) && text[at] != also)
		at++;
	return at;
}

/* The place behind a separator: blanks with at most one comma among them. */
static size_t skip_separator(const char *text, size_t at, size_t len)
{
	bool comma = false;

	while (at < len && is_separator(text[at]) && !(comma && text[at] == ','))
		comma |= text[at++] == ',';
	return at;
}

static int quote_refused(
	struct dp_item_error *error, const char *text, struct part part, const char *what)
{
	size_t len = part.end - part.start;

	return dp_item_refuse(
		error, part.start, "\"%s\" %s", dp_item_quote(text + part.start, len).text, what);
}

/*
 * Find where the address ends and the port starts. A colon stands between them behind brackets and
 * behind an IPv4 address, which has a dot before the first colon. Otherwise a separator does.
 */
static int split(const char *text, size_t len, struct part *addr, size_t *port_at,
	struct dp_item_error *error)
{
	size_t end = find_end(text, 0, len, ','), colon = find_end(text, 0, len, ':');
	const char *bracket = text[0] == '[' ? memchr(text, ']', end) : NULL;

	if (text[0] == '[' && bracket == NULL)
		return dp_item_refuse(error, 0, "a bracket is not closed");
	*addr = (struct part){0, end};
	if (bracket != NULL) {
		*addr = (struct part){1, (size_t)(bracket - text)};
		colon = addr->end + 1;
		if (colon == len || text[colon] != ':')
			return dp_item_refuse(error, colon, "a colon and a port are expected here");
	} else if (colon < end && memchr(text, '.', colon) != NULL) {
		addr->end = colon;
	} else {
		colon = len;
	}
	*port_at = colon < len ? colon + 1 : skip_separator(text, end, len);
	if (*port_at == len)
		return quote_refused(error, text, (struct part){0, len},
			"has no port: write ADDRESS:PORT, with an IPv6 address in brackets");
	return 0;
}

static int parse_port(
	const char *text, struct part part, uint16_t *port, struct dp_item_error *error)
{
	uint32_t value;

	if (!dp_item_parse_number(text, part.start, part.end, 5, &value) || value == 0 ||
		value > UINT16_MAX)
		return quote_refused(error, text, part, "is not a port from 1 to 65535");
	*port = (uint16_t)value;
	return 0;
}

/* A name must have a dot: a single word is far more often a protocol, or a column of another
 * program. */
static int check_name(const char *text, size_t start, size_t len, struct dp_item_error *error)
{
	int rc = dp_item_check_name(text, start, len, error);

	if (rc == 0 && memchr(text + start, '.', len - start) == NULL)
		rc = quote_refused(error, text, (struct part){start, len},
			"is not a full host name (what to speak on the port goes behind a second "
			"colon, ADDRESS:PORT:smtp)");
	return rc;
}

int dp_pair_parse(
	const char *text, size_t len, struct dp_pair_item *pair, struct dp_item_error *error)
{
	struct part addr = {0}, port = {0}, protocol;
	dp_u128 number;
	size_t name_at;
	int rc;

	*pair = (struct dp_pair_item){0};
	rc = split(text, len, &addr, &port.start, error);
	if (rc == 0)
		rc = dp_item_parse_addr(text, addr.start, addr.end, &number, error);
	if (rc != 0)
		return rc;
	pair->addr = dp_addr_from_number(number);
	pair->port_at = port.start;
	port.end = find_end(text, port.start, len, ':');
	rc = parse_port(text, port, &pair->port, error);
	if (rc != 0)
		return rc;
	protocol = (struct part){port.end, port.end};
	if (port.end < len && text[port.end] == ':') {
		protocol = (struct part){port.end + 1, find_end(text, port.end, len, ',')};
		if (protocol.end == protocol.start)
			return dp_item_refuse(error, protocol.start, "a protocol is missing");
	}
	pair->protocol = text + protocol.start;
	pair->protocol_len = protocol.end - protocol.start;
	name_at = skip_separator(text, protocol.end, len);
	pair->name = text + name_at;
	pair->name_len = len - name_at;
	return protocol.end == len ? 0 : check_name(text, name_at, len, error);
}
