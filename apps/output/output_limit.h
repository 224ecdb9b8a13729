/* SPDX-License-Identifier: BSD-3-Clause */
/* --max-output: how much a scan may write. One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "apps/util/folder.h"

struct out_limit {
	uint64_t max_bytes;		/* 0: no limit */
	const struct ut_folder *folder; /* open; NULL: results go to standard output alone */
	uint64_t n_besides;		/* bytes of the other files at the last look */
	uint64_t looked_us;		/* scan time of the last look; 0: none */
};

/**
 * Have the files of a scan, all of them together, reached their limit?
 * @param limit    in/out: looks at the files other than results and certificates once a second
 * @param now_us   in: scan time
 * @param n_lines  in: bytes of results and certificates, buffered ones included
 * @return true if the limit is reached; never without a limit
 */
bool out_limit_reached(struct out_limit *limit, uint64_t now_us, uint64_t n_lines);
