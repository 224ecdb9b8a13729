/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way to the output folder, walked one name at a time.
 *
 * What is checked must be what is opened. So each name is looked up in a folder that is open
 * already, of which is known that nobody else can exchange what is in it: it belongs to us or root
 * and is writable by nobody else, or it has the sticky bit, and then the entry itself has to be
 * ours or root's. Links are followed by hand, under the same rule.
 */
#define _GNU_SOURCE /* O_PATH */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many links as the kernel follows. */
#define LINKS_MAX 40
/* Most characters of a path in a sentence. */
#define SHOWN 200

struct walk {
	const struct ut_folder_use *use;
	const char *path;
	int fd; /* O_PATH: the folder reached so far */
	bool made;
	unsigned int n_links;
	char rest[PATH_MAX]; /* what is still to be walked */
	char *err;
	size_t err_len;
};

/* Under sudo, the files of the user who called it count as our own: that user asked for the
 * scan. */
static bool is_ours(uid_t uid)
{
	const char *text = getenv("SUDO_UID");
	char *end = NULL;
	unsigned long sudo;

	if (uid == geteuid())
		return true;
	if (geteuid() != 0 || text == NULL || *text < '0' || *text > '9')
		return false;
	sudo = strtoul(text, &end, 10);
	return *end == '\0' && uid == (uid_t)sudo;
}

static bool is_ours_or_roots(uid_t uid)
{
	return uid == 0 || is_ours(uid);
}

static int fail(const struct walk *w, int error)
{
	snprintf(w->err, w->err_len, "cannot use the output folder %.*s: %s", SHOWN, w->path,
		error == -ENOTDIR ? "it is not a folder, or the way there leads through something "
				    "else; give -o another name"
				  : strerror(-error));
	return error;
}

/* The real path of a descriptor. The path as the user wrote it may hide it behind links and
 * dots. */
static void name_of(int fd, char name[SHOWN + 1])
{
	char link[32];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, name, SHOWN);
	name[len < 0 ? 0 : len] = '\0';
}

static int refuse_owner(const struct walk *w, const char *what, uid_t uid)
{
	snprintf(w->err, w->err_len,
		"the output folder %.*s is not safe: %s belongs to user %u, who could lead what is "
		"written into any other file; give -o a folder of your own, or "
		"--unsafe-output-dir to use it all the same",
		SHOWN, w->path, what, (unsigned int)uid);
	return -EPERM;
}

static int refuse_mode(const struct walk *w, const char *what, mode_t mode)
{
	snprintf(w->err, w->err_len,
		"the output folder %.*s is not safe: others may write to %s (mode %04o) and could "
		"lead what is written into any other file; `chmod go-w %s`, give -o a folder of "
		"your own, or --unsafe-output-dir to use it all the same",
		SHOWN, w->path, what, (unsigned int)(mode & 07777), what);
	return -EPERM;
}

/* For a folder on the path: nobody else may exchange what is going to be looked up in it. */
static int check_parent(const struct walk *w)
{
	char name[SHOWN + 1];
	struct stat st;

	if (fstat(w->fd, &st) != 0)
		return fail(w, -errno);
	name_of(w->fd, name);
	if (!is_ours_or_roots(st.st_uid))
		return refuse_owner(w, name, st.st_uid);
	if ((st.st_mode & 022) != 0 && (st.st_mode & S_ISVTX) == 0)
		return refuse_mode(w, name, st.st_mode);
	return 0;
}

/* For the folder at the end of the path: nobody else may put anything into it. */
static int check_folder(const struct walk *w, int fd)
{
	char name[SHOWN + 1];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail(w, -errno);
	name_of(fd, name);
	if (!is_ours(st.st_uid))
		return refuse_owner(w, name, st.st_uid);
	return (st.st_mode & 022) == 0 ? 0 : refuse_mode(w, name, st.st_mode);
}

static int step_to(struct walk *w, int fd)
{
	if (fd < 0)
		return fail(w, -errno);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	return 0;
}

/* An absolute path begins at the root, any other at the folder reached so far. */
static int start(struct walk *w)
{
	if (w->rest[0] != '/' && w->fd >= 0)
		return 0;
	return step_to(w, open(w->rest[0] == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Put the target of a link in front of the rest of the path. */
static int follow(struct walk *w, const char *name, const struct stat *link)
{
	char path[PATH_MAX];
	struct stat here;
	ssize_t len;

	if (fstat(w->fd, &here) != 0)
		return fail(w, -errno);
	if (!w->use->unsafe && (here.st_mode & 022) != 0 && !is_ours_or_roots(link->st_uid))
		return refuse_owner(w, name, link->st_uid);
	if (++w->n_links > LINKS_MAX)
		return fail(w, -ELOOP);
	len = readlinkat(w->fd, name, path, sizeof(path) - 1);
	if (len < 0)
		return fail(w, -errno);
	if ((size_t)len + strlen(w->rest) + 2 > sizeof(path))
		return fail(w, -ENAMETOOLONG);
	path[len] = '/';
	strcpy(path + len + 1, w->rest);
	strcpy(w->rest, path);
	return start(w);
}

/* Take the next name off the rest of the path; "": there is none. */
static void next_name(struct walk *w, char name[PATH_MAX])
{
	size_t skip = strspn(w->rest, "/"), len = strcspn(w->rest + skip, "/");

	memcpy(name, w->rest + skip, len);
	name[len] = '\0';
	memmove(w->rest, w->rest + skip + len, strlen(w->rest + skip + len) + 1);
}

static int enter(struct walk *w, const char *name)
{
	bool last = w->rest[strspn(w->rest, "/")] == '\0';
	struct stat st;

	if (fstatat(w->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno != ENOENT || !w->use->make || !last)
			return fail(w, -errno);
		if (mkdirat(w->fd, name, 0755) != 0 && errno != EEXIST)
			return fail(w, -errno);
		w->made = true;
	} else if (S_ISLNK(st.st_mode)) {
		return follow(w, name, &st);
	}
	return step_to(w, openat(w->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

static int walk_path(struct walk *w)
{
	char name[PATH_MAX];
	int rc = start(w);

	for (next_name(w, name); rc == 0 && name[0] != '\0'; next_name(w, name)) {
		rc = w->use->unsafe ? 0 : check_parent(w);
		if (rc == 0)
			rc = enter(w, name);
	}
	return rc;
}

/* Open the folder at the end for reading: one that is open with O_PATH cannot be fsynced. */
static int open_end(const struct walk *w)
{
	int fd = openat(w->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return fail(w, -errno);
	if (!w->use->unsafe)
		rc = check_folder(w, fd);
	if (rc == 0 && w->made && fchmod(fd, 0755) != 0)
		rc = fail(w, -errno);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

int ut_folder_open(struct ut_folder *folder, const char *path, const struct ut_folder_use *use,
	char *err, size_t err_len)
{
	struct walk w = {.use = use, .path = path, .fd = -1, .err = err, .err_len = err_len};
	int rc;

	*folder = (struct ut_folder){.fd = -1, .path = path};
	if (strlen(path) >= sizeof(w.rest))
		return fail(&w, -ENAMETOOLONG);
	strcpy(w.rest, path);
	rc = walk_path(&w);
	if (rc == 0)
		rc = open_end(&w);
	if (w.fd >= 0)
		close(w.fd);
	if (rc < 0)
		return rc;
	folder->fd = rc;
	return 0;
}
