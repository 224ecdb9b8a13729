/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "line_file.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int ut_line_file_create(struct ut_line_file *file, const struct ut_folder *folder, const char *name)
{
	int fd = ut_folder_create_file(folder, name);
	int rc;

	*file = (struct ut_line_file){.fd = -1};
	if (fd < 0)
		return fd;
	rc = ut_line_file_attach(file, fd);
	if (rc < 0)
		close(fd);
	else
		file->owned = true;
	return rc;
}

/* Find where the last whole line ends. @return 0 or -errno */
static int find_end(int fd, off_t size, off_t *end)
{
	char block[4096];

	while (size > 0) {
		off_t at = size > (off_t)sizeof(block) ? size - (off_t)sizeof(block) : 0;
		ssize_t n = pread(fd, block, (size_t)(size - at), at);
		const char *last;

		if (n != (ssize_t)(size - at))
			return n < 0 ? -errno : -EIO;
		last = memrchr(block, '\n', (size_t)n);
		if (last != NULL) {
			*end = at + (last - block) + 1;
			return 0;
		}
		size = at;
	}
	*end = 0;
	return 0;
}

static int cut_torn_line(struct ut_line_file *file)
{
	struct stat st;
	off_t end;
	int rc;

	if (!file->regular || fstat(file->fd, &st) < 0)
		return -EINVAL;
	rc = find_end(file->fd, st.st_size, &end);
	if (rc < 0)
		return rc;
	if (end != st.st_size && ftruncate(file->fd, end) < 0)
		return -errno;
	if (lseek(file->fd, end, SEEK_SET) < 0)
		return -errno;
	file->n_bytes = (uint64_t)end;
	return 0;
}

int ut_line_file_continue(
	struct ut_line_file *file, const struct ut_folder *folder, const char *name)
{
	int fd = ut_folder_continue_file(folder, name);
	int rc;

	*file = (struct ut_line_file){.fd = -1};
	if (fd < 0)
		return fd;
	rc = ut_line_file_attach(file, fd);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	file->owned = true;
	rc = cut_torn_line(file);
	if (rc < 0)
		ut_line_file_close(file);
	return rc;
}

int ut_line_file_attach(struct ut_line_file *file, int fd)
{
	struct stat st;

	*file = (struct ut_line_file){.fd = -1};
	file->buf = malloc(UT_LINE_FILE_BUF_LEN);
	if (file->buf == NULL)
		return -ENOMEM;
	file->fd = fd;
	file->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	return 0;
}

size_t ut_line_file_room(const struct ut_line_file *file)
{
	return UT_LINE_FILE_BUF_LEN - file->len;
}

static uint64_t count_lines(const char *bytes, size_t len)
{
	uint64_t n = 0;
	const char *end = bytes + len, *at = bytes;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		n++;
		at++;
	}
	return n;
}

/*
 * Cut off a line that was written in part, but only if our bytes are the last ones of the file:
 * standard output may be a file that others write to as well.
 */
static void cut_tail(struct ut_line_file *file, size_t tail_len)
{
	off_t at = lseek(file->fd, 0, SEEK_CUR);
	struct stat st;

	if (!file->regular || tail_len == 0 || fstat(file->fd, &st) < 0)
		return;
	if (at == st.st_size && at >= (off_t)tail_len &&
		ftruncate(file->fd, at - (off_t)tail_len) == 0) {
		lseek(file->fd, at - (off_t)tail_len, SEEK_SET);
		file->n_bytes -= tail_len;
	}
}

/* Write bytes that begin at the start of a line and end at the end of one. */
static int write_lines(struct ut_line_file *file, const char *bytes, size_t len)
{
	size_t done = 0;
	const char *last;

	while (done < len) {
		ssize_t n = write(file->fd, bytes + done, len - done);

		if (n > 0) {
			done += (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd ready = {.fd = file->fd, .events = POLLOUT};

			poll(&ready, 1, 1000);
		} else if (n == 0 || errno != EINTR) {
			file->error = n == 0 ? -EIO : -errno;
			break;
		}
	}
	file->n_bytes += done;
	if (done == len)
		return 0;
	last = memrchr(bytes, '\n', done);
	last = last == NULL ? bytes : last + 1;
	file->n_lost += count_lines(last, (size_t)(bytes + len - last));
	cut_tail(file, (size_t)(bytes + done - last));
	return file->error;
}

int ut_line_file_flush(struct ut_line_file *file)
{
	size_t len = file->len;

	if (file->error != 0 || len == 0)
		return file->error;
	file->len = 0;
	return write_lines(file, file->buf, len);
}

int ut_line_file_append(struct ut_line_file *file, const char *line, size_t len)
{
	if (file->error == 0 && len > ut_line_file_room(file))
		ut_line_file_flush(file);
	if (file->error != 0) {
		file->n_lost++;
		return file->error;
	}
	if (len > UT_LINE_FILE_BUF_LEN)
		return write_lines(file, line, len);
	memcpy(file->buf + file->len, line, len);
	file->len += len;
	return 0;
}

int ut_line_file_sync(struct ut_line_file *file)
{
	if (ut_line_file_flush(file) == 0 && file->regular && fdatasync(file->fd) < 0)
		file->error = -errno;
	return file->error;
}

int ut_line_file_close(struct ut_line_file *file)
{
	int rc = 0;

	if (file->fd < 0)
		return file->error;
	ut_line_file_flush(file);
	if (file->regular && fsync(file->fd) < 0)
		rc = -errno;
	if (file->owned && close(file->fd) < 0 && rc == 0)
		rc = -errno;
	file->fd = -1;
	free(file->buf);
	file->buf = NULL;
	if (file->error == 0)
		file->error = rc;
	return file->error;
}
