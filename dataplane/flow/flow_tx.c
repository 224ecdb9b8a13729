/* SPDX-License-Identifier: BSD-3-Clause */
/* The outgoing stream of a flow, held in chunks from the first byte that is not acknowledged, and
 * the segments that carry it. */
#include "flow_internal.h"

bool dp_flow_have_spare(struct dp_flows *flows)
{
	if (flows->tx_spare == NULL &&
		!dp_pool_take(flows->config.tx_chunks, (void **)&flows->tx_spare, 1))
		flows->tx_spare = NULL;
	return flows->tx_spare != NULL;
}

void dp_flow_free_chunk(struct dp_flows *flows, struct dp_flow *flow, struct dp_chunk *chunk)
{
	bool of_session = chunk->of_session;

	dp_pool_give(flows->config.tx_chunks, chunk);
	if (of_session && flow->tls_slot != DP_NO_SLOT)
		dp_pipe_freed(dp_flow_pipe(flows, flow));
}

/* Small pieces share the last chunk, so that a peer that acknowledges nothing holds few chunks. */
static bool fits_tail(const struct dp_flow *flow, uint32_t len)
{
	return flow->tx_head != NULL && len <= DP_CHUNK_BYTES - flow->tx_tail->len;
}

static void append_bytes(struct dp_flow *flow, const uint8_t *bytes, uint32_t len)
{
	struct dp_chunk *tail = flow->tx_tail;

	memcpy(&tail->bytes[tail->len], bytes, len);
	tail->len += len;
}

static void append_chunk(struct dp_flow *flow, struct dp_chunk *chunk)
{
	chunk->next = NULL;
	if (flow->tx_head == NULL)
		flow->tx_head = chunk;
	else
		flow->tx_tail->next = chunk;
	flow->tx_tail = chunk;
}

static void announce(struct dp_flows *flows, uint32_t conn, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	flow->tx_end += len;
	ts_write(flows->tcp, conn, flow->tx_end, flows->now_us, &flows->own);
}

void dp_flow_append(struct dp_flows *flows, uint32_t conn, struct dp_chunk *chunk)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);
	uint32_t len = chunk->len;

	if (fits_tail(flow, len)) {
		append_bytes(flow, chunk->bytes, len);
		dp_flow_free_chunk(flows, flow, chunk);
	} else {
		append_chunk(flow, chunk);
	}
	announce(flows, conn, len);
}

bool dp_flow_say(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len)
{
	struct dp_flow *flow = dp_flow_at(flows, conn);

	if (flow->tx_head == NULL) {
		flows->tx_spare->len = 0;
		flows->tx_spare->of_session = false;
		append_chunk(flow, flows->tx_spare);
		flows->tx_spare = NULL;
	} else if (!fits_tail(flow, len)) {
		return false;
	}
	append_bytes(flow, bytes, len);
	announce(flows, conn, len);
	return true;
}

/* Copy len bytes of the stream from offset off on. False when some of them are not held. */
static bool copy_stream(const struct dp_flow *flow, uint32_t off, uint32_t len, uint8_t *out)
{
	const struct dp_chunk *chunk = flow->tx_head;
	uint32_t skip = off - flow->tx_base;

	while (chunk != NULL && skip >= chunk->len) {
		skip -= chunk->len;
		chunk = chunk->next;
	}
	while (chunk != NULL && len > 0) {
		uint32_t n = chunk->len - skip < len ? chunk->len - skip : len;

		memcpy(out, &chunk->bytes[skip], n);
		out += n;
		len -= n;
		skip = 0;
		chunk = chunk->next;
	}
	return len == 0;
}

uint32_t dp_flow_segment(const struct dp_flows *flows, const struct ts_act *act,
	const struct ts_link *link, const struct ts_addr *src, uint16_t ip_id, uint8_t *out,
	uint32_t cap)
{
	const struct ts_conn *conn = ts_conn(flows->tcp, act->conn);
	struct ts_seg seg = {
		.src = *src,
		.dst = conn->raddr,
		.sport = conn->lport,
		.dport = conn->rport,
		.seq = act->send.seq,
		.ack = act->send.ack,
		.wnd = act->send.wnd,
		.flags = act->send.flags,
		.mss = act->send.mss,
		.ip_id = ip_id,
		.payload_len = act->send.len,
	};

	if (seg.payload_len > 0) {
		uint8_t *payload = ts_build_payload_at(out, link, &seg);

		if (cap < TS_BUILD_HEADER_MAX + seg.payload_len ||
			!copy_stream(
				&flows->flows[act->conn], act->send.off, seg.payload_len, payload))
			return 0;
		seg.payload = payload;
	}
	return ts_build_tcp(out, cap, link, &seg);
}

void dp_flow_acked(struct dp_flows *flows, struct dp_flow *flow, uint32_t acked_off)
{
	while (flow->tx_head != NULL && acked_off - flow->tx_base >= flow->tx_head->len) {
		struct dp_chunk *chunk = flow->tx_head;

		flow->tx_base += chunk->len;
		flow->tx_head = chunk->next;
		dp_flow_free_chunk(flows, flow, chunk);
	}
	if (flow->phase == DP_FLOW_CLOSING)
		dp_flow_return_credit(flows, flow);
}

void dp_flow_free_tx(struct dp_flows *flows, struct dp_flow *flow)
{
	while (flow->tx_head != NULL) {
		struct dp_chunk *chunk = flow->tx_head;

		flow->tx_head = chunk->next;
		dp_flow_free_chunk(flows, flow, chunk);
	}
	flow->tx_tail = NULL;
}
