/* SPDX-License-Identifier: BSD-3-Clause */
/* The invariants of a stack between any two calls; for tests, fuzzers and the simulation. */
#pragma once

#include "tcp.h"

/**
 * Check one connection, in use or not.
 * @param s     in: the stack
 * @param conn  in: below the configuration's n_conns
 * @return NULL, or a sentence that names the broken invariant
 */
const char *ts_check_conn(const struct ts_stack *s, uint32_t conn);

/**
 * Check every connection, and that the numbers of slots, table entries, wheel links, reorder slots
 * and pending ACKs agree. All slots are visited.
 * @return NULL, or a sentence that names the broken invariant
 */
const char *ts_check_stack(const struct ts_stack *s);
