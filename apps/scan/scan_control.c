/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include <rte_cycles.h>
#include <rte_launch.h>

#include "scan_keep.h"
#include "apps/status/telemetry.h"
#include "watch.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/tlscore/tlscore.h"

#define READY_LOOK_US 5000
/* How long the roles may take to become ready: the lab makes a few TLS contexts. */
#define READY_US 20000000

/* The state of a role that is not ready and has not ended. */
static const char role_starting[] = "it took too long";

static bool role_ready(const struct sc_run *run, uint32_t lcore, uint32_t tls)
{
	switch (run->roles.place[lcore].role) {
	case DP_ROLE_TLS:
		return atomic_load_explicit(&run->scan->tls[tls]->ready, memory_order_relaxed);
	case DP_ROLE_LAB:
		return atomic_load_explicit(&run->lab.ready, memory_order_relaxed);
	default:
		return true;
	}
}

/* Why a role that serves poll cores is not ready; NULL: all are ready. */
static const char *why_not_ready(const struct sc_run *run)
{
	uint32_t t = 0;

	for (uint32_t i = 1; i < run->roles.n; i++) {
		bool tls = run->roles.place[i].role == DP_ROLE_TLS;
		uint32_t which = t;
		const char *why;

		t += tls;
		if (role_ready(run, i, which))
			continue;
		/* The role may write its reason until it has returned. */
		if (rte_eal_get_lcore_state(i) == RUNNING)
			return role_starting;
		why = tls ? run->scan->tls[which]->why : run->lab.why;
		return why != NULL ? why : "it ended without a reason";
	}
	return NULL;
}

/* Start TLS cores and the lab, and wait until they are ready: poll cores start after them. */
static bool start_helpers(struct sc_run *run)
{
	uint64_t start_us = dp_clock_us(&run->scan->clock);
	const char *why;
	uint32_t t = 0;

	for (uint32_t i = 1; i < run->roles.n; i++) {
		if (run->roles.place[i].role == DP_ROLE_TLS)
			rte_eal_remote_launch(dp_tls_main, run->scan->tls[t++], i);
		else if (run->roles.place[i].role == DP_ROLE_LAB)
			rte_eal_remote_launch(lab_role_main, &run->lab, i);
	}
	do {
		why = why_not_ready(run);
		if (sc_setup_stopped(run))
			return false;
		if (why == NULL)
			return true;
		rte_delay_us_sleep(READY_LOOK_US);
	} while (why == role_starting && dp_clock_us(&run->scan->clock) - start_us < READY_US);
	snprintf(run->err, sizeof(run->err), "a role could not start: %s", why);
	run->exit_code = UT_EXIT_SETUP;
	return false;
}

static void start_pollers(struct sc_run *run)
{
	uint32_t p = 0;

	for (uint32_t i = 1; i < run->roles.n; i++) {
		if (run->roles.place[i].role == DP_ROLE_POLL)
			rte_eal_remote_launch(dp_poll_core_main, run->scan->poll[p++], i);
	}
}

static bool all_ended(const struct sc_run *run)
{
	for (uint32_t i = 1; i < run->roles.n; i++)
		if (rte_eal_get_lcore_state(i) == RUNNING)
			return false;
	return true;
}

static void stop_helpers(struct sc_run *run)
{
	/* Release; pairs with the acquire in dp_tls_main(). */
	atomic_store_explicit(&run->scan->stop_tls, true, memory_order_release);
	atomic_store_explicit(&run->lab.stop, true, memory_order_relaxed);
	/* rte_eal_mp_wait_lcore() spins, on a CPU that the helpers may need: sleep until they have
	 * ended. */
	while (!all_ended(run))
		rte_delay_us_sleep(READY_LOOK_US);
	rte_eal_mp_wait_lcore();
}

static void output_error(struct sc_run *run)
{
	run->exit_code = UT_EXIT_OUTPUT;
	run->exit_reason = "output-error";
}

/* Add to the reason how many records are lost. The writer has flushed, so the numbers are final. */
static void tell_loss(struct sc_run *run)
{
	size_t len = strlen(run->err);

	snprintf(run->err + len, sizeof(run->err) - len,
		" (%" PRIu64 " of %" PRIu64 " records are lost)", run->counts.n_lost,
		run->counts.n_records);
}

static void close_writer(struct sc_run *run)
{
	run->counts = *out_writer_read_counts(run->writer);
	sc_noise(run);
	if (out_writer_error(run->writer)[0] != '\0') {
		output_error(run);
		snprintf(run->err, sizeof(run->err), "%s", out_writer_error(run->writer));
	}
	if (run->exit_code == UT_EXIT_OUTPUT)
		tell_loss(run);
	if (out_writer_close(run->writer) != 0 && run->exit_code != UT_EXIT_OUTPUT) {
		output_error(run);
		snprintf(run->err, sizeof(run->err),
			"the results could not be brought to the disk (%.256s): how many of "
			"%" PRIu64 " records are there is not known",
			run->options->output, run->counts.n_records);
	}
	run->writer = NULL;
}

/* Start everything that reports on the scan while it runs. */
static void start_telling(struct sc_watch *w)
{
	const struct sc_run *run = w->run;
	const struct st_display_config display = {
		.source = sc_run_counts(run),
		.folder = sc_run_has_folder(run) ? &run->folder : NULL,
		.start_unix_us = run->start_unix_us,
		.append = run->options->resume,
		.quiet = run->options->verbosity < 0,
	};
	const struct st_telemetry telemetry = {
		.scan = run->scan,
		.roles = &run->roles,
		.interface = run->options->interface,
		.output = run->options->output,
	};

	st_display_start(&w->display, &display, w->start_us);
	st_telemetry_open(&telemetry);
}

void sc_control(struct sc_run *run)
{
	struct sc_watch w;
	int ret;

	if (!start_helpers(run)) {
		stop_helpers(run);
		return;
	}
	run->writer_thread = (struct sc_writer_thread){
		.scan = run->scan,
		.writer = run->writer,
		.keeper = &run->keeper,
		.prefixes = run->prefixes,
	};
	ret = sc_writer_thread_start(&run->writer_thread);
	if (ret != 0) {
		snprintf(run->err, sizeof(run->err), "the writer thread could not start: %s",
			strerror(-ret));
		run->exit_code = UT_EXIT_SETUP;
		stop_helpers(run);
		return;
	}
	/* Set-up may have taken seconds: rates and limits count from here. */
	sc_watch_start(&w, run, dp_clock_us(&run->scan->clock));
	run->start_unix_us = run->scan->clock.start_unix_us + w.start_us;
	start_telling(&w);
	run->begun = true;
	sc_watch_signals_begin();
	start_pollers(run);
	sc_watch_scan(&w);
	/* A client that connects from now on is told that no scan is running. */
	ctl_socket_close(&run->control);
	stop_helpers(run);
	sc_writer_thread_stop(&run->writer_thread);
	sc_keep_close(run, w.served_us);
	st_display_end(&w.display);
	st_telemetry_close();
	run->end_unix_us = run->scan->clock.start_unix_us + dp_clock_us(&run->scan->clock);
	close_writer(run);
}
