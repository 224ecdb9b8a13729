/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_plan.h"
#include "watch_live.h"

#include <errno.h>
#include <sys/stat.h>

#include "dataplane/targets/exclude.h"
#include "dataplane/scan/poll.h"

/* How long an answer waits for the disk: a client is patient, but the scan is watched meanwhile. */
#define DISK_S 5

static uint64_t n_conns_excluded(const struct scan_run *run)
{
	struct dp_stats *blocks[DP_MAX_POLL + DP_MAX_TLS];
	uint32_t n = dp_scan_stats(run->scan, blocks);

	return dp_stats_sum(blocks, n, DP_CONNS_EXCLUDED);
}

/* What of a set was excluded neither at the start nor since. */
static int find_fresh(
	const struct scan_run *run, const struct dp_ranges *ranges, struct dp_ranges *fresh)
{
	static const struct dp_ranges none;
	const struct dp_ranges *live = dp_scan_excluded(run->scan);
	struct dp_ranges rest = {0};
	int rc = dp_ranges_minus(&rest, ranges, dp_targets_excluded(run->targets));

	if (rc == 0)
		rc = dp_ranges_minus(fresh, &rest, live != NULL ? live : &none);
	dp_ranges_free(&rest);
	return rc;
}

static void tell(const struct exclusion *e, bool kept, char reply[WATCH_REPLY_LEN])
{
	char text[2 * TS_ADDR_STRLEN] = "";
	char size[32];
	dp_u128 n = dp_ranges_size(&e->ranges);

	exclusion_range_text(&e->ranges.items[0], text, sizeof(text));
	snprintf(size, sizeof(size), n > UINT64_MAX ? "more than %" PRIu64 : "%" PRIu64,
		n > UINT64_MAX ? UINT64_MAX : (uint64_t)n);
	snprintf(reply, WATCH_REPLY_LEN,
		"%s%s, %s addresses: excluded; %" PRIu64 " connections were reset; %s%s", text,
		e->ranges.n > 1 ? " and more" : "", size, e->n_conns,
		e->confirmed ? "no packet goes there any more"
			     : "but a poll core or its device does not get on, and what was queued "
			       "before may still leave",
		kept ? ""
		     : "; but the checkpoint is not on the disk yet: should the scan be killed, "
		       "--resume may not know of it");
}

int watch_exclude(struct watch *w, const struct dp_ranges *ranges, const char *source,
	char reply[WATCH_REPLY_LEN])
{
	struct scan_run *run = w->run;
	uint64_t n_before = n_conns_excluded(run);
	struct dp_ranges fresh = {0};
	struct exclusion *e;
	int kept, rc = find_fresh(run, ranges, &fresh);

	if (rc == 0 && fresh.n == 0) {
		snprintf(reply, WATCH_REPLY_LEN, "nothing new: all of that is excluded already");
		dp_ranges_free(&fresh);
		return 0;
	}
	e = rc == 0 ? exclusions_add(&run->exclusions) : NULL;
	/* On its way into the checkpoint first, while the poll cores follow; the answer waits for
	 * both. */
	if (e != NULL)
		rc = keeper_exclude(&run->keeper, &fresh);
	if (e != NULL && rc == 0)
		rc = dp_scan_exclude(run->scan, &fresh);
	if (e == NULL || rc == -ENOMEM) {
		snprintf(reply, WATCH_REPLY_LEN, "memory is short: nothing new is excluded");
		run->exclusions.n -= e != NULL;
		dp_ranges_free(&fresh);
		return -ENOMEM;
	}
	e->at_unix_us = run->scan->clock.start_unix_us + dp_clock_us(&run->scan->clock);
	e->confirmed = rc == 0;
	e->n_conns = n_conns_excluded(run) - n_before;
	e->ranges = fresh;
	snprintf(e->source, sizeof(e->source), "%s", source);
	kept = keeper_wait_excluded(&run->keeper, DISK_S);
	tell(e, kept == 0, reply);
	return rc != 0 ? rc : kept;
}

/* Read a list in the middle of a scan: a pipe or a device could hold the control thread up for
 * ever. */
static int read_file(const char *path, struct dp_ranges *ranges, char err[DP_ERR_LEN])
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		snprintf(err, DP_ERR_LEN, "%.200s is not a regular file", path);
		return -EINVAL;
	}
	return dp_exclude_file(path, ranges, err);
}

int watch_exclude_files(struct watch *w, char reply[WATCH_REPLY_LEN])
{
	const struct sw_options *options = w->run->options;
	struct dp_ranges all = {0};
	char err[DP_ERR_LEN];
	int rc = 0;

	for (size_t i = 0; i < options->n_exclude_files && rc == 0; i++) {
		/* Standard input has been read. */
		if (strcmp(options->exclude_files[i], "-") != 0)
			rc = read_file(options->exclude_files[i], &all, err);
	}
	if (rc != 0)
		snprintf(reply, WATCH_REPLY_LEN,
			"%s; the scan goes on with what was excluded before", err);
	else if (options->n_exclude_files == 0)
		snprintf(reply, WATCH_REPLY_LEN, "there is no --blocklist-file to read again");
	else
		rc = watch_exclude(w, &all, "--blocklist-file", reply);
	dp_ranges_free(&all);
	return rc;
}

