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

	tap_ok(take_and_die(dead) > 0 && is_there(dead), "a process was killed: its folder stays");
	mkdir(at("dpdk/rte"), 0700);
	touch("dpdk/rte/lock");
	mkdir(at("dpdk/tlsweep-nolock"), 0700);
	tap_eq(symlink(base, at("dpdk/tlsweep-link")), 0, "beside a link by such a name");
	touch("lock");
	tap_eq(dp_runtime_dir_take(&ours, base, err, sizeof(err)), 0, "the next one begins");
	tap_ok(!is_there(dead), "and the dead one's folder is gone");
	tap_ok(is_there("dpdk/rte/lock"), "another program's is not touched");
	tap_ok(is_there("dpdk/tlsweep-nolock"),
		"nor one without a lock, which may be in the making");
	tap_ok(is_there("dpdk/tlsweep-link") && is_there("lock"), "nor what a link leads to");
	snprintf(mine, sizeof(mine), "dpdk/tlsweep-%d", (int)getpid());
	tap_ok(is_there(mine), "it has one of its own");
	tap_eq(dp_runtime_dir_take(&second, base, err, sizeof(err)), 0,
		"another process of the same number, as in another container");
	tap_ok(strcmp(second.name, ours.name) != 0 && is_there(mine),
		"gets another folder, and the one that lives keeps its own");
	dp_runtime_dir_leave(&second);
	touch("dpdk/rte/dpdk_telemetry.v2");
	dp_runtime_dir_leave(&ours);
	tap_ok(!is_there(mine) && is_there("dpdk/rte/dpdk_telemetry.v2"),
		"at the end it is removed");
	dp_runtime_dir_leave(&ours);
	tap_ok(true, "once");
}

static void test_base(void)
{
	char got[DP_RUNTIME_PATH_LEN], own[64];

	setenv("RUNTIME_DIRECTORY", base, 1);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0, "the folder that was asked for");
	tap_str(got, base, "is used");
	snprintf(own, sizeof(own), "%s/tlsweep-%u", getuid() == 0 ? "/var/run" : "/tmp",
		(unsigned int)getuid());
	chmod(at("dpdk"), 0777);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0, "one in which all may write");
	tap_str(got, own, "is not: we have our own");
	tap_ok(dp_runtime_dir_take(&(struct dp_runtime_dir){0}, base, err, sizeof(err)) == -EPERM &&
			strstr(err, "XDG_RUNTIME_DIR") != NULL,
		"nor taken, and the sentence says what to do");
	chmod(at("dpdk"), 0700);
	chmod(base, 0777);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0, "where all may exchange it");
	tap_str(got, own, "neither");
	chmod(base, 01777);
	tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0,
		"with the sticky bit, as /tmp has it");
	tap_str(got, base, "it is good");
	if (getuid() == 0 && chown(at("dpdk"), OTHER, (gid_t)-1) == 0) {
		tap_eq(dp_runtime_dir_base(got, err, sizeof(err)), 0, "and another user's");
		tap_str(got, own, "is not used");
		tap_ok(dp_runtime_dir_take(&(struct dp_runtime_dir){0}, base, err, sizeof(err)) ==
				-EPERM,
			"nor taken");
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
