/* SPDX-License-Identifier: BSD-3-Clause */
/* What the prober, the receive path and the connections of a poll core hand to each other. Owner
 * core only, except for notes.h. */
#pragma once

#include "decoy.h"
#include "loss.h"
#include "notes.h"
#include "retry.h"

struct dp_work {
	struct dp_retries retries; /* receive path and connections add, the prober probes */
	struct dp_decoys decoys;   /* the same */
	struct dp_notes notes;	   /* for the snapshot */
	struct dp_loss loss;	   /* the receive path and the prober count */
};
