/* SPDX-License-Identifier: BSD-3-Clause */
/* What must hold of a stack between any two calls; for tests, fuzzers and the simulation. */
#pragma once

#include "tcp.h"

/**
 * Check one connection, in use or not.
 * @param conn  in: below the configuration's n_conns
 * @return NULL, or a sentence that names the broken invariant
 */
const char *ts_check_conn(const struct ts_stack *s, uint32_t conn);

/**
 * Check every connection, and that slots, table entries, wheel links, reorder slots and ACK debts
 * add up.
 * @return NULL, or a sentence that names the broken invariant
 * Walks all slots.
 */
const char *ts_check_stack(const struct ts_stack *s);
