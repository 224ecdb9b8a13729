/* SPDX-License-Identifier: BSD-3-Clause */
#include "disk_room.h"

#define ROOM_AGAIN 1.2

bool out_disk_room_look(struct out_disk_room *room, uint64_t free_blocks, uint64_t n_blocks)
{
	double share = room->low ? ROOM_AGAIN * room->min_share : room->min_share;
	bool low = n_blocks != 0 && (double)free_blocks < share * (double)n_blocks;
	bool changed = low != room->low;

	room->low = low;
	return changed;
}
