/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the options of a scan to what it needs: cores, sizes, memory. Nothing is started, so that
 * the doctor can make the plan of a scan that never runs. Main thread.
 */
#pragma once

#include <string.h>

#include "apps/lab/lab.h"
#include "apps/options/options.h"
#include "dataplane/core/scan_config.h"
#include "dataplane/port/eal.h"
#include "dataplane/scan/roles.h"

/* Set-up adds to config what it learns until the scan is built; from then on all is constant. */
struct sc_plan {
	struct op_options *options; /* borrowed */
	struct dp_targets *targets; /* owned by the maker of the plan; NULL: not read yet */
	struct dp_port_spec port_spec;
	struct dp_roles roles;
	struct dp_scan_config config;
	struct lab_config lab;	       /* used with -i lab */
	char lcores[DP_ROLES_EAL_LEN]; /* of roles, for EAL */
};

/** Do the results go to a folder? Else they go to standard output. Any thread. @param plan  in:
 * options are set */
static inline bool sc_plan_has_folder(const struct sc_plan *plan)
{
	return strcmp(plan->options->output, "-") != 0;
}

/** Set port_spec. For the lab, also set the addresses that the options leave open. @param plan
 * in/out: options are set */
void sc_plan_port(struct sc_plan *plan);

/**
 * Set roles, lcores, config and lab.
 * @param plan          in/out: options, targets and port_spec are set
 * @param option        out: on failure the long name of the option that is wrong; constant
 * @param err, err_len  out: on failure one sentence
 * @return 0; -1: the roles are not possible, or there are too few source ports for them
 */
int sc_plan_make(struct sc_plan *plan, const char **option, char *err, size_t err_len);

/**
 * How many answers the dedup table of each poll core has to hold.
 * @param plan           in: made
 * @param rate_pps       in: limit of the whole scan in frames a second; 0: no limit
 * @param bandwidth_bps  in: limit of the whole scan in bits a second; 0: no limit
 * @return entries
 */
uint64_t sc_plan_dedup_entries(const struct sc_plan *plan, double rate_pps, double bandwidth_bps);

/** The configuration of EAL, with the memory that the scan needs. @param plan  in: made; borrowed
 * for the life of the result */
struct dp_eal_config sc_plan_eal(const struct sc_plan *plan);
