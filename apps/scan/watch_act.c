/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_act.h"

#include "dataplane/scan/scan.h"
#include "watch_status.h"

void sc_watch_end(struct sc_watch *w, enum dp_mode mode, const char *reason, enum ut_exit code)
{
	if (w->mode >= mode)
		return;
	if (w->end->reason == NULL || code != UT_EXIT_DONE) {
		w->end->reason = reason;
		w->end->code = code;
	}
	/* If memory is short, the next look tries again. */
	if (dp_scan_set(w->engine->scan, mode, -1) == 0)
		w->mode = mode;
}

/* Hold checkpoints while answers cannot come in. */
static void hold(struct sc_watch *w)
{
	re_keeper_hold(w->keeper, !sc_watch_hears(w));
}

/* Tell the poll cores. If memory is short, the next look tries again. */
static void tell_link(struct sc_watch *w, bool up)
{
	if (w->told_no_link == up && dp_scan_set_link(w->engine->scan, up) == 0)
		w->told_no_link = !up;
}

static void tell_room(struct sc_watch *w, bool room)
{
	if (w->told_no_room == room && dp_scan_set_room(w->engine->scan, room) == 0)
		w->told_no_room = !room;
}

void sc_watch_act_link(struct sc_watch *w, uint64_t now_us)
{
	uint64_t lost_us = w->link.lost_us;
	enum sc_link_verdict verdict;
	char why[SC_ERR_LEN];
	int alive;

	if (w->mode == DP_ABORT || !sc_watch_link_due(&w->link, now_us))
		return;
	alive = dp_port_alive(&w->plan->port_spec, &w->engine->port, why, sizeof(why));
	verdict = sc_watch_link_take(&w->link, alive, now_us);
	if (verdict == SC_LINK_FAILED) {
		snprintf(w->end->err, sizeof(w->end->err), "%s", why);
		sc_watch_end(w, DP_ABORT, "port-failed", UT_EXIT_PORT);
		return;
	}
	if (verdict == SC_LINK_LOST)
		fprintf(stderr, "tlsweep: %s; probes wait\n", why);
	if (verdict == SC_LINK_BACK)
		fprintf(stderr,
			"tlsweep: the link is there after %.1f s without it; probes continue\n",
			(double)(now_us - lost_us) / 1e6);
	hold(w);
	tell_link(w, verdict == SC_LINK_UP || verdict == SC_LINK_BACK);
}

void sc_watch_act_disk(struct sc_watch *w, uint64_t now_us)
{
	struct sc_watch_disk *disk = &w->disk;
	uint64_t low_us = disk->low_us;

	/* If the scan is ending, no probe leaves anyway. */
	if (w->folder == NULL || w->mode != DP_RUN || !sc_watch_disk_due(disk, now_us))
		return;
	switch (sc_watch_disk_take(disk, w->folder->fd, now_us)) {
	case SC_DISK_SHORT:
		fprintf(stderr,
			"tlsweep: %.2f of %.2f GB are free on the disk of %s, less than "
			"--min-disk-free: probes wait until there is room\n",
			disk->free_gb, disk->size_gb, w->plan->options->output);
		break;
	case SC_DISK_ROOM:
		fprintf(stderr,
			"tlsweep: there is room on the disk after %.1f s without it; probes "
			"continue\n",
			(double)(now_us - low_us) / 1e6);
		break;
	case SC_DISK_SAME:
		break;
	}
	tell_room(w, !disk->room.low);
}

void sc_watch_act_neigh(struct sc_watch *w, uint64_t now_us)
{
	char why[SC_ERR_LEN];
	enum sc_neigh_verdict verdict = sc_watch_neigh_take(&w->neigh, w->plan, w->engine->scan,
		w->link.lost_us != 0, w->mode == DP_RUN, now_us, why);

	hold(w);
	if (verdict == SC_NEIGH_FINE || w->mode == DP_ABORT)
		return;
	snprintf(w->end->err, sizeof(w->end->err), "%s", why);
	if (verdict == SC_NEIGH_GATEWAY_LOST)
		sc_watch_end(w, DP_ABORT, "gateway-lost", UT_EXIT_PORT);
	else
		sc_watch_end(w, DP_ABORT, "no-gateway", UT_EXIT_SETUP);
}

static void put_text(char reply[CTL_REPLY_MAX], void (*print)(const struct sc_watch *w, FILE *out),
	struct sc_watch *w)
{
	FILE *out = fmemopen(reply, CTL_REPLY_MAX, "w");

	reply[0] = '\0';
	if (out == NULL)
		return;
	fputs("ok\n", out);
	print(w, out);
	fclose(out);
	reply[CTL_REPLY_MAX - 1] = '\0';
}

static void print_help(const struct sc_watch *w, FILE *out)
{
	(void)w;
	ctl_line_help(out);
}

void sc_watch_act_line(void *arg, char *text, char reply[CTL_REPLY_MAX])
{
	char sentence[SC_WATCH_REPLY_LEN];
	enum sc_live_verdict verdict;
	struct ctl_line line;
	struct sc_watch *w = arg;

	if (ctl_line_parse(text, &line, sentence, sizeof(sentence)) != 0) {
		snprintf(reply, CTL_REPLY_MAX, "error %s\n", sentence);
		return;
	}
	if (line.verb == CTL_HELP || line.verb == CTL_STATUS) {
		put_text(reply, line.verb == CTL_HELP ? print_help : sc_watch_status_json, w);
		return;
	}
	verdict = sc_live_line(&w->live, &line, w->link.lost_us != 0, sentence);
	if (verdict == SC_LIVE_STOP)
		sc_watch_end(w, DP_LISTEN, "stopped", UT_EXIT_INTERRUPTED);
	if (verdict == SC_LIVE_ABORT)
		sc_watch_end(w, DP_ABORT, "aborted", UT_EXIT_INTERRUPTED);
	snprintf(reply, CTL_REPLY_MAX, "%s %s\n", verdict == SC_LIVE_REFUSED ? "error" : "ok",
		sentence);
}
