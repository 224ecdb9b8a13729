/* SPDX-License-Identifier: BSD-3-Clause */
#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/util/replace_file.h"
#include "tcpstack/cookie/cookie.h"

/* Lines of any checkpoint: the first one, and one for each key that comes once, without "end". */
#define FIXED_LINES 16

int re_checkpoint_add_open(
	struct re_checkpoint *checkpoint, const struct ts_addr *addr, uint16_t port)
{
	if (checkpoint->n_open == checkpoint->cap_open) {
		size_t cap = checkpoint->cap_open == 0 ? 256 : 2 * checkpoint->cap_open;
		struct re_checkpoint_pair *open = reallocarray(
			checkpoint->open, cap, sizeof(*open));

		if (open == NULL)
			return -ENOMEM;
		checkpoint->open = open;
		checkpoint->cap_open = cap;
	}
	checkpoint->open[checkpoint->n_open++] = (struct re_checkpoint_pair){*addr, port};
	return 0;
}

void re_checkpoint_free(struct re_checkpoint *checkpoint)
{
	dp_ranges_free(&checkpoint->excluded);
	free(checkpoint->open);
	memset(checkpoint, 0, sizeof(*checkpoint));
}

/* A digest that tells apart two lists that are too long to be written out. It needs no secret
 * key. */
static uint64_t digest_services(const struct dl_service *services, size_t n)
{
	struct ts_cookie_key key = {0};
	char item[DL_ITEM_LEN];

	for (size_t i = 0; i < n;) {
		i += dl_services_item(&services[i], n - i, item);
		key.k0 = ts_siphash(&key, item, strlen(item));
	}
	return key.k0;
}

void re_checkpoint_services(
	const struct dl_service *services, size_t n, char out[RE_CHECKPOINT_TEXT_LEN])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && RE_CHECKPOINT_TEXT_LEN - len > DL_ITEM_LEN + 1;) {
		if (i > 0)
			out[len++] = ',';
		i += dl_services_item(&services[i], n - i, out + len);
		len += strlen(out + len);
		if (i == n)
			return;
	}
	if (n > 0)
		snprintf(out, RE_CHECKPOINT_TEXT_LEN, "%zu services, digest %016" PRIx64, n,
			digest_services(services, n));
}

static void print_range(const struct dp_range *range, FILE *out)
{
	struct ts_addr first = dp_addr_from_number(range->first);
	struct ts_addr last = dp_addr_from_number(range->last);
	char first_text[TS_ADDR_STRLEN], last_text[TS_ADDR_STRLEN];

	ts_addr_format(&first, first_text);
	ts_addr_format(&last, last_text);
	fprintf(out, "excluded = %s-%s\n", first_text, last_text);
}

int re_checkpoint_print(const struct re_checkpoint *c, FILE *out)
{
	fprintf(out,
		"tlsweep checkpoint 2\n"
		"state = %s\n"
		"runs = %" PRIu64 "\n"
		"seed = %" PRIu64 "\n"
		"targets = %016" PRIx64 "\n"
		"services = %s\n"
		"pair_services = %s\n"
		"outcomes = %s\n"
		"certificates = %s\n"
		"index_first = %" PRIu64 "\n"
		"n_indices = %" PRIu64 "\n"
		"next_index = %" PRIu64 "\n"
		"results_from = %" PRIu64 "\n"
		"results_bytes = %" PRIu64 "\n"
		"n_records = %" PRIu64 "\n"
		"certificates_bytes = %" PRIu64 "\n",
		c->state == RE_STATE_DONE ? "done" : "running", c->n_runs, c->seed,
		c->targets_digest, c->services, c->pair_services, c->outcomes, c->certificates,
		c->index_first, c->n_indices, c->next_index, c->results_from, c->results_bytes,
		c->n_records, c->certs_bytes);
	for (size_t i = 0; i < c->excluded.n; i++)
		print_range(&c->excluded.items[i], out);
	for (size_t i = 0; i < c->n_open; i++) {
		char text[TS_ADDR_STRLEN];

		ts_addr_format(&c->open[i].addr, text);
		fprintf(out, "open = %s %u\n", text, c->open[i].port);
	}
	fprintf(out, "end = %zu\n", FIXED_LINES + c->excluded.n + c->n_open);
	return ferror(out) ? -EIO : 0;
}

int re_checkpoint_save(const struct re_checkpoint *checkpoint, const struct ut_folder *folder)
{
	int fd = ut_replace_begin(folder, UT_CHECKPOINT_FILE);
	int copy, rc = 0;
	FILE *out;

	if (fd < 0)
		return fd;
	/* fclose() closes the copy; ut_replace_end() needs fd. */
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	out = copy < 0 ? NULL : fdopen(copy, "w");
	if (out == NULL) {
		rc = -errno;
		if (copy >= 0)
			close(copy);
	} else {
		rc = re_checkpoint_print(checkpoint, out);
		if (fclose(out) != 0 && rc == 0)
			rc = -errno;
	}
	return ut_replace_end(folder, UT_CHECKPOINT_FILE, fd, rc, true);
}
