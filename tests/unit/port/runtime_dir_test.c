/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK's folder of a process: out of other users' reach, and gone when the process is dead. A scan
 * that was killed left its folder in /var/run/dpdk for good.
 */
#include "dataplane/port/runtime_dir.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OTHER 65534

static char base[] = "/tmp/tlsweep-runtime-XXXXXX";
static char err[1024];

static const char *at(const char *name)
{
	static char path[2][256];
	static unsigned int turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", base, name);
	return path[turn];
}

static bool is_there(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) == 0;
}

static void touch(const char *name)
{
	close(open(at(name), O_WRONLY | O_CREAT, 0600));
}

/* A process that has the folder of its own, and dies without a word. */
static pid_t take_and_die(char name[64])
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct dp_runtime_dir runtime;
		char socket[96];

		if (dp_runtime_dir_take(&runtime, base, err, sizeof(err)) != 0)
			_exit(1);
		snprintf(socket, sizeof(socket), "dpdk/%s/dpdk_telemetry.v2", runtime.name);
		touch(socket);
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	snprintf(name, 64, "dpdk/tlsweep-%d", (int)pid);
	return WIFSIGNALED(status) ? pid : -1;
}

static void test_dead(void)
{
	struct dp_runtime_dir ours, second;
	char dead[64], mine[64];

	tap_ok(take_and_die(dead) > 0 && is_there(dead),
		"the folder of a process that was killed stays");
	mkdir(at("dpdk/rte"), 0700);
	touch("dpdk/rte/lock");
	mkdir(at("dpdk/tlsweep-nolock"), 0700);
	if (symlink(base, at("dpdk/tlsweep-link")) != 0)
		tap_ok(false, "a link by such a name can be made");
	touch("lock");
	tap_eq(dp_runtime_dir_take(&ours, base, err, sizeof(err)), 0,
		"a process begins beside the folder of a dead one");
	tap_ok(!is_there(dead), "the folder of a dead process is removed when the next one begins");
	tap_ok(is_there("dpdk/rte/lock"), "a folder of another program is not touched");
	tap_ok(is_there("dpdk/tlsweep-nolock"),
		"a folder without a lock, which may be in the making, is not touched");
	tap_ok(is_there("dpdk/tlsweep-link") && is_there("lock"),
		"what a link leads to is not touched");
	snprintf(mine, sizeof(mine), "dpdk/tlsweep-%d", (int)getpid());
	tap_ok(is_there(mine), "the process has a folder of its own");
	tap_eq(dp_runtime_dir_take(&second, base, err, sizeof(err)), 0,
		"another process of the same number starts, as in another container");
	tap_ok(strcmp(second.name, ours.name) != 0 && is_there(mine),
		"a second process of one number gets another folder, and the first keeps its own");
	dp_runtime_dir_leave(&second);
	touch("dpdk/rte/dpdk_telemetry.v2");
	dp_runtime_dir_leave(&ours);
	tap_ok(!is_there(mine) && is_there("dpdk/rte/dpdk_telemetry.v2"),
		"the folder of a process is removed at its end");
	dp_runtime_dir_leave(&ours);
	tap_ok(true, "the folder is removed once");
}

static void test_base(void)
{
	char got[DP_RUNTIME_PATH_LEN], own[64];

	setenv("RUNTIME_DIRECTORY", base, 1);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0,
		"a folder that was asked for is looked at");
	tap_str(got, base, "the folder that was asked for is used");
	snprintf(own, sizeof(own), "%s/tlsweep-%u", getuid() == 0 ? "/var/run" : "/tmp",
		(unsigned int)getuid());
	chmod(at("dpdk"), 0777);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0,
		"a folder in which all may write is looked at");
	tap_str(got, own, "a folder in which all may write is not used: the process has its own");
	tap_ok(dp_runtime_dir_take(&(struct dp_runtime_dir){0}, base, err, sizeof(err)) == -EPERM &&
			strstr(err, "XDG_RUNTIME_DIR") != NULL,
		"a folder in which all may write is not taken if asked for, and the message says "
		"what to do");
	chmod(at("dpdk"), 0700);
	chmod(base, 0777);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0,
		"a folder that all may exchange is looked at");
	tap_str(got, own, "a folder that all may exchange is not used");
	chmod(base, 01777);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0,
		"a folder below one with the sticky bit is looked at");
	tap_str(got, base, "a folder below one with the sticky bit is used");
	if (getuid() == 0 && chown(at("dpdk"), OTHER, (gid_t)-1) == 0) {
		tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0,
			"a folder of another user is looked at");
		tap_str(got, own, "a folder of another user is not used");
		tap_ok(dp_runtime_dir_take(&(struct dp_runtime_dir){0}, base, err, sizeof(err)) ==
				-EPERM,
			"a folder of another user is not taken if asked for");
	} else {
		tap_skip("a folder of another user is not used", "not root");
	}
	rmdir(own);
}

int main(void)
{
	char command[64];

	if (mkdtemp(base) == NULL)
		return tap_skip_all("no temporary folder");
	test_dead();
	test_base();
	snprintf(command, sizeof(command), "rm -r %s", base);
	return system(command) == 0 ? tap_done() : 1;
}
