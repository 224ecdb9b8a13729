/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How files of the output folder are opened, and which of an earlier scan a new one may replace.
 *
 * status.csv was opened through symbolic links, so that the owner of a folder had root truncate any
 * file; a user's own scan.conf, and status.csv and metrics.prom, were replaced without a word.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/util/replace_file.h"
#include "tap.h"

static char dir[] = "/tmp/tlsweep-folder-XXXXXX";
static struct ut_folder folder;
static char err[1024];

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
static const struct {
	const char *name;
	unsigned int mode;
} names[] = {
	{"results.jsonl", 0644},
	{"certificates.jsonl", 0644},
	{"summary.json", 0644},
	{"scan.conf", 0600},
	{"checkpoint", 0600},
	{"targets", 0600},
	{"status.csv", 0644},
	{"metrics.prom", 0644},
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

static void test_each(const char *name)
{
	touch(name);
	tap_ok(ut_folder_prepare(&folder, false, err, sizeof(err)) == -EEXIST && is_there(name) &&
			strstr(err, name) != NULL && strstr(err, "--overwrite") != NULL,
		"a folder that holds a %s is refused, by its name", name);
	tap_ok(ut_folder_prepare(&folder, true, err, sizeof(err)) == 0 && !is_there(name),
		"a %s that is in the way is removed with --overwrite", name);
}

static void test_all(void)
{
	for (size_t i = 0; i < N_NAMES; i++)
		touch(names[i].name);
	touch("notes");
	touch("lock");
	tap_eq(ut_folder_prepare(&folder, false, err, sizeof(err)), -EEXIST,
		"a folder that holds all files of a scan is refused");
	for (size_t i = 0; i < N_NAMES; i++)
		if (!is_there(names[i].name))
			tap_ok(false, "a refusal leaves %s where it is", names[i].name);
	ut_folder_clear(&folder);
	for (size_t i = 0; i < N_NAMES; i++)
		if (is_there(names[i].name))
			tap_ok(false, "a folder that is cleared has no %s", names[i].name);
	tap_ok(is_there("notes") && is_there("lock"),
		"a file that is not of a scan stays when a folder is cleared");
	tap_eq(ut_folder_prepare(&folder, false, err, sizeof(err)), 0,
		"a file that is not of a scan is in nobody's way");
	if (symlink("/nowhere", path_of("status.csv")) != 0)
		tap_ok(false, "a link to nowhere can be made");
	tap_ok(ut_folder_prepare(&folder, false, err, sizeof(err)) == -EEXIST,
		"a link to nowhere by the name of a file is in the way");
	tap_ok(ut_folder_prepare(&folder, true, err, sizeof(err)) == 0 && !is_there("status.csv"),
		"a link to nowhere is removed itself");
	if (mkdir(path_of("targets"), 0700) != 0)
		tap_ok(false, "a folder in a file's place can be made");
	tap_ok(ut_folder_prepare(&folder, true, err, sizeof(err)) == -EISDIR &&
			strstr(err, "/targets: cannot replace") != NULL,
		"a folder in the place of a file cannot be replaced, and is named");
	rmdir(path_of("targets"));
	unlink(path_of("notes"));
	unlink(path_of("lock"));
}

static unsigned int mode_of(const char *name)
{
	struct stat st = {0};

	lstat(path_of(name), &st);
	return st.st_mode & 07777;
}

static void test_modes(mode_t mask)
{
	mode_t before = umask(mask);

	for (size_t i = 0; i < N_NAMES; i++) {
		const char *name = names[i].name;
		int fd = ut_folder_create_file(&folder, name);

		tap_ok(fd >= 0 && mode_of(name) == names[i].mode, "umask %03o: %s has mode %03o",
			(unsigned int)mask, name, names[i].mode);
		close(fd);
		tap_ok(ut_folder_create_file(&folder, name) == -EEXIST,
			"umask %03o: %s is not made anew when it is there", (unsigned int)mask,
			name);
		tap_ok(ut_replace_file(&folder, name, "new\n", 4, true) == 0 &&
				mode_of(name) == names[i].mode,
			"umask %03o: what replaces %s has its mode", (unsigned int)mask, name);
		unlink(path_of(name));
	}
	umask(before);
}

static char victim_text[16];

static bool victim_is_whole(void)
{
	int fd = open(path_of("victim"), O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, victim_text, sizeof(victim_text));

	close(fd);
	return n == 9 && memcmp(victim_text, "precious\n", 9) == 0;
}

static void make_victim(void)
{
	int fd = open(path_of("victim"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (write(fd, "precious\n", 9) != 9)
		tap_ok(false, "a file to attack");
	close(fd);
}

static void refuses(int error, const char *word, const char *what)
{
	int fd = ut_folder_continue_file(&folder, "status.csv");

	tap_ok(fd == error && strstr(ut_folder_why(fd), word) != NULL,
		"%s in the place of a file is not continued, and the message says %s", what, word);
	tap_ok(ut_folder_read_file(&folder, "status.csv") == NULL && errno == -error,
		"%s in the place of a file is not read", what);
	tap_ok(ut_folder_create_file(&folder, "status.csv") == -EEXIST,
		"%s in the place of a file is not replaced by a new one", what);
	tap_ok(victim_is_whole(), "%s in the place of a file: nothing happens to what it leads to",
		what);
	unlink(path_of("status.csv"));
}

static void test_links(void)
{
	char victim[128];

	make_victim();
	snprintf(victim, sizeof(victim), "%s", path_of("victim"));
	if (symlink("victim", path_of("status.csv")) != 0)
		tap_ok(false, "a symbolic link can be made");
	refuses(-ELOOP, "symbolic link", "a symbolic link");
	if (link(victim, path_of("status.csv")) != 0)
		tap_ok(false, "a hard link can be made");
	refuses(-EMLINK, "hard link", "a hard link");
	if (mkfifo(path_of("status.csv"), 0600) != 0)
		tap_ok(false, "a pipe can be made");
	refuses(-ENOTSUP, "not a regular file", "a pipe that nobody reads");
	if (mkdir(path_of("status.csv"), 0700) != 0)
		tap_ok(false, "a folder can be made");
	tap_eq(ut_folder_continue_file(&folder, "status.csv"), -ENOTSUP,
		"a folder in the place of a file is not continued");
	rmdir(path_of("status.csv"));
	if (symlink("victim", path_of("checkpoint.new")) != 0)
		tap_ok(false, "a link at NAME.new can be made");
	tap_ok(ut_replace_file(&folder, "checkpoint", "new\n", 4, false) == 0 &&
			victim_is_whole() && !is_there("checkpoint.new"),
		"a link at NAME.new gives way to a new file, and is not followed");
	unlink(path_of("checkpoint"));
	if (symlink("victim", path_of("checkpoint")) != 0)
		tap_ok(false, "a link at NAME can be made");
	tap_ok(ut_replace_file(&folder, "checkpoint", "new\n", 4, false) == 0 && victim_is_whole(),
		"a link at NAME is replaced itself");
	unlink(path_of("checkpoint"));
	unlink(path_of("victim"));
}

/* What was opened is what is written to, wherever its name leads by now. */
static void test_moved(void)
{
	char away[64];

	snprintf(away, sizeof(away), "%s.away", dir);
	tap_ok(rename(dir, away) == 0 && symlink("/nowhere", dir) == 0,
		"a folder that is open can be moved, and a link put in its place");
	tap_eq(ut_replace_file(&folder, "checkpoint", "new\n", 4, true), 0,
		"files are still written after their folder was moved");
	unlink(dir);
	rename(away, dir);
	tap_ok(is_there("checkpoint"),
		"files of a folder that was moved go to the folder that was opened");
	unlink(path_of("checkpoint"));
}

int main(void)
{
	struct ut_folder_use look = {0}, make = {.make = true};
	mode_t before = umask(077);

	if (mkdtemp(dir) == NULL)
		return tap_skip_all("no temporary folder");
	rmdir(dir);
	tap_eq(ut_folder_open(&folder, dir, &look, err, sizeof(err)), -ENOENT,
		"a folder that is not there");
	tap_ok(ut_folder_open(&folder, dir, &make, err, sizeof(err)) == 0 && access(dir, W_OK) == 0,
		"a folder that is not there is made");
	tap_eq(mode_of("."), 0755, "a folder that is made has mode 755, whatever the umask");
	umask(before);
	for (size_t i = 0; i < N_NAMES; i++)
		test_each(names[i].name);
	test_all();
	test_modes(0);
	test_modes(0777);
	test_links();
	test_moved();
	ut_folder_close(&folder);
	rmdir(dir);
	return tap_done();
}
