/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERCENT_PPM 10000
/* The lab's timer wheel is exact to 100 us. No network has a longer round-trip time than 10 s. */
#define RTT_MIN_US 100
#define RTT_MAX_US 10000000
/* Room for the longest pair. */
#define PAIR_MAX 64

static int parse_seed(const struct ut_arg *value, struct lab_spec *spec)
{
	return ut_arg_seed(value, &spec->world.seed);
}

static int parse_population(const struct ut_arg *value, struct lab_spec *spec)
{
	for (unsigned int i = 0; i < LAB_N_POPULATION; i++) {
		if (strcmp(value->text, lab_population_name((enum lab_population)i)) == 0) {
			spec->world.population = (enum lab_population)i;
			return 0;
		}
	}
	return ut_arg_refuse(value, "populations are mixed, sparse and answering");
}

static int parse_rtt(const struct ut_arg *value, struct lab_spec *spec)
{
	uint64_t us;
	int rc = ut_arg_time_us(value, RTT_MIN_US, RTT_MAX_US, &us);

	if (rc == 0)
		spec->world.delay_us = (uint32_t)us;
	return rc;
}

/* Read "1%" or "0.5%", less than 100 %. */
static int parse_share(const struct ut_arg *value, uint32_t *ppm)
{
	size_t n = strspn(value->text, "0123456789."), n_digits = strspn(value->text, "0123456789");
	double share = n_digits > 0 ? strtod(value->text, NULL) * PERCENT_PPM : -1;

	if (strcmp(value->text + n, "%") != 0 || n > n_digits + 7 ||
		strchr(value->text, '.') != strrchr(value->text, '.') || share < 0 ||
		share >= 100 * PERCENT_PPM)
		return ut_arg_refuse(value, "give a share below 100%%, such as 1%% or 0.5%%");
	*ppm = (uint32_t)(share + 0.5);
	return 0;
}

static int parse_drop(const struct ut_arg *value, struct lab_spec *spec)
{
	return parse_share(value, &spec->drop_ppm);
}

static int parse_duplicate(const struct ut_arg *value, struct lab_spec *spec)
{
	return parse_share(value, &spec->duplicate_ppm);
}

static int parse_reorder(const struct ut_arg *value, struct lab_spec *spec)
{
	return parse_share(value, &spec->reorder_ppm);
}

#define SHARE_TEXT "share of the frames in each direction, such as `1%` or `0.5%`, "

static const struct lab_key keys[] = {
	{"seed", "1", "which Internet", parse_seed},
	{"population", "mixed",
		"`mixed`: services of every kind, refusals, silence and noise. `sparse`: one "
		"address in 100 takes connections on the 14 well-known ports and hangs up at once, "
		"the others are silent. `answering`: every address does",
		parse_population},
	{"rtt", "",
		"round-trip time of every host. Without it each host of the mixed population has "
		"one of its own, up to 30 ms, and hosts of the others have none",
		parse_rtt},
	{"drop", "0%", SHARE_TEXT "that is lost", parse_drop},
	{"duplicate", "0%", SHARE_TEXT "that comes twice", parse_duplicate},
	{"reorder", "0%", SHARE_TEXT "that comes late", parse_reorder},
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

const struct lab_key *lab_key_at(size_t i)
{
	return i < N_KEYS ? &keys[i] : NULL;
}

/* Read one KEY=VALUE. pair is a copy that may be changed. */
static int parse_pair(const struct ut_arg *arg, char *pair, struct lab_spec *spec)
{
	char *equals = strchr(pair, '=');
	char option[PAIR_MAX + 16];
	struct ut_arg value = {option, NULL, arg->err, arg->err_len};

	if (equals == NULL)
		return ut_arg_refuse(arg, "after lab: come pairs KEY=VALUE with commas between");
	*equals = '\0';
	value.text = equals + 1;
	snprintf(option, sizeof(option), "%s lab: %s", arg->option, pair);
	for (size_t i = 0; i < N_KEYS; i++)
		if (strcmp(pair, keys[i].name) == 0)
			return keys[i].parse(&value, spec);
	return ut_arg_refuse(arg,
		"the lab knows no \"%s\"; its keys are seed, population, rtt, drop, duplicate and "
		"reorder",
		pair);
}

static int set_defaults(struct lab_spec *spec)
{
	char err[1];
	int rc = 0;

	for (size_t i = 0; i < N_KEYS && rc == 0; i++) {
		const struct ut_arg value = {keys[i].name, keys[i].text, err, sizeof(err)};

		rc = value.text[0] != '\0' ? keys[i].parse(&value, spec) : 0;
	}
	return rc;
}

int lab_spec_parse(const struct ut_arg *arg, struct lab_spec *spec)
{
	const char *at = strchr(arg->text, ':');
	struct lab_spec found = {0};
	int rc = set_defaults(&found);

	while (at != NULL && rc == 0) {
		size_t len = strcspn(++at, ",");
		char pair[PAIR_MAX];

		if (len >= sizeof(pair))
			return ut_arg_refuse(arg, "no pair after lab: is that long");
		memcpy(pair, at, len);
		pair[len] = '\0';
		rc = parse_pair(arg, pair, &found);
		at = at[len] == ',' ? at + len : NULL;
	}
	if (rc == 0)
		*spec = found;
	return rc;
}
