/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan is going to take in memory, by purpose, and what it has taken. Main thread. */
#pragma once

#include "scan_run.h"

#define SC_MEMORY_PLAN_MAX 16
#define SC_MEMORY_USED_MAX 3

/**
 * The plan, in bytes: DPDK's parts and their sum "dpdk"; what lies on the ordinary heap; and behind
 * names that end with _peak what grows with use, at most so far.
 * @param run   in: config, targets and roles are set
 * @param plan  out: room for SC_MEMORY_PLAN_MAX
 * @return how many
 */
size_t sc_memory_plan_make(const struct sc_run *run, struct su_value *plan);

/** What lies outside DPDK at most, in bytes. */
size_t sc_memory_plan_heap(const struct sc_run *run);

/** Print it for a user. */
void sc_memory_plan_print(const struct sc_run *run, FILE *out);

/**
 * What has been taken, in bytes: "dpdk" of DPDK's heap, to be held against the plan's;
 * "resident_peak", the most ordinary memory the process ever had, of which DPDK's counts once it
 * is touched; and "huge_pages", which the kernel counts apart.
 * @param used  out: room for SC_MEMORY_USED_MAX
 * @return how many. Before the scan is freed.
 */
size_t sc_memory_used(struct su_value *used);
