/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DPDK's folder for this process, where its telemetry socket is: BASE/dpdk/tlsweep-PID.
 *
 * DPDK makes both folders if they are missing, opens files there by name, and leaves them behind if
 * it is killed. So they are made here first, in a place where no other user can write. Our folder
 * holds a lock. If the lock of such a folder is free, its process is dead, whatever process has its
 * number now.
 *
 *     BASE/dpdk/              mode 0700
 *         tlsweep-4711/       mode 0700
 *             lock            held by flock() for the life of the process
 *             dpdk_telemetry.v2, ...
 *
 * Knows no DPDK. Main thread calls these functions.
 */
#pragma once

#include <stddef.h>

#define DP_RUNTIME_PATH_LEN 128
/* Names of our folders begin like this. */
#define DP_RUNTIME_PREFIX "tlsweep-"

struct dp_runtime_dir {
	int parent_fd;				   /* BASE/dpdk */
	int lock_fd;				   /* -1: no folder is taken */
	char name[sizeof(DP_RUNTIME_PREFIX) + 24]; /* the folder's own name, for --file-prefix */
};

/**
 * Choose BASE. As DPDK does: $RUNTIME_DIRECTORY if it is set, otherwise /var/run for root, and
 * $XDG_RUNTIME_DIR or /tmp for other users. If another user could write there or in the dpdk folder
 * in it, a folder of our own is made and used instead. A folder with the sticky bit, as /tmp, may
 * be writable for all.
 * @param base     out: the value of $RUNTIME_DIRECTORY for DPDK
 * @param err      out: on failure a sentence
 * @param err_len  in: bytes of err
 * @return 0; -EPERM: there is no safe folder
 */
int dp_runtime_dir_base(char base[DP_RUNTIME_PATH_LEN], char *err, size_t err_len);

/**
 * Make the folder of this process, and remove those of dead tlsweep processes of this user. Folders
 * of other programs are never touched.
 * @param runtime  out: on success to be given to dp_runtime_dir_leave()
 * @param base     in: of dp_runtime_dir_base()
 * @param err      out: on failure a sentence
 * @param err_len  in: bytes of err
 * @return 0; -EPERM: other users may write there; or the negative errno of making or locking it
 */
int dp_runtime_dir_take(
	struct dp_runtime_dir *runtime, const char *base, char *err, size_t err_len);

/** Remove the folder with all files in it. Does nothing if no folder is taken. */
void dp_runtime_dir_leave(struct dp_runtime_dir *runtime);
