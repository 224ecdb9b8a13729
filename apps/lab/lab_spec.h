/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a user writes after -i lab: which synthetic Internet, and what its wire does.
 *
 *   lab                                          seed 1, the mixed population, a perfect wire
 *   lab:population=sparse,seed=7                 another Internet
 *   lab:drop=1%,duplicate=0.5%,reorder=2%,rtt=80ms   another wire
 */
#pragma once

#include "lab_world.h"
#include "apps/util/argument.h"

struct lab_spec {
	struct lab_world world;
	uint32_t drop_ppm, duplicate_ppm, reorder_ppm; /* of frames, each way */
};

/* A key that may follow "lab:". */
struct lab_key {
	const char *name;
	const char *text; /* its default, as a user would write it; "": none */
	const char *doc;  /* Markdown for docs/ and the man page */
	/* Reads the value into spec. Returns 0, or -EINVAL with a sentence in value->err. */
	int (*parse)(const struct ut_arg *value, struct lab_spec *spec);
};

/** Key number i, from 0; constant. NULL behind the last one. Any thread. */
const struct lab_key *lab_key_at(size_t i);

/**
 * Read the argument of -i, which is "lab" or begins with "lab:". Pure; any thread.
 * @param arg   in: the argument
 * @param spec  out: complete on success
 * @return 0, or -EINVAL with a sentence in arg->err
 */
int lab_spec_parse(const struct ut_arg *arg, struct lab_spec *spec);
