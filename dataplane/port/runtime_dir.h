/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK's folder for this process, where its telemetry socket is: BASE/dpdk/tlsweep-PID.
 *
 * DPDK makes both folders where they are missing, opens files there by name, and leaves them behind
 * when it is killed. So they are made here first, where nobody else can put anything in, and ours
 * holds a lock: a folder of ours whose lock is free belongs to a process that is dead, whatever
 * its number is by now.
 *
 *     BASE/dpdk/              mode 0700
 *         tlsweep-4711/       mode 0700
 *             lock            held by flock() for the life of the process
 *             dpdk_telemetry.v2, ...
 *
 * Knows no DPDK. Main thread.
 */
#pragma once

#include <stddef.h>

#define DP_RUNTIME_PATH_LEN 128
/* Names of our folders begin like this. */
#define DP_RUNTIME_PREFIX "tlsweep-"

struct dp_runtime_dir {
	int parent_fd;				   /* BASE/dpdk */
	int lock_fd;				   /* -1: there is none */
	char name[sizeof(DP_RUNTIME_PREFIX) + 24]; /* the folder's own name, for --file-prefix */
};

/**
 * Which BASE to use: $RUNTIME_DIRECTORY, else /var/run for root, $XDG_RUNTIME_DIR or /tmp for
 * others, as DPDK does, where that and the dpdk in it are ours or root's and nobody else can write
 * there; else a folder of our own, which is made. /tmp may be everybody's for its sticky bit.
 * @param base  out: what DPDK has to find in $RUNTIME_DIRECTORY
 * @param err   out: on failure a sentence
 * @return 0 or -errno
 */
int dp_runtime_dir_base(char base[DP_RUNTIME_PATH_LEN], char *err, size_t err_len);

/**
 * Make the folder of this process, and remove those that processes of ours have left behind when
 * they died; other programs' are never touched.
 * @param runtime  out: to be left with dp_runtime_dir_leave()
 * @param err      out: on failure a sentence
 * @return 0 or -errno
 */
int dp_runtime_dir_take(
	struct dp_runtime_dir *runtime, const char *base, char *err, size_t err_len);

/** Remove the folder with all that is in it. Does nothing when it was not taken. */
void dp_runtime_dir_leave(struct dp_runtime_dir *runtime);
