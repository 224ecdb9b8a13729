/* SPDX-License-Identifier: BSD-3-Clause */
/* The status line and status.csv: every row has the columns of the header (zmap's has one more),
 * the header is the documented one, and what holds the scan up is named. */
#include "apps/status/status.h"
#include "apps/status/status_csv.h"

#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_TEXT 65536

static char dir[] = "/tmp/tlsweep-status-XXXXXX";
static struct ut_folder folder;
static char text[MAX_TEXT], header[2048];

static const char *read_csv(void)
{
	char path[128];
	FILE *in;

	snprintf(path, sizeof(path), "%s/" UT_STATUS_FILE, dir);
	in = fopen(path, "r");
	memset(text, 0, sizeof(text));
	if (in != NULL) {
		size_t n = fread(text, 1, sizeof(text) - 1, in);

		text[n] = '\0';
		fclose(in);
	}
	return text;
}

static unsigned int count(const char *line, char what)
{
	unsigned int n = 0;

	for (; *line != '\0' && *line != '\n'; line++)
		n += *line == what;
	return n;
}

static struct st_tally sample(void)
{
	struct st_tally t = {.now_us = 3000000, .n_targets = 1000, .n_gone = 250, .n_poll = 2};

	t.counter[DP_PROBES_SENT] = 600;
	t.counter[DP_TX_FRAMES] = 900;
	t.counter[DP_TX_WIRE_BYTES] = 100000;
	t.counter[DP_TARGETS_STARTED] = 250;
	t.counter[DP_TARGETS_AGAIN] = 50;
	t.counter[DP_SYNACK_VALID] = 50;
	t.stalls[DP_STALL_RATE] = 1;
	t.stalls[DP_STALL_TLS] = 1;
	t.asked_pps = 300;
	t.nic_rx_missed = 7;
	return t;
}

/* The value of a column in a line. */
static const char *column(const char *line, const char *name)
{
	static char value[64];
	const char *h = header;

	while (strncmp(h, name, strlen(name)) != 0 || strchr(",\n", h[strlen(name)]) == NULL) {
		h += strcspn(h, ",\n");
		line += strcspn(line, ",\n");
		if (*h != ',')
			return "";
		h++;
		line++;
	}
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(line, ",\n"), line);
	return value;
}

static void test_csv(void)
{
	struct st_csv csv;
	struct st_tally t = sample();
	const char *row;
	unsigned int n_rows = 0, wrong = 0;

	tap_eq(st_csv_open(&csv, &folder, 1000000, UINT64_C(1700000000000000), false), 0,
		"a status file is begun in an empty folder");
	for (int i = 0; i < 3; i++) {
		st_csv_row(&csv, &t);
		t.now_us += 1000000;
		t.counter[DP_PROBES_SENT] += 100;
		t.counter[DP_TX_WIRE_BYTES] += 84 * 100;
	}
	tap_eq(st_csv_close(&csv), 0, "a status file is closed");
	read_csv();
	snprintf(header, sizeof(header), "%.*s", (int)strcspn(text, "\n") + 1, text);
	for (row = strchr(text, '\n') + 1; *row != '\0'; row = strchr(row, '\n') + 1) {
		n_rows++;
		wrong += count(row, ',') != count(header, ',') || strstr(row, ",,") == row;
	}
	tap_eq(n_rows, 3, "a status file has a header and three rows");
	tap_eq(wrong, 0, "each row of a status file has as many columns as its header");
	row = strchr(text, '\n') + 1;
	tap_str(column(row, "time_unix_s"), "1700000002.000", "a row has the time of day");
	tap_str(column(row, "elapsed_s"), "2.000", "a row has the seconds since the start");
	tap_str(column(row, "percent"), "25.000",
		"a row has the share of the indices, not of the SYNs");
	tap_str(column(row, "sent_pps"), "300.000", "a row has the rate since the row before");
	tap_str(column(row, "wire_bps"), "400000",
		"a row has the rate in bits since the row before");
	tap_str(column(row, "asked_pps"), "300.000", "a row has the rate that was asked for");
	tap_str(column(row, "hit_rate"), "0.166667",
		"a row has the hits by targets, those that were probed again included");
	tap_str(column(row, "nic_rx_missed"), "7", "a row has what the port lost");
	tap_str(column(row, "waits_for"), "tls", "a row has what the probes wait for");
	row = strchr(row, '\n') + 1;
	tap_str(column(row, "sent_pps"), "100.000", "the next row has the rate of the next second");
	tap_str(column(row, "wire_bps"), "67200",
		"the next row has the rate of the next second in bits");
	st_csv_open(&csv, &folder, 1000000, 0, true);
	st_csv_row(&csv, &t);
	st_csv_close(&csv);
	tap_ok(strstr(read_csv() + 1, "time_unix_s") == NULL,
		"a resumed scan adds rows, no header");
	tap_eq(st_csv_open(&csv, &folder, 0, 0, false), -EEXIST,
		"a file that somebody has put in its place meanwhile is not opened");
	st_csv_row(&csv, &t);
	tap_eq(st_csv_close(&csv), 0, "a file in the place of the status file is survived");
}

/* Every column stands in the manual, in the order of the file. */
static void test_manual(const char *path)
{
	static char manual[MAX_TEXT];
	FILE *in = fopen(path, "r");
	size_t n = in == NULL ? 0 : fread(manual, 1, sizeof(manual) - 1, in);
	const char *at = manual;
	unsigned int missing = 0;

	if (in != NULL)
		fclose(in);
	tap_ok(n > 0, "docs/output.md is there and can be read");
	for (char *save = NULL, *name = strtok_r(header, ",\n", &save); name != NULL;
		name = strtok_r(NULL, ",\n", &save)) {
		char cell[64];
		const char *found;

		snprintf(cell, sizeof(cell), "`%s`", name);
		found = strstr(at, cell);
		if (found == NULL)
			printf("# %s is missing or out of order\n", name);
		missing += found == NULL;
		at = found == NULL ? at : found;
	}
	tap_eq(missing, 0, "docs/output.md tells of every column, in order");
}

