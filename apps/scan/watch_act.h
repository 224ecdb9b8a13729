/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What control does about a running scan. watch_link.h, watch_disk.h, watch_neigh.h and
 * watch_live.h give verdicts. Here they are carried out: poll cores and user are told, checkpoints
 * are held, the scan ends. Main thread only.
 */
#pragma once

#include "watch_live.h"
#include "watch_state.h"

/**
 * Let the scan end, unless it is already ending in this way or a faster one.
 * @param w       in/out: mode follows; if memory is short, it does not, and the next call tries
 *                again
 * @param mode    in: DP_LISTEN, which becomes DP_DRAIN after the cooldown; DP_DRAIN if late answers
 *                are not wanted; DP_ABORT
 * @param reason  in: a word for the summary, a literal. The first one given stays, unless code is
 *                not UT_EXIT_DONE.
 * @param code    in: exit code of the process
 */
void sc_watch_end(struct sc_watch *w, enum dp_mode mode, const char *reason, enum ut_exit code);

/**
 * Look at the port, if it is time to, and act.
 * @param w       in/out: link follows
 * @param now_us  in: scan time, never 0
 */
void sc_watch_act_link(struct sc_watch *w, uint64_t now_us);

/**
 * Look at the disk, if it is time to, and act.
 * @param w       in/out: disk follows
 * @param now_us  in: scan time, never 0
 */
void sc_watch_act_disk(struct sc_watch *w, uint64_t now_us);

/**
 * Learn from the neighbours, and act.
 * @param w       in/out: neigh follows
 * @param now_us  in: scan time, never 0
 */
void sc_watch_act_neigh(struct sc_watch *w, uint64_t now_us);

/**
 * Carry out a line of the control socket: a ctl_answer.
 * @param arg    in/out: a struct sc_watch
 * @param text   in/out: the line, which is changed
 * @param reply  out: lines of text
 */
void sc_watch_act_line(void *arg, char *text, char reply[CTL_REPLY_MAX]);
