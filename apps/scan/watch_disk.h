/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The disk under a running scan. While too little of it is free, probes wait. Connections that are
 * open continue, and so do their records and the checkpoints: the rest of the disk is for them.
 *
 * This unit decides, watch_act.c acts. Main thread.
 */
#pragma once

#include "apps/output/disk_room.h"

enum sc_disk_verdict {
	SC_DISK_SAME,  /* as at the look before */
	SC_DISK_SHORT, /* too little is free since this look */
	SC_DISK_ROOM,  /* there is room again since this look */
};

struct sc_watch_disk {
	uint64_t looked_us; /* scan time of the last look; 0: none */
	uint64_t low_us;    /* scan time since when probes wait; 0: they do not */
	struct out_disk_room room;
	double free_gb, size_gb;     /* at the last look */
	uint64_t n_waits, waited_us; /* waits so far, and how long they took together */
};

/**
 * Begin.
 * @param disk       out
 * @param min_share  in: of the disk that stays free, 0 to 1; 0: whatever happens there is room
 */
void sc_watch_disk_start(struct sc_watch_disk *disk, double min_share);

/** Is it time for another look? @param now_us  in: scan time, never 0 */
bool sc_watch_disk_due(const struct sc_watch_disk *disk, uint64_t now_us);

/**
 * Look at the disk.
 * @param folder_fd  in: a folder on it. A disk that cannot be asked has room: a failed write ends
 *                   the scan, not this.
 * @param now_us     in: scan time, never 0
 * @return what has changed; disk->room.low says how it is. When SC_DISK_ROOM is returned, waited_us
 *         has grown by the wait that is over.
 */
enum sc_disk_verdict sc_watch_disk_take(struct sc_watch_disk *disk, int folder_fd, uint64_t now_us);

/** The scan is over: count a wait that nothing has ended. @param now_us  in: scan time */
void sc_watch_disk_end(struct sc_watch_disk *disk, uint64_t now_us);
