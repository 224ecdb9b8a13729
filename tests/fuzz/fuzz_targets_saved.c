/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a saved set: what is taken has the digest it names, and all else gets a sentence. */
#define _GNU_SOURCE
#include "dataplane/targets/targets_file.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = memfd_create("saved", MFD_CLOEXEC);
	char err[DP_ERR_LEN] = "";
	struct dp_targets *targets;
	FILE *in;

	if (fd < 0 || write(fd, data, len) != (ssize_t)len || (in = fdopen(fd, "r")) == NULL)
		abort();
	for (uint32_t n_services = 0; n_services <= 2; n_services++) {
		rewind(in);
		targets = dp_targets_load(in, "saved", n_services, 1, err);
		if (targets == NULL && err[0] == '\0')
			abort();
		if (targets != NULL && dp_targets_count(targets) == 0)
			abort();
		dp_targets_free(targets);
	}
	fclose(in);
	return 0;
}
