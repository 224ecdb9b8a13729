/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of pairs of address and port, beside the allowed addresses that share their services. */
#include "search.h"
#include "targets_internal.h"
#include "targets_lines.h"
#include "targets_pair.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define FIRST_CAP 64
#define N_PORTS	  65536
#define HEADER	  "saddr,sport" /* of ZMap's output */

/* What the lines of one list are added to. */
struct sink {
	struct dp_targets *targets;
	int (*service)(void *to, uint16_t port, const char *protocol, char *why);
	void *to;
	const struct dp_lines *lines;
	uint16_t list; /* its number among the lists of names */
	bool any;      /* a line other than the header has been read */
};

int dp_pairs_push(struct dp_pairs *pairs, const struct ts_addr *addr, uint16_t port)
{
	if (pairs->n == pairs->cap) {
		size_t cap = pairs->cap == 0 ? FIRST_CAP : 2 * pairs->cap;
		struct dp_target *items = reallocarray(pairs->items, cap, sizeof(*items));

		if (items == NULL)
			return -ENOMEM;
		pairs->items = items;
		pairs->cap = cap;
	}
	pairs->items[pairs->n++] = (struct dp_target){.addr = *addr, .service = port};
	return 0;
}

/* Can the port be scanned? */
static int ask_service(
	struct sink *sink, const struct dp_pair_item *pair, struct dp_item_error *error)
{
	char protocol[DP_QUOTE_MAX], why[DP_ERR_LEN / 2] = "";

	if (pair->protocol_len >= sizeof(protocol))
		return dp_item_refuse(error, pair->port_at, "\"%s\" is no protocol",
			dp_item_quote(pair->protocol, pair->protocol_len).text);
	memcpy(protocol, pair->protocol, pair->protocol_len);
	protocol[pair->protocol_len] = '\0';
	if (sink->service(sink->to, pair->port, protocol, why) != 0)
		return dp_item_refuse(error, pair->port_at, "%s", why);
	return 0;
}

static int take_pair(void *to, const char *text, size_t len, struct dp_item_error *error)
{
	struct sink *sink = to;
	struct dp_targets *targets = sink->targets;
	struct dp_pair_item pair;
	int rc;

	if (!sink->any && len == strlen(HEADER) && memcmp(text, HEADER, len) == 0)
		return 0;
	sink->any = true;
	rc = dp_pair_parse(text, len, &pair, error);
	if (rc == 0)
		rc = ask_service(sink, &pair, error);
	if (rc != 0)
		return rc;
	rc = dp_pairs_push(&targets->pairs, &pair.addr, pair.port);
	if (rc == 0 && pair.name_len > 0)
		rc = dp_names_push(&targets->names, dp_number_from_addr(&pair.addr), pair.name,
			pair.name_len, dp_lines_place(sink->lines, sink->list, text, pair.name));
	if (rc != 0)
		snprintf(error->sentence, sizeof(error->sentence),
			"memory is short for a list of this size");
	return rc;
}

int dp_targets_add_pairs_stream(struct dp_targets *targets, FILE *in, const char *name,
	int (*service)(void *to, uint16_t port, const char *protocol, char *why), void *to,
	char err[DP_ERR_LEN])
{
	struct sink sink = {.targets = targets, .service = service, .to = to};
	struct dp_lines lines = {.in = in, .name = name, .take = take_pair, .to = &sink};
	uint64_t n_items;
	int rc = dp_names_list(&targets->names, name, err);

	assert(!targets->finished);
	if (rc < 0)
		return rc;
	sink.lines = &lines;
	sink.list = (uint16_t)rc;
	rc = dp_lines_each(&lines, &n_items, err);
	if (rc == 0 && !sink.any) {
		snprintf(err, DP_ERR_LEN,
			"%.128s:%" PRIu64 ":1: the file names no pair of address and port", name,
			lines.line + 1);
		return -EINVAL;
	}
	return rc;
}

int dp_targets_add_pairs(struct dp_targets *targets, const char *path,
	int (*service)(void *to, uint16_t port, const char *protocol, char *why), void *to,
	char err[DP_ERR_LEN])
{
	const char *name;
	FILE *in = dp_list_open(path, &name, err);
	int rc;

	if (in == NULL)
		return -errno;
	rc = dp_targets_add_pairs_stream(targets, in, name, service, to, err);
	dp_list_close(in);
	return rc;
}

/* By address, then by what service holds. */
static int compare(const void *left, const void *right)
{
	const struct dp_target *a = left, *b = right;

	return dp_pair_compare(&a->addr, a->service, &b->addr, b->service);
}

/* Drop repeats, and pairs that an allowed address and a service make. */
static void drop_known(struct dp_targets *targets, const uint16_t *service_of)
{
	const struct dp_ranges *allow = &targets->allow;
	struct dp_target *items = targets->pairs.items;
	size_t n_out = 0, at = 0;

	for (size_t i = 0; i < targets->pairs.n; i++) {
		dp_u128 number = dp_number_from_addr(&items[i].addr);
		bool allowed;

		while (at < allow->n && allow->items[at].last < number)
			at++;
		allowed = at < allow->n && allow->items[at].first <= number;
		if ((allowed && service_of[items[i].service] != 0) ||
			(n_out > 0 && compare(&items[n_out - 1], &items[i]) == 0))
			continue;
		items[n_out++] = items[i];
	}
	targets->pairs.n = n_out;
}

