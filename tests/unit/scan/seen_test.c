/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "dataplane/seen.h"
#include "tap.h"

static const struct ts_cookie_key key = {.k0 = 1, .k1 = 2};

static struct ts_addr addr_of(uint32_t i)
{
	return ts_addr_from_v4(UINT32_C(0x0a000000) ^ (i * UINT32_C(2654435761)));
}

static void test_kinds(void)
{
	struct dp_seen seen;
	void *mem = aligned_alloc(64, dp_seen_size(64));
	struct ts_addr a = addr_of(7);

	memset(mem, 0, dp_seen_size(64));
	dp_seen_init(&seen, mem, 64, &key);
	tap_ok(!dp_seen_add(&seen, DP_SEEN_RST, &a, 443), "a first RST is new");
	tap_ok(dp_seen_add(&seen, DP_SEEN_RST, &a, 443), "its repetition is not");
	tap_ok(!dp_seen_has(&seen, DP_SEEN_SYNACK, &a, 443), "a RST does not hide a SYN-ACK");
	tap_ok(!dp_seen_add(&seen, DP_SEEN_SYNACK, &a, 443), "the SYN-ACK after it is new");
	tap_ok(!dp_seen_has(&seen, DP_SEEN_SYNACK, &a, 25), "another port is another pair");
	dp_seen_forget(&seen, DP_SEEN_SYNACK, &a, 443);
	tap_ok(!dp_seen_has(&seen, DP_SEEN_SYNACK, &a, 443), "what is forgotten is new again");
	tap_ok(dp_seen_has(&seen, DP_SEEN_RST, &a, 443), "and nothing else was forgotten with it");
	free(mem);
}

/* Within its size the table forgets next to nothing, and it never claims to have seen a stranger.
 */
static void test_capacity(void)
{
	enum { N = 100000 };
	struct dp_seen seen;
	void *mem = aligned_alloc(64, dp_seen_size(2 * N));
	uint32_t n_lost = 0, n_false = 0;

	memset(mem, 0, dp_seen_size(2 * N));
	dp_seen_init(&seen, mem, 2 * N, &key);
	for (uint32_t i = 0; i < N; i++) {
		struct ts_addr a = addr_of(i);

		n_false += dp_seen_add(&seen, DP_SEEN_SYNACK, &a, 25);
	}
	for (uint32_t i = 0; i < N; i++) {
		struct ts_addr a = addr_of(i);

		n_lost += !dp_seen_has(&seen, DP_SEEN_SYNACK, &a, 25);
	}
	tap_eq(n_false, 0, "100,000 different pairs are all new");
	tap_ok(n_lost < N / 100, "at half load fewer than one in a hundred has fallen out (%u)",
		n_lost);
	free(mem);
}

/* One bucket: the oldest falls out, the newest eight stay. */
static void test_oldest_first(void)
{
	struct dp_seen seen;
	void *mem = aligned_alloc(64, dp_seen_size(1));
	uint32_t n_kept = 0;

	memset(mem, 0, dp_seen_size(1));
	dp_seen_init(&seen, mem, 1, &key);
	for (uint32_t i = 0; i < 20; i++) {
		struct ts_addr a = addr_of(i);

		dp_seen_add(&seen, DP_SEEN_SYNACK, &a, 25);
	}
	for (uint32_t i = 12; i < 20; i++) {
		struct ts_addr a = addr_of(i);

		n_kept += dp_seen_has(&seen, DP_SEEN_SYNACK, &a, 25);
	}
	tap_eq(n_kept, 8, "a full bucket keeps the newest eight");
	struct ts_addr first = addr_of(0);
	tap_ok(!dp_seen_has(&seen, DP_SEEN_SYNACK, &first, 25), "and has forgotten the oldest");
	free(mem);
}

int main(void)
{
	test_kinds();
	test_capacity();
	test_oldest_first();
	return tap_done();
}
