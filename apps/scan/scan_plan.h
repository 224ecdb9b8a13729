/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the options of a scan to what it needs: cores, sizes, memory. Nothing is started, so that
 * the doctor can make the plan of a scan that never runs. Main thread.
 */
#pragma once

#include "scan_run.h"
#include "dataplane/port/eal.h"

/** Set run->port_spec. For the lab, also set the addresses that the options leave open. */
void sc_plan_port(struct sc_run *run);

/**
 * Set run->roles, run->config and run->lab.config.
 * @param run     in/out: options, targets and port_spec are set
 * @param option  out: on failure the long name of the option that is wrong; constant
 * @return 0; -1 with run->err: the roles are not possible, or there are too few source ports for
 *         them
 */
int sc_plan(struct sc_run *run, const char **option);

/**
 * How many answers the dedup table of each poll core has to hold.
 * @param run            in: with a plan
 * @param rate_pps       in: limit of the whole scan in frames a second; 0: no limit
 * @param bandwidth_bps  in: limit of the whole scan in bits a second; 0: no limit
 * @return entries
 */
uint64_t sc_plan_dedup_entries(const struct sc_run *run, double rate_pps, double bandwidth_bps);

/** The configuration of EAL, with the memory that the scan needs. It borrows from run, which has a
 * plan. */
struct dp_eal_config sc_plan_eal(struct sc_run *run);
