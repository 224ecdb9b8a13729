/* SPDX-License-Identifier: BSD-3-Clause */
/* The account of live exclusions: ranges as prefixes where they are prefixes. */
#include "apps/summary/exclusions.h"

#include "tap.h"

static void check_text(const char *first, const char *last, const char *want)
{
	struct ts_addr a, b;
	struct dp_range range;
	char text[2 * TS_ADDR_STRLEN];

	if (ts_addr_parse(first, &a) != 0 || ts_addr_parse(last, &b) != 0) {
		tap_ok(false, "%s and %s are addresses", first, last);
		return;
	}
	range = (struct dp_range){dp_number_from_addr(&a), dp_number_from_addr(&b)};
	su_exclusion_range_text(&range, text, sizeof(text));
	tap_str(text, want, want);
}

int main(void)
{
	struct su_exclusions all = {0};
	struct js_buf js = {0};
	struct su_exclusion *e;

	check_text("192.0.2.1", "192.0.2.1", "192.0.2.1");
	check_text("192.0.2.0", "192.0.2.255", "192.0.2.0/24");
	check_text("192.0.2.1", "192.0.2.255", "192.0.2.1-192.0.2.255");
	check_text("192.0.2.128", "192.0.3.127", "192.0.2.128-192.0.3.127");
	check_text("0.0.0.0", "255.255.255.255", "0.0.0.0/0");
	check_text("2001:db8::", "2001:db8::ffff", "2001:db8::/112");
	check_text("2001:db8::", "2001:db8:0:ffff:ffff:ffff:ffff:ffff", "2001:db8::/48");
	check_text("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0");
	e = su_exclusions_add(&all);
	if (e == NULL)
		return tap_skip_all("no memory");
	e->confirmed = true;
	e->n_conns = 3;
	e->at_unix_us = 1;
	snprintf(e->source, sizeof(e->source), "a \"file\"");
	dp_ranges_push(&e->ranges, (struct dp_range){1, 1});
	js_object(&js, NULL);
	su_exclusions_json(&all, &js, "excluded_live");
	js_end_object(&js);
	js_text(&js, NULL, "", 0);
	if (!js.failed)
		js.data[js.len - 3] = '\0';
	tap_str(js.data,
		"{\"excluded_live\":[{\"time\":\"1970-01-01T00:00:00.000001Z\","
		"\"source\":\"a \\\"file\\\"\",\"confirmed\":true,\"connections_reset\":3,"
		"\"n_ranges\":1,\"ranges\":[\"::1\"]}]}",
		"the account of live exclusions is written as JSON");
	js_free(&js);
	su_exclusions_free(&all);
	tap_eq((int64_t)all.n, 0, "the account of live exclusions is freed");
	return tap_done();
}
