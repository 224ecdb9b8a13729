/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the disk has room: below its share no more, and again only with some to spare. */
#include "apps/output/disk_room.h"
#include "tap.h"

static struct out_disk_room room;

int main(void)
{
	room = (struct out_disk_room){.min_share = 0.05};
	tap_ok(!out_disk_room_look(&room, 1000, 1000) && !room.low, "an empty disk has room");
	tap_ok(!out_disk_room_look(&room, 50, 1000) && !room.low, "5 %% is not less than 5 %%");
	tap_ok(out_disk_room_look(&room, 49, 1000) && room.low, "less than that is no room");
	tap_ok(!out_disk_room_look(&room, 0, 1000) && room.low, "none at all is nothing new then");
	tap_ok(!out_disk_room_look(&room, 55, 1000) && room.low,
		"a little more is not enough: the scan would go on and off");
	tap_ok(out_disk_room_look(&room, 60, 1000) && !room.low, "a fifth more is");
	tap_ok(out_disk_room_look(&room, UINT64_MAX / 100, UINT64_MAX) && room.low,
		"the largest disks are no exception");
	tap_ok(out_disk_room_look(&room, 7, 0) && !room.low,
		"a disk that does not tell its size has room");
	room = (struct out_disk_room){0};
	tap_ok(!out_disk_room_look(&room, 0, 1000) && !room.low,
		"without a share there is always room");
	return tap_done();
}
