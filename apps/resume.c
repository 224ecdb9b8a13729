/* SPDX-License-Identifier: BSD-3-Clause */
#include "resume.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataplane/targets_file.h"
#include "results_file.h"

#define PATH_LEN 4096

int rs_lock(const char *dir, char *err, size_t err_len)
{
	char path[PATH_LEN];
	int fd;

	if (mkdir(dir, 0755) < 0 && errno != EEXIST) {
		snprintf(err, err_len, "%s: cannot create the output folder: %s", dir,
			strerror(errno));
		return -1;
	}
	if (snprintf(path, sizeof(path), "%s/lock", dir) >= (int)sizeof(path)) {
		snprintf(err, err_len, "%.256s...: the path is too long", dir);
		return -1;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0 && errno == EWOULDBLOCK)
		snprintf(err, err_len,
			"%s: another tlsweep scan is writing to this folder; wait for its end or "
			"give -o another name",
			dir);
	else
		snprintf(err, err_len, "%s: cannot lock the output folder: %s", path,
			strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

void rs_outcomes(const bool emit[DP_N_OUTCOME], char *out, size_t out_len)
{
	static const char *const names[DP_N_OUTCOME] = {"open", "closed", "unreachable"};
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < DP_N_OUTCOME; i++) {
		if (emit[i] && len < out_len)
			len += (size_t)snprintf(
				out + len, out_len - len, "%s%s", len == 0 ? "" : ",", names[i]);
	}
}

const char *rs_certificates(enum wr_certs certs)
{
	return certs == WR_CERTS_STORE ? "store" : "inline";
}

/* What the scan was begun with, and what it is to be gone on with now. */
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
	const struct checkpoint *c, const struct sw_options *o, char *err, size_t err_len)
{
	char services[CK_TEXT_LEN], outcomes[sizeof(c->outcomes)];

	/* The lists have not been read yet: these are the services of -p. */
	ck_services(o->services, o->n_services, services);
	rs_outcomes(o->emit, outcomes, sizeof(outcomes));
	if (o->seed_given && o->seed != c->seed)
		return refuse_number("--seed", c->seed, o->seed, err, err_len);
	if (strcmp(services, c->services) != 0)
		return refuse("-p", c->services, services, err, err_len);
	if (strcmp(outcomes, c->outcomes) != 0)
		return refuse("--output", c->outcomes, outcomes, err, err_len);
	if (strcmp(rs_certificates(o->certs), c->certificates) != 0)
		return refuse("--certs", c->certificates, rs_certificates(o->certs), err, err_len);
	return 0;
}

int rs_load(struct resume *resume, struct sw_options *options, char *err, size_t err_len)
{
	char why[CK_ERR_LEN];
	int rc = ck_load(&resume->checkpoint, options->output, why);

	if (rc != 0) {
		snprintf(err, err_len, "%s", why);
		return rc;
	}
	rc = compare_options(&resume->checkpoint, options, err, err_len);
	if (rc == 0)
		options->seed = resume->checkpoint.seed;
	return rc;
}

/* Exclusions that came after the beginning stay outside the saved set, which keeps its indices. */
static int join_excluded(struct checkpoint *c, struct dp_ranges *added)
{
	int rc = 0;

	for (size_t i = 0; i < added->n && rc == 0; i++)
		rc = dp_ranges_push(&c->excluded, added->items[i]);
	dp_ranges_normalize(&c->excluded);
	dp_ranges_free(added);
	return rc;
}

static int compare_targets(struct resume *resume, const struct dp_targets *saved,
	const struct dp_targets *now, char *err, size_t err_len)
{
	struct dp_ranges added = {0};
	char why[DP_ERR_LEN];
	int rc;

	if (dp_targets_digest(saved) != resume->checkpoint.targets_digest) {
		snprintf(err, err_len,
			"--resume: " RS_TARGETS_FILE " is not the file that " CK_FILE
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

/* The lists of pairs name the same targets; what to speak on their ports is no part of the set. */
static int compare_pair_services(
	const struct resume *resume, const struct sw_options *options, char *err, size_t err_len)
{
	const struct checkpoint *c = &resume->checkpoint;
	char services[CK_TEXT_LEN];

	ck_services(options->services + resume->n_listed, options->n_pair_services, services);
	return strcmp(services, c->pair_services) == 0
		       ? 0
		       : refuse("--pairs that speak", c->pair_services, services, err, err_len);
}

int rs_targets(struct resume *resume, const struct sw_options *options, struct dp_targets **targets,
	char *err, size_t err_len)
{
	char path[PATH_LEN], why[DP_ERR_LEN];
	struct dp_targets *saved;
	int rc;

	if (snprintf(path, sizeof(path), "%s/" RS_TARGETS_FILE, options->output) >=
		(int)sizeof(path))
		return -ENAMETOOLONG;
	saved = dp_targets_load(path, (uint32_t)resume->n_listed, options->seed, why);
	if (saved == NULL) {
		snprintf(err, err_len, "%s", why);
		return -EINVAL;
	}
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

void rs_free(struct resume *resume)
{
	ck_free(&resume->checkpoint);
	free(resume->done);
	free(resume->again);
	resume->done = NULL;
	resume->again = NULL;
}
