/* SPDX-License-Identifier: BSD-3-Clause */
/* Carrying out what flows ask for (dataplane/flow/flow.h): frames, messages, records, retries.
 * Owner core only. */
#pragma once

#include "rx.h"

/** Carry out all actions of the event that has just been given to rx->flows. */
void dp_carry_out(struct dp_rx *rx);

/**
 * What flows do in a turn besides frames and messages: timers, sessions that have fallen behind,
 * credits and dialogs for connections that wait, records, acknowledgements. Each has a budget.
 * @param rx  in/out: of this core
 * @return how much was done
 */
uint32_t dp_carry_turn(struct dp_rx *rx);

/**
 * Tell the flows the exclusions and the room for messages. Called at the start of each turn, after
 * poll->live has been loaded.
 * @param rx       in/out: of this core
 * @param purging  in: connections to excluded addresses may still be open
 */
void dp_carry_look(struct dp_rx *rx, bool purging);

/** Reset every connection without a record, because the user wants to stop at once. */
void dp_carry_abort_all(struct dp_rx *rx);
