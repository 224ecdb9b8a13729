/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the disk has room: below its share no more, and again only with some to spare. */
#include "apps/output/disk_room.h"
#include "tap.h"

static struct out_disk_room room;

int main(void)
{
	room = (struct out_disk_room){.min_share = 0.05};
	tap_ok(!out_disk_room_look(&room, 1000, 1000) && !room.low,
		"a disk with all of it free has room");
	tap_ok(!out_disk_room_look(&room, 50, 1000) && !room.low,
		"a disk with exactly 5 %% free has room");
	tap_ok(out_disk_room_look(&room, 49, 1000) && room.low,
		"a disk with less than 5 %% free has no room, and this is news");
	tap_ok(!out_disk_room_look(&room, 0, 1000) && room.low,
		"a disk that has no room already is no news when it is full");
	tap_ok(!out_disk_room_look(&room, 55, 1000) && room.low,
		"a disk with a tenth more than the limit free has no room yet: the scan would stop "
		"and start");
	tap_ok(out_disk_room_look(&room, 60, 1000) && !room.low,
		"a disk has room again with a fifth more than the limit free");
	tap_ok(out_disk_room_look(&room, UINT64_MAX / 100, UINT64_MAX) && room.low,
		"the share of the largest disk is computed without overflow");
	tap_ok(out_disk_room_look(&room, 7, 0) && !room.low,
		"a disk that does not tell its size has room");
	room = (struct out_disk_room){0};
	tap_ok(!out_disk_room_look(&room, 0, 1000) && !room.low,
		"a disk always has room if no share was asked for");
	return tap_done();
}
