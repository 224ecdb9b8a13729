/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder of -o DIR: which files in it are ours, and whether a new scan may have it. One process
 * at a time, the holder of its lock (resume.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* docs/output.md says what is in them. "lock" and the control socket are not of a scan's results:
 * neither stands in the way of the next scan. */
#define RF_FILE		"results.jsonl"
#define CERTS_FILE	"certificates.jsonl"
#define SUMMARY_FILE	"summary.json"
#define SW_CONFIG_NAME	"scan.conf"
#define CK_FILE		"checkpoint"
#define RS_TARGETS_FILE "targets"
#define STATUS_CSV_NAME "status.csv"
#define METRICS_NAME	"metrics.prom"

#define FOLDER_PATH_LEN 4096

/** Where a file of a folder is. @return 0 or -ENAMETOOLONG */
int folder_path(char path[FOLDER_PATH_LEN], const char *dir, const char *name);

/** The files of a scan, by number from 0. @return a name, NULL behind the last one */
const char *folder_file(size_t i);

/**
 * Make a folder ready for the files of a new scan: create it, not its parents, and see to those of
 * an earlier one.
 * @param overwrite  in: remove them; false: refuse the folder when there is one, whoever wrote it
 * @param err        out: on failure a sentence that names the path and what to do
 * @return 0 or -errno; -EEXIST: there are files of an earlier scan, and all of them stay
 */
int folder_prepare(const char *dir, bool overwrite, char *err, size_t err_len);

/** Remove every file of a scan, those that folder_prepare() looks for; what else is there stays. */
void folder_clear(const char *dir);
