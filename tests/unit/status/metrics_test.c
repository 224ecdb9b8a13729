/* SPDX-License-Identifier: BSD-3-Clause */
/* metrics.prom holds to Prometheus' text format: each metric introduced once, its samples behind
 * it, names and labels of the right letters, a number on each line. */
#include "apps/status/metrics.h"

#include "tap.h"

#include <ctype.h>
#include <stdlib.h>

#define MAX_METRICS 512
#define NAME_LEN    128

static char *text;

static struct dp_stats stats[2];

static void print(void)
{
	const struct st_tally_core cores[2] = {
		{.lcore = 1, .cpu = 0, .role = DP_ROLE_POLL, .stats = &stats[0]},
		{.lcore = 2, .cpu = 5, .role = DP_ROLE_TLS, .stats = &stats[1]},
	};
	const struct dp_clock clock = {
		.start_unix_us = UINT64_C(1700000000500000), .us_per_tick = 0.5};
	struct st_tally tally = {.now_us = 2500000, .n_targets = 1000, .n_poll = 1};
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	dp_count_n(&stats[0], DP_PROBES_SENT, 1234);
	dp_loop_turn(&stats[0].loops, 1000, false);
	dp_loop_turn(&stats[0].loops, 5000, true);
	tally.counter[DP_PROBES_SENT] = UINT64_C(12345678901234);
	tally.drop[TS_DROP_TCP_CHECKSUM] = 3;
	tally.stalls[DP_STALL_TLS] = 1;
	st_metrics_print(out, &tally, cores, 2, &clock);
	fclose(out);
}

static void has(const char *line, const char *label)
{
	tap_ok(strstr(text, line) != NULL, "%s", label);
}

static size_t name_len(const char *name)
{
	size_t n = 0;

	while (isalpha((unsigned char)name[n]) || name[n] == '_' ||
		(n > 0 && isdigit((unsigned char)name[n])))
		n++;
	return n;
}

/* {a="b",c="d"} or nothing. Returns what follows, NULL if it is neither. */
static const char *skip_labels(const char *c)
{
	if (*c != '{')
		return c;
	do {
		size_t n = name_len(++c);

		if (n == 0 || c[n] != '=' || c[n + 1] != '"')
			return NULL;
		c += n + 2;
		c += strcspn(c, "\"\\\n");
		if (*c++ != '"')
			return NULL;
	} while (*c == ',');
	return *c == '}' ? c + 1 : NULL;
}

/* One sample of the metric introduced last. */
static bool sample_is_good(const char *line, const char *current)
{
	size_t n = name_len(line);
	const char *value = skip_labels(line + n);
	char *end;

	if (n != strlen(current) || memcmp(line, current, n) != 0 || value == NULL || *value != ' ')
		return false;
	strtod(value + 1, &end);
	return end > value + 1 && *end == '\n';
}

static void test_format(void)
{
	static char known[MAX_METRICS][NAME_LEN];
	unsigned int n_known = 0, bad = 0, twice = 0, n_samples = 0;
	char current[NAME_LEN] = "", kind[16];

	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
		if (strncmp(line, "# HELP ", 7) == 0) {
			bad += sscanf(line, "# HELP %127s", current) != 1;
			for (unsigned int i = 0; i < n_known; i++)
				twice += strcmp(known[i], current) == 0;
			if (n_known < MAX_METRICS)
				snprintf(known[n_known++], NAME_LEN, "%s", current);
		} else if (strncmp(line, "# TYPE ", 7) == 0) {
			char name[NAME_LEN];
			bool total;

			bad += sscanf(line, "# TYPE %127s %15s", name, kind) != 2 ||
			       strcmp(name, current) != 0;
			total = strlen(name) > 6 && strcmp(name + strlen(name) - 6, "_total") == 0;
			bad += strcmp(kind, total ? "counter" : "gauge") != 0;
		} else {
			bool good = sample_is_good(line, current);

			if (!good)
				printf("# bad: %.*s\n", (int)strcspn(line, "\n"), line);
			bad += !good;
			n_samples++;
		}
	}
	tap_eq(bad, 0,
		"every line of the metrics is a HELP, a TYPE or a sample of what these introduce");
	tap_eq(twice, 0, "no metric is introduced twice");
	tap_ok(n_known > DP_N_COUNTER + DP_N_GAUGE && n_samples > n_known + TS_N_DROP,
		"the metrics have all counters, drop reasons and levels");
}

int main(void)
{
	print();
	test_format();
	has("\ntlsweep_probes_sent_total 12345678901234\n", "a counter is whole");
	has("\ntlsweep_drops_total{reason=\"tcp_checksum\"} 3\n", "a drop has its reason");
	has("\ntlsweep_stalled_poll_cores{waits_for=\"tls\"} 1\n", "a stall has its name");
	has("\ntlsweep_core_probes_sent_total{lcore=\"1\",role=\"poll\",cpu=\"0\"} 1234\n",
		"a core has its number, role and CPU");
	has("tlsweep_core_loop_seconds{lcore=\"1\",role=\"poll\",cpu=\"0\",quantile=\"1\"} 0.002\n",
		"loop times are in seconds");
	free(text);
	return tap_done();
}
