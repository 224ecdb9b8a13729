/* SPDX-License-Identifier: BSD-3-Clause */
#include "control_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_socket.h"
#include "apps/options/help.h"
#include "apps/options/line.h"
#include "apps/util/exit_codes.h"

#define ERR_LEN 512

static void print_commands(FILE *out)
{
	fputs("\nCommands:\n", out);
	ctl_line_help(out);
}

static enum ut_exit refuse_usage(void)
{
	op_help_command(&op_command_control, stderr);
	print_commands(stderr);
	return UT_EXIT_USAGE;
}

/* Join arguments to a line, with spaces between them and a newline at its end. @return 0 or
 * -E2BIG */
static int join_arguments(int argc, char **argv, char line[CTL_LINE_MAX + 2])
{
	size_t len = 0;

	for (int i = 0; i < argc; i++) {
		size_t n = strlen(argv[i]);

		if (len + n + 1 > CTL_LINE_MAX)
			return -E2BIG;
		memcpy(line + len, argv[i], n);
		len += n;
		line[len++] = i + 1 < argc ? ' ' : '\n';
	}
	line[len] = '\0';
	return 0;
}

static int send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return shutdown(fd, SHUT_WR) == 0 ? 0 : -errno;
}

/* Print the reply up to its end. @return 0 if it begins with "ok", -EINVAL if not, or -errno */
static int print_reply(int fd)
{
	char buffer[CTL_REPLY_MAX];
	char word[3] = "";
	size_t n_word = 0;
	ssize_t n;

	while ((n = recv(fd, buffer, sizeof(buffer), 0)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (ssize_t i = 0; i < n && n_word < 2; i++)
			word[n_word++] = buffer[i];
		fwrite(buffer, 1, (size_t)n, stdout);
	}
	if (n_word == 0)
		return -ECONNRESET;
	return strcmp(word, "ok") == 0 ? 0 : -EINVAL;
}

/* Give a line to the scan of a folder, and print its answer. */
static enum ut_exit command_scan(const char *dir, const char *line)
{
	char err[ERR_LEN];
	int fd = ctl_socket_connect(dir, err, sizeof(err));
	int rc;

	if (fd < 0) {
		fprintf(stderr, "tlsweep: %s\n", err);
		return UT_EXIT_SETUP;
	}
	rc = send_all(fd, line, strlen(line));
	if (rc == 0)
		rc = print_reply(fd);
	close(fd);
	if (rc != 0 && rc != -EINVAL)
		fprintf(stderr, "tlsweep: the scan in %s went away without an answer\n", dir);
	return rc == 0 ? UT_EXIT_DONE : UT_EXIT_SETUP;
}

int ctl_command_run(int argc, char **argv)
{
	char line[CTL_LINE_MAX + 2], err[ERR_LEN];
	struct op_line found;
	enum op_parse verdict = op_line_look(
		&op_command_control, argc, argv, &found, err, sizeof(err));

	if (verdict == OP_PARSE_EXIT) {
		print_commands(stdout);
		return UT_EXIT_DONE;
	}
	if (verdict != OP_PARSE_OK) {
		fprintf(stderr, "tlsweep: %s\n", err);
		return refuse_usage();
	}
	argc -= found.first;
	argv += found.first;
	/* A newline in an argument would be a second command. */
	if (argc < 2 || join_arguments(argc - 1, argv + 1, line) != 0 ||
		strchr(line, '\n')[1] != '\0')
		return refuse_usage();
	return (int)command_scan(argv[0], line);
}
