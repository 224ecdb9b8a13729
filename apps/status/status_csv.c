/* SPDX-License-Identifier: BSD-3-Clause */
#include "status_csv.h"

#include <errno.h>
#include <unistd.h>

/* What the columns of a row are computed from. */
struct row {
	const struct st_tally *t;
	double time_unix_s, elapsed_s, seconds; /* seconds: since the row before */
	/* since the row before */
	uint64_t n_sent, n_frames, wire_bytes, n_noise, n_held_back;
};

static double per_second(const struct row *row, uint64_t n)
{
	return row->seconds > 0 ? (double)n / row->seconds : 0;
}

static double percent(const struct st_tally *t)
{
	return t->n_targets == 0 ? 100 : 100 * (double)t->n_gone / (double)t->n_targets;
}

/* name, format, value; docs/output.md explains each. */
/* clang-format off */
#define COLUMNS(X)                                                              \
	X(time_unix_s, "%.3f", row->time_unix_s)                                \
	X(elapsed_s, "%.3f", row->elapsed_s)                                    \
	X(percent, "%.3f", percent(row->t))                                     \
	X(targets, "%" PRIu64, row->t->counter[DP_TARGETS_STARTED])             \
	X(sent, "%" PRIu64, row->t->counter[DP_PROBES_SENT])                    \
	X(sent_pps, "%.3f", per_second(row, row->n_sent))                       \
	X(frames_pps, "%.3f", per_second(row, row->n_frames))                   \
	X(wire_bps, "%.0f", 8 * per_second(row, row->wire_bytes))               \
	X(asked_pps, "%.3f", row->t->asked_pps)                                 \
	X(asked_bps, "%.0f", row->t->asked_bps)                                 \
	X(answers, "%" PRIu64, row->t->n_answers)                               \
	X(synacks, "%" PRIu64, row->t->counter[DP_SYNACK_VALID])                \
	X(hit_rate, "%.6f", st_tally_hit_rate(row->t))                             \
	X(open_conns, "%" PRIu64, row->t->gauge[DP_G_OPEN_CONNS])               \
	X(tls_sessions, "%" PRIu64, row->t->gauge[DP_G_TLS_SESSIONS])           \
	X(tls_completed, "%" PRIu64, row->t->counter[DP_TLS_COMPLETED])         \
	X(records, "%" PRIu64, row->t->n_records)                               \
	X(drops, "%" PRIu64, row->t->n_unused)                                  \
	X(nic_rx_missed, "%" PRIu64, row->t->nic_rx_missed)                     \
	X(nic_tx_errors, "%" PRIu64, row->t->nic_tx_errors)                     \
	X(waits_for, "%s", dp_stall_name(st_tally_stall(row->t)))                  \
	X(loop_p999_us, "%" PRIu64, row->t->loop_p999_us)                       \
	X(loop_max_us, "%" PRIu64, row->t->loop_max_us)                         \
	X(writer_ring_peak, "%" PRIu64, row->t->gauge[DP_G_WRITER_RING_PEAK])   \
	X(tls_ring_peak, "%" PRIu64, row->t->gauge[DP_G_TLS_RING_PEAK])         \
	X(stray_ring_peak, "%" PRIu64, row->t->gauge[DP_G_MISDIRECTED_RING_PEAK])     \
	X(tx_queue_peak, "%" PRIu64, row->t->gauge[DP_G_TX_QUEUE_PEAK])         \
	X(noise_pps, "%.3f", per_second(row, row->n_noise))                     \
	X(held_back_pps, "%.3f", per_second(row, row->n_held_back))
/* clang-format on */

void st_csv_header(FILE *out)
{
	const char *comma = "";

#define NAME(name, format, value)        \
	fprintf(out, "%s" #name, comma); \
	comma = ",";
	COLUMNS(NAME)
#undef NAME
	fputc('\n', out);
}

static void print_row(FILE *out, const struct row *row)
{
	const char *comma = "";

#define VALUE(name, format, value)               \
	fprintf(out, "%s" format, comma, value); \
	comma = ",";
	COLUMNS(VALUE)
#undef VALUE
	fputc('\n', out);
}

/* Open the file, new or of an earlier run, at its end. @return a descriptor or -errno */
static int open_file(const struct ut_folder *folder, bool append)
{
	int fd = append ? ut_folder_continue_file(folder, UT_STATUS_FILE) : -ENOENT;

	if (fd == -ENOENT)
		fd = ut_folder_create_file(folder, UT_STATUS_FILE);
	if (fd >= 0 && lseek(fd, 0, SEEK_END) < 0) {
		int rc = -errno;

		close(fd);
		return rc;
	}
	return fd;
}

int st_csv_open(struct st_csv *csv, const struct ut_folder *folder, uint64_t start_us,
	uint64_t start_unix_us, bool append)
{
	int fd = open_file(folder, append);

	*csv = (struct st_csv){
		.start_us = start_us, .start_unix_us = start_unix_us, .last_us = start_us};
	if (fd < 0)
		return fd;
	csv->out = fdopen(fd, "w");
	if (csv->out == NULL) {
		close(fd);
		return -ENOMEM;
	}
	if (lseek(fd, 0, SEEK_CUR) == 0)
		st_csv_header(csv->out);
	return fflush(csv->out) == 0 ? 0 : -errno;
}

void st_csv_row(struct st_csv *csv, const struct st_tally *tally)
{
	struct row row = {
		.t = tally,
		.elapsed_s = (double)(tally->now_us - csv->start_us) / 1e6,
		.seconds = (double)(tally->now_us - csv->last_us) / 1e6,
		.n_sent = tally->counter[DP_PROBES_SENT] - csv->n_sent,
		.n_frames = tally->counter[DP_TX_FRAMES] - csv->n_frames,
		.wire_bytes = tally->counter[DP_TX_WIRE_BYTES] - csv->wire_bytes,
		.n_noise = tally->n_noise - csv->n_noise,
		.n_held_back = tally->n_held_back - csv->n_held_back,
	};

	if (csv->out == NULL || csv->error != 0)
		return;
	row.time_unix_s = (double)csv->start_unix_us / 1e6 + row.elapsed_s;
	print_row(csv->out, &row);
	/* One write for each row: a reader finds whole rows. */
	if (fflush(csv->out) != 0)
		csv->error = errno;
	csv->last_us = tally->now_us;
	csv->n_sent = tally->counter[DP_PROBES_SENT];
	csv->n_frames = tally->counter[DP_TX_FRAMES];
	csv->wire_bytes = tally->counter[DP_TX_WIRE_BYTES];
	csv->n_noise = tally->n_noise;
	csv->n_held_back = tally->n_held_back;
}

int st_csv_close(struct st_csv *csv)
{
	if (csv->out != NULL && fclose(csv->out) != 0 && csv->error == 0)
		csv->error = errno;
	csv->out = NULL;
	return -csv->error;
}
