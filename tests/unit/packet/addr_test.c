/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "tap.h"
#include "frames.h"

static const struct {
	const char *in, *out;
} good[] = {
	{"198.18.0.1", "198.18.0.1"},
	{"255.255.255.255", "255.255.255.255"},
	{"::ffff:198.18.0.1", "198.18.0.1"},
	{"::", "::"},
	{"::1", "::1"},
	{"1::", "1::"},
	{"2001:DB8::0001", "2001:db8::1"},
	{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
	{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
	{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
	{"0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"},
	{"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
	{"::5.6.7.8", "::506:708"},
	{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
};

static const char *const bad[] = {"", "x", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ",
	" 1.2.3.4", "01.2.3.4", "1.2.3.4/32", "1:2:3:4:5:6:7", "1::2::3", "fe80::1%eth0", "[::1]",
	":::", "12345::"};

static void random_round_trip(void)
{
	uint64_t seed = 1;
	bool same = true;

	for (int i = 0; i < 20000 && same; i++) {
		struct ts_addr a, back;
		char text[TS_ADDR_STRLEN];

		for (int g = 0; g < 16; g += 2) {
			uint64_t r = rnd(&seed);

			a.b[g] = (uint8_t)(r & 1 ? r >> 8 : 0);
			a.b[g + 1] = (uint8_t)(r & 6 ? r >> 16 : 0);
		}
		ts_addr_format(&a, text);
		same = ts_addr_parse(text, &back) == 0 && ts_addr_equal(&a, &back);
		if (!same)
			printf("# %s\n", text);
	}
	tap_ok(same, "20,000 addresses with many zero groups survive format and parse");
}

int main(void)
{
	struct ts_addr a, untouched;
	char text[TS_ADDR_STRLEN];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		tap_about("address %s", good[i].in);
		tap_eq(ts_addr_parse(good[i].in, &a), 0, "it is read");
		ts_addr_format(&a, text);
		tap_str(text, good[i].out, "it is written as RFC 5952 wants it");
	}
	tap_about(NULL);
	memset(&a, 0x5a, sizeof(a));
	untouched = a;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(ts_addr_parse(bad[i], &a) == -EINVAL && ts_addr_equal(&a, &untouched),
			"the address \"%s\" is refused and nothing is written", bad[i]);
	a = addr("198.18.0.1");
	tap_ok(ts_addr_is_v4(&a) && a.b[12] == 198 && a.b[15] == 1,
		"an IPv4 address is held as a mapped one");
	a = addr("2001:db8::1");
	tap_ok(!ts_addr_is_v4(&a), "an IPv6 address is not taken for one of IPv4");
	random_round_trip();
	return tap_done();
}