static void line_of(struct st_status *status, const struct st_tally *t, uint64_t left_us)
{
	char *line = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&line, &len);

	st_status_print(status, t, left_us, out);
	fclose(out);
	snprintf(text, sizeof(text), "%s", line);
	free(line);
}

static void has(const char *part, const char *label)
{
	if (!tap_ok(strstr(text, part) != NULL, "%s", label))
		printf("# no \"%s\" in: %s", part, text);
}

static void test_line(void)
{
	struct st_status status;
	struct st_tally t = sample();

	st_status_start(&status, 1000000);
	line_of(&status, &t, 0);
	has("0:02 25%; sent 600 (300/s; frames 450/s of 300/s)",
		"the status line has what was done and what was asked for");
	has("(hits 16.67%)", "the status line has hits by targets");
	has("port missed 7", "the status line has what the port lost");
	has("waits for tls (1 of 2)", "what holds up how many poll cores");
	has("left 0:06\n", "what is left at this pace");
	t.stalls[DP_STALL_TLS] = 0;
	t.stalls[DP_STALL_RATE] = 2;
	t.now_us += 1000000;
	line_of(&status, &t, 5000000);
	has("waits for rate; left 0:05\n", "the status line has one word if all cores wait for the "
					   "same, and the rest of a cooldown");
	has("sent 600 (0/s; frames 0/s", "rates are of the last second");
	t.stalls[DP_STALL_RATE] = 0;
	t.stalls[DP_STALL_STOPPING] = 2;
	t.now_us += 1000000;
	line_of(&status, &t, 0);
	/* The rest of targets that nobody will probe grew with every line. */
	has("; stopping\n", "a scan that stops says so, and not how long its targets would take");
}

/* A limit in bits was asked for, and neither it nor what came of it was to be seen. */
static void test_bandwidth(void)
{
	struct st_status status;
	struct st_tally t = sample();

	st_status_start(&status, 1000000);
	t.asked_pps = 0;
	t.asked_bps = 10e6;
	line_of(&status, &t, 0);
	has("(300/s; frames 450/s; wire 400.00 kbit/s of 10.00 Mbit/s)",
		"the status line has bits beside those asked for");
	t.counter[DP_TX_WIRE_BYTES] += 150000000;
	t.now_us += 1000000;
	t.asked_pps = 2e6;
	t.asked_bps = 2.5e9;
	line_of(&status, &t, 0);
	has("of 2.00 M/s; wire 1.20 Gbit/s of 2.50 Gbit/s)",
		"the status line has the rates of both limits");
}

/* A flood stood still the probes, and the line said that they waited for the rate. */
static void test_flood(void)
{
	struct st_status status;
	struct st_tally t = sample();

	st_status_start(&status, 1000000);
	t.n_noise = 4000;
	t.n_held_back = 3900;
	line_of(&status, &t, 0);
	has("; noise 2.00 K/s, replies held back; waits for", "a flood is named, and what it gets");
	t.n_noise += 9;
	t.n_held_back += 9;
	t.now_us += 1000000;
	line_of(&status, &t, 0);
	tap_ok(strstr(text, "noise") == NULL, "nine frames of noise in a second are not shown");
}

/* -r 0.5 was shown as "frames 0/s of 0/s". */
static void test_slow(void)
{
	struct st_status status;
	struct st_tally t = sample();

	st_status_start(&status, 1000000);
	t.counter[DP_PROBES_SENT] = t.counter[DP_TX_FRAMES] = 1;
	t.asked_pps = 0.5;
	line_of(&status, &t, 0);
	has("sent 1 (0.5/s; frames 0.5/s of 0.5/s)", "slow rates have their digits");
	t.asked_pps = 0.04;
	t.now_us += 1000000;
	line_of(&status, &t, 0);
	has("sent 1 (0/s; frames 0/s of 0.04/s)", "very slow rates have their digits");
}

static void test_stall(void)
{
	struct st_tally t = {.n_poll = 4};

	t.stalls[DP_STALL_DONE] = 4;
	tap_eq(st_tally_stall(&t), DP_STALL_DONE,
		"all poll cores together are done when each of them is");
	t.stalls[DP_STALL_DONE] = 2;
	t.stalls[DP_STALL_RATE] = 2;
	tap_eq(st_tally_stall(&t), DP_STALL_RATE,
		"all poll cores together are not done while one is not");
	t.stalls[DP_STALL_RATE] = 1;
	t.stalls[DP_STALL_WRITER] = 1;
	tap_eq(st_tally_stall(&t), DP_STALL_WRITER,
		"of several reasons to wait, the one that holds up most is shown");
	t.stalls[DP_STALL_STOPPING] = 1;
	tap_eq(st_tally_stall(&t), DP_STALL_STOPPING,
		"a scan that is stopping waits for nothing else");
}

/* argv: docs/output.md */
int main(int argc, char **argv)
{
	char path[128];

	if (mkdtemp(dir) == NULL ||
		ut_folder_open(&folder, dir, &(struct ut_folder_use){0}, text, sizeof(text)) != 0)
		return tap_skip_all("no temporary folder");
	test_csv();
	test_manual(argc > 1 ? argv[1] : "");
	test_line();
	test_bandwidth();
	test_flood();
	test_slow();
	test_stall();
	snprintf(path, sizeof(path), "%s/" UT_STATUS_FILE, dir);
	unlink(path);
	ut_folder_close(&folder);
	rmdir(dir);
	return tap_done();
}
