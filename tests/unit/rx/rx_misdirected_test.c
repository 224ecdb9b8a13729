/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames that the device gave to another core than the one they belong to. They went through the
 * burst of both, and were counted as received by both: rx_frames was twice what had come.
 */
#include "rx_rig.h"
#include "tests/tap.h"

#define N_CORES 2

static uint64_t counted_by_all(const struct rig *rig, enum dp_counter counter)
{
	return rig_counted(rig, 0, counter) + rig_counted(rig, 1, counter);
}

/* The answer of a host to a probe of the second core. */
static struct frame answer_to_second(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 3);
	struct frame f;

	rig->poll = rig->scan->poll[1];
	f = rig_answer(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, TS_TCP_RST | TS_TCP_ACK, 1);
	rig->poll = rig->scan->poll[0];
	return f;
}

int main(void)
{
	struct rig rig;
	struct frame f;

	rig_open_cores(&rig, N_CORES);
	f = answer_to_second(&rig);
	rig_put(&rig, &f);
	tap_eq(dp_rx_poll(&dp_poll_core_of(rig.scan->poll[0])->rx), 1,
		"the first core takes a stray frame from the device");
	tap_eq(rig_counted(&rig, 0, DP_RX_MISDIRECTED), 1,
		"the first core hands a stray frame over");
	tap_eq(dp_rx_poll(&dp_poll_core_of(rig.scan->poll[1])->rx), 1,
		"the second core takes a stray frame from the ring");
	tap_eq(rig_counted(&rig, 1, DP_RST_VALID), 1,
		"the second core knows a stray frame for an answer to its probe");
	tap_eq(counted_by_all(&rig, DP_RX_FRAMES), 1,
		"a stray frame is counted as one frame received");
	tap_eq(counted_by_all(&rig, DP_RX_BYTES), f.len,
		"a stray frame is counted once, with its bytes");
	rig_close(&rig);
	return tap_done();
}
