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

#define SU_NOISE_TOP 20

struct su_noise_facts {
	uint64_t n_probed; /* pairs of address and port probed by this run */
	uint64_t responders[DP_N_RESPONDER];
	uint64_t n_wrong_cookie, n_duplicate; /* SYN-ACKs that became no record */
	uint64_t n_canaries, n_canary_synacks;
	bool has_canaries;  /* the scan was asked to send some */
	uint64_t n_sampled; /* probed a second time */
	uint64_t n_first, n_second,
		n_both; /* of these: answered, as su_estimate_loss_of() has it */
	struct su_prefix_totals prefixes;
	uint64_t n_suspects;
	uint32_t n_top;
	struct su_prefix top[SU_NOISE_TOP];
	bool is_part; /* part of the targets was probed: top[].n_probed are expectations */
};

/** Write "responders", "discarded_synacks", "estimates" and "prefixes" into an open object. */
void su_noise_put(struct js_buf *js, const struct su_noise_facts *facts);

/** Print a line about loss, one about background, one about networks, each when there is something
 * to say. */
void su_noise_print(FILE *out, const struct su_noise_facts *facts);
