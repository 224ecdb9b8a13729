/* SPDX-License-Identifier: BSD-3-Clause */
#include "status.h"

/* Counters that mean a frame or a finding was not used; the largest are named. */
static const enum dp_counter losses[] = {
	DP_RX_BUSY,
	DP_RX_MULTI_SEGMENT,
	DP_RX_STRAY_LOST,
	DP_SYNACK_BAD_COOKIE,
	DP_SYNACK_RETRY_LATER,
	DP_RST_BAD_COOKIE,
	DP_ICMP_BAD_QUOTE,
	DP_NO_CONNECTION,
	DP_TX_NO_BUFFER,
	DP_TX_RING_FULL,
	DP_NEIGHBOUR_UNRESOLVED,
};

void status_start(struct status *status, uint64_t now_us, uint64_t n_to_send)
{
	*status = (struct status){.last_us = now_us, .start_us = now_us, .n_to_send = n_to_send};
}

static void print_rate(FILE *out, double per_s)
{
	if (per_s >= 1e6)
		fprintf(out, "%.2f M/s", per_s / 1e6);
	else if (per_s >= 1e3)
		fprintf(out, "%.2f K/s", per_s / 1e3);
	else
		fprintf(out, "%.0f/s", per_s);
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

static void print_losses(FILE *out, struct dp_stats *const *blocks, uint32_t n_blocks)
{
	struct loss top[2] = {0};
	uint64_t all = 0;

	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		uint64_t n = dp_stats_sum(blocks, n_blocks, losses[i]);

		all += n;
		keep_largest(top, dp_counter_name(losses[i]), n);
	}
	for (int reason = 1; reason < TS_N_DROP; reason++) {
		uint64_t n = dp_stats_sum_drop(blocks, n_blocks, (enum ts_drop)reason);

		all += n;
		keep_largest(top, ts_drop_name((enum ts_drop)reason), n);
	}
	fprintf(out, "; drops %" PRIu64, all);
	if (top[0].n > 0)
		fprintf(out, " (%s %" PRIu64, top[0].name, top[0].n);
	if (top[1].n > 0)
		fprintf(out, ", %s %" PRIu64, top[1].name, top[1].n);
	if (top[0].n > 0)
		fputc(')', out);
}

void status_print(struct status *status, const struct dp_scan *scan, uint64_t n_written,
	uint64_t now_us, uint64_t left_us, FILE *out)
{
	struct dp_stats *blocks[DP_MAX_POLL + DP_MAX_TLS];
	uint32_t n_blocks = dp_scan_stats(scan, blocks);
	uint64_t n_probes = dp_stats_sum(blocks, n_blocks, DP_PROBES_SENT);
	uint64_t n_skipped = dp_stats_sum(blocks, n_blocks, DP_PROBES_SKIPPED_ANSWERED);
	uint64_t n_tls = dp_stats_sum(blocks, n_blocks, DP_TLS_COMPLETED);
	uint64_t n_answers = dp_stats_sum(blocks, n_blocks, DP_SYNACK_VALID) +
			     dp_stats_sum(blocks, n_blocks, DP_RST_VALID) +
			     dp_stats_sum(blocks, n_blocks, DP_ICMP_VALID);
	double seconds = (double)(now_us - status->last_us) / 1e6;
	double elapsed = (double)(now_us - status->start_us) / 1e6;
	uint64_t n_gone = n_probes + n_skipped - dp_stats_sum(blocks, n_blocks, DP_PROBES_RETRIED) -
			  dp_stats_sum(blocks, n_blocks, DP_PROBES_SAMPLED) -
			  dp_stats_sum(blocks, n_blocks, DP_CANARIES_SENT);

	if (seconds <= 0 || elapsed <= 0)
		return;
	print_clock(out, now_us - status->start_us);
	fprintf(out, " %.0f%%; sent %" PRIu64 " (",
		100.0 * (double)n_gone / (double)status->n_to_send, n_probes);
	print_rate(out, (double)(n_probes - status->n_probes) / seconds);
	fprintf(out, "); answers %" PRIu64 "; open %" PRIu64 "; TLS %" PRIu64 " (", n_answers,
		dp_stats_gauge(blocks, scan->config.n_poll, DP_G_OPEN_CONNS), n_tls);
	print_rate(out, (double)(n_tls - status->n_tls) / seconds);
	fprintf(out, "); records %" PRIu64, n_written);
	print_losses(out, blocks, n_blocks);
	fprintf(out, "; waits for %s", dp_stall_name(dp_scan_stall(scan)));
	if (left_us == 0 && n_gone > 0 && status->n_to_send > n_gone)
		left_us = (uint64_t)((double)(status->n_to_send - n_gone) * elapsed /
				     (double)n_gone * 1e6);
	fputs("; left ", out);
	print_clock(out, left_us);
	fputc('\n', out);
	status->last_us = now_us;
	status->n_probes = n_probes;
	status->n_tls = n_tls;
}
