/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads what targets_file.c wrote. The digest at the end proves the whole file. The checks before
 * it say which line is wrong if somebody has edited the file. */
#include "targets_file.h"
#include "targets_internal.h"
#include "targets_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define PATH_SHOWN 128
#define N_PORTS	   65535

struct load {
	struct dp_targets *targets;
	const struct dp_lines *lines;
	uint16_t list;	 /* its number among the lists of names */
	uint64_t digest; /* of the last line */
	uint32_t n_services;
	bool has_version, has_services, ended;
};

/* A line cut in two. */
struct words {
	const char *text;
	size_t len;
	size_t at; /* byte where the rest begins, behind the first word and its blank */
};

static bool first_word_is(const struct words *words, const char *word)
{
	return strlen(word) == words->at - 1 && memcmp(words->text, word, words->at - 1) == 0;
}

/* Take a decimal number up to the next blank or the end. False: there is none, or it is above
 * max. */
static bool take_number(struct words *words, uint32_t max, uint32_t *number)
{
	size_t start = words->at;
	uint64_t value = 0;

	while (words->at < words->len && dp_item_is_digit(words->text[words->at]) && value <= max)
		value = value * 10 + (uint64_t)(words->text[words->at++] - '0');
	if (words->at == start || value > max)
		return false;
	if (words->at < words->len && words->text[words->at++] != ' ')
		return false;
	*number = (uint32_t)value;
	return true;
}

static int no_memory(struct dp_item_error *error)
{
	dp_item_refuse(error, 0, "memory is short for this set of targets");
	return -ENOMEM;
}

static int take_services(struct load *load, struct words *words, struct dp_item_error *error)
{
	uint16_t *ports = calloc(N_PORTS, sizeof(*ports));
	uint32_t n = 0, port = 0;
	bool good = take_number(words, N_PORTS, &load->n_services);
	int rc = 0;

	if (ports == NULL)
		return no_memory(error);
	while (good && words->at < words->len && n < load->n_services) {
		good = take_number(words, UINT16_MAX, &port);
		ports[n++] = (uint16_t)port;
	}
	if (!good || words->at < words->len || (n != 0 && n != load->n_services))
		rc = dp_item_refuse(error, words->at,
			"the number of services and their ports "
			"are expected here");
	else if (n > 0 && dp_targets_set_ports(load->targets, ports, n) != 0)
		rc = no_memory(error);
	load->has_services = true;
	free(ports);
	return rc;
}

static int take_range(struct words *words, struct dp_ranges *ranges, struct dp_item_error *error)
{
	struct dp_item item;
	int rc = dp_item_parse(words->text + words->at, words->len - words->at, &item, error);

	error->column += words->at;
	if (rc == 0 && item.name != NULL)
		rc = dp_item_refuse(error, words->at, "an address or a range is expected here");
	if (rc == 0 && dp_ranges_push(ranges, item.range) != 0)
		rc = no_memory(error);
	return rc;
}

/* The address in the line of a name or a pair, which is followed by another word. */
static int take_address(struct words *words, struct dp_item *item, struct dp_item_error *error)
{
	const char *rest = words->text + words->at;
	const char *blank = memchr(rest, ' ', words->len - words->at);
	int rc;

	if (blank == NULL)
		return dp_item_refuse(error, words->len, "a second word is missing");
	rc = dp_item_parse(rest, (size_t)(blank - rest), item, error);
	error->column += words->at;
	if (rc == 0 && (item->name != NULL || item->range.first != item->range.last))
		rc = dp_item_refuse(error, words->at, "an address is expected here");
	words->at = (size_t)(blank - words->text) + 1;
	return rc;
}

static int take_name(struct load *load, struct words *words, struct dp_item_error *error)
{
	struct dp_item item;
	int rc = take_address(words, &item, error);

	if (rc == 0 && dp_names_push(&load->targets->names, item.range.first,
			       words->text + words->at, words->len - words->at,
			       dp_lines_place(load->lines, load->list, words->text,
				       words->text + words->at)) != 0)
		rc = no_memory(error);
	return rc;
}

static int take_pair(struct load *load, struct words *words, struct dp_item_error *error)
{
	struct ts_addr addr;
	struct dp_item item;
	uint32_t port = 0;
	int rc = take_address(words, &item, error);

	if (rc == 0 && (!take_number(words, UINT16_MAX, &port) || port == 0))
		rc = dp_item_refuse(error, words->at, "a port is expected here");
	if (rc != 0)
		return rc;
	addr = dp_addr_from_number(item.range.first);
	if (dp_pairs_push(&load->targets->pairs, &addr, (uint16_t)port) != 0)
		rc = no_memory(error);
	return rc;
}

