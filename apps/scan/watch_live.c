/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_live.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "scan_engine.h"
#include "dataplane/targets/exclude.h"
#include "dataplane/scan/scan.h"

/* How long a reply waits for the disk: in this time control does not look after the scan. */
#define DISK_S 5

/* Find what is new in a set: excluded neither at the start nor since. */
static int find_fresh(
	const struct sc_live *live, const struct dp_ranges *ranges, struct dp_ranges *fresh)
{
	static const struct dp_ranges none;
	const struct dp_ranges *since = dp_scan_excluded(live->scan);
	struct dp_ranges rest = {0};
	int rc = dp_ranges_minus(&rest, ranges, dp_targets_excluded(live->plan->targets));

	if (rc == 0)
		rc = dp_ranges_minus(fresh, &rest, since != NULL ? since : &none);
	dp_ranges_free(&rest);
	return rc;
}

static void tell(const struct su_exclusion *e, bool kept, char reply[SC_WATCH_REPLY_LEN])
{
	char text[2 * TS_ADDR_STRLEN] = "";
	char size[32];
	dp_u128 n = dp_ranges_size(&e->ranges);

	su_exclusion_range_text(&e->ranges.items[0], text, sizeof(text));
	snprintf(size, sizeof(size), n > UINT64_MAX ? "more than %" PRIu64 : "%" PRIu64,
		n > UINT64_MAX ? UINT64_MAX : (uint64_t)n);
	snprintf(reply, SC_WATCH_REPLY_LEN,
		"%s%s, %s addresses: excluded; %" PRIu64 " connections were reset; %s%s", text,
		e->ranges.n > 1 ? " and more" : "", size, e->n_conns,
		e->confirmed ? "no packet goes there any more"
			     : "but a poll core or its device does not get on, and what was queued "
			       "before may still leave",
		kept ? ""
		     : "; but the checkpoint is not on the disk yet: should the scan be killed, "
		       "--resume may not know of it");
}

/* Exclude what is new in a normal set. source: where it comes from, for the summary. Result and
 * reply as of sc_live_exclude_files(). */
static int exclude(const struct sc_live *live, const struct dp_ranges *ranges, const char *source,
	char reply[SC_WATCH_REPLY_LEN])
{
	uint64_t n_before = sc_engine_total(live->scan, DP_CONNS_EXCLUDED);
	struct dp_ranges fresh = {0};
	struct su_exclusion *e;
	int kept, rc = find_fresh(live, ranges, &fresh);

	if (rc == 0 && fresh.n == 0) {
		snprintf(reply, SC_WATCH_REPLY_LEN, "nothing new: all of that is excluded already");
		dp_ranges_free(&fresh);
		return 0;
	}
	e = rc == 0 ? su_exclusions_add(live->exclusions) : NULL;
	/* Start the checkpoint first, so that it is written while the poll cores follow. The reply
	 * waits for both. */
	if (e != NULL)
		rc = re_keeper_exclude(live->keeper, &fresh);
	if (e != NULL && rc == 0)
		rc = dp_scan_exclude(live->scan, &fresh);
	if (e == NULL || rc == -ENOMEM) {
		snprintf(reply, SC_WATCH_REPLY_LEN, "memory is short: nothing new is excluded");
		live->exclusions->n -= e != NULL;
		dp_ranges_free(&fresh);
		return -ENOMEM;
	}
	e->at_unix_us = live->scan->clock.start_unix_us + dp_clock_us(&live->scan->clock);
	e->confirmed = rc == 0;
	e->n_conns = sc_engine_total(live->scan, DP_CONNS_EXCLUDED) - n_before;
	e->ranges = fresh;
	snprintf(e->source, sizeof(e->source), "%s", source);
	kept = re_keeper_wait_excluded(live->keeper, DISK_S);
	tell(e, kept == 0, reply);
	return rc != 0 ? rc : kept;
}

/* Read a list while the scan runs. A pipe or a device is refused: it could block control for
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

int sc_live_exclude_files(const struct sc_live *live, char reply[SC_WATCH_REPLY_LEN])
{
	const struct op_options *options = live->plan->options;
	struct dp_ranges all = {0};
	char err[DP_ERR_LEN];
	int rc = 0;

	for (size_t i = 0; i < options->n_exclude_files && rc == 0; i++) {
		/* Standard input was read at the start. */
		if (strcmp(options->exclude_files[i], "-") != 0)
			rc = read_file(options->exclude_files[i], &all, err);
	}
	if (rc != 0)
		snprintf(reply, SC_WATCH_REPLY_LEN,
			"%s; the scan continues with what was excluded before", err);
	else if (options->n_exclude_files == 0)
		snprintf(reply, SC_WATCH_REPLY_LEN, "there is no --blocklist-file to read again");
	else
		rc = exclude(live, &all, "--blocklist-file", reply);
	dp_ranges_free(&all);
	return rc;
}

