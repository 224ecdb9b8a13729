/* SPDX-License-Identifier: BSD-3-Clause */
#include "resume.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "dataplane/targets/targets_file.h"
#include "results_file.h"

#define PATH_LEN 4096

/* The lock file is never removed: otherwise two scans could lock two different files. */
static int open_lock(const struct ut_folder *folder)
{
	int fd = -EEXIST;

	/* If two scans find none at the same time, one creates it and the other one opens it. */
	for (int i = 0; i < 2 && fd == -EEXIST; i++) {
		fd = ut_folder_continue_file(folder, UT_LOCK_FILE);
		if (fd == -ENOENT)
			fd = ut_folder_create_file(folder, UT_LOCK_FILE);
	}
	return fd;
}

int re_resume_lock(const struct ut_folder *folder, char *err, size_t err_len)
{
	int fd = open_lock(folder);
	int rc = fd;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0) {
		rc = -errno;
		close(fd);
	}
	if (rc == -EWOULDBLOCK)
		snprintf(err, err_len,
			"%s: another tlsweep scan is writing to this folder; wait for its end or "
			"give -o another name",
			folder->path);
	else
		snprintf(err, err_len, "%s/" UT_LOCK_FILE ": cannot lock the output folder: %s",
			folder->path, ut_folder_why(rc));
	return -1;
}

void re_resume_outcomes(const bool emit[DP_N_OUTCOME], char *out, size_t out_len)
{
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < DP_N_OUTCOME; i++) {
		if (emit[i] && len < out_len)
			len += (size_t)snprintf(out + len, out_len - len, "%s%s",
				len == 0 ? "" : ",", dp_outcome_name((enum dp_outcome)i));
	}
}

const char *re_resume_certificates(enum out_certs certs)
{
	return certs == OUT_CERTS_STORE ? "store" : "inline";
}

/* Write the sentence on an option that was then and is now different. */
static int refuse(const char *what, const char *then, const char *now, char *err, size_t err_len)
{
	snprintf(err, err_len,
		"--resume: the scan was begun with %s %.300s and this is %.300s; give what it was "
		"begun with, or -o another folder for a new scan",
		what, then, now);
	return -EINVAL;
}

static int refuse_number(const char *what, uint64_t then, uint64_t now, char *err, size_t err_len)
{
	char texts[2][24];

	snprintf(texts[0], sizeof(texts[0]), "%" PRIu64, then);
	snprintf(texts[1], sizeof(texts[1]), "%" PRIu64, now);
	return refuse(what, texts[0], texts[1], err, err_len);
}

static int compare_options(
	const struct re_checkpoint *c, const struct op_options *o, char *err, size_t err_len)
{
	char services[RE_CHECKPOINT_TEXT_LEN], outcomes[sizeof(c->outcomes)];

	/* The lists have not been read yet, so options hold the services of -p alone. */
	re_checkpoint_services(o->services, o->n_services, services);
	re_resume_outcomes(o->emit, outcomes, sizeof(outcomes));
	if (o->seed_given && o->seed != c->seed)
		return refuse_number("--seed", c->seed, o->seed, err, err_len);
	if (strcmp(services, c->services) != 0)
		return refuse("-p", c->services, services, err, err_len);
	if (strcmp(outcomes, c->outcomes) != 0)
		return refuse("--output", c->outcomes, outcomes, err, err_len);
	if (strcmp(re_resume_certificates(o->certs), c->certificates) != 0)
		return refuse(
			"--certs", c->certificates, re_resume_certificates(o->certs), err, err_len);
	return 0;
}

int re_resume_load(struct re_resume *resume, struct op_options *options, char *err, size_t err_len)
{
	char why[RE_CHECKPOINT_ERR_LEN];
	int rc = re_checkpoint_load(&resume->checkpoint, resume->folder, why);

	if (rc != 0) {
		snprintf(err, err_len, "%s", why);
		return rc;
	}
	rc = compare_options(&resume->checkpoint, options, err, err_len);
	if (rc == 0)
		options->seed = resume->checkpoint.seed;
	return rc;
}

/* Add exclusions that are new to the checkpoint. The saved set does not change, so that its indices
 * stay valid. */
static int join_excluded(struct re_checkpoint *c, struct dp_ranges *added)
{
	int rc = 0;

	for (size_t i = 0; i < added->n && rc == 0; i++)
		rc = dp_ranges_push(&c->excluded, added->items[i]);
	dp_ranges_normalize(&c->excluded);
	dp_ranges_free(added);
	return rc;
}

static int compare_targets(struct re_resume *resume, const struct dp_targets *saved,
	const struct dp_targets *now, char *err, size_t err_len)
{
	struct dp_ranges added = {0};
	char why[DP_ERR_LEN];
	int rc;

	if (dp_targets_digest(saved) != resume->checkpoint.targets_digest) {
		snprintf(err, err_len,
			"--resume: " UT_TARGETS_FILE " is not the file that " UT_CHECKPOINT_FILE
			" speaks of; both must be as the scan left them");
		return -EINVAL;
	}
	rc = dp_targets_diff(saved, now, &added, why);
	if (rc == 0)
		rc = join_excluded(&resume->checkpoint, &added);
	else
		snprintf(err, err_len,
			"--resume: the targets are not those the scan was begun with: %s; only "
			"exclusions may be added",
			why);
	return rc;
}

/* Compare the protocols on the ports of pairs, which are no part of the set of targets. */
static int compare_pair_services(
	const struct re_resume *resume, const struct op_options *options, char *err, size_t err_len)
{
	const struct re_checkpoint *c = &resume->checkpoint;
	char services[RE_CHECKPOINT_TEXT_LEN];

	re_checkpoint_services(
		options->services + resume->n_listed, options->n_pair_services, services);
	return strcmp(services, c->pair_services) == 0
		       ? 0
		       : refuse("--pairs that speak", c->pair_services, services, err, err_len);
}

static struct dp_targets *load_targets(
	const struct re_resume *resume, const struct op_options *options, char *err, size_t err_len)
{
	FILE *in = ut_folder_read_file(resume->folder, UT_TARGETS_FILE);
	char path[PATH_LEN], why[DP_ERR_LEN];
	struct dp_targets *saved;

	snprintf(path, sizeof(path), "%s/" UT_TARGETS_FILE, resume->folder->path);
	if (in == NULL) {
		snprintf(err, err_len, "cannot open the saved targets %.256s: %s", path,
			ut_folder_why(-errno));
		return NULL;
	}
	saved = dp_targets_load(in, path, (uint32_t)resume->n_listed, options->seed, why);
	if (saved == NULL)
		snprintf(err, err_len, "%s", why);
	fclose(in);
	return saved;
}

int re_resume_targets(struct re_resume *resume, const struct op_options *options,
	struct dp_targets **targets, char *err, size_t err_len)
{
	struct dp_targets *saved = load_targets(resume, options, err, err_len);
	int rc;

	if (saved == NULL)
		return -EINVAL;
	rc = compare_targets(resume, saved, *targets, err, err_len);
	if (rc == 0)
		rc = compare_pair_services(resume, options, err, err_len);
	if (rc != 0) {
		dp_targets_free(saved);
		return rc;
	}
	dp_targets_free(*targets);
	*targets = saved;
	return 0;
}

void re_resume_free(struct re_resume *resume)
{
	re_checkpoint_free(&resume->checkpoint);
	free(resume->done);
	free(resume->again);
	resume->done = NULL;
	resume->again = NULL;
}
