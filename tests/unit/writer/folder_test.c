/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which folders a new scan may have. A user's own scan.conf, and status.csv and metrics.prom, were
 * replaced without a word: the folder was looked through for the other files only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/folder.h"
#include "tap.h"

static char dir[] = "/tmp/tlsweep-folder-XXXXXX";
static char err[256];

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void touch(const char *name)
{
	close(open(path_of(name), O_WRONLY | O_CREAT, 0644));
}

static bool is_there(const char *name)
{
	struct stat st;

	return lstat(path_of(name), &st) == 0;
}

/* As docs/output.md lists them. */
static const char *const names[] = {"results.jsonl", "certificates.jsonl", "summary.json",
	"scan.conf", "checkpoint", "targets", "status.csv", "metrics.prom"};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

static void test_each(const char *name)
{
	touch(name);
	tap_ok(folder_prepare(dir, false, err, sizeof(err)) == -EEXIST && is_there(name) &&
			strstr(err, name) != NULL && strstr(err, "--overwrite") != NULL,
		"a folder that holds a %s is refused, by its name", name);
	tap_ok(folder_prepare(dir, true, err, sizeof(err)) == 0 && !is_there(name),
		"with --overwrite it is removed");
}

static void test_all(void)
{
	for (size_t i = 0; i < N_NAMES; i++)
		touch(names[i]);
	touch("notes");
	touch("lock");
	tap_eq(folder_prepare(dir, false, err, sizeof(err)), -EEXIST, "all of them: refused");
	for (size_t i = 0; i < N_NAMES; i++)
		if (!is_there(names[i]))
			tap_ok(false, "a refusal leaves %s where it is", names[i]);
	folder_clear(dir);
	for (size_t i = 0; i < N_NAMES; i++)
		if (is_there(names[i]))
			tap_ok(false, "a folder that is cleared has no %s", names[i]);
	tap_ok(is_there("notes") && is_there("lock"), "what is not of a scan stays");
	tap_eq(folder_prepare(dir, false, err, sizeof(err)), 0, "and is in nobody's way");
	tap_eq(symlink("/nowhere", path_of("status.csv")), 0, "a link to nowhere");
	tap_ok(folder_prepare(dir, false, err, sizeof(err)) == -EEXIST, "is a file, too");
	tap_ok(folder_prepare(dir, true, err, sizeof(err)) == 0 && !is_there("status.csv"),
		"which is removed itself");
	tap_eq(mkdir(path_of("targets"), 0700), 0, "a folder in a file's place");
	tap_ok(folder_prepare(dir, true, err, sizeof(err)) == -EISDIR &&
			strstr(err, "/targets: cannot replace") != NULL,
		"cannot be replaced and is named");
	rmdir(path_of("targets"));
	unlink(path_of("notes"));
	unlink(path_of("lock"));
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return tap_skip_all("no temporary folder");
	rmdir(dir);
	tap_ok(folder_prepare(dir, false, err, sizeof(err)) == 0 && access(dir, W_OK) == 0,
		"a folder that is not there is made");
	for (size_t i = 0; i < N_NAMES; i++)
		test_each(names[i]);
	test_all();
	rmdir(dir);
	return tap_done();
}