static int take_end(struct load *load, struct words *words, struct dp_item_error *error)
{
	char digits[17], *end;
	size_t len = words->len - words->at;

	if (len != sizeof(digits) - 1)
		return dp_item_refuse(error, words->at, "16 hexadecimal digits are expected here");
	memcpy(digits, words->text + words->at, len);
	digits[len] = '\0';
	load->digest = strtoull(digits, &end, 16);
	load->ended = true;
	return *end == '\0' ? 0
			    : dp_item_refuse(
				      error, words->at, "16 hexadecimal digits are expected here");
}

static int take_line(void *to, const char *text, size_t len, struct dp_item_error *error)
{
	const char *blank = memchr(text, ' ', len);
	struct load *load = to;
	struct words words = {text, len, blank == NULL ? len + 1 : (size_t)(blank - text) + 1};

	if (!load->has_version) {
		load->has_version = true;
		if (len == strlen("tlsweep-targets 1") &&
			memcmp(text, "tlsweep-targets 1", len) == 0)
			return 0;
		return dp_item_refuse(error, 0,
			"this is not a saved set of targets, or one of another version of tlsweep");
	}
	if (load->ended)
		return dp_item_refuse(error, 0, "there is more behind the end");
	if (blank == NULL)
		return dp_item_refuse(error, 0, "a second word is missing");
	if (!load->has_services && !first_word_is(&words, "services"))
		return dp_item_refuse(error, 0, "the services are expected here");
	if (first_word_is(&words, "allow"))
		return take_range(&words, &load->targets->allow, error);
	if (first_word_is(&words, "exclude"))
		return take_range(&words, &load->targets->exclude, error);
	if (first_word_is(&words, "name"))
		return take_name(load, &words, error);
	if (first_word_is(&words, "pair"))
		return take_pair(load, &words, error);
	if (first_word_is(&words, "services") && !load->has_services)
		return take_services(load, &words, error);
	if (first_word_is(&words, "end"))
		return take_end(load, &words, error);
	return dp_item_refuse(error, 0, "a line that no saved set of targets has");
}

/* Finish the set, and check that it is what was saved. */
static int complete(struct load *load, const char *path, uint32_t n_services, uint64_t seed,
	char err[DP_ERR_LEN])
{
	char why[DP_ERR_LEN];
	int rc;

	if (!load->ended) {
		snprintf(err, DP_ERR_LEN, "%.*s: the file ends too early: it was cut", PATH_SHOWN,
			path);
		return -EINVAL;
	}
	if (load->n_services != n_services) {
		snprintf(err, DP_ERR_LEN,
			"%.*s: the targets were saved for %u services, and now there are %u",
			PATH_SHOWN, path, load->n_services, n_services);
		return -EINVAL;
	}
	if (load->targets->pairs.n > 0 && load->targets->ports == NULL && n_services > 0) {
		snprintf(err, DP_ERR_LEN, "%.*s: the ports of the services are missing", PATH_SHOWN,
			path);
		return -EINVAL;
	}
	rc = dp_targets_finish(load->targets, n_services, seed, why);
	if (rc != 0) {
		snprintf(err, DP_ERR_LEN, "%.*s: %.120s", PATH_SHOWN, path, why);
	} else if (dp_targets_digest(load->targets) != load->digest) {
		snprintf(err, DP_ERR_LEN,
			"%.*s: the file was changed or damaged: its content does not have the "
			"digest at its end",
			PATH_SHOWN, path);
		rc = -EINVAL;
	}
	return rc;
}

struct dp_targets *dp_targets_load(
	FILE *in, const char *path, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN])
{
	struct dp_lines lines = {.in = in, .name = path, .take = take_line};
	struct load load = {.targets = dp_targets_new(), .lines = &lines};
	uint64_t n_items;
	int rc = -ENOMEM;

	snprintf(err, DP_ERR_LEN, "memory is short for this set of targets");
	lines.to = &load;
	if (load.targets != NULL) {
		rc = dp_names_list(&load.targets->names, path, err);
		load.list = (uint16_t)rc;
		if (rc >= 0)
			rc = dp_lines_each(&lines, &n_items, err);
		if (rc == 0)
			rc = complete(&load, path, n_services, seed, err);
	}
	if (rc == 0)
		return load.targets;
	dp_targets_free(load.targets);
	return NULL;
}
