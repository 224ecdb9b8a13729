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
	tap_eq(sc_watch_link_take(&link, 0, 2 * SECOND), SC_LINK_UP,
		"a link that was never lost is reported as up");
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 3 * SECOND), SC_LINK_LOST,
		"the loss of a link is reported at the first look without it");
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 12 * SECOND), SC_LINK_DOWN,
		"a scan does not fail while its link is away for less than ten seconds");
	tap_eq(link.lost_us, 3 * SECOND,
		"the time without a link counts from the first look without it");
	tap_eq(sc_watch_link_take(&link, 0, 12 * SECOND + 1), SC_LINK_BACK,
		"a link that returns is reported as back at the first look");
	tap_eq(link.lost_us, 0, "a link that is back has no time without it");
	tap_eq(sc_watch_link_take(&link, 0, 13 * SECOND), SC_LINK_UP,
		"a link that is back is up at the second look");
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
		"a peer that never was there is waited for without limit");
	sc_watch_link_take(&link, 0, 1001 * SECOND);
	sc_watch_link_take(&link, -ENOLINK, 1002 * SECOND);
	tap_eq(sc_watch_link_take(&link, -ENOLINK, 1012 * SECOND), SC_LINK_FAILED,
		"a peer that was there once has ten seconds to return");
}

int main(void)
{
	test_lost_and_back();
	test_failed();
	test_peer_to_come();
	return tap_done();
}
