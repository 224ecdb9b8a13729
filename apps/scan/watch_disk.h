/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The disk under a running scan: while too little of it is free probes wait. What is under way goes
 * on, its records included, and so do checkpoints: the rest of the disk is for them. Main thread.
 */
#pragma once

#include "apps/output/disk_room.h"

struct watch;

struct watch_disk {
	uint64_t looked_us; /* last look; 0: none */
	uint64_t low_us;    /* since when probes wait; 0: they do not */
	struct disk_room room;
	bool told; /* poll cores know that there is none */
};

/** Begin, with a first look: the poll cores are about to start. */
void watch_disk_start(struct watch *w);

/** Look whether it is time to, and do what is due. */
void watch_disk(struct watch *w, uint64_t now_us);

/** The scan is over: account for a wait that nothing has ended. */
void watch_disk_end(struct watch *w, uint64_t now_us);
