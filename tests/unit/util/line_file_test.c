/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of whole lines, when the disk is full and when others write to them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "apps/util/line_file.h"
#include "tests/file_tree.h"
#include "tests/unit/json/json_lines.h"
#include "tap.h"

static struct ut_folder folder;

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", tree_root, name);
	return path;
}

static void test_full_device(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct ut_line_file file;

	tap_eq(ut_line_file_attach(&file, fd), 0,
		"a line file can be made of a device that is always full");
	tap_eq(ut_line_file_append(&file, "{}\n", 3), 0,
		"a line for a full device waits in the buffer");
	tap_eq(ut_line_file_flush(&file), -ENOSPC,
		"flushing a line file to a full device says that the disk is full");
	tap_eq(ut_line_file_append(&file, "{}\n", 3), -ENOSPC,
		"a line file that has failed refuses later lines with the same error");
	tap_eq((int64_t)file.n_lost, 2, "both lines for a full device are counted as lost");
	tap_eq((int64_t)file.n_bytes, 0, "no byte is counted as written to a full device");
	ut_line_file_close(&file);
	close(fd);
}

/* Append five lines of 101 bytes to a file that may grow to 250 bytes only. */
static void append_too_much(struct ut_line_file *file, int fd)
{
	struct rlimit limit, old;
	char line[101];

	memset(line, ' ', sizeof(line));
	memcpy(line, "[]", 2);
	line[100] = '\n';
	ut_line_file_attach(file, fd);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = 250;
	signal(SIGXFSZ, SIG_IGN);
	for (unsigned int i = 0; i < 5; i++)
		ut_line_file_append(file, line, sizeof(line));
	setrlimit(RLIMIT_FSIZE, &limit);
	tap_eq(ut_line_file_flush(file), -EFBIG,
		"five lines do not fit a file that may grow to 250 bytes");
	setrlimit(RLIMIT_FSIZE, &old);
	ut_line_file_close(file);
}

/* Standard output may be a file that was appended to: what stood there before must survive. */
static void test_appended_file(void)
{
	const char *path = path_of("appended");
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	struct ut_line_file file;

	tap_eq(write(fd, "{}\n", 3), 3, "a file has a line already");
	append_too_much(&file, fd);
	tap_eq(json_lines(path), 3, "the old line and two new ones are left");
	tap_eq((int64_t)file.n_lost, 3, "three lines beyond the limit are lost");
	tap_eq((int64_t)file.n_bytes, 202, "the bytes of two lines are counted");
	close(fd);
}

/* And one that is longer than where we write: another's bytes behind ours are not cut off. */
static void test_shared_file(void)
{
	int fd = open(path_of("shared"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	struct ut_line_file file;
	struct stat st;

	tap_eq(ftruncate(fd, 600), 0, "a shared file of 600 bytes is there");
	append_too_much(&file, fd);
	tap_ok(fstat(fd, &st) == 0 && st.st_size == 600, "a shared file still has its 600 bytes");
	close(fd);
}

static void test_long_line(void)
{
	size_t len = 3 * UT_LINE_FILE_BUF_LEN;
	char *line = malloc(len);
	struct ut_line_file file;

	memset(line, ' ', len);
	memcpy(line, "[]", 2);
	line[len - 1] = '\n';
	tap_eq(ut_line_file_create(&file, &folder, "long"), 0,
		"a line file is created in a folder");
	ut_line_file_append(&file, "{}\n", 3);
	tap_eq(ut_line_file_append(&file, line, len), 0, "a line longer than the buffer is taken");
	ut_line_file_append(&file, "{}\n", 3);
	tap_eq(ut_line_file_close(&file), 0, "a file with a long line is closed");
	tap_eq(json_lines(path_of("long")), 3, "three lines around a long one are in order");
	tap_eq((int64_t)file.n_bytes, (int64_t)len + 6,
		"the bytes of a long line and its neighbours are counted");
	tap_eq(ut_line_file_create(&file, &folder, "long"), -EEXIST,
		"an existing file is never opened");
	free(line);
}

int main(void)
{
	char err[256];

	if (!tree_make())
		return tap_skip_all("no temporary folder");
	if (ut_folder_open(&folder, tree_root, &(struct ut_folder_use){0}, err, sizeof(err)) != 0)
		return 1;
	test_full_device();
	test_appended_file();
	test_shared_file();
	test_long_line();
	ut_folder_close(&folder);
	return tree_remove() ? tap_done() : 1;
}
