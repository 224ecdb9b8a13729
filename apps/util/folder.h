/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder of -o DIR: whether it may be used, which files in it are ours, and how they are
 * opened.
 *
 * A scan often runs as root. Another user who can write to its folder could put a link where a file
 * of ours goes. So the folder is opened once, by a path on which nobody else can exchange anything.
 * Every file is then opened below its descriptor, and never through a symbolic link. A new file is
 * created only where there is none. An old file is opened only if it is a regular file without a
 * second name (hard link).
 *
 * Any thread may call these functions, one thread at a time for each folder and file name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* docs/output.md says what is in them. "lock" and the control socket are no results: neither keeps
 * the next scan from using the folder. */
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
	bool make;   /* if it does not exist, create it (not its parents) with mode 0755 */
	bool unsafe; /* --unsafe-output-dir: take it even if others own it or can write to it */
};

/**
 * The files of a scan, one after another.
 * @param i  in: from 0
 * @return a constant name; NULL behind the last one
 */
const char *ut_folder_file(size_t i);

/**
 * Open a folder. It must belong to the effective user or, under sudo, to the user who called sudo,
 * and nobody else may write to it. Each folder on the path must belong to one of these users or to
 * root, and nobody else may write to it unless it has the sticky bit.
 * @param folder        out: fd is -1 on failure
 * @param path          in: borrowed for the life of the folder
 * @param use           in: borrowed for the call
 * @param err, err_len  out: on failure a sentence that names what is wrong
 * @return 0; -EPERM: it is not safe; -ENOENT: it does not exist; or the -errno of opening or
 *         creating it
 */
int ut_folder_open(struct ut_folder *folder, const char *path, const struct ut_folder_use *use,
	char *err, size_t err_len);

/** Close the folder. Does nothing if it is closed already. */
void ut_folder_close(struct ut_folder *folder);

/**
 * Create a file that does not exist yet. Its mode does not depend on the umask: 0644 if others may
 * read it, 0600 if only this program reads it back (docs/output.md).
 * @param folder  in: open
 * @param name    in: a name without '/'
 * @return a descriptor for writing, owned by the caller; or -errno: -EEXIST if there is a file or a
 *         link of that name
 */
int ut_folder_create_file(const struct ut_folder *folder, const char *name);

/**
 * Open an existing file for reading and writing.
 * @param folder  in: open
 * @param name    in: a name without '/'
 * @return a descriptor, owned by the caller; or -errno: -ELOOP: a symbolic link, -EMLINK: it has a
 *         second name (a hard link), -ENOTSUP: not a regular file. ut_folder_why() explains these.
 */
int ut_folder_continue_file(const struct ut_folder *folder, const char *name);

/**
 * Open an existing file for reading.
 * @param folder  in: open
 * @param name    in: a name without '/'
 * @return a stream, to be closed by the caller; NULL with errno set to one of the errors of
 *         ut_folder_continue_file()
 */
FILE *ut_folder_read_file(const struct ut_folder *folder, const char *name);

/**
 * What an error of the functions above means, as the end of a sentence.
 * @param error  in: -errno
 * @return a text that is valid until the thread's next call of strerror()
 */
const char *ut_folder_why(int error);

/**
 * Prepare the folder for a new scan: remove the files of an earlier one, or refuse the folder.
 * @param folder        in: open
 * @param overwrite     in: true: remove the files; false: refuse the folder if it has one of them,
 *                      even if no scan wrote it
 * @param err, err_len  out: on failure a sentence that names the path and the reason
 * @return 0; -EEXIST: there are such files, and all of them stay; or the -errno of removing one,
 *         and then those before it are gone
 */
int ut_folder_prepare(const struct ut_folder *folder, bool overwrite, char *err, size_t err_len);

/** Remove every file of a scan, those that ut_folder_file() names. Other files stay, and so does a
 * file that cannot be removed. */
void ut_folder_clear(const struct ut_folder *folder);
