/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the disk has room for more results. Pure.
 *
 *     room ──less than the share is free──► no room ──the share and a fifth of it more──► room
 *
 * The fifth keeps a scan whose own open connections take the last of it from going on and off.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct out_disk_room {
	double min_share; /* of the disk that stays free; 0: whatever happens there is room */
	bool low;
};

/**
 * Look.
 * @param free_blocks  in: those that we may still write
 * @param n_blocks     in: of the whole disk, in the same unit; 0: not known, which is room enough
 * @return true when that has changed room->low
 */
bool out_disk_room_look(struct out_disk_room *room, uint64_t free_blocks, uint64_t n_blocks);
