/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which folders may be written to: whoever owns one of those on the way, or may write there, could
 * lead what root writes into any other file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/util/folder.h"
#include "tap.h"

/* Users that are not us, whether they are known here or not. */
#define OTHER  65534
#define CALLER 54321

static char base[] = "/tmp/tlsweep-open-XXXXXX";
static char err[1024];

static const char *at(const char *name)
{
	static char path[4][256];
	static unsigned int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", base, name);
	return path[turn];
}

static int try(const char *path, bool make, bool unsafe)
{
	struct ut_folder_use use = {.make = make, .unsafe = unsafe};
	struct ut_folder folder;
	int rc;

	err[0] = '\0';
	rc = ut_folder_open(&folder, path, &use, err, sizeof(err));
	ut_folder_close(&folder);
	return rc;
}

static void takes(const char *name, const char *label)
{
	if (!tap_ok(try(at(name), false, false) == 0, "the output folder is opened: %s", label))
		printf("# %s\n", err);
}

/* Refused, with a sentence that has both words and the way out; taken when the user insists. */
static void refuses(const char *name, const char *culprit, const char *word, const char *label)
{
	if (!tap_ok(try(at(name), false, false) == -EPERM && strstr(err, at(culprit)) != NULL &&
			    strstr(err, word) != NULL && strstr(err, "--unsafe-output-dir") != NULL,
		    "the output folder is refused: %s", label))
		printf("# %s\n", err);
	tap_ok(try(at(name), false, true) == 0,
		"the output folder is opened with --unsafe-output-dir: %s", label);
}

static void make(const char *name, mode_t mode, uid_t owner)
{
	mkdir(at(name), 0700);
	if (chown(at(name), owner, (gid_t)-1) != 0 || chmod(at(name), mode) != 0)
		tap_ok(false, "the folder %s is made for the test", name);
}

static void test_modes(void)
{
	make("own", 0755, geteuid());
	takes("own", "a folder of our own");
	make("group", 0775, geteuid());
	refuses("group", "group", "mode 0775", "a folder that its group can write to");
	make("all", 0777, geteuid());
	refuses("all", "all", "chmod go-w", "a folder that all can write to");
	make("sticky", 01777, geteuid());
	refuses("sticky", "sticky", "mode 1777",
		"a folder that all can write to, with the sticky bit,");
	make("sticky/own", 0755, geteuid());
	takes("sticky/own", "our own folder in one with the sticky bit, as /tmp is,");
	make("all/own", 0755, geteuid());
	refuses("all/own", "all", "mode 0777", "our own folder in one where others can rename it");
	make("all/own/deep", 0755, geteuid());
	refuses("all/own/deep", "all", "mode 0777",
		"our own folder further below one that all can write to");
	tap_ok(try(at("all/new"), true, false) == -EPERM && access(at("all/new"), F_OK) != 0,
		"no folder is made in one that others can write to");
}

static void test_words(void)
{
	char here[512];

	takes("own/", "a folder with a slash behind its name");
	takes("own/../own/.", "a folder by a path with dots");
	takes("sticky//own", "a folder by a path with two slashes");
	tap_eq(try(at("none/new"), true, false), -ENOENT,
		"a folder is not made if its parent is missing");
	tap_ok(strstr(err, "none/new") != NULL,
		"a folder whose parent is missing is refused, and the message says so");
	close(open(at("file"), O_WRONLY | O_CREAT, 0600));
	tap_ok(try(at("file"), true, false) == -ENOTDIR && strstr(err, "not a folder") != NULL,
		"a file is not a folder");
	if (getcwd(here, sizeof(here)) == NULL || chdir(at("own")) != 0)
		return;
	tap_eq(try("new", true, false), 0,
		"a folder given by a name alone is made in the current folder");
	tap_eq(try(".", false, false), 0, "the current folder is opened by its name \".\"");
	if (chdir(here) != 0)
		tap_ok(false, "the test returns to the folder where it was started");
	rmdir(at("own/new"));
}

static void test_links(void)
{
	if (symlink("own", at("link")) != 0)
		tap_ok(false, "a link of our own can be made");
	takes("link", "a folder by a link of our own");
	takes("link/../own", "a folder by a path with a link of our own");
	if (symlink(at("all/own"), at("to-all")) != 0)
		tap_ok(false, "a link into a folder of all can be made");
	refuses("to-all", "all", "mode 0777", "a folder by a link into one that all can write to");
	if (symlink("loop", at("loop")) != 0)
		tap_ok(false, "a link to itself can be made");
	tap_eq(try(at("loop"), false, false), -ELOOP, "a link to itself is refused");
	if (symlink("nothing", at("nowhere")) != 0)
		tap_ok(false, "a link to nowhere can be made");
	tap_eq(try(at("nowhere"), false, false), -ENOENT, "a link to nowhere is no folder");
}

static void test_owners(void)
{
	make("theirs", 0755, OTHER);
	refuses("theirs", "theirs", "user 65534", "another user's folder");
	make("theirs/ours", 0755, 0);
	refuses("theirs/ours", "theirs", "user 65534", "our own folder inside another user's");
	make("sticky/theirs", 0755, OTHER);
	refuses("sticky/theirs", "sticky/theirs", "user 65534",
		"another user's folder in one like /tmp");
	if (symlink(at("own"), at("sticky/link")) != 0)
		tap_ok(false, "a link in a folder with the sticky bit can be made");
	takes("sticky/link", "a folder by our own link in one with the sticky bit");
	if (lchown(at("sticky/link"), OTHER, (gid_t)-1) != 0)
		tap_ok(false, "a link can be given away");
	tap_ok(try(at("sticky/link"), false, false) == -EPERM && strstr(err, "user 65534") != NULL,
		"another user's link in a folder with the sticky bit is not followed");
	make("callers", 0755, CALLER);
	refuses("callers", "callers", "user 54321", "without sudo, a folder of any other user");
	setenv("SUDO_UID", "54321", 1);
	takes("callers", "under sudo, the folder of the caller");
	refuses("theirs", "theirs", "user 65534", "under sudo, the folder of a third user");
	setenv("SUDO_UID", "54321x", 1);
	refuses("callers", "callers", "user 54321",
		"with a SUDO_UID that is no number, the folder of another user");
	setenv("SUDO_UID", "54321", 1);
	if (seteuid(OTHER) == 0) {
		tap_ok(try(at("callers"), false, false) == -EPERM,
			"without root, SUDO_UID gives no right to another user's folder");
		tap_eq(try(at("theirs"), false, false), 0,
			"without root, a user may use a folder of its own");
		tap_ok(try(at("own"), false, false) == -EPERM,
			"without root, a folder of root is refused");
	}
	if (seteuid(0) != 0)
		tap_ok(false, "the test becomes root again");
	unsetenv("SUDO_UID");
}

int main(void)
{
	char command[64];

	umask(022);
	unsetenv("SUDO_UID");
	if (mkdtemp(base) == NULL || chmod(base, 0755) != 0)
		return tap_skip_all("no temporary folder");
	test_modes();
	test_words();
	test_links();
	if (geteuid() == 0)
		test_owners();
	else
		tap_skip("folders of other users are refused unless the user insists", "not root");
	snprintf(command, sizeof(command), "rm -r %s", base);
	return system(command) == 0 ? tap_done() : 1;
}
