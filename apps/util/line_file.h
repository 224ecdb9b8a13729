/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of whole lines: buffered, and never left with half a line when the disk fills up.
 *
 * Lines collect in a buffer and leave it in large writes. If a write fails part-way, a regular file
 * is cut back to its last whole line. The error is sticky: later lines are refused and counted. A
 * pipe cannot be cut back. The process must ignore SIGPIPE and SIGXFSZ, so that a closed pipe and a
 * file-size limit come back as errors. One thread at a time uses a file.
 */
#pragma once

#include "folder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UT_LINE_FILE_BUF_LEN (256 * 1024)

struct ut_line_file {
	int fd;	      /* -1: closed */
	bool regular; /* a regular file: it can be cut back and brought to the disk */
	bool owned;   /* ut_line_file_close() closes fd */
	int error;    /* -errno of the first failure, 0: none */
	char *buf;
	size_t len;	  /* bytes waiting in buf, whole lines */
	uint64_t n_bytes; /* in the file */
	uint64_t n_lost;  /* lines that were appended or refused, and never reached the file */
};

/**
 * Create a file of a folder. It must not exist.
 * @param file    out: to be closed with ut_line_file_close() on success
 * @param folder  in: open; not kept
 * @param name    in: a name without '/'; not kept
 * @return 0, -ENOMEM, or an error of ut_folder_create_file()
 */
int ut_line_file_create(
	struct ut_line_file *file, const struct ut_folder *folder, const char *name);

/**
 * Continue a file that exists: lines are added behind its last whole one. If its process was killed
 * while it wrote a line, the part that it wrote is cut off.
 * @param file    out: to be closed with ut_line_file_close() on success
 * @param folder  in: open; not kept
 * @param name    in: a name without '/'; not kept
 * @return 0, -ENOMEM, an error of ut_folder_continue_file(), or the -errno of reading or cutting;
 *         ut_folder_why() explains it
 */
int ut_line_file_continue(
	struct ut_line_file *file, const struct ut_folder *folder, const char *name);

/**
 * Write to an open descriptor, such as standard output.
 * @param file  out: to be closed with ut_line_file_close() on success
 * @param fd    in: borrowed; ut_line_file_close() leaves it open
 * @return 0 or -ENOMEM
 */
int ut_line_file_attach(struct ut_line_file *file, int fd);

/** The number of bytes that can be appended without a write. */
size_t ut_line_file_room(const struct ut_line_file *file);

/**
 * Append one line. May block in a write if the buffer has no room for it.
 * @param file       in/out: open
 * @param line, len  in: ends with its only newline; borrowed for the call
 * @return 0, or the sticky -errno
 */
int ut_line_file_append(struct ut_line_file *file, const char *line, size_t len);

/** Write what is buffered; may block. @return 0, or the sticky -errno */
int ut_line_file_flush(struct ut_line_file *file);

/** Flush, and bring the lines of a regular file to the disk. @return 0, or the sticky -errno */
int ut_line_file_sync(struct ut_line_file *file);

/**
 * Flush, bring a regular file to the disk, close it and free the buffer. The file may be closed
 * already.
 * @param file  in/out: error and the counters stay valid
 * @return 0, or the first -errno
 */
int ut_line_file_close(struct ut_line_file *file);
