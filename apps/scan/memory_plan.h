/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan is going to take in memory, by purpose, and what it has taken. Main thread. */
#pragma once

#include "scan_run.h"

#define MEMORY_PLAN_MAX 16
#define MEMORY_USED_MAX 3

/**
 * The plan, in bytes: DPDK's parts and their sum "dpdk"; what lies on the ordinary heap; and behind
 * names that end with _peak what grows with use, at most so far.
 * @param run   in: config, targets and roles are set
 * @param plan  out: room for MEMORY_PLAN_MAX
 * @return how many
 */
size_t memory_plan(const struct scan_run *run, struct sum_value *plan);

/** What lies outside DPDK at most, in bytes. */
size_t memory_plan_heap(const struct scan_run *run);

/** Print it for a user. */
void memory_plan_print(const struct scan_run *run, FILE *out);

/**
 * What has been taken, in bytes: "dpdk" of DPDK's heap, to be held against the plan's;
 * "resident_peak", the most ordinary memory the process ever had, of which DPDK's counts once it
 * is touched; and "huge_pages", which the kernel counts apart.
 * @param used  out: room for MEMORY_USED_MAX
 * @return how many. Before the scan is freed.
 */
size_t memory_used(struct sum_value *used);
