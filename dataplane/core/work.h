/* SPDX-License-Identifier: BSD-3-Clause */
/* What prober, receive path and connections of a poll core hand to each other. Owner core only. */
#pragma once

#include "decoy.h"
#include "loss.h"
#include "notes.h"
#include "retry.h"

struct dp_work {
	struct dp_retries retries; /* receive path and connections ask, the prober probes */
	struct dp_decoys decoys;   /* the same */
	struct dp_notes notes;	   /* for the snapshot */
	struct dp_loss loss;	   /* of the loss estimate, by both */
};
