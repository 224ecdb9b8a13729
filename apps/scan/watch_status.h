/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of a running scan, for the control socket. Main thread. */
#pragma once

#include <stdio.h>

#include "watch_state.h"

/**
 * Write the state of the scan as one line of JSON; nothing if memory is short.
 * @param w    in: started
 * @param out  in: the stream that it is written to
 */
void sc_watch_status_json(const struct sc_watch *w, FILE *out);
