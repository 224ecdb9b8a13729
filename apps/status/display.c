/* SPDX-License-Identifier: BSD-3-Clause */
#include "display.h"

#include "metrics.h"

#define PERIOD_US 1000000

/* A file that cannot be written does not end the scan, but the user is told. */
static void complain(const struct ut_folder *folder, const char *name, int rc)
{
	fprintf(stderr, "tlsweep: %s/%s cannot be written: %s\n", folder->path, name,
		ut_folder_why(rc));
}

void st_display_start(
	struct st_display *display, const struct st_display_config *config, uint64_t now_us)
{
	int rc;

	*display = (struct st_display){.config = *config, .last_us = now_us};
	st_status_start(&display->status, now_us);
	if (config->folder == NULL)
		return;
	display->metrics = true;
	rc = st_csv_open(
		&display->csv, config->folder, now_us, config->start_unix_us, config->append);
	if (rc != 0)
		complain(config->folder, UT_STATUS_FILE, rc);
}

static void tell(struct st_display *display, uint64_t left_us)
{
	const struct st_display_config *config = &display->config;
	const struct st_tally_source *source = &config->source;
	struct st_tally_core cores[DP_MAX_BLOCKS];
	struct st_tally tally;
	int rc = 0;

	st_tally_take(&tally, source);
	if (!config->quiet)
		st_status_print(&display->status, &tally, left_us, stderr);
	st_csv_row(&display->csv, &tally);
	if (display->metrics)
		rc = st_metrics_write(config->folder, &tally, cores,
			st_tally_cores(source->roles, source->scan, cores), &source->scan->clock);
	if (rc != 0) {
		complain(config->folder, UT_METRICS_FILE, rc);
		display->metrics = false;
	}
}

void st_display_tick(struct st_display *display, uint64_t now_us, uint64_t left_us)
{
	if (now_us - display->last_us < PERIOD_US)
		return;
	/* Stay on whole seconds, so that delays do not add up. */
	display->last_us += (now_us - display->last_us) / PERIOD_US * PERIOD_US;
	tell(display, left_us);
}

void st_display_end(struct st_display *display)
{
	int rc;

	tell(display, 0);
	rc = st_csv_close(&display->csv);
	if (rc != 0)
		complain(display->config.folder, UT_STATUS_FILE, rc);
}
