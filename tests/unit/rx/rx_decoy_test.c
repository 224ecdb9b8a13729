/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The record of a host that ends its connection before its decoys have answered. They wait for
 * their turn, so that a box which takes every connection and resets it at once was recorded as one
 * that resets: its record waits for them, and no longer than makes sense.
 */
#include "rx_rig.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define SYNACK (TS_TCP_SYN | TS_TCP_ACK)
#define RSTACK (TS_TCP_RST | TS_TCP_ACK)
#define TCP_AT (TS_ETH_LEN + TS_IP4_LEN)
#define ENOUGH 2000000 /* us after which a record waits for decoys no more */

/* A connection that is reset as soon as it is open. */
static void reset_at_once(struct rig *rig, const struct ts_addr *host)
{
	struct frame f = rig_answer(rig, host, RIG_SERVICE, DP_PROBE_PRIMARY, SYNACK, 1);

	rig_takes_of(rig, &f, 1);
	f = rig_answer(rig, host, RIG_SERVICE, DP_PROBE_PRIMARY, RSTACK, 1);
	ts_put32(&f.b[TCP_AT + 4], 2);
	frame_mend(&f);
	rig_takes_of(rig, &f, 1);
	rig_take_sent(rig);
}

static void send_decoys(struct rig *rig)
{
	dp_prober_run(&rig->core->prober, dp_poll_core_busy(rig->core));
	rig_take_sent(rig);
}

static void answer_decoys(struct rig *rig, const struct ts_addr *host, uint32_t n, uint8_t flags)
{
	for (uint32_t i = 0; i < n; i++) {
		struct frame f = rig_answer(rig, host,
			dp_probe_id_decoy_port(&rig->poll->probe_id, host, i), DP_PROBE_DECOY,
			flags, 1);

		rig_takes_of(rig, &f, 1);
	}
	rig_take_sent(rig);
}

/* The record that has come, if one has. */
static bool recorded(struct rig *rig, struct dp_record *record)
{
	*record = (struct dp_record){0};
	dp_carry_turn(&rig->core->rx);
	return rig_record(rig, record);
}

static void test_answered(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 0);
	struct dp_record record;

	reset_at_once(rig, &host);
	tap_ok(!recorded(rig, &record), "a record waits while its host's decoys are not sent yet");
	send_decoys(rig);
	tap_ok(!recorded(rig, &record), "there is no record while decoys have no answer");
	answer_decoys(rig, &host, RIG_DECOYS - 1, SYNACK);
	tap_ok(!recorded(rig, &record), "there is no record while one decoy has no answer");
	rig->poll->now_us += 70000;
	answer_decoys(rig, &host, RIG_DECOYS, SYNACK);
	tap_ok(recorded(rig, &record), "the record comes with the last answer of a decoy");
	tap_ok(record.n_decoys_sent == RIG_DECOYS && record.n_decoys_answered == RIG_DECOYS &&
			record.responder == DP_RESPONDER_ANSWERS_EVERYWHERE,
		"the record says that the host answers everywhere");
	tap_ok(record.duration_us < 70000, "the duration in the record is that of the connection");

	host = rig_host(rig, 1);
	reset_at_once(rig, &host);
	send_decoys(rig);
	answer_decoys(rig, &host, RIG_DECOYS, RSTACK);
	tap_ok(recorded(rig, &record) && record.n_decoys_answered == 0 &&
			record.responder == DP_RESPONDER_RESET,
		"refused decoys are answers too");
}

static void test_silent(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 2);
	struct dp_record record;

	reset_at_once(rig, &host);
	send_decoys(rig);
	rig->poll->now_us += ENOUGH - 1;
	tap_ok(!recorded(rig, &record), "a record waits for decoys that have no answer yet");
	rig->poll->now_us++;
	tap_ok(recorded(rig, &record) && record.n_decoys_sent == RIG_DECOYS &&
			record.n_decoys_answered == 0,
		"silent decoys are waited for no longer than two seconds");
}

/* What will not come is not waited for. */
static void test_never(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 3);
	struct dp_live live = *rig->poll->live;
	dp_u128 number = dp_number_from_addr(&host);
	struct dp_ranges excluded = {0};
	struct dp_record record;

	reset_at_once(rig, &host);
	live.mode = DP_DRAIN;
	rig->poll->live = &live;
	tap_ok(recorded(rig, &record) && record.n_decoys_sent == 0,
		"decoys that had not left when the scan was stopped are not waited for");
	live.mode = DP_RUN;
	host = rig_host(rig, 4);
	number = dp_number_from_addr(&host);
	reset_at_once(rig, &host);
	dp_ranges_push(&excluded, (struct dp_range){number, number});
	live.excluded = &excluded;
	tap_ok(recorded(rig, &record) && record.n_decoys_sent == 0,
		"decoys of an excluded host are not waited for");
	live.excluded = NULL;
	host = rig_host(rig, 5);
	reset_at_once(rig, &host);
	live.mode = DP_ABORT;
	tap_ok(recorded(rig, &record), "no decoys are waited for when the scan is aborted");
	rig->poll->live = dp_live_get(&rig->scan->live);
	dp_ranges_free(&excluded);
}

/* One connection in 16 may wait: a record more goes as it is. */
static void test_share(struct rig *rig)
{
	struct dp_record record;
	uint32_t n_held = rig->scan->config.max_conns / 16;
	struct ts_addr host;

	for (uint32_t i = 0; i < n_held; i++) {
		host = rig_host(rig, 10 + i);
		reset_at_once(rig, &host);
	}
	tap_ok(!recorded(rig, &record),
		"the record of a host waits for its decoys while few others wait");
	host = rig_host(rig, 10 + n_held);
	reset_at_once(rig, &host);
	tap_ok(recorded(rig, &record) && ts_addr_equal(&record.addr, &host),
		"a record beyond the share of those that may wait does not wait");
	rig->poll->now_us += ENOUGH;
	dp_carry_turn(&rig->core->rx);
	tap_eq(rig->core->rx.flows.held.n, 0,
		"all records that wait for decoys are passed on in time");
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.scan->config.decoy_sample = 1;
	test_answered(&rig);
	test_silent(&rig);
	test_never(&rig);
	test_share(&rig);
	rig_close(&rig);
	return tap_done();
}
