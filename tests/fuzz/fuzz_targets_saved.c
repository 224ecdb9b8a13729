/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a saved set: what is taken has the digest it names, and all else gets a sentence. */
#define _GNU_SOURCE
#include "dataplane/targets_file.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = memfd_create("saved", MFD_CLOEXEC);
	char path[32], err[DP_ERR_LEN] = "";
	struct dp_targets *targets;

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (uint32_t n_services = 0; n_services <= 2; n_services++) {
		targets = dp_targets_load(path, n_services, 1, err);
		if (targets == NULL && err[0] == '\0')
			abort();
		if (targets != NULL && dp_targets_count(targets) == 0)
			abort();
		dp_targets_free(targets);
	}
	close(fd);
	return 0;
}
