/* SPDX-License-Identifier: BSD-3-Clause */
#include "runtime_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK "lock"
/* Names to try: if containers share the folder, another process may have our process number. */
#define NAMES_MAX 8
/* Folders looked at in one start. The next start looks at more. */
#define FOLDERS_MAX 1024

static bool is_ours(const struct stat *st)
{
	return S_ISDIR(st->st_mode) && (st->st_uid == geteuid() || st->st_uid == 0);
}

/* No other user can write in it. */
static bool is_private(const struct stat *st)
{
	return is_ours(st) && (st->st_mode & 022) == 0;
}

/* Can DPDK's folder be made in it, or is there a safe one already? */
static bool base_fits(const char *base)
{
	char path[DP_RUNTIME_PATH_LEN];
	struct stat st;

	/* In a folder with the sticky bit other users cannot replace our files. */
	if (stat(base, &st) != 0 || !is_ours(&st) ||
		((st.st_mode & 022) != 0 && (st.st_mode & S_ISVTX) == 0))
		return false;
	if (snprintf(path, sizeof(path), "%s/dpdk", base) >= (int)sizeof(path))
		return false;
	if (lstat(path, &st) != 0)
		return errno == ENOENT && access(base, W_OK | X_OK) == 0;
	return is_private(&st) && st.st_uid == geteuid();
}

int dp_runtime_dir_base(char base[DP_RUNTIME_PATH_LEN], char *err, size_t err_len)
{
	const char *wanted = getenv("RUNTIME_DIRECTORY");
	struct stat st;

	if (wanted == NULL)
		wanted = getuid() == 0 ? "/var/run" : getenv("XDG_RUNTIME_DIR");
	if (wanted == NULL)
		wanted = "/tmp";
	if (strlen(wanted) < DP_RUNTIME_PATH_LEN && base_fits(wanted)) {
		strcpy(base, wanted);
		return 0;
	}
	snprintf(base, DP_RUNTIME_PATH_LEN, "%s/tlsweep-%u", getuid() == 0 ? "/var/run" : "/tmp",
		(unsigned int)getuid());
	/* Another user may have made it first, if all may write there. */
	if ((mkdir(base, 0700) == 0 || errno == EEXIST) && lstat(base, &st) == 0 &&
		is_private(&st) && st.st_uid == geteuid())
		return 0;
	snprintf(err, err_len,
		"there is no safe folder for DPDK's run-time files: %.100s or the dpdk in it, and "
		"%s, belong to other users or can be written by them; set XDG_RUNTIME_DIR, or "
		"RUNTIME_DIRECTORY as root, to a folder of your own with mode 0700",
		wanted, base);
	return -EPERM;
}

/* Remove all files of an open folder. If there are folders in it, they stay. */
static void remove_files(int dir_fd)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	/* The lock is removed last: a folder without one may be one that is being made. */
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, LOCK) != 0)
			unlinkat(dir_fd, entry->d_name, 0);
	closedir(dir);
	unlinkat(dir_fd, LOCK, 0);
}

/* Remove a folder with our prefix if its process is dead: the lock is there and free. */
static void remove_if_dead(int parent_fd, const char *name)
{
	int dir_fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int lock_fd = dir_fd < 0 ? -1 : openat(dir_fd, LOCK, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (lock_fd >= 0 && fstat(dir_fd, &st) == 0 && st.st_uid == geteuid() &&
		flock(lock_fd, LOCK_EX | LOCK_NB) == 0) {
		remove_files(dir_fd);
		unlinkat(parent_fd, name, AT_REMOVEDIR);
	}
	if (lock_fd >= 0)
		close(lock_fd);
	if (dir_fd >= 0)
		close(dir_fd);
}

static void remove_dead(int parent_fd)
{
	int fd = openat(parent_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	for (int i = 0; i < FOLDERS_MAX && dir != NULL && (entry = readdir(dir)) != NULL; i++) {
		if (strncmp(entry->d_name, DP_RUNTIME_PREFIX, strlen(DP_RUNTIME_PREFIX)) == 0)
			remove_if_dead(parent_fd, entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
}

/* Create and hold the lock. @return its descriptor; -EWOULDBLOCK: another process has the folder;
 * -EAGAIN: it was removed meanwhile; -errno */
static int lock_folder(int dir_fd)
{
	int fd = openat(dir_fd, LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;
	int rc = 0;

	if (fd < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	/* Another process may have taken our folder for a dead one before it was locked, and have
	 * removed it. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		rc = -errno;
	else if (fstat(fd, &st) != 0 || st.st_nlink == 0)
		rc = -EAGAIN;
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

static int take_name(struct dp_runtime_dir *runtime)
{
	struct stat st;
	int dir_fd, rc;

	if (mkdirat(runtime->parent_fd, runtime->name, 0700) != 0 && errno != EEXIST)
		return -errno;
	dir_fd = openat(
		runtime->parent_fd, runtime->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir_fd < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (fstat(dir_fd, &st) != 0 || st.st_uid != geteuid())
		rc = -EWOULDBLOCK;
	else
		rc = lock_folder(dir_fd);
	close(dir_fd);
	return rc;
}

static int take_any_name(struct dp_runtime_dir *runtime)
{
	int rc = -EAGAIN;

	for (int i = 0; i < NAMES_MAX && (rc == -EAGAIN || rc == -EWOULDBLOCK); i++) {
		int len = snprintf(runtime->name, sizeof(runtime->name), DP_RUNTIME_PREFIX "%d",
			(int)getpid());

		if (i > 0)
			snprintf(
				runtime->name + len, sizeof(runtime->name) - (size_t)len, "-%d", i);
		rc = take_name(runtime);
	}
	return rc;
}

int dp_runtime_dir_take(struct dp_runtime_dir *runtime, const char *base, char *err, size_t err_len)
{
	char path[DP_RUNTIME_PATH_LEN + 8];
	struct stat st;
	int rc = 0;

	*runtime = (struct dp_runtime_dir){.parent_fd = -1, .lock_fd = -1};
	snprintf(path, sizeof(path), "%s/dpdk", base);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		rc = -errno;
	if (rc == 0)
		runtime->parent_fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (rc == 0 && (runtime->parent_fd < 0 || fstat(runtime->parent_fd, &st) != 0))
		rc = -errno;
	if (rc == 0 && (!is_private(&st) || st.st_uid != geteuid()))
		rc = -EPERM;
	if (rc == 0) {
		remove_dead(runtime->parent_fd);
		rc = take_any_name(runtime);
	}
	if (rc >= 0) {
		runtime->lock_fd = rc;
		return 0;
	}
	if (runtime->parent_fd >= 0)
		close(runtime->parent_fd);
	snprintf(err, err_len,
		"%s, for DPDK's run-time files, cannot be used: %s; set XDG_RUNTIME_DIR, or "
		"RUNTIME_DIRECTORY as root, to another folder of your own",
		path, rc == -EPERM ? "others may write there" : strerror(-rc));
	return rc;
}

void dp_runtime_dir_leave(struct dp_runtime_dir *runtime)
{
	int dir_fd;

	if (runtime->lock_fd < 0)
		return;
	dir_fd = openat(
		runtime->parent_fd, runtime->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir_fd >= 0) {
		remove_files(dir_fd);
		close(dir_fd);
	}
	unlinkat(runtime->parent_fd, runtime->name, AT_REMOVEDIR);
	close(runtime->lock_fd);
	close(runtime->parent_fd);
	runtime->lock_fd = -1;
}
