/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

struct known {
	const char *name;
	struct dl_service service; /* port 0: has no port of its own */
};

static const struct known known[] = {
	{"smtp", {25, DL_SMTP, false}},
	{"submission", {587, DL_SMTP, false}},
	{"smtps", {465, DL_SMTP, true}},
	{"imap", {143, DL_IMAP, false}},
	{"imaps", {993, DL_IMAP, true}},
	{"pop3", {110, DL_POP3, false}},
	{"pop3s", {995, DL_POP3, true}},
	{"irc", {6667, DL_IRC, false}},
	{"ircs", {6697, DL_IRC, true}},
	{"xmpp-client", {5222, DL_XMPP_CLIENT, false}},
	{"xmpps-client", {5223, DL_XMPP_CLIENT, true}},
	{"xmpp-server", {5269, DL_XMPP_SERVER, false}},
	{"xmpps-server", {5270, DL_XMPP_SERVER, true}},
	{"https", {443, DL_HTTP, true}},
	{"tls", {0, DL_TLS, true}},
};

#define N_KNOWN (sizeof(known) / sizeof(known[0]))

#define ACCEPTED                                                                                   \
	"accepted are smtp, submission, smtps, imap, imaps, pop3, pop3s, irc, ircs, xmpp-client, " \
	"xmpps-client, xmpp-server, xmpps-server, https, their ports, and PORT:NAME (also "        \
	"PORT:tls), FIRST-LAST:NAME, *:NAME"

static const struct known *find_name(struct dl_word name)
{
	for (size_t i = 0; i < N_KNOWN; i++) {
		if (dl_word_is(name, known[i].name))
			return &known[i];
	}
	return NULL;
}

static const struct known *find_port(uint16_t port)
{
	for (size_t i = 0; i < N_KNOWN; i++) {
		if (known[i].service.port == port)
			return &known[i];
	}
	return NULL;
}

