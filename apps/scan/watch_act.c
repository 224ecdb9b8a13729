/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch_act.h"

#include "dataplane/scan/scan.h"
#include "watch_status.h"

void watch_end(struct watch *w, enum dp_mode mode, const char *reason, enum sw_exit code)
{
	if (w->mode >= mode)
		return;
	if (w->run->exit_reason == NULL || code != SW_EXIT_DONE) {
		w->run->exit_reason = reason;
		w->run->exit_code = code;
	}
	/* Out of memory for the new version: the next look tries again. */
	if (dp_scan_set(w->run->scan, mode, -1) == 0)
		w->mode = mode;
}

/* No checkpoint is written while answers cannot come in. */
static void hold(struct watch *w)
{
	keeper_hold(&w->run->keeper, !watch_hears(w));
}

/* Tell the poll cores; out of memory: the next look tries again. */
static void tell_link(struct watch *w, bool up)
{
	if (w->told_no_link == up && dp_scan_set_link(w->run->scan, up) == 0)
		w->told_no_link = !up;
}

static void tell_room(struct watch *w, bool room)
{
	if (w->told_no_room == room && dp_scan_set_room(w->run->scan, room) == 0)
		w->told_no_room = !room;
}

void watch_act_link(struct watch *w, uint64_t now_us)
{
	struct scan_run *run = w->run;
	uint64_t lost_us = w->link.lost_us;
	enum link_verdict verdict;
	char why[RUN_ERR_LEN];
	int alive;

	if (w->mode == DP_ABORT || !watch_link_due(&w->link, now_us))
		return;
	alive = dp_port_alive(&run->port_spec, &run->port, why, sizeof(why));
	verdict = watch_link_take(&w->link, alive, now_us);
	if (verdict == LINK_FAILED) {
		snprintf(run->err, sizeof(run->err), "%s", why);
		watch_end(w, DP_ABORT, "port-failed", SW_EXIT_PORT);
		return;
	}
	if (verdict == LINK_LOST)
		fprintf(stderr, "tlsweep: %s; probes wait\n", why);
	if (verdict == LINK_BACK)
		fprintf(stderr,
			"tlsweep: the link is there after %.1f s without it; probes go on\n",
			(double)(now_us - lost_us) / 1e6);
	hold(w);
	tell_link(w, verdict == LINK_UP || verdict == LINK_BACK);
}

void watch_act_disk(struct watch *w, uint64_t now_us)
{
	struct watch_disk *disk = &w->disk;
	uint64_t low_us = disk->low_us;

	/* Once the scan is ending no probe leaves anyway. */
	if (!scan_run_has_folder(w->run) || w->mode != DP_RUN || !watch_disk_due(disk, now_us))
		return;
	switch (watch_disk_take(disk, w->run->folder.fd, now_us)) {
	case DISK_SHORT:
		fprintf(stderr,
			"tlsweep: %.2f of %.2f GB are free on the disk of %s, less than "
			"--min-disk-free: probes wait until there is room\n",
			disk->free_gb, disk->size_gb, w->run->options->output);
		break;
	case DISK_ROOM:
		fprintf(stderr,
			"tlsweep: there is room on the disk after %.1f s without it; probes go "
			"on\n",
			(double)(now_us - low_us) / 1e6);
		break;
	case DISK_SAME:
		break;
	}
	tell_room(w, !disk->room.low);
}

void watch_act_neigh(struct watch *w, uint64_t now_us)
{
	char why[RUN_ERR_LEN];
	enum neigh_verdict verdict = watch_neigh_take(
		&w->neigh, w->run, w->link.lost_us != 0, w->mode == DP_RUN, now_us, why);

	hold(w);
	if (verdict == NEIGH_FINE || w->mode == DP_ABORT)
		return;
	snprintf(w->run->err, sizeof(w->run->err), "%s", why);
	if (verdict == NEIGH_GATEWAY_LOST)
		watch_end(w, DP_ABORT, "gateway-lost", SW_EXIT_PORT);
	else
		watch_end(w, DP_ABORT, "no-gateway", SW_EXIT_SETUP);
}

static void put_text(char reply[CONTROL_REPLY_MAX], void (*print)(const struct watch *w, FILE *out),
	struct watch *w)
{
	FILE *out = fmemopen(reply, CONTROL_REPLY_MAX, "w");

	reply[0] = '\0';
	if (out == NULL)
		return;
	fputs("ok\n", out);
	print(w, out);
	fclose(out);
	reply[CONTROL_REPLY_MAX - 1] = '\0';
}

static void print_help(const struct watch *w, FILE *out)
{
	(void)w;
	control_line_help(out);
}

void watch_act_line(void *arg, char *text, char reply[CONTROL_REPLY_MAX])
{
	char sentence[WATCH_REPLY_LEN];
	enum live_verdict verdict;
	struct control_line line;
	struct watch *w = arg;

	if (control_line_parse(text, &line, sentence, sizeof(sentence)) != 0) {
		snprintf(reply, CONTROL_REPLY_MAX, "error %s\n", sentence);
		return;
	}
	if (line.verb == CONTROL_HELP || line.verb == CONTROL_STATUS) {
		put_text(reply, line.verb == CONTROL_HELP ? print_help : watch_status_json, w);
		return;
	}
	verdict = live_line(w->run, &line, w->link.lost_us != 0, sentence);
	if (verdict == LIVE_STOP)
		watch_end(w, DP_LISTEN, "stopped", SW_EXIT_INTERRUPTED);
	if (verdict == LIVE_ABORT)
		watch_end(w, DP_ABORT, "aborted", SW_EXIT_INTERRUPTED);
	snprintf(reply, CONTROL_REPLY_MAX, "%s %s\n", verdict == LIVE_REFUSED ? "error" : "ok",
		sentence);
}
