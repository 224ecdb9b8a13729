/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports.h"

#include <errno.h>
#include <stdio.h>
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
	"PORT:tls)"

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

/* Says what is wrong with an item, or NULL when service is filled. */
static const char *parse_item(struct dl_word item, struct dl_service *service)
{
	const char *colon = item.len > 0 ? memchr(item.at, ':', item.len) : NULL;
	struct dl_word head = {item.at, colon != NULL ? (size_t)(colon - item.at) : item.len};
	bool number = head.len > 0 && dl_is_digit(head.at[0]);
	uint16_t port = parse_port(head);
	const struct known *entry;

	if (item.len == 0)
		return "an empty item";
	if ((number || colon != NULL) && port == 0)
		return "not a port from 1 to 65535";
	if (colon != NULL)
		entry = find_name(dl_word_skip(item, head.len + 1));
	else
		entry = number ? find_port(port) : find_name(item);
	if (entry == NULL)
		return number && colon == NULL
			       ? "a port without a protocol of its own, say PORT:NAME"
			       : "not a protocol we speak";
	*service = entry->service;
	if (port != 0)
		service->port = port;
	return service->port != 0 ? NULL : "a protocol without a port of its own, say PORT:NAME";
}

static bool has_port(const struct dl_service *services, size_t n, uint16_t port)
{
	for (size_t i = 0; i < n; i++) {
		if (services[i].port == port)
			return true;
	}
	return false;
}

static int complain(int error, struct dl_word item, const char *problem, char *err, size_t err_len)
{
	snprintf(err, err_len, "-p: \"%.*s\" is %s; " ACCEPTED,
		(int)(item.len < 64 ? item.len : 64), item.at, problem);
	return error;
}

int dl_services_parse(
	const char *text, struct dl_service *services, size_t *n, char *err, size_t err_len)
{
	const char *end;

	for (;; text = end + 1) {
		struct dl_service service;
		struct dl_word item;
		const char *problem;

		end = strchr(text, ',');
		item = (struct dl_word){text, end != NULL ? (size_t)(end - text) : strlen(text)};
		problem = parse_item(item, &service);
		if (problem != NULL)
			return complain(-EINVAL, item, problem, err, err_len);
		if (has_port(services, *n, service.port))
			return complain(-EINVAL, item, "a port named twice", err, err_len);
		if (*n == DL_MAX_SERVICES)
			return complain(-E2BIG, item, "one service too many", err, err_len);
		services[(*n)++] = service;
		if (end == NULL)
			return 0;
	}
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
