/* SPDX-License-Identifier: BSD-3-Clause */
#include "replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

int write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n == 0)
			return -EIO;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int replace_file(const char *path, const char *bytes, size_t len, bool lasting)
{
	char next[PATH_MAX];
	int fd, rc;

	if (snprintf(next, sizeof(next), "%s.new", path) >= (int)sizeof(next))
		return -ENAMETOOLONG;
	fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	rc = write_all(fd, bytes, len);
	if (lasting && fsync(fd) < 0 && rc == 0)
		rc = -errno;
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && rename(next, path) < 0)
		rc = -errno;
	if (rc < 0)
		unlink(next);
	return rc;
}
