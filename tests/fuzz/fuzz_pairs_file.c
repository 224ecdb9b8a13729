/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a list of pairs beside a few addresses: a set that keeps its word, or a sentence. */
#include "dataplane/targets/targets.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Protocols are the application's; here any word is one, and ports above 1,000 need it. */
static int service(void *to, uint16_t port, const char *protocol, char *why)
{
	(void)to;
	if (port == 0 || strlen(protocol) >= DP_ERR_LEN)
		abort();
	if (port <= 1000 || protocol[0] != '\0')
		return 0;
	snprintf(why, DP_ERR_LEN / 2, "port %u has no protocol", port);
	return -EINVAL;
}

static void check_set(const struct dp_targets *targets)
{
	uint64_t n = dp_targets_count(targets);

	for (uint64_t i = 0; i < n && i < 256; i++) {
		struct dp_target target = dp_targets_get(targets, i);
		uint64_t index;

		if (!dp_targets_contains(targets, &target.addr) ||
			target.service >= dp_targets_n_services(targets) ||
			dp_targets_port(targets, target.service) == 0 ||
			!dp_targets_index(targets, &target, &index) || index != i)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint16_t ports[2] = {443, 25};
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN] = "";
	FILE *in = len == 0 ? NULL : fmemopen((uint8_t *)(uintptr_t)data, len, "r");
	int rc;

	if (targets == NULL || in == NULL) {
		dp_targets_free(targets);
		return 0;
	}
	dp_targets_add(targets, DP_ALLOW, "192.0.2.0/30", err);
	dp_targets_add(targets, DP_EXCLUDE, "198.51.100.128/25", err);
	rc = dp_targets_add_pairs_stream(targets, in, "pairs", service, NULL, err);
	fclose(in);
	if (rc == 0)
		rc = dp_targets_set_ports(targets, ports, 2);
	if (rc == 0)
		rc = dp_targets_finish(targets, 2, data[0], err);
	if (rc == 0)
		check_set(targets);
	else if (err[0] == '\0')
		abort();
	dp_targets_free(targets);
	return 0;
}