/* Make ports that only pairs have services, in ascending order. Then replace the port in each pair
 * by its service. */
static int number_services(struct dp_targets *targets, uint16_t *service_of)
{
	struct dp_pairs *pairs = &targets->pairs;
	uint32_t n_new = 0, n = targets->n_ports;
	bool *new = calloc(N_PORTS, sizeof(*new));
	uint16_t *ports;

	if (new == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < pairs->n; i++) {
		uint16_t port = pairs->items[i].service;

		n_new += service_of[port] == 0 && !new[port];
		new[port] = service_of[port] == 0;
	}
	ports = reallocarray(targets->ports, n + n_new + 1, sizeof(*ports));
	if (ports == NULL) {
		free(new);
		return -ENOMEM;
	}
	for (uint32_t port = 0; port < N_PORTS; port++) {
		if (!new[port])
			continue;
		ports[n++] = (uint16_t)port;
		service_of[port] = (uint16_t)n;
	}
	for (size_t i = 0; i < pairs->n; i++)
		pairs->items[i].service = service_of[pairs->items[i].service] - 1;
	targets->ports = ports;
	targets->n_ports = n;
	free(new);
	return 0;
}

int dp_pairs_settle(struct dp_targets *targets)
{
	struct dp_pairs *pairs = &targets->pairs;
	uint16_t *service_of; /* index + 1 by port */
	int rc;

	if (pairs->n == 0)
		return 0;
	service_of = calloc(N_PORTS, sizeof(*service_of));
	if (service_of == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < targets->n_ports; i++)
		service_of[targets->ports[i]] = (uint16_t)(i + 1);
	qsort(pairs->items, pairs->n, sizeof(*pairs->items), compare);
	drop_known(targets, service_of);
	rc = number_services(targets, service_of);
	free(service_of);
	return rc;
}

/* Count one pair: its family if it is live, and its address once. */
static void count_pair(struct dp_targets *targets, size_t at, bool excluded)
{
	const struct ts_addr *addr = &targets->pairs.items[at].addr;
	dp_u128 number = dp_number_from_addr(addr);
	uint64_t index;
	bool first = at == 0 || !ts_addr_equal(addr, &targets->pairs.items[at - 1].addr);

	if (!excluded) {
		targets->has_v4 |= dp_number_is_v4(number);
		targets->has_v6 |= !dp_number_is_v4(number);
	}
	if (!first)
		return;
	if (excluded)
		targets->n_excluded += targets->n_excluded < UINT64_MAX &&
				       dp_ranges_find(&targets->taken, number) == NULL;
	else
		targets->n_pair_addresses += !dp_spans_find(targets, number, &index);
}

int dp_pairs_exclude(struct dp_targets *targets)
{
	const struct dp_ranges *exclude = &targets->exclude;
	const struct dp_pairs *pairs = &targets->pairs;
	struct dp_target *live;
	size_t at = 0, n = 0;

	if (pairs->n == 0)
		return 0;
	live = calloc(pairs->n, sizeof(*live));
	if (live == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < pairs->n; i++) {
		dp_u128 number = dp_number_from_addr(&pairs->items[i].addr);
		bool excluded;

		while (at < exclude->n && exclude->items[at].last < number)
			at++;
		excluded = at < exclude->n && exclude->items[at].first <= number;
		count_pair(targets, i, excluded);
		if (!excluded)
			live[n++] = pairs->items[i];
	}
	targets->live_pairs = live;
	targets->n_live_pairs = n;
	return 0;
}

struct wanted {
	const struct dp_targets *targets;
	const struct ts_addr *addr;
	uint16_t port;
};

static inline bool pair_reaches(const void *to, size_t at)
{
	const struct wanted *wanted = to;
	const struct dp_target *pair = &wanted->targets->live_pairs[at];

	return dp_pair_compare(&pair->addr, wanted->targets->ports[pair->service], wanted->addr,
		       wanted->port) >= 0;
}

uint64_t dp_pairs_from(const struct dp_targets *targets, const struct ts_addr *addr, uint16_t port)
{
	const struct wanted wanted = {targets, addr, port};

	return dp_search_first(0, targets->n_live_pairs, pair_reaches, &wanted);
}

bool dp_pairs_find(const struct dp_targets *targets, const struct dp_target *pair, uint64_t *at)
{
	const struct dp_target *found;

	if (targets->n_live_pairs == 0 || pair->service >= targets->n_ports)
		return false;
	*at = dp_pairs_from(targets, &pair->addr, targets->ports[pair->service]);
	found = &targets->live_pairs[*at];
	return *at < targets->n_live_pairs && found->service == pair->service &&
	       ts_addr_equal(&found->addr, &pair->addr);
}

bool dp_pairs_have(const struct dp_targets *targets, const struct ts_addr *addr)
{
	uint64_t at = targets->n_live_pairs == 0 ? 0 : dp_pairs_from(targets, addr, 0);

	return at < targets->n_live_pairs && ts_addr_equal(&targets->live_pairs[at].addr, addr);
}
