/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder of -o DIR: whether it may be used, which files in it are ours, and how they are
 * opened.
 *
 * A scan often runs as root, and who can write to its folder could put a link where a file of ours
 * goes. So the folder is opened once, by a way on which nobody else can exchange anything, and
 * every file is then opened below its descriptor: never through a symbolic link, new ones only
 * where no file is, old ones only when they are regular files with no other name.
 *
 * All: main thread, or one thread at a time for each file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* docs/output.md says what is in them. "lock" and the control socket are not of a scan's results:
 * neither stands in the way of the next scan. */
#define UT_RESULTS_FILE	   "results.jsonl"
#define UT_CERTS_FILE	   "certificates.jsonl"
#define UT_SUMMARY_FILE	   "summary.json"
#define UT_CONFIG_FILE	   "scan.conf"
#define UT_CHECKPOINT_FILE "checkpoint"
#define UT_TARGETS_FILE	   "targets"
#define UT_STATUS_FILE	   "status.csv"
#define UT_METRICS_FILE	   "metrics.prom"
#define UT_LOCK_FILE	   "lock"

struct ut_folder {
	int fd;		  /* -1: closed */
	const char *path; /* as the user wrote it, for sentences; borrowed */
};

struct ut_folder_use {
	bool make;   /* create it, not its parents, with mode 0755, when it is not there */
	bool unsafe; /* --unsafe-output-dir: take it even if others own it or can write to it */
};

/** The files of a scan, by number from 0. @return a name, NULL behind the last one */
const char *ut_folder_file(size_t i);

/**
 * Open a folder. It has to belong to the effective user, or, under sudo, to the user who called it,
 * and nobody else may write to it; what the path leads through has to belong to one of these or to
 * root, and be writable by nobody else or have the sticky bit.
 * @param path  in: borrowed for the life of the folder
 * @param err   out: on failure, but for -ENOENT without make, a sentence that names what is wrong
 *              and what to do
 * @return 0; -EPERM: it is not safe; -ENOENT: it is not there; or the negative errno of opening
 */
int ut_folder_open(struct ut_folder *folder, const char *path, const struct ut_folder_use *use,
	char *err, size_t err_len);

/** Close; may be called again. */
void ut_folder_close(struct ut_folder *folder);

/**
 * Create a file, which must not be there. Its mode does not depend on the umask: 0644 for what
 * others read, 0600 for what this program alone reads back (docs/output.md).
 * @return a descriptor for writing, or -errno (-EEXIST for a link too)
 */
int ut_folder_create_file(const struct ut_folder *folder, const char *name);

/**
 * Open a file that is there, for reading and writing.
 * @return a descriptor, or -errno; -ELOOP: a symbolic link, -EMLINK: it has another name (a hard
 *         link), -ENOTSUP: not a regular file; ut_folder_why() has words for these
 */
int ut_folder_continue_file(const struct ut_folder *folder, const char *name);

/** Open a file that is there, for reading. @return a stream, or NULL with errno set as above */
FILE *folder_read_file(const struct ut_folder *folder, const char *name);

/** What a negative errno of the functions above means, as the end of a sentence. */
const char *ut_folder_why(int error);

/**
 * See to the files of an earlier scan before a new one.
 * @param overwrite  in: remove them; false: refuse the folder when there is one, whoever wrote it
 * @param err        out: on failure a sentence that names the path and what to do
 * @return 0 or -errno; -EEXIST: there are files of an earlier scan, and all of them stay
 */
int ut_folder_prepare(const struct ut_folder *folder, bool overwrite, char *err, size_t err_len);

/** Remove every file of a scan that ut_folder_prepare() looks for. Other files stay. */
void ut_folder_clear(const struct ut_folder *folder);
