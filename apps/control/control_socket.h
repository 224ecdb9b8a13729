/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/control.sock: a running scan takes commands, one a line, and answers each.
 *
 *     client: rate 5K\n                 server: ok 5000 packets a second\n
 *             exclude 192.0.2.0/33\n            error "192.0.2.0/33": ...\n
 *
 * Only the user who runs the scan may connect (mode 0600). Nothing blocks: what a client has not
 * read waits, and until it has read that its next command waits too. A line that is too long ends
 * its client, and when all places are taken the client that has been silent longest makes room.
 * Main thread only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control_line.h"
#include "apps/util/folder.h"

#define CTL_MAX_CLIENTS 8
#define CTL_REPLY_MAX	8192
#define CTL_SOCKET_NAME "control.sock"

struct ctl_client {
	int fd;		/* -1: free */
	uint64_t heard; /* grows with what was read: the smallest has been silent longest */
	bool ended;	/* it will send no more; closed when it has its last reply */
	size_t in_len, out_len, out_sent;
	char in[CTL_LINE_MAX + 1]; /* a line and its newline */
	char out[CTL_REPLY_MAX];
};

struct ctl_socket {
	int fd; /* -1: there is none */
	const struct ut_folder
		*folder; /* paths of sockets are short: it is reached through its fd */
	uint64_t clock;
	struct ctl_client clients[CTL_MAX_CLIENTS];
};

/**
 * Carry out a line and write its reply: lines of text, the last one ended too.
 * @param text  in/out: without its newline
 * @param reply out: NUL-terminated
 */
typedef void ctl_answer(void *arg, char *text, char reply[CTL_REPLY_MAX]);

/** Does a scan answer on the control socket of this folder? */
bool ctl_socket_in_use(const struct ut_folder *folder);

/**
 * Listen. A socket that a killed scan has left behind is replaced.
 * @param folder  in: outlives the socket
 * @param err  out: on failure a sentence
 * @return 0 or -errno; the scan can go on without
 */
int ctl_socket_open(
	struct ctl_socket *control, const struct ut_folder *folder, char *err, size_t err_len);

/** Serve who is there; returns at once. */
void ctl_socket_serve(struct ctl_socket *control, ctl_answer *answer, void *arg);

/** Close, and remove the socket from its folder. */
void ctl_socket_close(struct ctl_socket *control);

/**
 * The client's side: connect to the scan of a folder.
 * @return the socket, blocking; or -1 with a sentence in err
 */
int ctl_connect(const char *dir, char *err, size_t err_len);
