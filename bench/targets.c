/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From an index to a target: what each of a scan's probes begins with.
 *
 *   targets ipv4       all of IPv4 but the default exclusions: the table stays in the cache
 *   targets ports      the same on 300 ports
 *   targets scattered  a million single addresses: each look-up misses the cache
 *
 * A round's figure is the median of its batches: what another process takes of the CPU meanwhile
 * falls out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dataplane/targets.h"

#define N_SCATTERED 1000000
#define BATCH	    4096
#define N_BATCHES   1001

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
	char err[DP_ERR_LEN], item[32];

	for (uint32_t i = 0; targets != NULL && i < N_SCATTERED; i++) {
		uint32_t x = i * 2654435761u << 1;

		snprintf(item, sizeof(item), "%u.%u.%u.%u", x >> 24, x >> 16 & 255, x >> 8 & 255,
			x & 255);
		if (dp_targets_add(targets, DP_ALLOW, item, err) != 0)
			die(err);
	}
	return targets;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static void measure(struct dp_targets *targets, uint32_t n_services, const char *name)
{
	static double each[N_BATCHES];
	char err[DP_ERR_LEN];
	uint64_t index = 0, n;
	unsigned int sum = 0;

	if (dp_targets_finish(targets, n_services, 1, err) != 0)
		die(err);
	n = dp_targets_count(targets);
	for (unsigned int batch = 0; batch < N_BATCHES; batch++) {
		uint64_t start = now_ns();

		for (unsigned int i = 0; i < BATCH; i++) {
			struct dp_target target = dp_targets_get(targets, index);

			sum += target.addr.b[15] + target.service;
			index = index + 1 == n ? 0 : index + 1;
		}
		each[batch] = (double)(now_ns() - start) / BATCH;
	}
	qsort(each, N_BATCHES, sizeof(each[0]), compare);
	printf("targets %-10s %6.1f ns\n", name, each[N_BATCHES / 2]);
	/* The sum has to be made. */
	if (sum == 0)
		printf("\n");
	dp_targets_free(targets);
}

int main(void)
{
	measure(all_of_ipv4(), 1, "ipv4");
	measure(all_of_ipv4(), 300, "ports");
	measure(scattered(), 1, "scattered");
	return 0;
}
