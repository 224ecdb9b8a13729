/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_launch.h>

#include "apps/status/telemetry.h"
#include "scan_run.h"
#include "watch.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/tlscore/tlscore.h"

#define READY_LOOK_US 5000
/* How long the roles may take to become ready: the lab makes a few TLS contexts. */
#define READY_US 20000000

/* The state of a role that is not ready and has not ended. */
static const char role_starting[] = "it took too long";

static bool role_ready(const struct sc_engine *engine, enum dp_role role, uint32_t tls)
{
	switch (role) {
	case DP_ROLE_TLS:
		return atomic_load_explicit(&engine->scan->tls[tls]->ready, memory_order_relaxed);
	case DP_ROLE_LAB:
		return atomic_load_explicit(&engine->lab.ready, memory_order_relaxed);
	default:
		return true;
	}
}

/* Why a role that serves poll cores is not ready; NULL: all are ready. */
static const char *why_not_ready(const struct sc_engine *engine, const struct dp_roles *roles)
{
	uint32_t t = 0;

	for (uint32_t i = 1; i < roles->n; i++) {
		bool tls = roles->place[i].role == DP_ROLE_TLS;
		uint32_t which = t;
		const char *why;

		t += tls;
		if (role_ready(engine, roles->place[i].role, which))
			continue;
		/* The role may write its reason until it has returned. */
		if (rte_eal_get_lcore_state(i) == RUNNING)
			return role_starting;
		why = tls ? engine->scan->tls[which]->why : engine->lab.why;
		return why != NULL ? why : "it ended without a reason";
	}
	return NULL;
}

/* Start TLS cores and the lab, and wait until they are ready: poll cores start after them. */
static bool start_helpers(
	struct sc_engine *engine, const struct dp_roles *roles, struct sc_end *end)
{
	const struct dp_clock *clock = &engine->scan->clock;
	uint64_t start_us = dp_clock_us(clock);
	const char *why;
	uint32_t t = 0;

	for (uint32_t i = 1; i < roles->n; i++) {
		if (roles->place[i].role == DP_ROLE_TLS)
			rte_eal_remote_launch(dp_tls_main, engine->scan->tls[t++], i);
		else if (roles->place[i].role == DP_ROLE_LAB)
			rte_eal_remote_launch(lab_role_main, &engine->lab, i);
	}
	do {
		why = why_not_ready(engine, roles);
		if (sc_setup_stopped(end))
			return false;
		if (why == NULL)
			return true;
		rte_delay_us_sleep(READY_LOOK_US);
	} while (why == role_starting && dp_clock_us(clock) - start_us < READY_US);
	snprintf(end->err, sizeof(end->err), "a role could not start: %s", why);
	end->code = UT_EXIT_SETUP;
	return false;
}

static void start_pollers(struct dp_scan *scan, const struct dp_roles *roles)
{
	uint32_t p = 0;

	for (uint32_t i = 1; i < roles->n; i++) {
		if (roles->place[i].role == DP_ROLE_POLL)
			rte_eal_remote_launch(dp_poll_core_main, scan->poll[p++], i);
	}
}

static bool all_ended(const struct dp_roles *roles)
{
	for (uint32_t i = 1; i < roles->n; i++)
		if (rte_eal_get_lcore_state(i) == RUNNING)
			return false;
	return true;
}

static void stop_helpers(struct sc_engine *engine, const struct dp_roles *roles)
{
	/* Release; pairs with the acquire in dp_tls_main(). */
	atomic_store_explicit(&engine->scan->stop_tls, true, memory_order_release);
	atomic_store_explicit(&engine->lab.stop, true, memory_order_relaxed);
	/* rte_eal_mp_wait_lcore() spins, on a CPU that the helpers may need: sleep until they have
	 * ended. */
	while (!all_ended(roles))
		rte_delay_us_sleep(READY_LOOK_US);
	rte_eal_mp_wait_lcore();
}

