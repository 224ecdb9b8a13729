/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>

#include <urcu/urcu-qsbr.h>
#include <urcu/pointer.h>

#include "live.h"

int dp_live_init(struct dp_live_ref *ref, double rate_pps, double bandwidth_bps)
{
	ref->current = calloc(1, sizeof(*ref->current));
	if (ref->current == NULL)
		return -ENOMEM;
	ref->current->mode = DP_RUN;
	ref->current->rate_pps = rate_pps;
	ref->current->bandwidth_bps = bandwidth_bps;
	return 0;
}

struct dp_live *dp_live_copy(const struct dp_live_ref *ref)
{
	struct dp_live *copy = malloc(sizeof(*copy));

	if (copy != NULL)
		*copy = *ref->current;
	return copy;
}

void dp_live_publish(struct dp_live_ref *ref, struct dp_live *next)
{
	struct dp_live *old = ref->current;

	/* Release; pairs with the dependent load in dp_live_get(). */
	rcu_assign_pointer(ref->current, next);
	urcu_qsbr_synchronize_rcu();
	free(old);
}

void dp_live_fini(struct dp_live_ref *ref)
{
	free(ref->current);
	ref->current = NULL;
}

const struct dp_live *dp_live_get(const struct dp_live_ref *ref)
{
	return rcu_dereference(ref->current);
}
