/* SPDX-License-Identifier: BSD-3-Clause */
/* The account of live exclusions: what was asked not to be scanned while the scan ran. Main thread.
 */
#pragma once

#include "apps/json/json.h"
#include "dataplane/targets/ranges.h"

#define SU_EXCLUSION_SOURCE_LEN 256

struct su_exclusion {
	uint64_t at_unix_us;		      /* from here on no packet went there */
	bool confirmed;			      /* false: a poll core did not say so in time */
	uint64_t n_conns;		      /* connections that were reset for it */
	char source[SU_EXCLUSION_SOURCE_LEN]; /* "control socket", or the name of a file */
	struct dp_ranges ranges;	      /* what was not excluded before; normal, owned */
};

struct su_exclusions {
	struct su_exclusion *items; /* in the order they came */
	size_t n;
};

/** A new entry at the end, to be filled in, or NULL: memory is short. */
struct su_exclusion *su_exclusions_add(struct su_exclusions *all);

/** Write them as an array of objects. */
void su_exclusions_json(const struct su_exclusions *all, struct js_buf *js, const char *key);

/** A range as a prefix where it is one, else as first-last. @param text out: 2 * TS_ADDR_STRLEN */
void su_exclusion_range_text(const struct dp_range *range, char *text, size_t len);

void su_exclusions_free(struct su_exclusions *all);
