/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that say how fast and how long a scan probes, and what it probes twice. */
#include "handlers.h"
#include "table.h"
#include "dataplane/core/limits.h"

#define US_PER_DAY  (24 * OP_US_PER_HOUR)
#define US_PER_YEAR (365 * US_PER_DAY)

/* A larger value can only be a typing error. */
#define MAX_SAMPLE 1000000000u

static const struct op_option rate_rows[] = {
	{
		.name = "rate",
		.letter = 'r',
		.arg = "PPS",
		.kind = OP_KIND_RATE,
		OP_FIELD(struct op_options, rate_pps),
		.text = "1000",
		.set = op_set_rate,
		.print = op_print_rate,
		.help = "packets a second, e.g. 0.5, 20K, 1.2M (default {default}); 0: no limit",
		.doc = "packets a second; fractions (`0.5`) and suffixes K, M, G (`1.2M`); `0` is "
		       "no limit",
	},
	{
		.name = "bandwidth",
		.letter = 'B',
		.arg = "BPS",
		.kind = OP_KIND_BANDWIDTH,
		OP_FIELD(struct op_options, bandwidth_bps),
		.zero_is_unset = true,
		.unset = "none",
		.help = "bits a second on the wire, gaps included, e.g. 10M; alone it takes the "
			"place of the rate",
		.doc = "bits a second on the wire, with preamble, checksum and gap of each frame; "
		       "suffixes K, M, G. Alone it takes the place of the rate; beside `-r` both "
		       "hold",
	},
	{
		.name = "probes",
		.letter = 'P',
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, n_probes),
		.min = 1,
		.max = DP_MAX_PROBES,
		.number = 1,
		.help = "SYNs to each target, {min} to {max} (default {default})",
		.doc = "SYNs to each target, up to {max}",
	},
	{
		.name = "probe-gap",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, probe_gap_ms),
		.unit_us = OP_US_PER_MS,
		.min = OP_US_PER_MS,
		.max = OP_US_PER_HOUR,
		.number = OP_US_PER_S,
		.help = "time between the SYNs to one target (default {default})",
		.doc = "time between the SYNs to one target; on our own link up to 4 seconds more, "
		       "see below",
	},
	{
		.name = "syn-options",
		.arg = "SET",
		.kind = OP_KIND_OWN,
		.text = "full",
		.set = op_set_syn_options,
		.print = op_print_syn_options,
		.choice = op_choose_syn_options,
		.help = "TCP options of a SYN: {default} (default), as Linux has them; minimal: "
			"the segment size alone, for shorter frames",
		.doc = "TCP options of a SYN. `full`: segment size, SACK-permitted, timestamps "
		       "and window scale, as Linux has them; `minimal`: the segment size alone, "
		       "in a frame of 58 bytes instead of 74, for line rate",
	},
	{
		.name = "cooldown-time",
		.letter = 'c',
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, cooldown_s),
		.unit_us = OP_US_PER_S,
		.max = US_PER_DAY,
		.number = 8 * OP_US_PER_S,
		.help = "wait for late answers after the last SYN (default {default})",
		.doc = "how long late answers are waited for after the last SYN",
	},
	{
		.name = "max-runtime",
		.letter = 't',
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, max_runtime_s),
		.unit_us = OP_US_PER_S,
		.max = US_PER_YEAR,
		.zero_is_unset = true,
		.unset = "no limit",
		.help = "stop probing after this time (default: {default})",
		.doc = "stop probing after this time; the cooldown comes on top",
	},
	{
		.name = "max-results",
		.letter = 'N',
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, max_results),
		.min = 1,
		.max = UINT64_MAX,
		.zero_is_unset = true,
		.unset = "no limit",
		.help = "stop after N records (default: {default})",
		.doc = "stop after this many records, without a cooldown",
	},
	{
		.name = "min-hitrate",
		.arg = "SHARE",
		.kind = OP_KIND_SHARE,
		OP_FIELD(struct op_options, min_hitrate),
		.zero_is_unset = true,
		.unset = "no guard",
		.help = "stop when fewer than this share of all targets probed so far have "
			"answered, such as 0.01 or 1%, for 5 seconds (default: {default})",
		.doc = "stop when, of all targets probed since the start, a smaller share than "
		       "this has answered with SYN-ACK, for 5 seconds on end after the first 5: "
		       "`0.01` or `1%`",
	},
};

const struct op_option_group op_group_rate = {
	.title = "How fast, how long",
	.rows = rate_rows,
	.n_rows = sizeof(rate_rows) / sizeof(rate_rows[0]),
};

static const struct op_option sample_rows[] = {
	{
		.name = "loss-sample",
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, loss_sample),
		.max = MAX_SAMPLE,
		.number = 64,
		.help = "probe one target in N twice to estimate what is lost (default {default}; "
			"0: none)",
		.doc = "one target in N is probed twice, with any `-P`: the summary estimates from "
		       "it what is lost; 0: none",
	},
	{
		.name = "canary-sample",
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, canary_sample),
		.max = MAX_SAMPLE,
		.number = 256,
		.help = "probe one address in N on a port nobody uses too, to estimate who answers "
			"anything (default {default}; 0: none)",
		.doc = "one address in N is also probed on a port that nobody uses, once for all "
		       "services: the summary estimates from it who answers anything; 0: none",
	},
	{
		.name = "decoy-ports",
		.arg = "K",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, n_decoys),
		.max = DP_MAX_DECOYS,
		.help = "probe responders on K ports nobody uses too, {min} to {max} (default "
			"{default})",
		.doc = "responders are also probed on K such ports, up to {max}, so that those "
		       "which answer on every port are found out; within the rate, before first "
		       "probes",
	},
	{
		.name = "decoy-sample",
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, decoy_sample),
		.min = 1,
		.max = MAX_SAMPLE,
		.number = 1,
		.help = "but only one responder in N (default {default}: all)",
		.doc = "but only one responder in N",
	},
};

const struct op_option_group op_group_samples = {
	.title = "Loss and noise",
	.rows = sample_rows,
	.n_rows = sizeof(sample_rows) / sizeof(sample_rows[0]),
};
