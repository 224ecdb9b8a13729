/* SPDX-License-Identifier: BSD-3-Clause */
/* Late answers are waited for, in virtual time: anew when a target goes out again or a lost link is
 * back, and not at all when there is nothing to wait for. */
#include "apps/scan/cooldown.h"

#include "tap.h"

#define LENGTH_US 8000

static const struct sc_cooldown_look probing = {.probing = true, .asked = true};
static const struct sc_cooldown_look quiet = {.asked = true};
static const struct sc_cooldown_look cut_off = {.no_link = true, .asked = true};

static void test_end(void)
{
	struct sc_cooldown c = {.length_us = LENGTH_US};

	tap_ok(!sc_cooldown_take(&c, probing, 1000) && !sc_cooldown_heard_out(&c, 1000),
		"while probes leave there is no end");
	tap_ok(sc_cooldown_take(&c, quiet, 2000), "the last has left: the pace is noted");
	tap_ok(!sc_cooldown_take(&c, quiet, 3000), "the pace of a scan is noted once");
	tap_eq((int64_t)sc_cooldown_left(&c, 3000), LENGTH_US - 1000,
		"the wait of the cooldown counts from the last probe");
	tap_ok(!sc_cooldown_heard_out(&c, 2000 + LENGTH_US - 1) &&
			sc_cooldown_heard_out(&c, 2000 + LENGTH_US),
		"the cooldown lasts until the wait is over");
	tap_ok(!sc_cooldown_take(&c, probing, 20000) && !sc_cooldown_heard_out(&c, 20000),
		"a target that goes out again takes it back");
	tap_ok(sc_cooldown_take(&c, quiet, 21000) && sc_cooldown_left(&c, 21000) == LENGTH_US,
		"the cooldown begins anew behind a target that goes out again");
}

/* Restarted by the loss of the link as such, it never ended for a port whose peer never came, and
 * the pace of a scan was that of its probes over the time without a link as well. */
static void test_link(void)
{
	struct sc_cooldown c = {.length_us = LENGTH_US};

	sc_cooldown_take(&c, probing, 1000);
	sc_cooldown_take(&c, quiet, 2000);
	tap_ok(!sc_cooldown_take(&c, cut_off, 5000) && !sc_cooldown_take(&c, cut_off, 30000),
		"without a link probing does not end a second time");
	tap_eq((int64_t)sc_cooldown_left(&c, 30000), LENGTH_US,
		"without a link the cooldown does not end, since answers are still to come");
	sc_cooldown_take(&c, quiet, 31000);
	tap_ok(!sc_cooldown_heard_out(&c, 30000 + LENGTH_US - 1) &&
			sc_cooldown_heard_out(&c, 30000 + LENGTH_US),
		"the wait of the cooldown counts from when the link was back");
}

static void test_nothing_asked(void)
{
	struct sc_cooldown c = {.length_us = LENGTH_US};
	const struct sc_cooldown_look nothing = {.no_link = true};

	tap_ok(sc_cooldown_take(&c, nothing, 100) && sc_cooldown_heard_out(&c, 100),
		"of nothing that was asked nothing is late");
	c = (struct sc_cooldown){.length_us = 0};
	tap_ok(sc_cooldown_take(&c, quiet, 100) && sc_cooldown_heard_out(&c, 100),
		"there is no cooldown if none is asked for");
}

int main(void)
{
	test_end();
	test_link();
	test_nothing_asked();
	return tap_done();
}
