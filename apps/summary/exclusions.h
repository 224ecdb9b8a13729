/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of live exclusions: what a user excluded while the scan ran. Main thread. */
#pragma once

#include "apps/json/json.h"
#include "dataplane/targets/ranges.h"

#define SU_EXCLUSION_SOURCE_LEN 256

struct su_exclusion {
	uint64_t at_unix_us; /* µs since 1970: from then on no packet went there */
	bool confirmed;	     /* false: a poll core did not confirm it in time */
	uint64_t n_conns;    /* connections that were reset because of it */
	char source[SU_EXCLUSION_SOURCE_LEN]; /* "control socket", or the name of a file */
	struct dp_ranges ranges;	      /* what was not excluded before; normal, owned */
};

struct su_exclusions {
	struct su_exclusion *items; /* in the order in which they came */
	size_t n;
};

/**
 * Add an entry at the end.
 * @param all  in/out: the list; one that is all zero is empty
 * @return the entry, all zero, to be filled in by the caller; valid until the next call. NULL:
 *         memory is short
 */
struct su_exclusion *su_exclusions_add(struct su_exclusions *all);

/**
 * Write the list as an array of objects. Of each at most the first 1,000 ranges are written.
 * @param all  in: the list
 * @param js   out: the array is added; failed is set if memory is short
 * @param key  in: the array's name
 */
void su_exclusions_json(const struct su_exclusions *all, struct js_buf *js, const char *key);

/**
 * Write a range as an address, a prefix, or FIRST-LAST.
 * @param range      in: first is not above last
 * @param text, len  out: NUL-terminated; 2 * TS_ADDR_STRLEN bytes are enough
 */
void su_exclusion_range_text(const struct dp_range *range, char *text, size_t len);

/** Free all entries with their ranges; the list is empty then. */
void su_exclusions_free(struct su_exclusions *all);
