/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What one connection may hold of a poll core while its TLS core does nothing at all: segments of a
 * byte share a chunk, the window falls, the pool keeps the others' share, and the connection's life
 * ends in time.
 */
#include <stdlib.h>

#include "dataplane/flow/flow_internal.h"
#include "dataplane/scan/scan_sizes.h"
#include "tests/unit/rx/rx_rig.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define TLS_PORT 443
#define SEQ_DATA 2 /* behind the SYN-ACK of rig_answer() */
#define TCP_AT	 (TS_ETH_LEN + TS_IP4_LEN)
#define SEGMENT	 1000
#define ACK	 (TS_TCP_ACK | TS_TCP_PSH)

/* A segment with len bytes, off bytes into the host's stream. */
static struct frame segment(
	const struct rig *rig, const struct ts_addr *host, uint32_t off, uint32_t len)
{
	struct frame f = rig_answer(rig, host, TLS_PORT, DP_PROBE_PRIMARY, ACK, 1);

	ts_put32(&f.b[TCP_AT + 4], SEQ_DATA + off);
	memset(&f.b[TCP_AT + TS_TCP_LEN], 0x16, len);
	ts_put16(&f.b[TS_ETH_LEN + 2], (uint16_t)(TS_IP4_LEN + TS_TCP_LEN + len));
	f.len = TCP_AT + TS_TCP_LEN + len;
	frame_mend(&f);
	return f;
}

static void take(struct rig *rig, struct frame f)
{
	rig_put(rig, &f);
	dp_rx_poll(&rig->core->rx);
}

/* A host whose connection is with the TLS core. @return its index */
static uint32_t open_host(struct rig *rig, const struct ts_addr *host)
{
	uint16_t lport;
	struct frame f = rig_answer(
		rig, host, TLS_PORT, DP_PROBE_PRIMARY, TS_TCP_SYN | TS_TCP_ACK, 1);

	lport = ts_get16(&f.b[TCP_AT + 2]);
	take(rig, f);
	tap_ok(dp_flow_grant_dialog(&rig->core->rx.flows, rig->poll->now_us),
		"a connection that waits for a dialog is given one");
	dp_carry_out(&rig->core->rx);
	tap_ok(dp_flow_grant_credit(&rig->core->rx.flows, rig->poll->now_us),
		"a connection that waits for a TLS credit is given one");
	dp_carry_out(&rig->core->rx);
	return ts_lookup(rig->core->rx.flows.tcp, host, TLS_PORT, lport);
}

/* A look at each session that is behind. @return how many have caught up */
static uint32_t catch_up(struct rig *rig)
{
	struct dp_flows *flows = &rig->core->rx.flows;
	uint32_t n = 0;

	for (uint32_t n_look = flows->behind.n; n_look > 0; n_look--) {
		n += dp_flow_catch_up(flows, rig->poll->now_us);
		dp_carry_out(&rig->core->rx);
	}
	return n;
}

static struct dp_flow *flow_at(struct rig *rig, uint32_t conn)
{
	return &rig->core->rx.flows.flows[conn];
}

static uint32_t n_busy(const struct rig *rig)
{
	return (uint32_t)rig_counted(rig, 0, DP_RX_BUSY);
}

/* The window of the last frame sent; 0x10000: none was. */
static uint32_t last_window(struct rig *rig)
{
	uint32_t wnd = 0x10000;
	struct rte_mbuf *m;

	dp_flow_flush_acks(&rig->core->rx.flows, rig->poll->now_us);
	dp_carry_out(&rig->core->rx);
	dp_txq_flush(rig->poll->tx);
	while (rte_ring_sc_dequeue(rig->rings.to_lab[0], (void **)&m) == 0) {
		wnd = ts_get16(rte_pktmbuf_mtod_offset(m, uint8_t *, TCP_AT + 14));
		rte_pktmbuf_free(m);
	}
	return wnd;
}

static void test_tiny_segments(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 0);
	uint32_t conn = open_host(rig, &host);
	struct dp_pipe *pipe;
	unsigned int n_before;

	tap_eq(flow_at(rig, conn)->phase, DP_FLOW_TLS, "a connection is with the TLS core");
	take(rig, segment(rig, &host, 0, 1));
	n_before = rte_mempool_avail_count(rig->scan->rx_chunks);
	for (uint32_t i = 1; i < 1500; i++)
		take(rig, segment(rig, &host, i, 1));
	/* The row of spare chunks, from which the first one came, has been filled up. */
	tap_eq((int64_t)n_before - rte_mempool_avail_count(rig->scan->rx_chunks), 1,
		"1,500 segments of a byte hold one chunk");
	tap_eq(n_busy(rig), 0, "1,500 segments of a byte are all taken");
	pipe = dp_flow_pipe(&rig->core->rx.flows, flow_at(rig, conn));
	tap_eq(rte_ring_count(rig->core->rx.to_tls[0]), 1 + DP_PIPE_MSGS,
		"the TLS core has a handful of messages, not 1,500");
	catch_up(rig);
	tap_eq(rte_ring_count(rig->core->rx.to_tls[0]), 1 + DP_PIPE_MSGS,
		"the TLS core gets no more messages while it reads nothing");
	atomic_store(&pipe->taken, DP_PIPE_MSGS);
	catch_up(rig);
	tap_ok(rte_ring_count(rig->core->rx.to_tls[0]) == 2 + DP_PIPE_MSGS && pipe->told == 1500,
		"one message tells a TLS core of all that came since it last read");
}

/* @return bytes that the host could send before a segment was left */
static uint32_t send_all(struct rig *rig, const struct ts_addr *host)
{
	uint32_t before = n_busy(rig), off = 0;

	for (; n_busy(rig) == before && off < 100 * SEGMENT; off += SEGMENT)
		take(rig, segment(rig, host, off, SEGMENT));
	return off - SEGMENT;
}

