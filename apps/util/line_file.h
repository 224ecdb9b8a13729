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

#define LF_BUF_LEN (256 * 1024)

struct line_file {
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
int lf_create(struct line_file *file, const struct folder *folder, const char *name);

/**
 * Go on with a file that exists: lines are added behind its last one. What stands behind that, part
 * of a line that was being written when its process was killed, is cut off.
 * @return 0 or -errno; folder_why() has words for it
 */
int lf_continue(struct line_file *file, const struct folder *folder, const char *name);

/** Write to an open descriptor, e.g. standard output; lf_close() leaves it open. 0 or -ENOMEM. */
int lf_attach(struct line_file *file, int fd);

/** Bytes that can be appended without a write. */
size_t lf_room(const struct line_file *file);

/**
 * Take one line.
 * @param line  in: ends with its only newline; borrowed
 * @return 0, or the sticky -errno
 */
int lf_append(struct line_file *file, const char *line, size_t len);

/** Write what is buffered. 0 or the sticky -errno. */
int lf_flush(struct line_file *file);

/** Flush and bring a regular file's lines to the disk. 0 or the sticky -errno. */
int lf_sync(struct line_file *file);

/** Flush, fsync a regular file, close. Idempotent. 0 or the first -errno. */
int lf_close(struct line_file *file);