static void limits_text(const struct watch *w, char *text, size_t len)
{
	const struct dp_live *live = w->run->scan->live.current;
	char pps[64] = "no limit in packets", bps[64] = "no limit in bits";
	bool outgrown = scan_seen_entries(w->run, live->rate_pps, live->bandwidth_bps) >
			w->run->config.n_seen;

	if (live->rate_pps > 0)
		snprintf(pps, sizeof(pps), "%.10g packets a second", live->rate_pps);
	if (live->bandwidth_bps > 0)
		snprintf(bps, sizeof(bps), "%.10g bits a second", live->bandwidth_bps);
	snprintf(text, len, "%s, %s%s", pps, bps,
		outgrown ? "; the filter for duplicates was made at the start, for less: what "
			   "answers "
			   "again and again may be recorded twice"
			 : "");
}

static int set_limits(struct watch *w, double pps, double bps, char reply[WATCH_REPLY_LEN])
{
	int rc = dp_scan_set_limits(w->run->scan, pps, bps);

	if (rc != 0)
		snprintf(reply, WATCH_REPLY_LEN, "memory is short: the limits stay as they are");
	else
		limits_text(w, reply, WATCH_REPLY_LEN);
	return rc;
}

int watch_scale_limits(struct watch *w, double factor, char reply[WATCH_REPLY_LEN])
{
	const struct dp_live *live = w->run->scan->live.current;

	return set_limits(w, live->rate_pps * factor, live->bandwidth_bps * factor, reply);
}

static int exclude_item(struct watch *w, const char *text, char reply[WATCH_REPLY_LEN])
{
	struct dp_ranges ranges = {0};
	char err[DP_ERR_LEN];
	int rc = dp_exclude_item(text, &ranges, err);

	if (rc == 0)
		rc = watch_exclude(w, &ranges, "control socket", reply);
	else
		snprintf(reply, WATCH_REPLY_LEN, "%s", err);
	dp_ranges_free(&ranges);
	return rc;
}

static int exclude_file(struct watch *w, const char *path, char reply[WATCH_REPLY_LEN])
{
	struct dp_ranges ranges = {0};
	char err[DP_ERR_LEN];
	int rc = -EINVAL;

	if (strcmp(path, "-") == 0)
		snprintf(err, sizeof(err), "standard input is the scan's: name a file");
	else
		rc = read_file(path, &ranges, err);
	if (rc == 0)
		rc = watch_exclude(w, &ranges, path, reply);
	else
		snprintf(reply, WATCH_REPLY_LEN, "%s", err);
	dp_ranges_free(&ranges);
	return rc;
}

static int run_line(struct watch *w, const struct control_line *line, char reply[WATCH_REPLY_LEN])
{
	switch (line->verb) {
	case CONTROL_RATE:
		return set_limits(w, line->number, -1, reply);
	case CONTROL_BANDWIDTH:
		return set_limits(w, -1, line->number, reply);
	case CONTROL_EXCLUDE:
		return exclude_item(w, line->argument, reply);
	case CONTROL_EXCLUDE_FILE:
		return exclude_file(w, line->argument, reply);
	case CONTROL_STOP:
		watch_end(w, DP_LISTEN, "stopped", SW_EXIT_INTERRUPTED);
		snprintf(reply, WATCH_REPLY_LEN,
			"no new probes; late answers are waited for, and open connections end");
		return 0;
	case CONTROL_ABORT:
		watch_end(w, DP_ABORT, "aborted", SW_EXIT_INTERRUPTED);
		snprintf(reply, WATCH_REPLY_LEN, "the scan ends now");
		return 0;
	case CONTROL_CHECKPOINT:
		if (w->run->keeper.folder == NULL) {
			snprintf(reply, WATCH_REPLY_LEN, "this scan keeps no checkpoint");
			return -ENOTSUP;
		}
		keeper_hurry(&w->run->keeper);
		snprintf(reply, WATCH_REPLY_LEN, "%s",
			w->link.lost_us == 0
				? "the checkpoint is being written"
				: "the checkpoint will be written when the link is back");
		return 0;
	default:
		return -EINVAL;
	}
}

static void put_text(
	char reply[CONTROL_REPLY_MAX], void (*print)(struct watch *w, FILE *out), struct watch *w)
{
	FILE *out = fmemopen(reply, CONTROL_REPLY_MAX, "w");

	reply[0] = '\0';
	if (out == NULL)
		return;
	print(w, out);
	fclose(out);
	reply[CONTROL_REPLY_MAX - 1] = '\0';
}

static void print_help(struct watch *w, FILE *out)
{
	(void)w;
	fputs("ok\n", out);
	control_line_help(out);
}

static void print_status(struct watch *w, FILE *out)
{
	fputs("ok\n", out);
	watch_status_json(w, out);
}

void watch_command(void *arg, char *text, char reply[CONTROL_REPLY_MAX])
{
	struct watch *w = arg;
	struct control_line line;
	char sentence[WATCH_REPLY_LEN];

	if (control_line_parse(text, &line, sentence, sizeof(sentence)) != 0)
		snprintf(reply, CONTROL_REPLY_MAX, "error %s\n", sentence);
	else if (line.verb == CONTROL_HELP)
		put_text(reply, print_help, w);
	else if (line.verb == CONTROL_STATUS)
		put_text(reply, print_status, w);
	else
		snprintf(reply, CONTROL_REPLY_MAX, "%s %s\n",
			run_line(w, &line, sentence) == 0 ? "ok" : "error", sentence);
}
