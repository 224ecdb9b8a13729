/* SPDX-License-Identifier: BSD-3-Clause */
/* What may stand after -i lab, and what is said about what may not. */
#include <errno.h>

#include "apps/lab/lab_spec.h"
#include "apps/util/argument.h"
#include "tap.h"

static char err[256];

static int parse(const char *text, struct lab_spec *spec)
{
	struct ut_arg arg = {"--interface", text, err, sizeof(err)};

	err[0] = '\0';
	return lab_spec_parse(&arg, spec);
}

static void test_good(void)
{
	struct lab_spec spec;

	tap_ok(parse("lab", &spec) == 0 && spec.world.seed == 1 &&
			spec.world.population == LAB_MIXED && spec.world.delay_us == 0 &&
			(spec.drop_ppm | spec.duplicate_ppm | spec.reorder_ppm) == 0,
		"lab alone is seed 1, mixed, over a perfect wire");
	tap_ok(parse("lab:population=sparse,seed=0x10,rtt=80ms", &spec) == 0 &&
			spec.world.seed == 16 && spec.world.population == LAB_SPARSE &&
			spec.world.delay_us == 80000,
		"population, seed and round-trip time are read");
	tap_ok(parse("lab:drop=1%,duplicate=0.5%,reorder=0.0001%", &spec) == 0 &&
			spec.drop_ppm == 10000 && spec.duplicate_ppm == 5000 &&
			spec.reorder_ppm == 1,
		"shares of frames are read down to one in a million");
	tap_ok(parse("lab:population=answering,population=mixed", &spec) == 0 &&
			spec.world.population == LAB_MIXED,
		"of a key given twice the last counts");
}

static void test_bad(void)
{
	static const char *const texts[][2] = {
		{"lab:", "pairs KEY=VALUE"},
		{"lab:sparse", "pairs KEY=VALUE"},
		{"lab:population=dense", "mixed, sparse and answering"},
		{"lab:colour=red", "no \"colour\""},
		{"lab:drop=1", "share below 100%"},
		{"lab:drop=100%", "share below 100%"},
		{"lab:drop=.5%", "share below 100%"},
		{"lab:drop=-1%", "share below 100%"},
		{"lab:drop=1.2.3%", "share below 100%"},
		{"lab:drop=%", "share below 100%"},
		{"lab:seed=x", "whole number"},
		{"lab:rtt=1us", "give a time"},
		{"lab:seed=1,", "pairs KEY=VALUE"},
		{"lab:seed=1111111111111111111111111111111111111111111111111111111111111111111111",
			"that long"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lab_spec spec = {.drop_ppm = 77};

		tap_ok(parse(texts[i][0], &spec) == -EINVAL && strstr(err, texts[i][1]) != NULL &&
				spec.drop_ppm == 77,
			"%.40s is refused: %s", texts[i][0], err);
	}
}

int main(void)
{
	test_good();
	test_bad();
	return tap_done();
}
