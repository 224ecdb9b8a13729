/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/statvfs.h>

#include "watch.h"

/* A scan of a million packets a second writes some 10 MB in that time. */
#define LOOK_US 1000000

/* Tell the poll cores; out of memory: the next look tries again. */
static void tell(struct watch *w, bool room)
{
	if (w->disk.told == room && dp_scan_set_room(w->run->scan, room) == 0)
		w->disk.told = !room;
}

static void room_lost(struct watch *w, uint64_t now_us, const struct statvfs *disk)
{
	double block = (double)disk->f_frsize / 1e9;

	w->disk.low_us = now_us;
	w->run->disk_waits.n++;
	fprintf(stderr,
		"tlsweep: %.2f of %.2f GB are free on the disk of %s, less than --min-disk-free: "
		"probes wait until there is room\n",
		(double)disk->f_bavail * block, (double)disk->f_blocks * block,
		w->run->options->output);
}

static void account(struct watch *w, uint64_t now_us)
{
	w->run->disk_waits.us += now_us - w->disk.low_us;
	w->disk.low_us = 0;
}

static void room_there(struct watch *w, uint64_t now_us)
{
	fprintf(stderr,
		"tlsweep: there is room on the disk after %.1f s without it; probes go on\n",
		(double)(now_us - w->disk.low_us) / 1e6);
	account(w, now_us);
}

static void look(struct watch *w, uint64_t now_us)
{
	struct statvfs disk;

	w->disk.looked_us = now_us;
	/* A disk that cannot tell is no reason to stop: a failed write is. */
	if (fstatvfs(w->run->folder.fd, &disk) != 0)
		disk.f_blocks = 0;
	if (disk_room_look(&w->disk.room, disk.f_bavail, disk.f_blocks)) {
		if (w->disk.room.low)
			room_lost(w, now_us, &disk);
		else
			room_there(w, now_us);
	}
	tell(w, !w->disk.room.low);
}

void watch_disk_start(struct watch *w)
{
	w->disk = (struct watch_disk){.room.min_share = w->run->options->min_disk_free};
	watch_disk(w, w->start_us);
}

void watch_disk(struct watch *w, uint64_t now_us)
{
	/* Once the scan is ending no probe leaves anyway. */
	if (!scan_run_has_folder(w->run) || w->mode != DP_RUN)
		return;
	if (w->disk.looked_us == 0 || now_us - w->disk.looked_us >= LOOK_US)
		look(w, now_us);
}

void watch_disk_end(struct watch *w, uint64_t now_us)
{
	if (w->disk.low_us != 0)
		account(w, now_us);
}
