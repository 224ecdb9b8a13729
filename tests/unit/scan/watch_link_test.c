/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan makes of a link that goes away. */
#include "apps/scan/watch_link.h"

#include <errno.h>

#include "tap.h"

#define SECOND UINT64_C(1000000)

static void test_lost_and_back(void)
{
	struct watch_link link;

	watch_link_start(&link, SECOND, true);
	tap_ok(!watch_link_due(&link, SECOND + 99999) && watch_link_due(&link, SECOND + 100000),
		"the link is looked at every 100 ms");
	tap_eq(watch_link_take(&link, 0, 2 * SECOND), LINK_UP, "a link that is there is up");
	tap_eq(watch_link_take(&link, -ENOLINK, 3 * SECOND), LINK_LOST, "it is lost once");
	tap_eq(watch_link_take(&link, -ENOLINK, 12 * SECOND), LINK_DOWN,
		"it may stay away for ten seconds");
	tap_eq(link.lost_us, 3 * SECOND, "the loss is counted from its first look");
	tap_eq(watch_link_take(&link, 0, 12 * SECOND + 1), LINK_BACK, "it comes back once");
	tap_eq(link.lost_us, 0, "there is no loss any more");
	tap_eq(watch_link_take(&link, 0, 13 * SECOND), LINK_UP, "and then it is up");
}

static void test_failed(void)
{
	struct watch_link link;

	watch_link_start(&link, SECOND, true);
	watch_link_take(&link, -ENOLINK, 2 * SECOND);
	tap_eq(watch_link_take(&link, -ENOLINK, 12 * SECOND), LINK_FAILED,
		"a link that is away for ten seconds has failed");
	watch_link_start(&link, SECOND, true);
	tap_eq(watch_link_take(&link, -ENODEV, 2 * SECOND), LINK_FAILED,
		"a port that is gone has failed at once");
}

static void test_peer_to_come(void)
{
	struct watch_link link;

	watch_link_start(&link, SECOND, false);
	tap_eq(watch_link_take(&link, -ENOLINK, 2 * SECOND), LINK_LOST,
		"a peer that never was there counts as a loss");
	tap_eq(watch_link_take(&link, -ENOLINK, 1000 * SECOND), LINK_DOWN,
		"but is waited for without limit");
	watch_link_take(&link, 0, 1001 * SECOND);
	watch_link_take(&link, -ENOLINK, 1002 * SECOND);
	tap_eq(watch_link_take(&link, -ENOLINK, 1012 * SECOND), LINK_FAILED,
		"until it was there: then it has ten seconds");
}

int main(void)
{
	test_lost_and_back();
	test_failed();
	test_peer_to_come();
	return tap_done();
}
