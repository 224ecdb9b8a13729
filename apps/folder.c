/* SPDX-License-Identifier: BSD-3-Clause */
#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {RF_FILE, CERTS_FILE, SUMMARY_FILE, SW_CONFIG_NAME, CK_FILE,
	RS_TARGETS_FILE, STATUS_CSV_NAME, METRICS_NAME};

#define N_FILES (sizeof(files) / sizeof(files[0]))

int folder_path(char path[FOLDER_PATH_LEN], const char *dir, const char *name)
{
	int len = snprintf(path, FOLDER_PATH_LEN, "%s/%s", dir, name);

	return len < 0 || len >= FOLDER_PATH_LEN ? -ENAMETOOLONG : 0;
}

const char *folder_file(size_t i)
{
	return i < N_FILES ? files[i] : NULL;
}

static int refuse(char *err, size_t err_len, const char *path, const char *what, int error)
{
	snprintf(err, err_len, "%s: %s: %s", path, what, strerror(-error));
	return error;
}

static int make(const char *dir, char *err, size_t err_len)
{
	struct stat st;

	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return refuse(err, err_len, dir, "cannot create the output folder", -errno);
	if (stat(dir, &st) < 0)
		return refuse(err, err_len, dir, "cannot read the output folder", -errno);
	if (!S_ISDIR(st.st_mode))
		return refuse(err, err_len, dir, "not a folder; give -o another name", -ENOTDIR);
	return 0;
}

static int see_to(const char *dir, const char *name, bool overwrite, char *err, size_t err_len)
{
	char path[FOLDER_PATH_LEN];
	struct stat st;
	int rc = folder_path(path, dir, name);

	if (rc < 0)
		return refuse(err, err_len, dir, "cannot use the output folder", rc);
	if (lstat(path, &st) < 0)
		return 0;
	if (overwrite && unlink(path) < 0)
		return refuse(err, err_len, path, "cannot replace the file", -errno);
	if (overwrite)
		return 0;
	snprintf(err, err_len,
		"%s holds a %s, which a scan writes: give -o another folder, --resume to go on "
		"with an earlier scan there, or --overwrite to replace all that a scan writes",
		dir, name);
	return -EEXIST;
}

int folder_prepare(const char *dir, bool overwrite, char *err, size_t err_len)
{
	int rc = make(dir, err, err_len);

	for (size_t i = 0; i < N_FILES && rc == 0; i++)
		rc = see_to(dir, files[i], overwrite, err, err_len);
	return rc;
}

void folder_clear(const char *dir)
{
	char path[FOLDER_PATH_LEN];

	for (size_t i = 0; i < N_FILES; i++)
		if (folder_path(path, dir, files[i]) == 0)
			unlink(path);
}
