/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who gets a RST. The first SYN-ACK to a side probe of ours, or of a target that there was no room
 * for, used to share the budget of repeats: at full speed 1,000 a second were reset and the other
 * hosts left to repeat theirs for a minute. The budget itself was the whole scan's on each core,
 * and stayed when the rate was changed; then it was the whole rate, which one host could use up.
 */
#include "rx_rig.h"
#include "tests/tap.h"

#define SYNACK	 (TS_TCP_SYN | TS_TCP_ACK)
#define N_CORES	 2
#define N_FLOOD	 200
#define N_CONNS	 64    /* all there are */
#define WAIT_US	 20001 /* the last one for what is rounded off */
#define SYN_BITS (84 * 8.0)

static uint64_t sent(const struct rig *rig)
{
	return rig_counted(rig, 0, DP_RST_SENT);
}

static struct frame answer(
	const struct rig *rig, uint32_t host, uint16_t port, enum dp_probe_kind kind)
{
	struct ts_addr addr = rig_host(rig, host);

	if (kind == DP_PROBE_CANARY)
		port = dp_probe_id_decoy_port(&rig->poll->probe_id, &addr, RIG_CANARY);
	else if (kind == DP_PROBE_DECOY)
		port = dp_probe_id_decoy_port(&rig->poll->probe_id, &addr, port);
	return rig_answer(rig, &addr, port, kind, SYNACK, 1);
}

/* Repeats of one host until nothing is left of the budget; no time passes. @return RSTs sent */
static uint64_t use_up(struct rig *rig)
{
	struct frame f = answer(rig, 0, RIG_SERVICE, DP_PROBE_SECOND);
	uint64_t before = sent(rig);

	rig_takes_of(rig, &f, N_FLOOD);
	rig_take_sent(rig);
	return sent(rig) - before;
}

static void test_first_answers(struct rig *rig)
{
	static const enum dp_probe_kind kinds[] = {
		DP_PROBE_SECOND, DP_PROBE_CANARY, DP_PROBE_DECOY};
	uint64_t before, suppressed;

	use_up(rig);
	suppressed = rig_counted(rig, 0, DP_RST_SUPPRESSED);
	tap_eq(use_up(rig), 0, "when the budget is used up no repeat is answered");
	tap_eq(rig_counted(rig, 0, DP_RST_SUPPRESSED) - suppressed, N_FLOOD,
		"each repeat that is not answered is counted");
	before = sent(rig);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (uint32_t i = 1; i <= 40; i++) {
			uint16_t port = kinds[k] == DP_PROBE_DECOY ? 0 : RIG_SERVICE;
			struct frame f = answer(rig, i, port, kinds[k]);

			rig_takes_of(rig, &f, 1);
		}
		rig_take_sent(rig);
	}
	tap_eq(sent(rig) - before, 3 * 40,
		"first answers of second probes, canaries and decoys are reset beyond the budget");
}

static void test_retry(struct rig *rig)
{
	uint64_t before;
	struct frame f;

	for (uint32_t i = 0; i < N_CONNS; i++) {
		f = answer(rig, 50 + i, RIG_SERVICE, DP_PROBE_PRIMARY);
		rig_takes_of(rig, &f, 1);
		rig_take_sent(rig);
	}
	use_up(rig);
	before = sent(rig);
	f = answer(rig, 50 + N_CONNS, RIG_SERVICE, DP_PROBE_PRIMARY);
	rig_takes_of(rig, &f, 1);
	tap_eq(rig_counted(rig, 0, DP_SYNACK_RETRY_LATER), 1,
		"a host without room is put on a list");
	tap_eq(sent(rig) - before, 1,
		"a host that is put on the list is reset, whatever is left of the budget");
	dp_carry_abort_all(&rig->core->rx);
	rig_take_sent(rig);
}

/* RSTs for a flood of repeats, so many microseconds after the last one, with limits changed: a
 * fiftieth of the rate. */
static uint64_t granted(struct rig *rig, double pps, double bps, uint64_t us)
{
	struct dp_live live = *dp_live_get(&rig->scan->live);

	live.rate_pps = pps;
	live.bandwidth_bps = bps;
	rig->poll->live = &live;
	dp_prober_run(&rig->core->prober, dp_poll_core_busy(rig->core));
	rig_take_sent(rig);
	use_up(rig);
	rig->poll->now_us += us;
	us = use_up(rig);
	rig->poll->live = dp_live_get(&rig->scan->live);
	return us;
}

static void test_share(struct rig *rig)
{
	tap_eq(granted(rig, 20000, 0, WAIT_US), 4, "a core's share of the rate, as it is now");
	tap_eq(granted(rig, 40000, 0, WAIT_US), 8,
		"a core's share of another rate is another share");
	tap_eq(granted(rig, 0, 25000 * SYN_BITS, WAIT_US), 5,
		"a core's share of a bandwidth is taken of its bits");
	tap_eq(granted(rig, 40000, 25000 * SYN_BITS, WAIT_US), 5,
		"a core's share is taken of the stricter limit");
	tap_eq(granted(rig, 20, 0, 2000000), 2, "a slow scan has a floor, a core's share of it");
}

int main(void)
{
	struct rig rig;

	rig_open_cores(&rig, N_CORES);
	test_first_answers(&rig);
	test_retry(&rig);
	test_share(&rig);
	rig_close(&rig);
	return tap_done();
}
