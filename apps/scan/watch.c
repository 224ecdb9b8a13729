/* SPDX-License-Identifier: BSD-3-Clause */
#include <rte_cycles.h>
#include <rte_launch.h>

#include "watch.h"

#include "watch_act.h"
#include "dataplane/scan/scan.h"

#define CONTROL_US 5000
/* SIGUSR1 and SIGUSR2, as in ZMap. */
#define LIMIT_STEP 1.05

/* Targets that this run has probed. */
static uint64_t n_probed(const struct dp_scan *scan)
{
	return sc_engine_total(scan, DP_TARGETS_STARTED) + sc_engine_total(scan, DP_TARGETS_AGAIN);
}

/* Probing has ended, at least for now: note the rates that were achieved until here. */
static void note_pace(struct sc_watch *w)
{
	const struct dp_scan *scan = w->engine->scan;

	w->account->pace = (struct sc_pace){
		.us = dp_clock_us(&scan->clock) - w->start_us,
		.n_probes = sc_engine_total(scan, DP_PROBES_SENT),
		.n_frames = sc_engine_total(scan, DP_TX_FRAMES),
		.wire_bytes = sc_engine_total(scan, DP_TX_WIRE_BYTES),
	};
}

static void watch_limits(struct sc_watch *w, uint64_t now_us)
{
	const struct op_options *options = w->plan->options;
	const struct sc_writer_thread *wt = &w->engine->writer_thread;
	const struct dp_scan *scan = w->engine->scan;

	if (atomic_load_explicit(&wt->failed, memory_order_relaxed))
		sc_watch_end(w, DP_ABORT, "output-error", UT_EXIT_OUTPUT);
	if (w->signals.n_stop >= 2)
		sc_watch_end(w, DP_ABORT, "interrupted", UT_EXIT_INTERRUPTED);
	else if (w->signals.n_stop == 1)
		sc_watch_end(w, DP_LISTEN, "interrupted", UT_EXIT_INTERRUPTED);
	if (options->max_runtime_s != 0 &&
		now_us - w->start_us >= options->max_runtime_s * UINT64_C(1000000))
		sc_watch_end(w, DP_LISTEN, "max-runtime", UT_EXIT_DONE);
	/* The limit is reached: late answers are not wanted. */
	if (options->max_results != 0 &&
		atomic_load_explicit(&wt->n_records, memory_order_relaxed) >= options->max_results)
		sc_watch_end(w, DP_DRAIN, "max-results", UT_EXIT_DONE);
	if (out_limit_reached(
		    &w->output, now_us, atomic_load_explicit(&wt->n_bytes, memory_order_relaxed)))
		sc_watch_end(w, DP_DRAIN, "max-output", UT_EXIT_DONE);
	if (w->cooldown.over_us == 0 && sc_watch_hears(w) &&
		sc_guard_look(
			&w->guard, now_us, sc_engine_total(scan, DP_SYNACK_VALID), n_probed(scan)))
		sc_watch_end(w, DP_LISTEN, "min-hitrate", UT_EXIT_GUARD);
}

static void say(const struct sc_watch *w, bool good, const char *sentence)
{
	if (!good || w->plan->options->verbosity >= 0)
		fprintf(stderr, "tlsweep: %s\n", sentence);
}

static void say_stopping(const struct sc_watch *w)
{
	char sentence[SC_WATCH_REPLY_LEN];

	snprintf(sentence, sizeof(sentence),
		"no new probes; late answers are waited for, up to %u s, and open connections; "
		"again to end at once",
		w->plan->options->cooldown_s);
	say(w, true, sentence);
}

/* Act on the signals that have come since the last look. */
static void watch_signals(struct sc_watch *w)
{
	struct sc_watch_signals seen = sc_watch_signals_seen();
	struct sc_watch_signals before = w->signals;
	char sentence[SC_WATCH_REPLY_LEN];
	double factor = 1;

	w->signals = seen;
	if (seen.n_stop == 1 && before.n_stop == 0 && w->mode < DP_DRAIN)
		say_stopping(w);
	if (seen.n_reload != before.n_reload)
		say(w, sc_live_exclude_files(&w->live, sentence) == 0, sentence);
	for (unsigned int i = before.n_faster; i != seen.n_faster; i++)
		factor *= LIMIT_STEP;
	for (unsigned int i = before.n_slower; i != seen.n_slower; i++)
		factor /= LIMIT_STEP;
	if (seen.n_faster != before.n_faster || seen.n_slower != before.n_slower)
		say(w, sc_live_scale_limits(&w->live, factor, sentence) == 0, sentence);
}