static void test_window(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 1);
	uint32_t conn = open_host(rig, &host), off;
	struct dp_pipe *pipe = dp_flow_pipe(&rig->core->rx.flows, flow_at(rig, conn));

	take(rig, segment(rig, &host, 0, SEGMENT));
	tap_eq(last_window(rig), DP_RCV_WND,
		"a session that is a segment behind has its whole window");
	for (off = SEGMENT; off < 20 * SEGMENT; off += SEGMENT)
		take(rig, segment(rig, &host, off, SEGMENT));
	tap_eq(last_window(rig), DP_PIPE_BYTES - off,
		"the window of a session falls by what came, if much waits for its TLS core");
	for (; off + SEGMENT <= DP_PIPE_BYTES; off += SEGMENT)
		take(rig, segment(rig, &host, off, SEGMENT));
	tap_eq(last_window(rig), DP_PIPE_BYTES - off,
		"the window of a session shrinks to what its sixteen chunks still hold");
	take(rig, segment(rig, &host, off, SEGMENT));
	tap_eq(n_busy(rig), 1,
		"a segment beyond the window of a session is left for its sender to repeat");
	tap_eq(catch_up(rig), 0, "a TLS core gets no message while nothing changes");
	/* As the TLS core does, of what it knows. */
	atomic_store(&pipe->taken, pipe->told);
	catch_up(rig);
	tap_eq(pipe->told, off, "a TLS core that has read what it knows of is told of the rest");
	atomic_store(&pipe->taken, off);
	tap_eq(catch_up(rig), 1, "a session has read all bytes that came for it");
	tap_eq(last_window(rig), DP_RCV_WND, "the peer is told of the whole window at once");
}

static void test_share(struct rig *rig)
{
	struct ts_addr greedy = rig_host(rig, 2), good = rig_host(rig, 3);
	struct rte_mempool *pool = rig->scan->rx_chunks;
	uint32_t n_taken, sure = DP_PIPE_SURE * DP_CHUNK_BYTES;
	void **taken = calloc(pool->size, sizeof(*taken));

	open_host(rig, &greedy);
	open_host(rig, &good);
	/* As if others had what is nobody's share. */
	for (n_taken = 0; rte_ring_count(pool->pool_data) > rig->core->rx.flows.config.rx_reserve;
		n_taken++)
		rte_mempool_get(pool, &taken[n_taken]);
	tap_ok(send_all(rig, &greedy) <= sure + SEGMENT,
		"a session gets no more than its share of the pool while others hold the common "
		"part");
	tap_ok(send_all(rig, &good) >= sure - SEGMENT,
		"the next session gets its share beside one that has used its own");
	rte_mempool_put_bulk(pool, taken, n_taken);
	tap_ok(send_all(rig, &good) == 0 || n_busy(rig) > 0,
		"a segment that had no room is taken when it comes again");
	free(taken);
}

static void tick(struct rig *rig)
{
	dp_flow_tick(&rig->core->rx.flows, rig->poll->now_us, 256);
	dp_carry_out(&rig->core->rx);
}

/* @return messages of one kind in the ring to the TLS core, which is emptied */
static uint32_t n_told(struct rig *rig, uint32_t conn, enum dp_msg_op op)
{
	struct dp_msg msg;
	uint32_t n = 0;

	while (rte_ring_sc_dequeue_elem(rig->core->rx.to_tls[0], &msg, sizeof(msg)) == 0)
		n += msg.conn == conn && msg.op == op;
	return n;
}

static void test_life(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 4);
	uint32_t conn = open_host(rig, &host);
	struct ts_facts facts;

	n_told(rig, conn, DP_MSG_OPEN);
	rig->poll->now_us += rig->scan->config.dialog.handshake_us + 100000;
	tick(rig);
	tap_eq(n_told(rig, conn, DP_MSG_TIMER), 1,
		"a session whose handshake took too long is asked once to end");
	rig->poll->now_us += rig->scan->config.dialog.handshake_us / 2;
	tick(rig);
	tap_eq(n_told(rig, conn, DP_MSG_TIMER), 0,
		"a session is asked no second question while one is unanswered");
	rig->poll->now_us = flow_at(rig, conn)->opened_us + rig->scan->config.conn_limit_us +
			    100000;
	/* Answered late, and with no end in sight. */
	flow_at(rig, conn)->asked = false;
	ts_set_deadline(rig->core->rx.flows.tcp, conn, rig->poll->now_us);
	rig->poll->now_us += 100000;
	tick(rig);
	ts_facts(rig->core->rx.flows.tcp, conn, &facts);
	tap_eq(facts.close, TS_CLOSE_ABORTED,
		"a connection whose whole life is over is reset, whatever the TLS core does");
	tap_eq(n_told(rig, conn, DP_MSG_BROKEN), 1,
		"the TLS core is told once that the connection is reset");
}

static void test_unanswered(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 5);
	uint32_t conn = open_host(rig, &host);

	rig->poll->now_us += rig->scan->config.dialog.handshake_us + 100000;
	tick(rig);
	rig->poll->now_us += rig->scan->config.dialog.handshake_us + 100000;
	tick(rig);
	tap_ok(flow_at(rig, conn)->silent && dp_retry_n_open(&rig->core->work.retries) >= 1,
		"a host whose TLS core does not get to it is asked again, not recorded as silent");
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	test_tiny_segments(&rig);
	test_window(&rig);
	test_share(&rig);
	test_life(&rig);
	test_unanswered(&rig);
	rig_close(&rig);
	return tap_done();
}
