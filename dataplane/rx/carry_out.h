/* SPDX-License-Identifier: BSD-3-Clause */
/* Carrying out what flows ask for (dataplane/flow/flow.h): frames, messages, records, retries. */
#pragma once

#include "rx.h"

/** Carry out all actions of the event that has just been given to rx->flows. Owner core only. */
void dp_carry_out(struct dp_rx *rx);

/**
 * What flows do in a turn besides frames and messages: timers, credits and dialogs for those that
 * wait, sessions that have fallen behind, records, acknowledgements. Each within a budget.
 * @return how much was done. Owner core only.
 */
uint32_t dp_carry_turn(struct dp_rx *rx);

/**
 * Tell the flows what they may know of the world: exclusions, room for messages. At the start of
 * each turn, poll->live loaded. Owner core only.
 * @param purging  in: connections to excluded addresses may still be open
 */
void dp_carry_look(struct dp_rx *rx, bool purging);

/** Reset every connection; records are not written. Used when the user wants to stop at once. Owner
 * core only. */
void dp_carry_abort_all(struct dp_rx *rx);
