/* SPDX-License-Identifier: BSD-3-Clause */
/* The control socket against well-behaved and hostile clients, in a folder of its own. */
#include "apps/control/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char dir[512], path[600];
static struct ut_folder folder;
static struct ctl_socket control;
static unsigned int n_answered;
static char last[CTL_LINE_MAX + 1];

/* "big" has the largest answer there is. */
static void answer(void *arg, char *text, char reply[CTL_REPLY_MAX])
{
	(void)arg;
	n_answered++;
	snprintf(last, sizeof(last), "%s", text);
	if (strcmp(text, "big") == 0) {
		memset(reply, 'x', CTL_REPLY_MAX - 2);
		memcpy(reply + CTL_REPLY_MAX - 2, "\n", 2);
		return;
	}
	snprintf(reply, CTL_REPLY_MAX, "ok %.100s\n", text);
}

static void serve(int times)
{
	for (int i = 0; i < times; i++)
		ctl_socket_serve(&control, answer, NULL);
}

static int client(void)
{
	char err[256];
	int fd = ctl_socket_connect(dir, err, sizeof(err));

	serve(1);
	return fd;
}

static void say(int fd, const void *text, size_t len)
{
	if (send(fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		tap_ok(false, "the socket takes %zu bytes", len);
}

/* What can be read now, as text; "" when there is nothing, "(end)" when the other side has
 * closed. */
static const char *hear(int fd)
{
	static char text[4 * CTL_REPLY_MAX];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		return "(end)";
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static bool open_socket(void)
{
	char err[600];

	return ctl_socket_open(&control, &folder, err, sizeof(err)) == 0;
}

static void test_lines(void)
{
	int a = client(), b = client();

	say(a, "one\ntwo\n", 8);
	say(b, "thr", 3);
	serve(2);
	tap_str(hear(a), "ok one\nok two\n", "each line is answered, in order");
	tap_str(hear(b), "", "half a line is not answered");
	say(b, "ee\n", 3);
	say(a, "\n \r\nfour", 8);
	serve(2);
	tap_str(hear(b), "ok three\n", "half a line is answered when its other half comes");
	tap_str(hear(a), "", "empty lines say nothing");
	shutdown(a, SHUT_WR);
	serve(2);
	tap_str(hear(a), "ok four\n", "the last line may end with the stream");
	tap_str(hear(a), "(end)",
		"after the end of a client's stream the scan closes the connection");
	close(a);
	close(b);
	serve(2);
}

static void test_long_lines(void)
{
	static char text[3 * CTL_LINE_MAX];
	int fd = client();
	unsigned int before;

	memset(text, 'a', sizeof(text));
	text[CTL_LINE_MAX] = '\n';
	say(fd, text, CTL_LINE_MAX + 1);
	serve(3);
	tap_eq((int64_t)strlen(last), CTL_LINE_MAX, "the longest line is taken whole");
	hear(fd);
	before = n_answered;
	text[CTL_LINE_MAX] = 'a';
	say(fd, text, sizeof(text));
	serve(5);
	tap_str(hear(fd), "error the line is longer than 4096 bytes\n",
		"a line that is too long is refused");
	tap_str(hear(fd), "(end)", "a line that is too long ends the connection of its client");
	tap_eq(n_answered, before, "no part of a line that is too long is carried out");
	close(fd);
	serve(1);
}

static void test_nul(void)
{
	int fd = client();

	say(fd, "sta\0tus\n", 8);
	serve(2);
	tap_str(last, "sta\x7ftus", "a NUL does not cut a line short");
	close(fd);
	serve(2);
}

static void test_deaf_client(void)
{
	int deaf = client(), other = client();
	unsigned int before = n_answered;

	for (int i = 0; i < 2000; i++) {
		if (send(deaf, "big\n", 4, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
		serve(1);
	}
	tap_ok(n_answered - before < 500, "whoever does not read is not answered for ever (%u)",
		n_answered - before);
	say(other, "here\n", 5);
	serve(2);
	tap_str(hear(other), "ok here\n", "other clients are answered while one does not read");
	close(deaf);
	close(other);
	serve(3);
}

static void test_crowd(void)
{
	int fds[CTL_MAX_CLIENTS + 1];

	for (int i = 0; i < CTL_MAX_CLIENTS; i++)
		fds[i] = client();
	say(fds[0], "first\n", 6);
	serve(2);
	tap_str(hear(fds[0]), "ok first\n", "as many clients as there are places are accepted");
	fds[CTL_MAX_CLIENTS] = client();
	say(fds[CTL_MAX_CLIENTS], "late\n", 5);
	serve(2);
	tap_str(hear(fds[CTL_MAX_CLIENTS]), "ok late\n",
		"one client more than there are places is served");
	tap_str(hear(fds[1]), "(end)",
		"a new client in a full house takes the place of the one that was silent longest");
	tap_str(hear(fds[0]), "",
		"a new client in a full house does not take the place of one that spoke");
	for (int i = 0; i <= CTL_MAX_CLIENTS; i++)
		close(fds[i]);
	serve(3);
}

static void test_place(void)
{
	struct stat found = {0};
	char err[600];
	int fd;

	tap_ok(stat(path, &found) == 0 && S_ISSOCK(found.st_mode), "the socket is in its folder");
	tap_eq(found.st_mode & 07777, 0600, "the socket is for its owner alone");
	tap_ok(ctl_socket_in_use(&folder), "a socket with a listener is told from one without");
	/* As a killed scan leaves it. */
	close(control.fd);
	tap_ok(!ctl_socket_in_use(&folder), "a socket whose listener has gone is seen as such");
	tap_ok(open_socket(), "a socket that was left behind is replaced");
	ctl_socket_close(&control);
	tap_ok(stat(path, &found) != 0 && errno == ENOENT, "the socket is removed at the end");
	tap_eq(ctl_socket_connect(dir, err, sizeof(err)), -1,
		"a client finds nobody to talk to once the socket is gone");
	tap_ok(strstr(err, "no scan is running in") != NULL,
		"without a socket the message says that no scan is running");
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	tap_eq(ctl_socket_open(&control, &folder, err, sizeof(err)), -ENOTSOCK,
		"a file with the socket's name is not replaced");
	tap_ok(stat(path, &found) == 0 && S_ISREG(found.st_mode),
		"a file with the socket's name keeps its content");
	unlink(path);
	ctl_socket_serve(&control, answer, NULL);
	ctl_socket_close(&control);
	tap_ok(true, "without a socket serving and closing do nothing");
}

static void nothing_there(const char *what)
{
	char err[600];

	tap_ok(!ctl_socket_in_use(&folder) && ctl_socket_connect(dir, err, sizeof(err)) == -1,
		"%s in the socket's place is not spoken to", what);
	tap_eq(ctl_socket_open(&control, &folder, err, sizeof(err)), -ENOTSOCK,
		"what is in the socket's place is not replaced");
}

/* Whoever owned the folder could put a link there between bind() and chmod(), and had root take any
 * file's mode down to 0600; a client followed the link to any socket. */
static void test_links(void)
{
	char other[700], err[600];
	struct stat found = {0};
	mode_t before;

	snprintf(other, sizeof(other), "%s/other.sock", dir);
	tap_ok(open_socket() && rename(path, other) == 0 && symlink(other, path) == 0,
		"a link to a socket that answers");
	nothing_there("a link");
	unlink(path);
	tap_ok(ctl_socket_connect(dir, err, sizeof(err)) == -1,
		"a link to a socket that answers is not followed");
	unlink(other);
	before = umask(0);
	tap_ok(open_socket() && stat(path, &found) == 0 && (found.st_mode & 07777) == 0600,
		"whatever the umask, the socket is its owner's from the first moment on");
	umask(0777);
	ctl_socket_close(&control);
	tap_ok(open_socket() && stat(path, &found) == 0 && (found.st_mode & 07777) == 0600,
		"the socket is its owner's with a umask that takes all rights away");
	tap_eq(umask(before), 0777, "the umask is the same after the socket was made");
	ctl_socket_close(&control);
}

/* A folder whose path is longer than a socket's name may be. */
static bool make_folder(void)
{
	const char *top = getenv("TMPDIR");
	char err[600];
	size_t len = (size_t)snprintf(
		dir, sizeof(dir), "%s/tlsweep-control-XXXXXX", top != NULL ? top : "/tmp");

	if (mkdtemp(dir) == NULL)
		return false;
	dir[len] = '/';
	memset(dir + len + 1, 'd', 150);
	dir[len + 151] = '\0';
	snprintf(path, sizeof(path), "%s/" CTL_SOCKET_NAME, dir);
	return mkdir(dir, 0700) == 0 &&
	       ut_folder_open(&folder, dir, &(struct ut_folder_use){0}, err, sizeof(err)) == 0;
}

int main(void)
{
	if (!make_folder() || !tap_ok(open_socket(), "a socket in a folder with a long name"))
		return tap_done();
	test_lines();
	test_long_lines();
	test_nul();
	test_deaf_client();
	test_crowd();
	test_place();
	test_links();
	ut_folder_close(&folder);
	rmdir(dir);
	*strrchr(dir, '/') = '\0';
	rmdir(dir);
	return tap_done();
}
