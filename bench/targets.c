/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From an index to a target: what each of a scan's probes begins with.
 *
 *   targets ipv4       all of IPv4 but the default exclusions: the table stays in the cache
 *   targets ports      the same on 300 ports
 *   targets scattered  a million single addresses: each look-up misses the cache
 *
 * Each one by one, and 64 at once. A round's figure is the median of its batches: what another
 * process takes of the CPU meanwhile falls out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "dataplane/targets/targets.h"

#define N_SCATTERED 1000000
#define BATCH	    4096
#define N_BATCHES   1001
#define MANY	    64

static void die(const char *what)
{
	fprintf(stderr, "bench targets: %s\n", what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct dp_targets *all_of_ipv4(void)
{
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN];

	if (targets == NULL || dp_targets_exclude_special(targets) != 0 ||
		dp_targets_add(targets, DP_ALLOW, "0.0.0.0/0", err) != 0)
		die("no memory");
	return targets;
}

static struct dp_targets *scattered(void)
{
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN], path[] = "/tmp/bench-targets-XXXXXX";
	FILE *list = fdopen(mkstemp(path), "w");

	if (targets == NULL || list == NULL)
		die("no memory or no file");
	for (uint32_t i = 0; i < N_SCATTERED; i++) {
		uint32_t x = i * 2654435761u << 1;

		fprintf(list, "%u.%u.%u.%u\n", x >> 24, x >> 16 & 255, x >> 8 & 255, x & 255);
	}
	fclose(list);
	if (dp_targets_add_file(targets, DP_ALLOW, path, err) != 0)
		die(err);
	unlink(path);
	return targets;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* What has been looked up is added up here, so that it has to be made. */
static unsigned int sum;

static void one_by_one(const struct dp_targets *targets, uint64_t first)
{
	for (uint64_t i = first; i < first + BATCH; i++) {
		struct dp_target target = dp_targets_get(targets, i);

		sum += target.addr.b[15] + target.service;
	}
}

/* As the prober does it. */
static void many_at_once(const struct dp_targets *targets, uint64_t first)
{
	for (uint64_t i = first; i < first + BATCH; i += MANY) {
		struct dp_target target[MANY];

		dp_targets_get_many(targets, i, 1, MANY, target);
		for (size_t k = 0; k < MANY; k++)
			sum += target[k].addr.b[15] + target[k].service;
	}
}

static double measure(const struct dp_targets *targets,
	void (*look_up)(const struct dp_targets *targets, uint64_t first))
{
	static double each[N_BATCHES];
	uint64_t n = dp_targets_count(targets) - BATCH, first = 0;

	for (unsigned int batch = 0; batch < N_BATCHES; batch++) {
		uint64_t start = now_ns();

		look_up(targets, first);
		each[batch] = (double)(now_ns() - start) / BATCH;
		first = (first + BATCH) % n;
	}
	qsort(each, N_BATCHES, sizeof(each[0]), compare);
	return each[N_BATCHES / 2];
}

static void report(struct dp_targets *targets, uint32_t n_services, const char *name)
{
	char err[DP_ERR_LEN];
	double one, many;

	if (dp_targets_finish(targets, n_services, 1, err) != 0)
		die(err);
	one = measure(targets, one_by_one);
	many = measure(targets, many_at_once);
	printf("targets %-10s %6.1f ns, %d at once %6.1f ns\n", name, one, MANY, many);
	dp_targets_free(targets);
}

int main(void)
{
	report(all_of_ipv4(), 1, "ipv4");
	report(all_of_ipv4(), 300, "ports");
	report(scattered(), 1, "scattered");
	return sum == 0;
}
