/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the disk has room for more results. Pure; one thread at a time.
 *
 *     room ──less than min_share is free──► no room ──1.2 * min_share or more is free──► room
 *
 * Without the distance between the two, a scan at the limit would stop and start all the time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct out_disk_room {
	double min_share; /* share of the disk that stays free, 0 to 1; 0: there is always room */
	bool low;	  /* there was no room at the last look */
};

/**
 * Take in how much of the disk is free.
 * @param room         in/out: low is updated
 * @param free_blocks  in: blocks that this user may still write
 * @param n_blocks     in: blocks of the whole disk; 0: not known, which counts as room enough
 * @return true if low has changed
 */
bool out_disk_room_look(struct out_disk_room *room, uint64_t free_blocks, uint64_t n_blocks);
