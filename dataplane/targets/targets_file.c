/* SPDX-License-Identifier: BSD-3-Clause */
/* A set as text, into a file or into a digest. targets_load.c reads it. */
#include "targets_file.h"
#include "targets_internal.h"
#include "tcpstack/cookie/cookie.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK_LEN 65536
#define LINE_LEN  512 /* the longest line, except that of the services, which is put in pieces */

/* Text to be written. Where blocks end depends only on the text, so that equal text has an equal
 * digest. */
struct out {
	int fd;	   /* -1: only the digest is wanted */
	int error; /* -errno of the first failure */
	size_t len;
	uint64_t digest, n_blocks;
	char block[BLOCK_LEN];
};

static void write_all(struct out *out, const char *bytes, size_t len)
{
	while (len > 0 && out->error == 0) {
		ssize_t n = write(out->fd, bytes, len);

		if (n < 0 && errno != EINTR)
			out->error = -errno;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

/* Each block is hashed under a key that holds the digest of the text before it. */
static void out_flush(struct out *out)
{
	struct ts_cookie_key key = {.k0 = out->digest, .k1 = out->n_blocks++};

	out->digest = ts_siphash(&key, out->block, out->len);
	if (out->fd >= 0)
		write_all(out, out->block, out->len);
	out->len = 0;
}

/* A place for the next LINE_LEN bytes. */
static char *out_room(struct out *out)
{
	if (BLOCK_LEN - out->len < LINE_LEN)
		out_flush(out);
	return out->block + out->len;
}

static void out_end(struct out *out, const char *end)
{
	out->len = (size_t)(end - out->block);
}

static char *put_number(char *at, unsigned int number)
{
	char digits[10];
	unsigned int n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	while (n > 0)
		*at++ = digits[--n];
	return at;
}

static char *put_addr(char *at, const struct ts_addr *addr)
{
	ts_addr_format(addr, at);
	return at + strlen(at);
}

static void put_range(struct out *out, const char *keyword, struct dp_range range)
{
	struct ts_addr first = dp_addr_from_number(range.first),
		       last = dp_addr_from_number(range.last);
	char *at = put_addr(stpcpy(out_room(out), keyword), &first);

	if (range.last != range.first) {
		*at++ = '-';
		at = put_addr(at, &last);
	}
	*at++ = '\n';
	out_end(out, at);
}

static void put_services(struct out *out, const struct dp_targets *targets)
{
	char *at = stpcpy(out_room(out), "tlsweep-targets 1\nservices ");

	out_end(out, put_number(at, targets->n_product_ports));
	for (uint32_t i = 0; targets->ports != NULL && i < targets->n_product_ports; i++)
		out_end(out, put_number(stpcpy(out_room(out), " "), targets->ports[i]));
	out_end(out, stpcpy(out_room(out), "\n"));
}

static void put_names(struct out *out, const struct dp_names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		struct ts_addr addr = dp_addr_from_number(names->items[i].number);
		char *at = put_addr(stpcpy(out_room(out), "name "), &addr);

		*at++ = ' ';
		at = stpcpy(at, names->pool + names->items[i].name_off);
		*at++ = '\n';
		out_end(out, at);
	}
}

static void put_pairs(struct out *out, const struct dp_targets *targets)
{
	for (size_t i = 0; i < targets->pairs.n; i++) {
		const struct dp_target *pair = &targets->pairs.items[i];
		char *at = put_addr(stpcpy(out_room(out), "pair "), &pair->addr);

		*at++ = ' ';
		at = put_number(at, targets->ports[pair->service]);
		*at++ = '\n';
		out_end(out, at);
	}
}

/* All lines except the last. Then out->digest is the digest of all of them. */
static void put_set(struct out *out, const struct dp_targets *targets)
{
	struct dp_allow_walk walk = {.targets = targets};
	struct dp_range range;

	put_services(out, targets);
	while (dp_allow_next(&walk, &range))
		put_range(out, "allow ", range);
	for (size_t i = 0; i < targets->exclude.n; i++)
		put_range(out, "exclude ", targets->exclude.items[i]);
	put_names(out, &targets->names);
	put_pairs(out, targets);
	out_flush(out);
}

uint64_t dp_targets_digest(const struct dp_targets *targets)
{
	struct out out;

	out.fd = -1;
	out.error = 0;
	out.len = 0;
	out.digest = out.n_blocks = 0;
	put_set(&out, targets);
	return out.digest;
}

int dp_targets_save(const struct dp_targets *targets, int fd)
{
	struct out *out = malloc(sizeof(*out));
	char *at;
	int rc;

	if (out == NULL)
		return -ENOMEM;
	*out = (struct out){.fd = fd};
	put_set(out, targets);
	at = out_room(out);
	out->len = (size_t)snprintf(at, LINE_LEN, "end %016" PRIx64 "\n", out->digest);
	out_flush(out);
	rc = out->error;
	free(out);
	return rc;
}
