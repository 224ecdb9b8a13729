/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory that a scan will need, by purpose, and what it has used. Main thread. */
#pragma once

#include <stdio.h>

#include "scan_plan.h"
#include "apps/summary/summary.h"

#define SC_MEMORY_PLAN_MAX 16 /* entries */
#define SC_MEMORY_USED_MAX 3

/**
 * Make the plan, in bytes: DPDK's parts and their sum "dpdk", then the parts on the ordinary heap.
 * Parts whose name ends with _peak grow with use up to this size.
 * @param plan   in: made, see sc_plan_make()
 * @param parts  out: room for SC_MEMORY_PLAN_MAX
 * @return how many entries
 */
size_t sc_memory_plan_make(const struct sc_plan *plan, struct su_value *parts);

/** The most memory outside of DPDK, in bytes. @param plan  in: as for sc_memory_plan_make() */
size_t sc_memory_plan_heap(const struct sc_plan *plan);

/**
 * Print the plan for the user.
 * @param plan  in: as for sc_memory_plan_make()
 * @param out   in: the stream
 */
void sc_memory_plan_print(const struct sc_plan *plan, FILE *out);

/**
 * What is in use, in bytes, before the scan is freed: "dpdk", of DPDK's heap, to be compared with
 * the plan's; "resident_peak", the most resident memory that the process ever had, with touched
 * ordinary pages of DPDK; and "huge_pages", which the kernel counts separately.
 * @param used  out: room for SC_MEMORY_USED_MAX
 * @return how many entries
 */
size_t sc_memory_used(struct su_value *used);
