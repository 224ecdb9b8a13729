/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a target list and as an exclude list: a set that keeps its word, or a sentence. */
#include "dataplane/targets/targets.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_set(const struct dp_targets *targets)
{
	uint64_t n = dp_targets_count(targets);
	uint64_t probes[] = {0, n / 2, n - 1};

	for (unsigned int i = 0; i < 3; i++) {
		struct dp_target target = dp_targets_get(targets, probes[i]);
		uint64_t index;

		if (!dp_targets_contains(targets, &target.addr))
			abort();
		if (!dp_targets_index(targets, &target, &index) || index != probes[i])
			abort();
	}
}

/* The first byte chooses: how many services, and whether the second half is the exclude list. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dp_targets *targets;
	char err[DP_ERR_LEN] = "";
	int rc;

	if (len < 3)
		return 0;
	targets = dp_targets_new();
	if (targets == NULL)
		return 0;
	size_t allow_len = (data[0] & 1) != 0 ? len / 2 : len - 1;
	FILE *in = fmemopen((uint8_t *)(uintptr_t)(data + 1), allow_len, "r");

	rc = dp_targets_add_stream(targets, DP_ALLOW, in, "allow", err);
	fclose(in);
	if (rc == 0 && allow_len < len - 1) {
		in = fmemopen(
			(uint8_t *)(uintptr_t)(data + 1 + allow_len), len - 1 - allow_len, "r");
		rc = dp_targets_add_stream(targets, DP_EXCLUDE, in, "exclude", err);
		fclose(in);
	}
	if (rc == 0)
		rc = dp_targets_finish(targets, 1 + data[0] / 2, data[0], err);
	if (rc == 0)
		check_set(targets);
	else if (err[0] == '\0')
		abort();
	dp_targets_free(targets);
	return 0;
}
