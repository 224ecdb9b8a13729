/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_keep.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apps/util/replace_file.h"
#include "dataplane/targets/targets_file.h"

int sc_keep_load(struct sc_keep *keep, const struct sc_plan *plan, struct sc_output *output,
	struct sc_end *end)
{
	struct op_options *options = plan->options;
	struct re_resume *resume = &keep->resume;

	resume->n_listed = options->n_services;
	resume->folder = &output->folder;
	if (!options->resume)
		return 0;
	if (sc_folder_lock(output, plan, end) != 0)
		return -1;
	if (re_resume_load(resume, options, end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	if (resume->checkpoint.state == RE_STATE_RUNNING)
		return 0;
	snprintf(end->err, sizeof(end->err), "the scan in %s is complete: nothing is left to do",
		options->output);
	return sc_end_fail(end, UT_EXIT_DONE);
}

int sc_keep_targets(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end)
{
	if (!plan->options->resume)
		return 0;
	if (re_resume_targets(
		    &keep->resume, plan->options, &plan->targets, end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	return 0;
}

int sc_keep_part(struct sc_keep *keep, struct sc_plan *plan, struct sc_end *end)
{
	struct dp_scan_config *config = &plan->config;
	struct dp_index_range part = {config->index_first, config->n_indices};

	keep->part = part;
	if (!plan->options->resume)
		return 0;
	if (re_resume_work(&keep->resume, plan->options, plan->targets, &part, end->err,
		    sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	config->index_first = part.first;
	config->n_indices = part.n;
	config->done = keep->resume.done;
	config->n_done = keep->resume.n_done;
	config->again = keep->resume.again;
	config->n_again = keep->resume.n_again;
	return 0;
}

uint64_t sc_keep_begun_earlier(const struct sc_keep *keep, const struct dp_scan_config *config)
{
	return config->index_first - keep->part.first + config->n_done;
}

/* Fill in the checkpoint of a new scan. */
static void fill_first(
	const struct sc_keep *keep, const struct sc_plan *plan, struct re_checkpoint *c)
{
	const struct op_options *options = plan->options;
	size_t n_listed = keep->resume.n_listed;

	c->seed = options->seed;
	c->targets_digest = dp_targets_digest(plan->targets);
	re_checkpoint_services(options->services, n_listed, c->services);
	re_checkpoint_services(
		options->services + n_listed, options->n_pair_services, c->pair_services);
	re_resume_outcomes(options->emit, c->outcomes, sizeof(c->outcomes));
	snprintf(c->certificates, sizeof(c->certificates), "%s",
		re_resume_certificates(options->certs));
	c->index_first = c->next_index = keep->part.first;
	c->n_indices = keep->part.n;
}

/* Replace the open work by what is still open: without targets that have got their line since. */
static int fill_resumed(const struct dp_scan_config *config, struct re_checkpoint *c)
{
	int rc = 0;

	c->n_open = 0;
	for (uint64_t i = 0; i < config->n_again && rc == 0; i++)
		rc = re_checkpoint_add_open(
			c, &config->again[i].addr, config->services[config->again[i].service].port);
	return rc;
}

static int save_targets(
	const struct ut_folder *folder, const struct sc_plan *plan, struct sc_end *end)
{
	int fd = ut_replace_begin(folder, UT_TARGETS_FILE);
	int rc = fd;

	if (fd >= 0)
		rc = ut_replace_end(
			folder, UT_TARGETS_FILE, fd, dp_targets_save(plan->targets, fd), true);
	if (rc == 0)
		return 0;
	snprintf(end->err, sizeof(end->err),
		"cannot save the targets in %.256s/" UT_TARGETS_FILE ": %s", plan->options->output,
		strerror(-rc));
	return sc_end_fail(end, UT_EXIT_SETUP);
}

static int complain(struct sc_end *end, const char *folder, int error, enum ut_exit code)
{
	snprintf(end->err, sizeof(end->err), "cannot write %.256s/" UT_CHECKPOINT_FILE ": %s",
		folder, strerror(-error));
	end->reason = "output-error";
	return sc_end_fail(end, code);
}

/* Add to the summary the exclusions that earlier runs or --resume have added. */
static int account_excluded(
	struct su_exclusions *exclusions, const struct dp_ranges *excluded, uint64_t at_unix_us)
{
	static const struct dp_ranges none;
	struct su_exclusion *e = su_exclusions_add(exclusions);

	if (e == NULL)
		return -ENOMEM;
	e->at_unix_us = at_unix_us;
	e->confirmed = true;
	snprintf(e->source, sizeof(e->source), "%s", "before this run");
	return dp_ranges_union(&e->ranges, excluded, &none);
}

int sc_keep_open(struct sc_keep *keep, const struct sc_plan *plan, const struct sc_output *output,
	struct dp_scan *scan, struct su_exclusions *exclusions, struct sc_end *end)
{
	struct re_resume *resume = &keep->resume;
	struct re_checkpoint *c = &resume->checkpoint;
	int rc = 0;

	if (!sc_plan_has_folder(plan))
		return 0;
	if (!plan->options->resume) {
		if (save_targets(&output->folder, plan, end) != 0)
			return -1;
		fill_first(keep, plan, c);
		resume->begun_floor = c->next_index;
	} else {
		rc = fill_resumed(&plan->config, c);
	}
	if (rc == 0)
		rc = dp_scan_exclude_early(scan, &c->excluded);
	if (rc == 0 && c->excluded.n > 0)
		rc = account_excluded(exclusions, &c->excluded, scan->clock.start_unix_us);
	keep->keeper = (struct re_keeper){
		.folder = &output->folder,
		.scan = scan,
		.writer = output->writer,
		.interval_us = plan->options->checkpoint_s * UINT64_C(1000000),
		.n_earlier = resume->n_records,
		.begun_floor = resume->begun_floor,
	};
	if (rc == 0)
		rc = re_keeper_open(&keep->keeper, c);
	return rc == 0 ? 0 : complain(end, plan->options->output, rc, UT_EXIT_SETUP);
}

void sc_keep_close(struct sc_keep *keep, const char *folder, uint64_t served_us, struct sc_end *end)
{
	int rc = re_keeper_close(&keep->keeper, served_us);

	if (rc != 0)
		complain(end, folder, rc, UT_EXIT_OUTPUT);
}

static void tell_how_to_resume(const char *folder, const char *reason)
{
	/* With the same limit the resumed scan would end at once. */
	bool full = strcmp(reason, "max-output") == 0;

	fprintf(stderr, "tlsweep: to continue this scan: tlsweep scan --resume -o %s%s\n", folder,
		full ? " --max-output SIZE, larger than before" : "");
}

void sc_keep_done(struct sc_keep *keep, const struct op_options *options, struct sc_end *end)
{
	int rc = 0;

	if (end->code == UT_EXIT_DONE && strcmp(end->reason, "done") == 0)
		rc = re_keeper_done(&keep->keeper);
	else if (keep->keeper.folder != NULL && options->verbosity >= 0)
		tell_how_to_resume(options->output, end->reason);
	if (rc != 0)
		complain(end, options->output, rc, UT_EXIT_OUTPUT);
}

void sc_keep_free(struct sc_keep *keep)
{
	re_keeper_free(&keep->keeper);
	re_resume_free(&keep->resume);
}
