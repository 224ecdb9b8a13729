/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_keep.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/util/replace_file.h"
#include "dataplane/targets/targets_file.h"

static int fail(struct sc_run *run, enum ut_exit code)
{
	run->exit_code = code;
	return -1;
}

int sc_keep_lock(struct sc_run *run)
{
	struct ut_folder_use use = {.make = true, .unsafe = run->options->unsafe_output_dir};

	if (!sc_run_has_folder(run) || run->lock_fd > 0)
		return 0;
	if (run->folder.fd < 0 && ut_folder_open(&run->folder, run->options->output, &use, run->err,
					  sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	run->lock_fd = re_resume_lock(&run->folder, run->err, sizeof(run->err));
	return run->lock_fd > 0 ? 0 : fail(run, UT_EXIT_SETUP);
}

int sc_keep_load(struct sc_run *run)
{
	const struct op_options *options = run->options;

	run->resume.n_listed = options->n_services;
	run->resume.folder = &run->folder;
	if (!options->resume)
		return 0;
	if (sc_keep_lock(run) != 0)
		return -1;
	if (re_resume_load(&run->resume, run->options, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	if (run->resume.checkpoint.state == RE_STATE_RUNNING)
		return 0;
	snprintf(run->err, sizeof(run->err), "the scan in %s is complete: nothing is left to do",
		options->output);
	return fail(run, UT_EXIT_DONE);
}

int sc_keep_targets(struct sc_run *run)
{
	if (!run->options->resume)
		return 0;
	if (re_resume_targets(
		    &run->resume, run->options, &run->targets, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	return 0;
}

int sc_keep_part(struct sc_run *run)
{
	struct dp_index_range part = {run->config.index_first, run->config.n_indices};

	run->part = part;
	if (!run->options->resume)
		return 0;
	if (re_resume_work(&run->resume, run->options, run->targets, &part, run->err,
		    sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	run->config.index_first = part.first;
	run->config.n_indices = part.n;
	run->config.done = run->resume.done;
	run->config.n_done = run->resume.n_done;
	run->config.again = run->resume.again;
	run->config.n_again = run->resume.n_again;
	return 0;
}

/* Fill in the checkpoint of a new scan. */
static void fill_first(const struct sc_run *run, struct re_checkpoint *c)
{
	const struct op_options *options = run->options;

	c->seed = options->seed;
	c->targets_digest = dp_targets_digest(run->targets);
	re_checkpoint_services(options->services, run->resume.n_listed, c->services);
	re_checkpoint_services(options->services + run->resume.n_listed, options->n_pair_services,
		c->pair_services);
	re_resume_outcomes(options->emit, c->outcomes, sizeof(c->outcomes));
	snprintf(c->certificates, sizeof(c->certificates), "%s",
		re_resume_certificates(options->certs));
	c->index_first = c->next_index = run->part.first;
	c->n_indices = run->part.n;
}

/* Replace the open work by what is still open: without targets that have got their line since. */
static int fill_resumed(const struct sc_run *run, struct re_checkpoint *c)
{
	int rc = 0;

	c->n_open = 0;
	for (uint64_t i = 0; i < run->config.n_again && rc == 0; i++)
		rc = re_checkpoint_add_open(c, &run->config.again[i].addr,
			run->config.services[run->config.again[i].service].port);
	return rc;
}

static int save_targets(struct sc_run *run)
{
	int fd = ut_replace_begin(&run->folder, UT_TARGETS_FILE);
	int rc = fd;

	if (fd >= 0)
		rc = ut_replace_end(
			&run->folder, UT_TARGETS_FILE, fd, dp_targets_save(run->targets, fd), true);
	if (rc == 0)
		return 0;
	snprintf(run->err, sizeof(run->err),
		"cannot save the targets in %.256s/" UT_TARGETS_FILE ": %s", run->options->output,
		strerror(-rc));
	return fail(run, UT_EXIT_SETUP);
}

static int complain(struct sc_run *run, int error, enum ut_exit code)
{
	snprintf(run->err, sizeof(run->err), "cannot write %.256s/" UT_CHECKPOINT_FILE ": %s",
		run->options->output, strerror(-error));
	run->exit_reason = "output-error";
	return fail(run, code);
}

/* Add to the summary the exclusions that earlier runs or --resume have added. */
static int account_excluded(struct sc_run *run, const struct dp_ranges *excluded)
{
	static const struct dp_ranges none;
	struct su_exclusion *e = su_exclusions_add(&run->exclusions);

	if (e == NULL)
		return -ENOMEM;
	e->at_unix_us = run->scan->clock.start_unix_us;
	e->confirmed = true;
	snprintf(e->source, sizeof(e->source), "%s", "before this run");
	return dp_ranges_union(&e->ranges, excluded, &none);
}

int sc_keep_open(struct sc_run *run)
{
	struct re_checkpoint *c = &run->resume.checkpoint;
	int rc = 0;

	if (!sc_run_has_folder(run))
		return 0;
	if (!run->options->resume) {
		if (save_targets(run) != 0)
			return -1;
		fill_first(run, c);
		run->resume.begun_floor = c->next_index;
	} else {
		rc = fill_resumed(run, c);
	}
	if (rc == 0)
		rc = dp_scan_exclude_early(run->scan, &c->excluded);
	if (rc == 0 && c->excluded.n > 0)
		rc = account_excluded(run, &c->excluded);
	run->keeper = (struct re_keeper){
		.folder = &run->folder,
		.scan = run->scan,
		.writer = run->writer,
		.interval_us = run->options->checkpoint_s * UINT64_C(1000000),
		.n_earlier = run->resume.n_records,
		.begun_floor = run->resume.begun_floor,
	};
	if (rc == 0)
		rc = re_keeper_open(&run->keeper, c);
	return rc == 0 ? 0 : complain(run, rc, UT_EXIT_SETUP);
}

void sc_keep_close(struct sc_run *run, uint64_t served_us)
{
	int rc = re_keeper_close(&run->keeper, served_us);

	if (rc != 0)
		complain(run, rc, UT_EXIT_OUTPUT);
}

static void tell_how_to_resume(const struct sc_run *run)
{
	/* With the same limit the resumed scan would end at once. */
	bool full = strcmp(run->exit_reason, "max-output") == 0;

	fprintf(stderr, "tlsweep: to continue this scan: tlsweep scan --resume -o %s%s\n",
		run->options->output, full ? " --max-output SIZE, larger than before" : "");
}

void sc_keep_done(struct sc_run *run)
{
	int rc = 0;

	if (run->exit_code == UT_EXIT_DONE && strcmp(run->exit_reason, "done") == 0)
		rc = re_keeper_done(&run->keeper);
	else if (run->keeper.folder != NULL && run->options->verbosity >= 0)
		tell_how_to_resume(run);
	if (rc != 0)
		complain(run, rc, UT_EXIT_OUTPUT);
}

void sc_keep_free(struct sc_run *run)
{
	re_keeper_free(&run->keeper);
	re_resume_free(&run->resume);
	if (run->lock_fd > 0)
		close(run->lock_fd);
	ut_folder_close(&run->folder);
}