/* Digits alone, 1 to 65535; 0 for anything else. */
static uint16_t parse_port(struct dl_word word)
{
	uint32_t port = 0;

	if (word.len == 0 || word.len > 5)
		return 0;
	for (size_t i = 0; i < word.len; i++) {
		if (!dl_is_digit(word.at[i]))
			return 0;
		port = port * 10 + (uint32_t)(word.at[i] - '0');
	}
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* What one item stands for: a service on the ports from its own to the last. */
struct item {
	struct dl_service service;
	uint16_t last;
};

/* Names and bare well-known ports. Says what is wrong, or NULL. */
static const char *parse_well_known(struct dl_word word, struct item *item)
{
	bool number = dl_is_digit(word.at[0]);
	uint16_t port = parse_port(word);
	const struct known *entry = number ? find_port(port) : find_name(word);

	if (number && port == 0)
		return "not a port from 1 to 65535";
	if (entry == NULL)
		return number ? "a port without a protocol of its own, say PORT:NAME"
			      : "not a protocol we speak";
	item->service = entry->service;
	item->last = entry->service.port;
	return item->last != 0 ? NULL : "a protocol without a port of its own, say PORT:NAME";
}

/* Before the colon: "*", a port or a range of them. */
static const char *parse_ports(struct dl_word word, struct item *item)
{
	const char *dash = word.len > 0 ? memchr(word.at, '-', word.len) : NULL;
	struct dl_word first = {word.at, dash != NULL ? (size_t)(dash - word.at) : word.len};
	struct dl_word last = dash != NULL ? dl_word_skip(word, first.len + 1) : first;

	item->service.port = 1;
	item->last = UINT16_MAX;
	if (dl_word_is(word, "*"))
		return NULL;
	item->service.port = parse_port(first);
	item->last = parse_port(last);
	if (item->service.port == 0 || item->last == 0)
		return "not a port from 1 to 65535, nor a range of them";
	return item->service.port <= item->last ? NULL : "a range that runs backwards";
}

/* Says what is wrong with an item, or NULL when it is filled. */
static const char *parse_item(struct dl_word word, struct item *item)
{
	const char *colon = word.len > 0 ? memchr(word.at, ':', word.len) : NULL;
	struct dl_word ports = {word.at, colon != NULL ? (size_t)(colon - word.at) : word.len};
	const struct known *entry;

	if (word.len == 0)
		return "an empty item";
	if (colon == NULL)
		return parse_well_known(word, item);
	entry = find_name(dl_word_skip(word, ports.len + 1));
	if (entry == NULL)
		return "not a protocol we speak";
	item->service = entry->service;
	return parse_ports(ports, item);
}

/* A bit for each port. */
struct ports {
	uint8_t bits[(UINT16_MAX + 1) / 8];
};

static bool take_port(struct ports *ports, uint16_t port)
{
	uint8_t bit = (uint8_t)(1u << port % 8);
	bool taken = ports->bits[port / 8] & bit;

	ports->bits[port / 8] |= bit;
	return !taken;
}

/* False when a port of it has been named before. */
static bool add_item(struct ports *ports, struct item item, struct dl_service *services, size_t *n)
{
	for (uint32_t port = item.service.port; port <= item.last; port++) {
		if (!take_port(ports, (uint16_t)port))
			return false;
		item.service.port = (uint16_t)port;
		services[(*n)++] = item.service;
	}
	return true;
}

static int by_port(const void *left, const void *right)
{
	const struct dl_service *a = left, *b = right;

	return (int)a->port - (int)b->port;
}

static int complain(struct dl_word item, const char *problem, char *err, size_t err_len)
{
	snprintf(err, err_len, "-p: \"%.*s\" is %s; " ACCEPTED,
		(int)(item.len < 64 ? item.len : 64), item.at, problem);
	return -EINVAL;
}

int dl_services_parse(
	const char *text, struct dl_service *services, size_t *n, char *err, size_t err_len)
{
	struct ports ports = {{0}};
	bool more = true;

	for (size_t i = 0; i < *n; i++)
		take_port(&ports, services[i].port);
	while (more) {
		struct dl_word word = {text, strcspn(text, ",")};
		struct item item;
		const char *problem = parse_item(word, &item);

		if (problem == NULL && !add_item(&ports, item, services, n))
			problem = "a port named twice, or a range with one";
		if (problem != NULL)
			return complain(word, problem, err, err_len);
		more = text[word.len] == ',';
		text += word.len + more;
	}
	qsort(services, *n, sizeof(*services), by_port);
	return 0;
}

size_t dl_services_item(const struct dl_service *services, size_t n, char out[DL_ITEM_LEN])
{
	const char *name = dl_service_name(services);
	size_t len = 1;

	while (len < n && services[len].port == services[0].port + len &&
		services[len].proto == services[0].proto &&
		services[len].implicit_tls == services[0].implicit_tls)
		len++;
	if (len == 1)
		snprintf(out, DL_ITEM_LEN, "%u:%s", services[0].port, name);
	else
		snprintf(out, DL_ITEM_LEN, "%u-%u:%s", services[0].port, services[len - 1].port,
			name);
	return len;
}

int dl_service_make(uint16_t port, const char *name, struct dl_service *service)
{
	bool bare = name[0] == '\0';
	const struct known *entry = bare ? find_port(port)
					 : find_name((struct dl_word){name, strlen(name)});

	if (entry == NULL)
		return bare ? -ENOENT : -EINVAL;
	*service = entry->service;
	service->port = port;
	return 0;
}

const char *dl_service_name(const struct dl_service *service)
{
	const char *name = NULL;

	for (size_t i = 0; i < N_KNOWN; i++) {
		const struct dl_service *its = &known[i].service;

		if (its->proto != service->proto || its->implicit_tls != service->implicit_tls)
			continue;
		if (its->port == service->port)
			return known[i].name;
		if (name == NULL)
			name = known[i].name;
	}
	return name;
}

const char *dl_service_known(size_t i)
{
	/* Those without a port of their own are the last ones. */
	return i < N_KNOWN && known[i].service.port != 0 ? known[i].name : NULL;
}
