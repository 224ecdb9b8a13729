/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of whole lines: buffered, and never left with half a line when the disk fills up.
 *
 * Lines collect in a buffer and leave it in large writes. When a write fails part-way, a regular
 * file is cut back to its last whole line; the error is sticky and later lines are refused and
 * counted. A pipe cannot be cut back. The process must ignore SIGPIPE and SIGXFSZ, so that a closed
 * pipe and a file-size limit come back as errors. One thread.
 */
#pragma once

#include "folder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UT_LINE_FILE_BUF_LEN (256 * 1024)

struct ut_line_file {
	int fd; /* -1: closed */
	bool regular, owned;
	int error; /* -errno of the first failure, 0: none */
	char *buf;
	size_t len;	  /* bytes waiting in buf, whole lines */
	uint64_t n_bytes; /* in the file */
	uint64_t n_lost;  /* lines taken or offered that never reached the file */
};

/**
 * Create a file of a folder; it must not exist.
 * @return 0 or -errno (-EEXIST, -EACCES, -ENOMEM, ...)
 */
int ut_line_file_create(
	struct ut_line_file *file, const struct ut_folder *folder, const char *name);

/**
 * Go on with a file that exists: lines are added behind its last one. What stands behind that, part
 * of a line that was being written when its process was killed, is cut off.
 * @return 0 or -errno; ut_folder_why() has words for it
 */
int ut_line_file_continue(
	struct ut_line_file *file, const struct ut_folder *folder, const char *name);

/** Write to an open descriptor, such as standard output. ut_line_file_close() leaves it open.
 * 0 or -ENOMEM. */
int ut_line_file_attach(struct ut_line_file *file, int fd);

/** Bytes that can be appended without a write. */
size_t ut_line_file_room(const struct ut_line_file *file);

/**
 * Take one line.
 * @param line  in: ends with its only newline; borrowed
 * @return 0, or the sticky -errno
 */
int ut_line_file_append(struct ut_line_file *file, const char *line, size_t len);

/** Write what is buffered. 0 or the sticky -errno. */
int ut_line_file_flush(struct ut_line_file *file);

/** Flush and bring a regular file's lines to the disk. 0 or the sticky -errno. */
int ut_line_file_sync(struct ut_line_file *file);

/** Flush, fsync a regular file, close. Idempotent. 0 or the first -errno. */
int ut_line_file_close(struct ut_line_file *file);
