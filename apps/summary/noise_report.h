/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a scan says about its own noise and loss: the classes of responders, the background noise,
 * the targets it missed, and the networks that answer like one box. For summary.json, and as up to
 * three lines for the user. Any thread.
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
	uint64_t n_sampled; /* targets probed a second time */
	uint64_t n_first, n_second,
		n_both; /* those of them that answered, as for su_estimate_loss_of() */
	struct su_prefix_totals prefixes;
	uint64_t n_suspects;		    /* networks that answer like one box */
	uint32_t n_top;			    /* of them, those in top */
	struct su_prefix top[SU_NOISE_TOP]; /* those with the most answers first */
	bool is_part; /* only part of the targets was probed: top[].n_probed are expectations */
};

/**
 * Write "responders", "discarded_synacks", "estimates" and "prefixes".
 * @param js     out: an object is open; failed is set if memory is short
 * @param facts  in: borrowed for the call
 */
void su_noise_put(struct js_buf *js, const struct su_noise_facts *facts);

/**
 * Print a line about loss, one about background and one about networks, each if there is something
 * to say.
 * @param out    in: the stream that they are printed to
 * @param facts  in: borrowed for the call
 */
void su_noise_print(FILE *out, const struct su_noise_facts *facts);
