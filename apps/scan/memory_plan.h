/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan is going to take in memory, by purpose, and what it has taken. Main thread. */
#pragma once

#include <stdio.h>

#include "scan_plan.h"
#include "apps/summary/summary.h"

#define SC_MEMORY_PLAN_MAX 16
#define SC_MEMORY_USED_MAX 3

/**
 * The plan, in bytes: DPDK's parts and their sum "dpdk"; what lies on the ordinary heap; and behind
 * names that end with _peak what grows with use, at most so far.
 * @param plan   in: config, targets, roles and lab are set
 * @param parts  out: room for SC_MEMORY_PLAN_MAX
 * @return how many
 */
size_t sc_memory_plan_make(const struct sc_plan *plan, struct su_value *parts);

/** What lies outside DPDK at most, in bytes. @param plan  in: as for sc_memory_plan_make() */
size_t sc_memory_plan_heap(const struct sc_plan *plan);

/** Print it for a user. @param plan  in: as for sc_memory_plan_make() @param out  in: where to */
void sc_memory_plan_print(const struct sc_plan *plan, FILE *out);

/**
 * What has been taken, in bytes: "dpdk" of DPDK's heap, to be held against the plan's;
 * "resident_peak", the most ordinary memory the process ever had, of which DPDK's counts once it
 * is touched; and "huge_pages", which the kernel counts apart.
 * @param used  out: room for SC_MEMORY_USED_MAX
 * @return how many. Before the scan is freed.
 */
size_t sc_memory_used(struct su_value *used);
