/* SPDX-License-Identifier: BSD-3-Clause */
/* Connections that wait for a dialog, a TLS credit or a chunk. */
#include "flow_internal.h"

void dp_flow_wait(struct dp_flows *flows, uint32_t conn, enum dp_phase phase)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	flow->phase = (uint8_t)phase;
	if (flow->waiting != NULL)
		return;
	flow->waiting = phase == DP_FLOW_CREDIT ? &flows->want_credit : &flows->want_dialog;
	dp_flow_list_add(flows, flow->waiting, conn);
	if (flow->waiting->n > 1)
		dp_count(flows->config.stats, DP_WAITED);
	dp_flow_deadline(flows, conn, UINT64_MAX);
}

/* Take a credit of the TLS core that has the most. */
static bool take_credit(struct dp_flows *flows, struct dp_flow *flow)
{
	uint32_t best = 0;
	uint32_t slot;

	for (uint32_t i = 1; i < flows->config.n_tls; i++) {
		if (dp_fifo_len(&flows->tls_free[i]) > dp_fifo_len(&flows->tls_free[best]))
			best = i;
	}
	if (!dp_fifo_pop(&flows->tls_free[best], &slot))
		return false;
	flow->tls_core = (uint8_t)best;
	flow->tls_slot = slot;
	flows->n_sessions++;
	return true;
}

void dp_flow_return_credit(struct dp_flows *flows, struct dp_flow *flow)
{
	if (flow->tls_slot == DP_NO_SLOT || (flow->tx_head != NULL && flow->tx_head->next != NULL))
		return;
	dp_fifo_push(&flows->tls_free[flow->tls_core], flow->tls_slot);
	flow->tls_slot = DP_NO_SLOT;
	flows->n_sessions--;
}

static bool give_credit(struct dp_flows *flows, uint32_t conn)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	struct dl_out out;

	if (!dp_flow_have_spare(flows) || !take_credit(flows, flow))
		return false;
	flow->phase = DP_FLOW_DIALOG;
	dl_granted(flow->dialog, flows->config.dialog, flows->now_us, &out);
	dp_flow_apply(flows, conn, &out);
	return true;
}

/* Give to the first in a queue. If there is nothing for it, there is nothing for the others
 * either. */
static bool give_first(struct dp_flows *flows, struct dp_flow_list *list,
	bool (*give)(struct dp_flows *flows, uint32_t conn))
{
	uint32_t conn = list->head;

	if (list->n == 0)
		return false;
	dp_flow_list_remove(flows, list, conn);
	dp_flow_at(flows, conn)->waiting = NULL;
	if (give(flows, conn))
		return true;
	dp_flow_at(flows, conn)->waiting = list;
	dp_flow_list_add_front(flows, list, conn);
	return false;
}

bool dp_flow_grant_credit(struct dp_flows *flows, uint64_t now_us)
{
	flows->now_us = now_us;
	return give_first(flows, &flows->want_credit, give_credit);
}

bool dp_flow_grant_dialog(struct dp_flows *flows, uint64_t now_us)
{
	flows->now_us = now_us;
	return give_first(flows, &flows->want_dialog, dp_flow_start_dialog);
}

bool dp_flow_can_take(struct dp_flows *flows, uint32_t conn, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	switch (flow->phase) {
	case DP_FLOW_NEED_DIALOG:
	case DP_FLOW_OPENING:
	case DP_FLOW_REFUSED:
		return false;
	case DP_FLOW_GREETING:
		return dp_flow_have_dialog(flows) && dp_flow_have_spare(flows);
	case DP_FLOW_DIALOG:
	case DP_FLOW_CREDIT:
		return dp_flow_have_spare(flows);
	case DP_FLOW_TLS:
		return dp_flow_tls_can_take(flows, flow, len);
	default:
		return true;
	}
}
