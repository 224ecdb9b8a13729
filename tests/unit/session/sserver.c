/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sserver.h"

#define MAX_TURNS 200
#define MAX_ARGS  40
#define TIMEOUT_S 10
#define RETRIES	  400
#define RETRY_US  10000

char sserver_dir[256];
struct tl_worker *sserver_worker;

struct server {
	pid_t pid;
	int input; /* its standard input: commands */
	uint16_t port;
};

static int socket_bound(struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*addr = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd >= 0 && bind(fd, (struct sockaddr *)addr, len) == 0)
		getsockname(fd, (struct sockaddr *)addr, &len);
	return fd;
}

static void server_exec(const struct server *server, const char *options)
{
	char accept[32], copy[600], *argv[MAX_ARGS] = {"openssl", "s_server", "-accept", accept},
				    *state;
	int n = 4;

	snprintf(accept, sizeof(accept), "127.0.0.1:%u", server->port);
	snprintf(copy, sizeof(copy), "%s", options);
	for (char *arg = strtok_r(copy, " ", &state); arg != NULL && n < MAX_ARGS - 1;
		arg = strtok_r(NULL, " ", &state))
		argv[n++] = arg;
	argv[n] = NULL;
	if (chdir(sserver_dir) == 0)
		execvp(argv[0], argv);
	_exit(127);
}

static struct server server_start(const char *options)
{
	struct sockaddr_in addr;
	struct server server = {.pid = -1, .input = -1};
	int pipe_fd[2], bound = socket_bound(&addr);

	server.port = ntohs(addr.sin_port);
	close(bound); /* s_server takes the port that was free a moment ago */
	if (pipe(pipe_fd) != 0)
		return server;
	fflush(stdout);
	server.pid = fork();
	if (server.pid == 0) {
		dup2(pipe_fd[0], STDIN_FILENO);
		close(pipe_fd[1]);
		if (freopen("/dev/null", "w", stdout) == NULL ||
			freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		server_exec(&server, options);
	}
	close(pipe_fd[0]);
	server.input = pipe_fd[1];
	return server;
}

static void server_stop(struct server *server)
{
	close(server->input);
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
}

static int server_connect(const struct server *server)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
		.sin_port = htons(server->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval patience = {.tv_sec = TIMEOUT_S};

	for (int i = 0; i < RETRIES; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
			return fd;
		close(fd);
		usleep(RETRY_US);
	}
	return -1;
}

static void flush_output(struct tl_session *session, int fd)
{
	uint8_t buf[4096];
	size_t n;

	while ((n = tl_session_output(session, buf, sizeof(buf))) > 0) {
		if (send(fd, buf, n, MSG_NOSIGNAL) != (ssize_t)n)
			return;
	}
}

/* Until the session has what until asks for, is over, or the server fell silent. */
static enum tl_step converse(struct tl_session *session, int fd, enum tl_step until)
{
	uint8_t buf[2048];
	const uint8_t *plain;
	size_t plain_len;

	for (int turn = 0; turn < MAX_TURNS; turn++) {
		enum tl_step step = tl_session_step(session, &plain, &plain_len);
		ssize_t n;

		flush_output(session, fd);
		if (step == until || step == TL_FAILED || step == TL_CLOSED)
			return step;
		if (step != TL_WANT_READ)
			continue;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n <= 0) {
			tl_session_fail(session, "connection closed");
			return TL_FAILED;
		}
		tl_session_feed(session, buf, (size_t)n);
	}
	return TL_FAILED;
}

struct tl_result *sserver_talk(const char *options, const char *command, enum tl_step until)
{
	struct server server = server_start(options);
	int fd = server_connect(&server);
	struct tl_session *session = tl_session_open(sserver_worker,
		&(struct tl_open){
			.seed = server.port, .sni = "test.example", .alpn = "h2,http/1.1"});
	struct tl_result *result;

	if (converse(session, fd, TL_ESTABLISHED) == TL_ESTABLISHED && until != TL_ESTABLISHED) {
		if (command != NULL && write(server.input, command, strlen(command)) < 0)
			tl_session_fail(session, "s_server is gone");
		converse(session, fd, until);
	}
	result = tl_session_take_result(session);
	tl_session_free(session);
	if (fd >= 0)
		close(fd);
	server_stop(&server);
	return result;
}
