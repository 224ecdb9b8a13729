/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* accept4(), O_PATH */
#include "control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Most commands of one client in one call: other clients and the scan get their turn as well. */
#define LINES_PER_LOOK 16

/* A socket's path has at most 107 bytes. A path through a descriptor is always short enough. */
static struct sockaddr_un address_below(int fd, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d%s", fd, name);
	return address;
}

/* Connect to a socket file that is open: to the very file that was checked, even if its name has
 * been given to another one since. */
static int connect_to(int file_fd)
{
	struct sockaddr_un address = address_below(file_fd, "");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* Connect to the socket of a folder. @return it, or -errno; -ENOTSOCK: it is no socket */
static int connect_in(int dir_fd)
{
	int file_fd = openat(dir_fd, CTL_SOCKET_NAME, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat found;
	int fd;

	if (file_fd < 0)
		return -errno;
	if (fstat(file_fd, &found) != 0)
		fd = -errno;
	else
		fd = S_ISSOCK(found.st_mode) ? connect_to(file_fd) : -ENOTSOCK;
	close(file_fd);
	return fd;
}

int ctl_socket_connect(const char *dir, char *err, size_t err_len)
{
	int dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (dir_fd < 0) {
		snprintf(err, err_len, "cannot open the folder %s: %s", dir, strerror(errno));
		return -1;
	}
	fd = connect_in(dir_fd);
	close(dir_fd);
	if (fd >= 0)
		return fd;
	if (fd == -ENOENT || fd == -ECONNREFUSED)
		snprintf(err, err_len, "no scan is running in %s", dir);
	else
		snprintf(err, err_len, "cannot reach the scan in %s: " CTL_SOCKET_NAME ": %s", dir,
			strerror(-fd));
	return -1;
}

bool ctl_socket_in_use(const struct ut_folder *folder)
{
	int fd = connect_in(folder->fd);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Remove the socket that a killed scan has left. Anything that is no socket stays. */
static int remove_stale(int dir_fd)
{
	struct stat found;

	if (fstatat(dir_fd, CTL_SOCKET_NAME, &found, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(found.st_mode))
		return -ENOTSOCK;
	return unlinkat(dir_fd, CTL_SOCKET_NAME, 0) == 0 ? 0 : -errno;
}

/*
 * Bind with mode 0600. The umask sets the mode together with the name: a later chmod() of the name
 * could follow a link that has replaced it. Files that other threads create meanwhile are not
 * affected, as ut_folder_create_file() sets their mode itself.
 */
static int bind_private(int fd, int dir_fd)
{
	struct sockaddr_un address = address_below(dir_fd, "/" CTL_SOCKET_NAME);
	mode_t before = umask(0177);
	int rc = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : -errno;

	umask(before);
	return rc;
}

static int listen_in(int dir_fd)
{
	int rc = remove_stale(dir_fd);
	int fd;

	if (rc != 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	rc = bind_private(fd, dir_fd);
	if (rc == 0 && listen(fd, CTL_MAX_CLIENTS) != 0)
		rc = -errno;
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

int ctl_socket_open(
	struct ctl_socket *control, const struct ut_folder *folder, char *err, size_t err_len)
{
	int rc;

	for (size_t i = 0; i < CTL_MAX_CLIENTS; i++)
		control->clients[i].fd = -1;
	control->folder = folder;
	rc = listen_in(folder->fd);
	control->fd = rc >= 0 ? rc : -1;
	if (rc >= 0)
		return 0;
	snprintf(err, err_len, "there is no control socket: %s/" CTL_SOCKET_NAME ": %s",
		folder->path,
		rc == -ENOTSOCK ? "something else is in its place; look what it is and remove it"
				: strerror(-rc));
	return rc;
}

static void client_close(struct ctl_client *client)
{
	close(client->fd);
	client->fd = -1;
}

static void accept_client(struct ctl_socket *control)
{
	struct ctl_client *place = &control->clients[0];
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	for (size_t i = 0; i < CTL_MAX_CLIENTS; i++) {
		struct ctl_client *client = &control->clients[i];

		if (client->fd < 0) {
			place = client;
			break;
		}
		if (client->heard < place->heard)
			place = client;
	}
	if (place->fd >= 0)
		client_close(place);
	place->fd = fd;
	place->heard = ++control->clock;
	place->ended = false;
	place->in_len = place->out_len = place->out_sent = 0;
}

/* Send what is left of the reply. @return false: some of it is still unsent, or the client is
 * closed */
static bool client_send(struct ctl_client *client)
{
	while (client->out_sent < client->out_len) {
		ssize_t n = send(client->fd, client->out + client->out_sent,
			client->out_len - client->out_sent, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			client_close(client);
		if (n < 0)
			return false;
		client->out_sent += (size_t)n;
	}
	client->out_len = client->out_sent = 0;
	return true;
}

static void client_receive(struct ctl_socket *control, struct ctl_client *client)
{
	size_t room = sizeof(client->in) - client->in_len;
	ssize_t n;

	if (client->ended || room == 0)
		return;
	n = recv(client->fd, client->in + client->in_len, room, 0);
	if (n > 0) {
		client->in_len += (size_t)n;
		client->heard = ++control->clock;
	} else if (n == 0) {
		client->ended = true;
	} else if (errno != EAGAIN && errno != EINTR) {
		client_close(client);
	}
}

/* Take the first whole line from what was received. @return false: there is none */
static bool take_line(struct ctl_client *client, char text[CTL_LINE_MAX + 1])
{
	char *end = memchr(client->in, '\n', client->in_len);
	size_t len = end != NULL ? (size_t)(end - client->in) : client->in_len;

	if ((end == NULL && !(client->ended && len > 0)) || len > CTL_LINE_MAX)
		return false;
	memcpy(text, client->in, len);
	text[len] = '\0';
	/* A NUL would hide the rest of the line. As DEL it is refused like any control
	 * character. */
	for (char *c = text; (c = memchr(c, '\0', len - (size_t)(c - text))) != NULL;)
		*c = '\x7f';
	len += end != NULL;
	client->in_len -= len;
	memmove(client->in, client->in + len, client->in_len);
	return true;
}

static void client_serve(
	struct ctl_socket *control, struct ctl_client *client, ctl_answer *answer, void *arg)
{
	char text[CTL_LINE_MAX + 1];

	if (!client_send(client))
		return;
	client_receive(control, client);
	if (client->fd < 0)
		return;
	for (int i = 0; i < LINES_PER_LOOK && take_line(client, text); i++) {
		if (text[strspn(text, " \t\r")] == '\0')
			continue;
		answer(arg, text, client->out);
		client->out_len = strlen(client->out);
		if (!client_send(client))
			return;
	}
	if (client->in_len > CTL_LINE_MAX && memchr(client->in, '\n', CTL_LINE_MAX + 1) == NULL) {
		client->out_len = (size_t)snprintf(client->out, sizeof(client->out),
			"error the line is longer than %d bytes\n", CTL_LINE_MAX);
		if (client_send(client))
			client_close(client);
		return;
	}
	if (client->ended && client->in_len == 0)
		client_close(client);
}

void ctl_socket_serve(struct ctl_socket *control, ctl_answer *answer, void *arg)
{
	if (control->fd < 0)
		return;
	accept_client(control);
	for (size_t i = 0; i < CTL_MAX_CLIENTS; i++) {
		if (control->clients[i].fd >= 0)
			client_serve(control, &control->clients[i], answer, arg);
	}
}

void ctl_socket_close(struct ctl_socket *control)
{
	if (control->fd < 0)
		return;
	for (size_t i = 0; i < CTL_MAX_CLIENTS; i++) {
		if (control->clients[i].fd >= 0)
			client_close(&control->clients[i]);
	}
	unlinkat(control->folder->fd, CTL_SOCKET_NAME, 0);
	close(control->fd);
	control->fd = -1;
}
