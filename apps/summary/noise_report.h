/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a scan says about its own noise and loss: the classes of responders, the background it saw,
 * what it missed, the networks that answer like one box. For summary.json, and in a line or two for
 * the user.
 */
#pragma once

#include <stdio.h>

#include "estimate.h"
#include "apps/json/json.h"
#include "apps/summary/prefix_table.h"
#include "dataplane/record/record.h"

#define NR_TOP 20

struct nr_facts {
	uint64_t n_probed; /* pairs of address and port probed by this run */
	uint64_t responders[DP_N_RESPONDER];
	uint64_t n_wrong_cookie, n_duplicate; /* SYN-ACKs that became no record */
	uint64_t n_canaries, n_canary_synacks;
	bool has_canaries;		    /* the scan was asked to send some */
	uint64_t n_sampled;		    /* probed a second time */
	uint64_t n_first, n_second, n_both; /* of these: answered, as est_loss() has it */
	struct pt_totals prefixes;
	uint64_t n_suspects;
	uint32_t n_top;
	struct pt_prefix top[NR_TOP];
	bool is_part; /* part of the targets was probed: top[].n_probed are expectations */
};

/** Write "responders", "discarded_synacks", "estimates" and "prefixes" into an open object. */
void nr_put(struct js_buf *js, const struct nr_facts *facts);

/** Print a line about loss, one about background, one about networks, each when there is something
 * to say. */
void nr_print(FILE *out, const struct nr_facts *facts);
