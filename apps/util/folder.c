/* SPDX-License-Identifier: BSD-3-Clause */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Everybody may read the results. Nobody else reads what --resume reads back: it holds the seed and
 * the names of the user's files. Nor may others open the lock, or they could hold it. */
#define MODE_PUBLIC  0644
#define MODE_PRIVATE 0600

static const struct {
	const char *name;
	mode_t mode;
} files[] = {
	{UT_RESULTS_FILE, MODE_PUBLIC},
	{UT_CERTS_FILE, MODE_PUBLIC},
	{UT_SUMMARY_FILE, MODE_PUBLIC},
	{UT_CONFIG_FILE, MODE_PRIVATE},
	{UT_CHECKPOINT_FILE, MODE_PRIVATE},
	{UT_TARGETS_FILE, MODE_PRIVATE},
	{UT_STATUS_FILE, MODE_PUBLIC},
	{UT_METRICS_FILE, MODE_PUBLIC},
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

/* The mode follows from how a name begins: "checkpoint" is written as "checkpoint.new" first. */
static mode_t mode_of(const char *name)
{
	for (size_t i = 0; i < N_FILES; i++)
		if (strncmp(name, files[i].name, strlen(files[i].name)) == 0)
			return files[i].mode;
	return MODE_PRIVATE;
}

const char *ut_folder_file(size_t i)
{
	return i < N_FILES ? files[i].name : NULL;
}

int ut_folder_create_file(const struct ut_folder *folder, const char *name)
{
	int fd = openat(folder->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		MODE_PRIVATE);
	int rc;

	if (fd < 0)
		return -errno;
	if (fchmod(fd, mode_of(name)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* Without O_NONBLOCK, opening would block if a pipe stands in the file's place. */
static int open_file(const struct ut_folder *folder, const char *name, int flags)
{
	int fd = openat(folder->fd, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int rc = 0;

	if (fd < 0)
		return errno == EISDIR || errno == ENXIO ? -ENOTSUP : -errno;
	if (fstat(fd, &st) != 0)
		rc = -errno;
	else if (!S_ISREG(st.st_mode))
		rc = -ENOTSUP;
	else if (st.st_nlink > 1)
		rc = -EMLINK;
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

int ut_folder_continue_file(const struct ut_folder *folder, const char *name)
{
	return open_file(folder, name, O_RDWR);
}

FILE *ut_folder_read_file(const struct ut_folder *folder, const char *name)
{
	int fd = open_file(folder, name, O_RDONLY);
	FILE *in;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	in = fdopen(fd, "r");
	if (in == NULL)
		close(fd);
	return in;
}

const char *ut_folder_why(int error)
{
	switch (error) {
	case -ELOOP:
		return "it is a symbolic link, and no scan made it; look where it leads and remove "
		       "it";
	case -EMLINK:
		return "the file has another name too (a hard link), and would change there as "
		       "well; put a copy in its place";
	case -ENOTSUP:
		return "it is not a regular file; look what it is and remove it";
	default:
		return strerror(-error);
	}
}

static int refuse(char *err, size_t err_len, const struct ut_folder *folder, const char *name,
	const char *what, int error)
{
	snprintf(err, err_len, "%s/%s: %s: %s", folder->path, name, what, strerror(-error));
	return error;
}

static int see_to(
	const struct ut_folder *folder, const char *name, bool overwrite, char *err, size_t err_len)
{
	struct stat st;

	if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (overwrite && unlinkat(folder->fd, name, 0) < 0)
		return refuse(err, err_len, folder, name, "cannot replace the file", -errno);
	if (overwrite)
		return 0;
	snprintf(err, err_len,
		"%s holds a %s, which a scan writes: give -o another folder, --resume to "
		"continue an earlier scan there, or --overwrite to replace all that a scan writes",
		folder->path, name);
	return -EEXIST;
}

int ut_folder_prepare(const struct ut_folder *folder, bool overwrite, char *err, size_t err_len)
{
	int rc = 0;

	for (size_t i = 0; i < N_FILES && rc == 0; i++)
		rc = see_to(folder, files[i].name, overwrite, err, err_len);
	return rc;
}

void ut_folder_clear(const struct ut_folder *folder)
{
	for (size_t i = 0; i < N_FILES; i++)
		unlinkat(folder->fd, files[i].name, 0);
}

void ut_folder_close(struct ut_folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
}
