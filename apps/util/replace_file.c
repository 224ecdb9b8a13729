/* SPDX-License-Identifier: BSD-3-Clause */
#include "replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Room for NAME.new; the names are literals of this program. */
#define NAME_LEN 64

int ut_write_all(int fd, const char *bytes, size_t len)
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

static int name_new(char next[NAME_LEN], const char *name)
{
	return snprintf(next, NAME_LEN, "%s.new", name) < NAME_LEN ? 0 : -ENAMETOOLONG;
}

int ut_replace_begin(const struct ut_folder *folder, const char *name)
{
	char next[NAME_LEN];
	int rc = name_new(next, name);

	if (rc != 0)
		return rc;
	/* A killed scan may have left one. */
	if (unlinkat(folder->fd, next, 0) != 0 && errno != ENOENT)
		return -errno;
	return ut_folder_create_file(folder, next);
}

int ut_replace_end(
	const struct ut_folder *folder, const char *name, int fd, int error, bool lasting)
{
	char next[NAME_LEN];
	int rc = error != 0 ? error : name_new(next, name);

	if (rc == 0 && lasting && fsync(fd) != 0)
		rc = -errno;
	if (close(fd) != 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && renameat(folder->fd, next, folder->fd, name) != 0)
		rc = -errno;
	if (rc != 0 && name_new(next, name) == 0)
		unlinkat(folder->fd, next, 0);
	/* The new name survives a power cut only if the folder is on the disk too. */
	if (rc == 0 && lasting)
		fsync(folder->fd);
	return rc;
}

int ut_replace_file(const struct ut_folder *folder, const char *name, const char *bytes, size_t len,
	bool lasting)
{
	int fd = ut_replace_begin(folder, name);

	if (fd < 0)
		return fd;
	return ut_replace_end(folder, name, fd, ut_write_all(fd, bytes, len), lasting);
}
