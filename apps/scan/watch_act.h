/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What control does about a running scan. watch_link.h, watch_disk.h, watch_neigh.h and
 * watch_live.h give verdicts; here they are carried out: the poll cores are told, the checkpoint is
 * held, the user is told, the scan ends. Main thread only.
 */
#pragma once

#include "watch_live.h"
#include "watch_state.h"

/**
 * Let the scan end, unless it is ending that way already.
 * @param mode    in: DP_LISTEN, which becomes DP_DRAIN when the cooldown is over; DP_DRAIN if late
 *                answers are not wanted; DP_ABORT
 * @param reason  in: a word for the summary, a literal. The first one given stays, unless code is
 *                an error.
 * @param code    in: exit code of the process
 */
void sc_watch_end(struct sc_watch *w, enum dp_mode mode, const char *reason, enum ut_exit code);

/** Look at the port, if it is time to, and act. @param now_us  in: scan time */
void sc_watch_act_link(struct sc_watch *w, uint64_t now_us);

/** Look at the disk, if it is time to, and act. @param now_us  in: scan time */
void sc_watch_act_disk(struct sc_watch *w, uint64_t now_us);

/** Learn from the neighbours, and act. @param now_us  in: scan time */
void sc_watch_act_neigh(struct sc_watch *w, uint64_t now_us);

/** Carry out a line of the control socket: a ctl_answer. @param arg  in: a struct sc_watch */
void sc_watch_act_line(void *arg, char *text, char reply[CTL_REPLY_MAX]);
