/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_disk.h"

#include <sys/statvfs.h>

/* In this time a scan of a million packets a second writes about 10 MB. */
#define LOOK_US 1000000

void sc_watch_disk_start(struct sc_watch_disk *disk, double min_share)
{
	*disk = (struct sc_watch_disk){.room.min_share = min_share};
}

bool sc_watch_disk_due(const struct sc_watch_disk *disk, uint64_t now_us)
{
	return disk->looked_us == 0 || now_us - disk->looked_us >= LOOK_US;
}

enum sc_disk_verdict sc_watch_disk_take(struct sc_watch_disk *disk, int folder_fd, uint64_t now_us)
{
	struct statvfs found;
	double block_gb;

	disk->looked_us = now_us;
	if (fstatvfs(folder_fd, &found) != 0)
		found = (struct statvfs){0};
	block_gb = (double)found.f_frsize / 1e9;
	disk->free_gb = (double)found.f_bavail * block_gb;
	disk->size_gb = (double)found.f_blocks * block_gb;
	if (!out_disk_room_look(&disk->room, found.f_bavail, found.f_blocks))
		return SC_DISK_SAME;
	if (disk->room.low) {
		disk->low_us = now_us;
		disk->n_waits++;
		return SC_DISK_SHORT;
	}
	sc_watch_disk_end(disk, now_us);
	return SC_DISK_ROOM;
}

void sc_watch_disk_end(struct sc_watch_disk *disk, uint64_t now_us)
{
	if (disk->low_us != 0)
		disk->waited_us += now_us - disk->low_us;
	disk->low_us = 0;
}
