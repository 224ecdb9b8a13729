/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the options of a scan to what it will need: cores, sizes, memory. Nothing is started, so
 * that the doctor can make the plan of a scan that is none. Main thread.
 */
#pragma once

#include "scan_run.h"
#include "dataplane/port/eal.h"

/** Set run->port_spec, and what follows from it where the options leave it open: the lab's wire. */
void sc_plan_port(struct sc_run *run);

/**
 * Set run->roles, run->config and run->lab.config.
 * @param run     in, out: options, targets and port_spec are set
 * @param option  out, on failure: long name of the option at fault
 * @return 0, or -1 with run->err: the options ask for roles that do not go together
 */
int sc_plan(struct sc_run *run, const char **option);

/**
 * How many answers the duplicate filter of each core has to hold at these limits, which are of the
 * whole scan, 0: none. @return entries
 */
uint64_t sc_dedup_entries(const struct sc_run *run, double rate_pps, double bandwidth_bps);

/** What DPDK is to be started with, the memory it needs included; borrows from a run with a
 * plan. */
struct dp_eal_config sc_plan_eal(struct sc_run *run);
