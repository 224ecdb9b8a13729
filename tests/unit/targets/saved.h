/* SPDX-License-Identifier: BSD-3-Clause */
/* A saved set by the path of its file. */
#pragma once

#include "dataplane/targets/targets_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static inline int save_set(const struct dp_targets *targets, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = fd < 0 ? -errno : dp_targets_save(targets, fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

static inline struct dp_targets *load_set(
	const char *path, uint32_t n_services, uint64_t seed, char err[DP_ERR_LEN])
{
	FILE *in = fopen(path, "re");
	struct dp_targets *targets;

	if (in == NULL)
		return NULL;
	targets = dp_targets_load(in, path, n_services, seed, err);
	fclose(in);
	return targets;
}
