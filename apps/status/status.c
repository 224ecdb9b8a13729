/* SPDX-License-Identifier: BSD-3-Clause */
#include "status.h"

/* So many replies held back in a second are shown. */
#define FLOOD_PPS 10

void st_status_start(struct st_status *status, uint64_t now_us)
{
	*status = (struct st_status){.last_us = now_us, .start_us = now_us};
}

/* With two digits if it is small: half a packet a second must not be shown as 0. */
static void print_rate(FILE *out, double per_s)
{
	if (per_s >= 1e6)
		fprintf(out, "%.2f M/s", per_s / 1e6);
	else if (per_s >= 1e3)
		fprintf(out, "%.2f K/s", per_s / 1e3);
	else if (per_s >= 10)
		fprintf(out, "%.0f/s", per_s);
	else
		fprintf(out, "%.2g/s", per_s);
}

static void print_bits(FILE *out, double bps)
{
	if (bps >= 1e9)
		fprintf(out, "%.2f Gbit/s", bps / 1e9);
	else if (bps >= 1e6)
		fprintf(out, "%.2f Mbit/s", bps / 1e6);
	else
		fprintf(out, "%.2f kbit/s", bps / 1e3);
}

static void print_clock(FILE *out, uint64_t us)
{
	uint64_t s = us / 1000000;

	if (s >= 3600)
		fprintf(out, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
	else
		fprintf(out, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
}

struct loss {
	const char *name;
	uint64_t n;
};

static void keep_largest(struct loss top[2], const char *name, uint64_t n)
{
	if (n > top[0].n) {
		top[1] = top[0];
		top[0] = (struct loss){name, n};
	} else if (n > top[1].n) {
		top[1] = (struct loss){name, n};
	}
}

static void print_losses(FILE *out, const struct st_tally *tally)
{
	struct loss top[2] = {0};

	for (size_t i = 0; i < st_tally_n_unused; i++)
		keep_largest(top, dp_counter_name(st_tally_unused[i]),
			tally->counter[st_tally_unused[i]]);
	for (int reason = 1; reason < TS_N_DROP; reason++)
		keep_largest(top, ts_drop_name((enum ts_drop)reason), tally->drop[reason]);
	fprintf(out, "; drops %" PRIu64, tally->n_unused);
	if (top[0].n > 0)
		fprintf(out, " (%s %" PRIu64, top[0].name, top[0].n);
	if (top[1].n > 0)
		fprintf(out, ", %s %" PRIu64, top[1].name, top[1].n);
	if (top[0].n > 0)
		fputc(')', out);
	if (tally->nic_rx_missed > 0)
		fprintf(out, "; port missed %" PRIu64, tally->nic_rx_missed);
	if (tally->nic_tx_errors > 0)
		fprintf(out, "; port could not send %" PRIu64, tally->nic_tx_errors);
}

static void print_sent(FILE *out, const struct st_status *status, const struct st_tally *tally)
{
	double seconds = (double)(tally->now_us - status->last_us) / 1e6;
	uint64_t n_probes = tally->counter[DP_PROBES_SENT], n_frames = tally->counter[DP_TX_FRAMES];

	fprintf(out, " %.0f%%; sent %" PRIu64 " (",
		tally->n_targets == 0 ? 100.0
				      : 100.0 * (double)tally->n_gone / (double)tally->n_targets,
		n_probes);
	print_rate(out, (double)(n_probes - status->n_probes) / seconds);
	/* The rate that a user asks for counts all frames, also those of open connections. */
	fputs("; frames ", out);
	print_rate(out, (double)(n_frames - status->n_frames) / seconds);
	if (tally->asked_pps > 0) {
		fputs(" of ", out);
		print_rate(out, tally->asked_pps);
	}
	if (tally->asked_bps > 0) {
		uint64_t n_bytes = tally->counter[DP_TX_WIRE_BYTES] - status->wire_bytes;

		fputs("; wire ", out);
		print_bits(out, 8 * (double)n_bytes / seconds);
		fputs(" of ", out);
		print_bits(out, tally->asked_bps);
	}
	fprintf(out, "); answers %" PRIu64 " (hits %.2f%%)", tally->n_answers,
		100.0 * st_tally_hit_rate(tally));
}

/* Print a flood of frames that ask for replies. Few replies are held back in any scan. */
static void print_noise(
	FILE *out, const struct st_status *status, const struct st_tally *tally, double seconds)
{
	double held_back_pps = (double)(tally->n_held_back - status->n_held_back) / seconds;

	if (held_back_pps < FLOOD_PPS)
		return;
	fputs("; noise ", out);
	print_rate(out, (double)(tally->n_noise - status->n_noise) / seconds);
	fputs(", replies held back", out);
}

static void print_stall(FILE *out, const struct st_tally *tally)
{
	enum dp_stall stall = st_tally_stall(tally);

	fprintf(out, stall == DP_STALL_STOPPING ? "; %s" : "; waits for %s", dp_stall_name(stall));
	if (tally->stalls[stall] < tally->n_poll)
		fprintf(out, " (%u of %u)", tally->stalls[stall], tally->n_poll);
}

/* Print the time that is left. Nobody knows when the last connections end: while the scan stops,
 * nothing is printed. */
static void print_left(FILE *out, const struct st_tally *tally, uint64_t left_us, double elapsed)
{
	if (st_tally_stall(tally) == DP_STALL_STOPPING)
		return;
	if (left_us == 0 && tally->n_gone > 0)
		left_us = (uint64_t)((double)(tally->n_targets - tally->n_gone) * elapsed /
				     (double)tally->n_gone * 1e6);
	fputs("; left ", out);
	print_clock(out, left_us);
}

void st_status_print(
	struct st_status *status, const struct st_tally *tally, uint64_t left_us, FILE *out)
{
	uint64_t n_tls = tally->counter[DP_TLS_COMPLETED];
	double seconds = (double)(tally->now_us - status->last_us) / 1e6;
	double elapsed = (double)(tally->now_us - status->start_us) / 1e6;

	if (seconds <= 0 || elapsed <= 0)
		return;
	print_clock(out, tally->now_us - status->start_us);
	print_sent(out, status, tally);
	fprintf(out, "; open %" PRIu64 "; TLS %" PRIu64 " (", tally->gauge[DP_G_OPEN_CONNS], n_tls);
	print_rate(out, (double)(n_tls - status->n_tls) / seconds);
	fprintf(out, "); records %" PRIu64, tally->n_records);
	print_losses(out, tally);
	print_noise(out, status, tally, seconds);
	print_stall(out, tally);
	print_left(out, tally, left_us, elapsed);
	fputc('\n', out);
	status->last_us = tally->now_us;
	status->n_probes = tally->counter[DP_PROBES_SENT];
	status->n_frames = tally->counter[DP_TX_FRAMES];
	status->wire_bytes = tally->counter[DP_TX_WIRE_BYTES];
	status->n_tls = n_tls;
	status->n_noise = tally->n_noise;
	status->n_held_back = tally->n_held_back;
}
