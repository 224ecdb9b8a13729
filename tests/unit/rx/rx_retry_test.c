/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers for which there is no room. A host that had to be asked again counted as a hit each time:
 * with 64 connections a scan of hosts that all answer said "hits 397 %".
 */
#include "dataplane/flow/flow_internal.h"
#include "rx_rig.h"
#include "tests/tap.h"

#define SYNACK	(TS_TCP_SYN | TS_TCP_ACK)
#define N_CONNS 64 /* of the rig's scan */

static struct frame synack(const struct rig *rig, const struct ts_addr *host)
{
	return rig_answer(rig, host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);
}

/* Hosts first, first + 1 ... take all connections. */
static void fill_table(struct rig *rig, uint32_t first)
{
	uint32_t n_opened = 0;

	for (uint32_t i = 0; i < N_CONNS; i++) {
		struct ts_addr host = rig_host(rig, first + i);
		struct frame f = synack(rig, &host);

		n_opened += rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED));
	}
	tap_eq(n_opened, N_CONNS, "the table of connections is full");
}

/* What the prober does before it asks again. */
static void forget(struct rig *rig, const struct ts_addr *host)
{
	dp_dedup_forget(&rig->poll->dedup, DP_DEDUP_SYNACK, host, RIG_SERVICE);
}

static void test_no_room(struct rig *rig)
{
	struct ts_addr host = rig_sampled_host(rig, 0);
	struct frame f = synack(rig, &host);

	rig->core->work.loss.n_second = rig->core->prober.n_positions;
	tap_ok(rig_gives(rig, &f,
		       MOVES(DP_SYNACK_VALID, DP_SYNACK_RETRY_LATER, DP_SAMPLE_FIRST, DP_RST_SENT)),
		"without room for a connection an answer counts and is put off");
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"a host that is put off is put on the list once");
	forget(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_RETRY_LATER, DP_RST_SENT)),
		"asked again and put off again, it does not count again");
	dp_carry_abort_all(&rig->core->rx);
	forget(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_CONNS_OPENED)),
		"a host that was put off is not counted again when there is room");
	dp_carry_abort_all(&rig->core->rx);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"a host that was put off is served when there is room");
}

/* Nothing is counted of an answer that leaves no trace: it comes again. */
static void test_full_list(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 0);
	struct dp_retries *retries = &rig->core->work.retries;
	uint32_t tail = retries->queue.tail;
	struct frame f = synack(rig, &host);

	fill_table(rig, 80);
	retries->queue.tail = retries->queue.head + DP_RETRY_SLOTS;
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_RETRY_LATER)),
		"without room on the list either it is left unanswered");
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_RETRY_LATER)),
		"an answer without room anywhere is left unanswered each time");
	tap_eq(rig_take_sent(rig), 0, "an answer without room anywhere gets no frame");
	retries->queue.tail = tail;
	dp_carry_abort_all(&rig->core->rx);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"an answer without room anywhere counts when it is taken");
	dp_carry_abort_all(&rig->core->rx);
}

/* A connection that waited for TLS too long goes on the list as well. */
static void test_requeue(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 1);
	struct frame f = synack(rig, &host);

	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"a SYN-ACK opens a connection that will wait for TLS");
	dp_flow_requeue(&rig->core->rx.flows, ts_next_in_use(rig->core->rx.flows.tcp, 0));
	dp_carry_out(&rig->core->rx);
	tap_eq(ts_stack_n_open(rig->core->rx.flows.tcp), 0,
		"a connection that waited for TLS too long is put on the list");
	forget(rig, &host);
	tap_ok(rig_gives(rig, &f, MOVES(DP_CONNS_OPENED)),
		"a target that was put on the retry list is opened again, and its answer is not "
		"counted twice");
	dp_carry_abort_all(&rig->core->rx);
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	fill_table(&rig, 10);
	test_no_room(&rig);
	test_full_list(&rig);
	test_requeue(&rig);
	rig_close(&rig);
	return tap_done();
}
