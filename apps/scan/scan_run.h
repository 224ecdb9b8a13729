/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One run of `tlsweep scan`: what has been set up, and how it ended.
 *
 * scan_plan.c says what it needs, scan_setup.c builds it from the options in the order in which
 * mistakes are cheapest to report (lists, output folder, memory, port), scan_control.c starts the
 * lcores and watches over them, scan_report.c writes the account. All on the main thread.
 */
#pragma once

#include <string.h>

#include "apps/control/control_socket.h"
#include "apps/summary/exclusions.h"
#include "apps/util/exit_codes.h"
#include "apps/lab/lab_role.h"
#include "apps/resume/keeper.h"
#include "apps/options/options.h"
#include "apps/resume/resume.h"
#include "apps/summary/summary.h"
#include "apps/scan/writer_thread.h"
#include "apps/status/tally.h"
#include "dataplane/core/scan_shared.h"
#include "dataplane/core/stats.h"
#include "dataplane/scan/roles.h"

#define SC_ERR_LEN 512

/* What was sent until every index had been probed: the rates that were achieved. */
struct sc_pace {
	uint64_t us; /* it took so long */
	uint64_t n_probes, n_frames, wire_bytes;
};

/* How often and how long probes have waited for something that control looks after. */
struct sc_waits {
	uint64_t n, us;
};

struct sc_run {
	struct op_options *options;
	int argc;
	char **argv;
	struct dp_targets *targets;
	struct dp_index_range part; /* of the permutation: this scan's, all its runs together */
	struct re_resume resume;    /* with --resume: what the runs before have left */
	struct re_keeper keeper;    /* of the checkpoint */
	struct ut_folder folder;    /* for the results; fd -1: there is none, or not yet */
	int lock_fd;		    /* on the output folder, 0: none */
	struct dp_roles roles;
	struct dp_port_spec port_spec;
	struct dp_port port;
	char lcores[DP_ROLES_EAL_LEN]; /* of roles, for EAL */
	bool eal_started, port_open;
	bool fresh; /* the files of a scan in the output folder are of this run alone */
	bool begun; /* the poll cores were started */
	struct dp_scan_config config;
	struct dp_scan *scan;
	struct lab_role lab;   /* used with -i lab */
	struct js_asked asked; /* for the writer */
	struct out_writer *writer;
	struct sc_writer_thread writer_thread;
	struct su_prefix_table *prefixes; /* open pairs by network; the writer thread counts */
	struct ctl_socket control;	  /* only with a folder for the results */
	struct su_exclusions exclusions;  /* that came while it ran */
	struct sc_pace pace;
	struct sc_waits disk_waits;
	struct out_writer_counts counts; /* copied before the writer is closed */
	struct su_noise_facts noise;	 /* the same */
	bool heard_out; /* the cooldown was waited out: an answer that has not come is missing */
	uint64_t start_unix_us, end_unix_us; /* from the first probe to the last record */
	const char *exit_reason;	     /* a word for the summary */
	enum ut_exit exit_code;
	char err[SC_ERR_LEN]; /* the sentence the user sees, "" when there is none */
};

/** Do the results go to a folder? Else they go to standard output. Any thread. */
static inline bool sc_run_has_folder(const struct sc_run *run)
{
	return strcmp(run->options->output, "-") != 0;
}

/** Where the counts of a scan that has been built stand. They are there until sc_teardown(). */
static inline struct st_tally_source sc_run_counts(const struct sc_run *run)
{
	return (struct st_tally_source){
		.scan = run->scan,
		.roles = &run->roles,
		.port = &run->port,
		.n_records = &run->writer_thread.n_records,
	};
}

/**
 * Build everything up to, and without, starting lcores.
 * @return 0, or -1 with run->err and run->exit_code set, at SIGINT and SIGTERM too; sc_teardown()
 * is due in both cases
 */
int sc_setup(struct sc_run *run);

/** Take it all down. The folder of a new scan that has not begun is left free for the next one. */
void sc_teardown(struct sc_run *run);

/** Has somebody asked for the end of a scan that has not begun? Sets run->err and exit_code
 * then. */
bool sc_setup_stopped(struct sc_run *run);

/**
 * Start the lcores and stay until the scan is over; sets exit_reason, exit_code, err, end_unix_us.
 * run->begun says whether it came so far.
 */
void sc_control(struct sc_run *run);

/** Fill run->noise. Once the poll cores and the writer thread have ended, before the writer is
 * closed. */
void sc_noise(struct sc_run *run);

/** Write summary.json (or the summary line). When that fails, run->err and the exit code say so. */
void sc_report_write(struct sc_run *run);
