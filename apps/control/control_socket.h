/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DIR/control.sock: a running scan accepts commands, one on a line, and answers each.
 *
 *     client: rate 5K\n                 server: ok 5000 packets a second\n
 *             exclude 192.0.2.0/33\n            error "192.0.2.0/33": ...\n
 *
 * Only the user who runs the scan may connect (mode 0600). The server never blocks: until a client
 * has read an answer, its next command waits. A line that is too long ends its client. If all
 * places are taken, a new client takes the place of the one that has been silent longest. Main
 * thread only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control_line.h"
#include "apps/util/folder.h"

#define CTL_MAX_CLIENTS 8
#define CTL_REPLY_MAX	8192 /* bytes of a reply, its NUL included */
#define CTL_SOCKET_NAME "control.sock"

struct ctl_client {
	int fd;		/* -1: free */
	uint64_t heard; /* value of the socket's clock when something was read last */
	bool ended;	/* it will send no more; closed after its last reply */
	size_t in_len, out_len, out_sent;
	char in[CTL_LINE_MAX + 1]; /* a line and its newline */
	char out[CTL_REPLY_MAX];
};

struct ctl_socket {
	int fd;				/* -1: there is none */
	const struct ut_folder *folder; /* borrowed; the socket is reached through its fd */
	uint64_t clock; /* counts what was read from any client, for struct ctl_client */
	struct ctl_client clients[CTL_MAX_CLIENTS];
};

/**
 * Carry out a command and write its reply.
 * @param arg    in: as given to ctl_socket_serve()
 * @param text   in/out: the line without its newline, NUL-terminated; may be changed
 * @param reply  out: lines of text, each with its newline; NUL-terminated
 */
typedef void ctl_answer(void *arg, char *text, char reply[CTL_REPLY_MAX]);

/** Does a scan listen on the control socket of this folder? @param folder  in: open */
bool ctl_socket_in_use(const struct ut_folder *folder);

/**
 * Create the socket of a folder and listen on it. A socket that a killed scan has left is replaced.
 * @param control       out: on failure fd is -1, with which the other functions do nothing
 * @param folder        in: open; outlives the socket
 * @param err, err_len  out: on failure a sentence
 * @return 0; -ENOTSOCK: something else has that name; or -errno
 */
int ctl_socket_open(
	struct ctl_socket *control, const struct ut_folder *folder, char *err, size_t err_len);

/**
 * Serve the clients that have something to read or to write; returns at once.
 * @param control      in/out: at most one new client is accepted
 * @param answer, arg  in: called with arg for each command
 */
void ctl_socket_serve(struct ctl_socket *control, ctl_answer *answer, void *arg);

/** Close the socket and its clients, and remove it from its folder. Does nothing if it is
 * closed. */
void ctl_socket_close(struct ctl_socket *control);

/**
 * The client's side: connect to the scan of a folder.
 * @param dir           in: path of the folder
 * @param err, err_len  out: on failure a sentence
 * @return the socket, blocking and owned by the caller; -1 on failure
 */
int ctl_socket_connect(const char *dir, char *err, size_t err_len);
