/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan makes of a link that goes away. */
#include "apps/scan/watch_link.h"

#include <errno.h>

#include "tap.h"

#define SECOND UINT64_C(1000000)

static void test_lost_and_back(void)
{
	struct sc_watch_link link;

	sc_watch_link_start(&link, SECOND, true);
	tap_ok(!sc_watch_link_due(&link, SECOND + 99999) &&
			sc_watch_link_due(&link, SECOND + 100000),
		"the link is looked at every 100 ms");
	tap_eq(sc_watch_link_take(&link, 0, 2 * SECOND), SC_LINK_UP, "a link that is there is up");
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 3 * SECOND), SC_LINK_LOST, "it is lost once");
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 12 * SECOND), SC_LINK_DOWN,
		"it may stay away for ten seconds");
	tap_eq(link.lost_us, 3 * SECOND, "the loss is counted from its first look");
	tap_eq(sc_watch_link_take(&link, 0, 12 * SECOND + 1), SC_LINK_BACK, "it comes back once");
	tap_eq(link.lost_us, 0, "there is no loss any more");
	tap_eq(sc_watch_link_take(&link, 0, 13 * SECOND), SC_LINK_UP, "and then it is up");
}

static void test_failed(void)
{
	struct sc_watch_link link;

	sc_watch_link_start(&link, SECOND, true);
	sc_watch_link_take(&link, -ENOLINK, 2 * SECOND);
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 12 * SECOND), SC_LINK_FAILED,
		"a link that is away for ten seconds has failed");
	sc_watch_link_start(&link, SECOND, true);
	tap_eq(sc_watch_link_take(&link, -ENODEV, 2 * SECOND), SC_LINK_FAILED,
		"a port that is gone has failed at once");
}

static void test_peer_to_come(void)
{
	struct sc_watch_link link;

	sc_watch_link_start(&link, SECOND, false);
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 2 * SECOND), SC_LINK_LOST,
		"a peer that never was there counts as a loss");
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 1000 * SECOND), SC_LINK_DOWN,
		"but is waited for without limit");
	sc_watch_link_take(&link, 0, 1001 * SECOND);
	sc_watch_link_take(&link, -ENOLINK, 1002 * SECOND);
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 1012 * SECOND), SC_LINK_FAILED,
		"until it was there: then it has ten seconds");
}

int main(void)
{
	test_lost_and_back();
	test_failed();
	test_peer_to_come();
	return tap_done();
}
