/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The disk under a running scan. While too little of it is free, probes wait. Open connections
 * continue, and so do their records and checkpoints, for which the rest of the disk is meant.
 *
 * This unit decides, watch_act.c acts. Main thread.
 */
#pragma once

#include "apps/output/disk_room.h"

enum sc_disk_verdict {
	SC_DISK_SAME,  /* nothing has changed since the last look */
	SC_DISK_SHORT, /* there was room at the last look, and now too little is free */
	SC_DISK_ROOM,  /* too little was free at the last look, and now there is room */
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
 * @param disk       out: complete
 * @param min_share  in: share of the disk that stays free, 0 to 1; 0: there is always room
 */
void sc_watch_disk_start(struct sc_watch_disk *disk, double min_share);

/**
 * Is it time for another look?
 * @param disk    in: started
 * @param now_us  in: scan time, never 0
 */
bool sc_watch_disk_due(const struct sc_watch_disk *disk, uint64_t now_us);

/**
 * Look at the disk.
 * @param disk       in/out: started; with SC_DISK_ROOM, waited_us grows by the wait that is over
 * @param folder_fd  in: a folder on it. If its state cannot be read, there is room: a failed write
 *                   ends the scan.
 * @param now_us     in: scan time, never 0
 * @return what has changed; disk->room.low says whether there is room
 */
enum sc_disk_verdict sc_watch_disk_take(struct sc_watch_disk *disk, int folder_fd, uint64_t now_us);

/**
 * The scan is over: add a wait that still lasts to waited_us.
 * @param disk    in/out: started
 * @param now_us  in: scan time
 */
void sc_watch_disk_end(struct sc_watch_disk *disk, uint64_t now_us);
