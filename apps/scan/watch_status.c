/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_status.h"

#include "apps/json/json.h"

static const char *const modes[] = {
	[DP_RUN] = "running",
	[DP_LISTEN] = "listening",
	[DP_DRAIN] = "draining",
	[DP_ABORT] = "aborting",
};

static void put_counters(struct js_buf *js, const struct st_tally *tally)
{
	static const enum dp_counter shown[] = {
		DP_TARGETS_STARTED,
		DP_TARGETS_AGAIN,
		DP_TARGETS_EXCLUDED,
		DP_PROBES_SENT,
		DP_SYNACK_VALID,
		DP_RST_VALID,
		DP_ICMP_VALID,
		DP_TX_FRAMES,
		DP_TX_WIRE_BYTES,
		DP_RX_FRAMES,
		DP_CONNS_OPENED,
		DP_CONNS_EXCLUDED,
		DP_TLS_COMPLETED,
	};

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		js_u64(js, dp_counter_name(shown[i]), tally->counter[shown[i]]);
	js_u64(js, "open_conns", tally->gauge[DP_G_OPEN_CONNS]);
	js_u64(js, "tls_sessions", tally->gauge[DP_G_TLS_SESSIONS]);
	js_u64(js, "records", tally->n_records);
}

void sc_watch_status_json(const struct sc_watch *w, FILE *out)
{
	const struct dp_scan *scan = w->engine->scan;
	const struct dp_ranges *excluded = dp_scan_excluded(scan);
	const struct st_tally_source source = sc_engine_counts(w->engine, &w->plan->roles);
	struct js_buf js = {0};
	struct st_tally tally;

	st_tally_take(&tally, &source);
	js_object(&js, NULL);
	js_time_us(&js, "time", scan->clock.start_unix_us + tally.now_us);
	js_double(&js, "elapsed_s", (double)(tally.now_us - w->start_us) / 1e6);
	js_str(&js, "state", modes[w->mode]);
	js_str(&js, "waits_for", dp_stall_name(st_tally_stall(&tally)));
	js_double(&js, "asked_pps", tally.asked_pps);
	js_double(&js, "asked_bps", tally.asked_bps);
	js_u64(&js, "targets", tally.n_targets);
	put_counters(&js, &tally);
	js_u64(&js, "excluded_ranges", excluded != NULL ? excluded->n : 0);
	js_end_object(&js);
	js_newline(&js);
	if (!js.failed)
		fwrite(js.data, 1, js.len, out);
	js_free(&js);
}