static uint32_t n_running(const struct dp_roles *roles, enum dp_role role)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i < roles->n; i++)
		n += roles->place[i].role == role && rte_eal_get_lcore_state(i) == RUNNING;
	return n;
}

/* Late answers count until the cooldown is over; open connections may take longer. */
static void watch_cooldown(struct sc_watch *w, uint64_t now_us)
{
	struct sc_cooldown_look look = {
		/* Targets on the retry list are probed again until the cooldown is over. */
		.probing = w->mode == DP_RUN && !dp_scan_probing_done(w->engine->scan),
		/* A peer that was never there has received no probe. */
		.no_link = (w->link.lost_us != 0 && w->link.seen) || w->neigh.lost_us != 0,
		.asked = sc_engine_total(w->engine->scan, DP_PROBES_SENT) > 0,
	};

	/* The pace covers the indices alone: a late answer may cause a few more probes. */
	if (sc_cooldown_take(&w->cooldown, look, now_us) && w->account->pace.us == 0)
		note_pace(w);
	if (w->mode >= DP_DRAIN || !sc_cooldown_heard_out(&w->cooldown, now_us))
		return;
	w->account->heard_out = sc_watch_hears(w);
	sc_watch_end(w, DP_DRAIN, "done", UT_EXIT_DONE);
}

void sc_watch_start(struct sc_watch *w, struct sc_run *run, uint64_t now_us)
{
	const struct sc_plan *plan = &run->plan;
	const struct op_options *options = plan->options;
	const struct ut_folder *folder = sc_plan_has_folder(plan) ? &run->output.folder : NULL;

	*w = (struct sc_watch){
		.plan = plan,
		.folder = folder,
		.engine = &run->engine,
		.keeper = &run->keep.keeper,
		.control = &run->control,
		.account = &run->account,
		.end = &run->end,
		.live = {.plan = plan,
			.scan = run->engine.scan,
			.keeper = &run->keep.keeper,
			.exclusions = &run->account.exclusions},
		.start_us = now_us,
		.output = {.max_bytes = options->max_output_bytes, .folder = folder},
		.cooldown.length_us = options->cooldown_s * UINT64_C(1000000),
		.guard = {.min_share = options->min_hitrate, .start_us = now_us},
	};
	/* Every port has its link when it is opened, except memif, whose peer may come later. */
	sc_watch_link_start(&w->link, now_us, plan->port_spec.kind != DP_PORT_MEMIF);
	sc_watch_disk_start(&w->disk, options->min_disk_free);
	sc_watch_act_disk(w, now_us);
}

void sc_watch_scan(struct sc_watch *w)
{
	const struct dp_roles *roles = &w->plan->roles;
	uint64_t now_us = 0;
	uint32_t n;

	while ((n = n_running(roles, DP_ROLE_POLL)) > 0) {
		/* All are running now, so all were running at the look before. */
		if (n == roles->n_poll && sc_watch_hears(w))
			w->served_us = now_us;
		now_us = dp_clock_us(&w->engine->scan->clock);
		watch_signals(w);
		ctl_socket_serve(w->control, sc_watch_act_line, w);
		watch_limits(w, now_us);
		sc_watch_act_link(w, now_us);
		sc_watch_act_disk(w, now_us);
		sc_watch_act_neigh(w, now_us);
		watch_cooldown(w, now_us);
		st_display_tick(&w->display, now_us, sc_cooldown_left(&w->cooldown, now_us));
		rte_delay_us_sleep(CONTROL_US);
	}
	sc_watch_disk_end(&w->disk, now_us);
	w->account->disk_waits = (struct sc_waits){.n = w->disk.n_waits, .us = w->disk.waited_us};
}