static int start_writer(struct sc_run *run)
{
	struct sc_writer_thread *thread = &run->engine.writer_thread;
	int rc;

	*thread = (struct sc_writer_thread){
		.scan = run->engine.scan,
		.writer = run->output.writer,
		.keeper = &run->keep.keeper,
		.prefixes = run->output.prefixes,
	};
	rc = sc_writer_thread_start(thread);
	if (rc == 0)
		return 0;
	snprintf(run->end.err, sizeof(run->end.err), "the writer thread could not start: %s",
		strerror(-rc));
	return sc_end_fail(&run->end, UT_EXIT_SETUP);
}

static void output_error(struct sc_end *end)
{
	end->code = UT_EXIT_OUTPUT;
	end->reason = "output-error";
}

/* Add to the reason how many records are lost. The writer has flushed, so the numbers are final. */
static void tell_loss(const struct out_writer_counts *counts, struct sc_end *end)
{
	size_t len = strlen(end->err);

	snprintf(end->err + len, sizeof(end->err) - len,
		" (%" PRIu64 " of %" PRIu64 " records are lost)", counts->n_lost,
		counts->n_records);
}

/* After the counts were copied. */
static void close_writer(struct sc_output *output, const char *folder,
	const struct out_writer_counts *counts, struct sc_end *end)
{
	if (out_writer_error(output->writer)[0] != '\0') {
		output_error(end);
		snprintf(end->err, sizeof(end->err), "%s", out_writer_error(output->writer));
	}
	if (end->code == UT_EXIT_OUTPUT)
		tell_loss(counts, end);
	if (out_writer_close(output->writer) != 0 && end->code != UT_EXIT_OUTPUT) {
		output_error(end);
		snprintf(end->err, sizeof(end->err),
			"the results could not be brought to the disk (%.256s): how many of "
			"%" PRIu64 " records are there is not known",
			folder, counts->n_records);
	}
	output->writer = NULL;
}

/* Start everything that reports on the scan while it runs. */
static void start_telling(struct sc_watch *w)
{
	const struct op_options *options = w->plan->options;
	const struct st_display_config display = {
		.source = sc_engine_counts(w->engine, &w->plan->roles),
		.folder = w->folder,
		.start_unix_us = w->account->start_unix_us,
		.append = options->resume,
		.quiet = options->verbosity < 0,
	};
	const struct st_telemetry telemetry = {
		.scan = w->engine->scan,
		.roles = &w->plan->roles,
		.interface = options->interface,
		.output = options->output,
	};

	st_display_start(&w->display, &display, w->start_us);
	st_telemetry_open(&telemetry);
}

void sc_control(struct sc_run *run)
{
	const struct dp_roles *roles = &run->plan.roles;
	const char *folder = run->plan.options->output;
	struct sc_account *account = &run->account;
	struct sc_engine *engine = &run->engine;
	const struct dp_clock *clock = &engine->scan->clock;
	struct sc_watch w;

	if (!start_helpers(engine, roles, &run->end) || start_writer(run) != 0) {
		stop_helpers(engine, roles);
		return;
	}
	/* Set-up may have taken seconds: rates and limits count from here. */
	sc_watch_start(&w, run, dp_clock_us(clock));
	account->start_unix_us = clock->start_unix_us + w.start_us;
	start_telling(&w);
	run->begun = true;
	sc_watch_signals_begin();
	start_pollers(engine->scan, roles);
	sc_watch_scan(&w);
	/* A client that connects from now on is told that no scan is running. */
	ctl_socket_close(&run->control);
	stop_helpers(engine, roles);
	sc_writer_thread_stop(&engine->writer_thread);
	sc_keep_close(&run->keep, folder, w.served_us, &run->end);
	st_display_end(&w.display);
	st_telemetry_close();
	account->end_unix_us = clock->start_unix_us + dp_clock_us(clock);
	account->counts = *out_writer_read_counts(run->output.writer);
	sc_account_noise(account, &run->plan, &run->keep, &run->output, engine->scan);
	close_writer(&run->output, folder, &account->counts, &run->end);
}