static void limits_text(const struct sc_live *live, char *text, size_t len)
{
	const struct dp_live *limits = live->scan->live.current;
	char pps[64] = "no limit in packets", bps[64] = "no limit in bits";
	bool outgrown = sc_plan_dedup_entries(live->plan, limits->rate_pps, limits->bandwidth_bps) >
			live->plan->config.n_seen;

	if (limits->rate_pps > 0)
		snprintf(pps, sizeof(pps), "%.10g packets a second", limits->rate_pps);
	if (limits->bandwidth_bps > 0)
		snprintf(bps, sizeof(bps), "%.10g bits a second", limits->bandwidth_bps);
	snprintf(text, len, "%s, %s%s", pps, bps,
		outgrown ? "; the dedup table was made at the start, for less: what answers "
			   "again and again may be recorded twice"
			 : "");
}

static int set_limits(
	const struct sc_live *live, double pps, double bps, char reply[SC_WATCH_REPLY_LEN])
{
	int rc = dp_scan_set_limits(live->scan, pps, bps);

	if (rc != 0)
		snprintf(reply, SC_WATCH_REPLY_LEN, "memory is short: the limits stay as they are");
	else
		limits_text(live, reply, SC_WATCH_REPLY_LEN);
	return rc;
}

int sc_live_scale_limits(const struct sc_live *live, double factor, char reply[SC_WATCH_REPLY_LEN])
{
	const struct dp_live *limits = live->scan->live.current;

	return set_limits(live, limits->rate_pps * factor, limits->bandwidth_bps * factor, reply);
}

static int exclude_item(
	const struct sc_live *live, const char *text, char reply[SC_WATCH_REPLY_LEN])
{
	struct dp_ranges ranges = {0};
	char err[DP_ERR_LEN];
	int rc = dp_exclude_item(text, &ranges, err);

	if (rc == 0)
		rc = exclude(live, &ranges, "control socket", reply);
	else
		snprintf(reply, SC_WATCH_REPLY_LEN, "%s", err);
	dp_ranges_free(&ranges);
	return rc;
}

static int exclude_file(
	const struct sc_live *live, const char *path, char reply[SC_WATCH_REPLY_LEN])
{
	struct dp_ranges ranges = {0};
	char err[DP_ERR_LEN];
	int rc = -EINVAL;

	if (strcmp(path, "-") == 0)
		snprintf(err, sizeof(err), "standard input is the scan's: name a file");
	else
		rc = read_file(path, &ranges, err);
	if (rc == 0)
		rc = exclude(live, &ranges, path, reply);
	else
		snprintf(reply, SC_WATCH_REPLY_LEN, "%s", err);
	dp_ranges_free(&ranges);
	return rc;
}

static enum sc_live_verdict verdict_of(int rc)
{
	return rc == 0 ? SC_LIVE_DONE : SC_LIVE_REFUSED;
}

static enum sc_live_verdict write_checkpoint(
	const struct sc_live *live, bool no_link, char reply[SC_WATCH_REPLY_LEN])
{
	if (live->keeper->folder == NULL) {
		snprintf(reply, SC_WATCH_REPLY_LEN, "this scan keeps no checkpoint");
		return SC_LIVE_REFUSED;
	}
	re_keeper_hurry(live->keeper);
	snprintf(reply, SC_WATCH_REPLY_LEN, "%s",
		no_link ? "the checkpoint will be written when the link is back"
			: "the checkpoint is being written");
	return SC_LIVE_DONE;
}

enum sc_live_verdict sc_live_line(const struct sc_live *live, const struct ctl_line *line,
	bool no_link, char reply[SC_WATCH_REPLY_LEN])
{
	switch (line->verb) {
	case CTL_RATE:
		return verdict_of(set_limits(live, line->number, -1, reply));
	case CTL_BANDWIDTH:
		return verdict_of(set_limits(live, -1, line->number, reply));
	case CTL_EXCLUDE:
		return verdict_of(exclude_item(live, line->argument, reply));
	case CTL_EXCLUDE_FILE:
		return verdict_of(exclude_file(live, line->argument, reply));
	case CTL_STOP:
		snprintf(reply, SC_WATCH_REPLY_LEN,
			"no new probes; late answers are waited for, and open connections end");
		return SC_LIVE_STOP;
	case CTL_ABORT:
		snprintf(reply, SC_WATCH_REPLY_LEN, "the scan ends now");
		return SC_LIVE_ABORT;
	case CTL_CHECKPOINT:
		return write_checkpoint(live, no_link, reply);
	default:
		reply[0] = '\0';
		return SC_LIVE_REFUSED;
	}
}
