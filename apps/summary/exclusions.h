/* SPDX-License-Identifier: BSD-3-Clause */
/* The account of live exclusions: what was asked not to be scanned while the scan ran. Main thread.
 */
#pragma once

#include "apps/json/json.h"
#include "dataplane/targets/ranges.h"

#define EXCLUSION_SOURCE_LEN 256

struct exclusion {
	uint64_t at_unix_us;		   /* from here on no packet went there */
	bool confirmed;			   /* false: a poll core did not say so in time */
	uint64_t n_conns;		   /* connections that were reset for it */
	char source[EXCLUSION_SOURCE_LEN]; /* "control socket", or the name of a file */
	struct dp_ranges ranges;	   /* what was not excluded before; normal, owned */
};

struct exclusions {
	struct exclusion *items; /* in the order they came */
	size_t n;
};

/** A new entry at the end, to be filled in, or NULL: memory is short. */
struct exclusion *exclusions_add(struct exclusions *all);

/** Write them as an array of objects. */
void exclusions_json(const struct exclusions *all, struct js_buf *js, const char *key);

/** A range as a prefix where it is one, else as first-last. @param text out: 2 * TS_ADDR_STRLEN */
void exclusion_range_text(const struct dp_range *range, char *text, size_t len);

void exclusions_free(struct exclusions *all);
