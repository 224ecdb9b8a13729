/* SPDX-License-Identifier: BSD-3-Clause */
#include "display.h"

#include "metrics.h"

#define PERIOD_US 1000000

/* A file beside the results is no reason to end the scan, but it does not stop in silence. */
static void complain(const struct folder *folder, const char *name, int rc)
{
	fprintf(stderr, "tlsweep: %s/%s cannot be written: %s\n", folder->path, name,
		folder_why(rc));
}

void display_start(struct display *display, const struct display_config *config, uint64_t now_us)
{
	int rc;

	*display = (struct display){.config = *config, .last_us = now_us};
	status_start(&display->status, now_us);
	if (config->folder == NULL)
		return;
	display->metrics = true;
	rc = status_csv_open(
		&display->csv, config->folder, now_us, config->start_unix_us, config->append);
	if (rc != 0)
		complain(config->folder, STATUS_CSV_NAME, rc);
}

static void tell(struct display *display, uint64_t left_us)
{
	const struct display_config *config = &display->config;
	const struct tally_source *source = &config->source;
	struct tally_core cores[DP_MAX_BLOCKS];
	struct tally tally;
	int rc = 0;

	tally_take(&tally, source);
	if (!config->quiet)
		status_print(&display->status, &tally, left_us, stderr);
	status_csv_row(&display->csv, &tally);
	if (display->metrics)
		rc = metrics_write(config->folder, &tally, cores,
			tally_cores(source->roles, source->scan, cores), &source->scan->clock);
	if (rc != 0) {
		complain(config->folder, METRICS_NAME, rc);
		display->metrics = false;
	}
}

void display_tick(struct display *display, uint64_t now_us, uint64_t left_us)
{
	if (now_us - display->last_us < PERIOD_US)
		return;
	/* On the second where possible: rows and lines do not wander with the time they take. */
	display->last_us += (now_us - display->last_us) / PERIOD_US * PERIOD_US;
	tell(display, left_us);
}

void display_end(struct display *display)
{
	int rc;

	tell(display, 0);
	rc = status_csv_close(&display->csv);
	if (rc != 0)
		complain(display->config.folder, STATUS_CSV_NAME, rc);
}
