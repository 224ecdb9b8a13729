/* SPDX-License-Identifier: BSD-3-Clause */
/* --max-output: how much a scan may write. Main thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "apps/util/folder.h"

struct out_limit {
	uint64_t max_bytes;		/* 0: no limit */
	const struct ut_folder *folder; /* NULL: standard output, nothing is written besides */
	uint64_t n_besides;		/* bytes of the other files at the last look */
	uint64_t looked_us;
};

/**
 * Are the files of a scan as large as they may become, all of them together?
 * @param now_us   in: scan time; the files besides are looked at once a second
 * @param n_lines  in: bytes of results and certificates, those on their way to the files included
 */
bool out_limit_reached(struct out_limit *limit, uint64_t now_us, uint64_t n_lines);
