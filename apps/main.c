/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>

#include <rte_version.h>

#include "apps/control/control_command.h"
#include "apps/doctor/doctor.h"
#include "apps/scan/scan_run.h"
#include "apps/targets/targets_command.h"
#include "apps/options/help.h"
#include "apps/options/parse.h"
#include "apps/util/version.h"
#include "apps/scan/watch_signals.h"

static void print_version(void)
{
	printf("tlsweep %s%s%s\n%s%s%s\n%s\n", UT_VERSION, ut_commit[0] != '\0' ? ", commit " : "",
		ut_commit, tl_library_version(), tl_library_lacks()[0] != '\0' ? "; lacks: " : "",
		tl_library_lacks(), rte_version());
}

static int scan_whole(struct sc_run *run)
{
	int code;

	if (sc_setup(run) == 0)
		sc_control(run);
	/* A scan that has not begun has no summary, and nothing to resume. */
	if (run->begun) {
		sc_report_write(run);
		sc_keep_done(&run->keep, run->plan.options, &run->end);
	}
	if (run->end.err[0] != '\0')
		fprintf(stderr, "tlsweep: %s\n", run->end.err);
	code = run->end.code;
	sc_teardown(run);
	return code;
}

static int scan_command(int argc, char **argv)
{
	/* On the heap: it is large, since it holds every list that a command line can name. */
	struct sc_run *run = calloc(1, sizeof(*run));
	struct op_options *options = calloc(1, sizeof(*options));
	char **typed = calloc((size_t)argc + 1, sizeof(*typed));
	char err[SC_ERR_LEN] = "";
	int code = UT_EXIT_USAGE;

	if (run == NULL || options == NULL || typed == NULL) {
		fputs("tlsweep: out of memory\n", stderr);
		free(typed);
		free(options);
		free(run);
		return UT_EXIT_SETUP;
	}
	run->plan.options = options;
	run->argc = argc;
	/* getopt changes the order of arguments; the summary shows them as they were typed. */
	run->argv = memcpy(typed, argv, (size_t)argc * sizeof(*argv));
	sc_watch_signals_catch();
	switch (op_options_parse(argc, argv, options, err, sizeof(err))) {
	case OP_PARSE_ERROR:
		/* If a signal interrupted a read, the stop is reported, not the failed read. */
		if (sc_setup_stopped(&run->end))
			code = run->end.code;
		fprintf(stderr, "tlsweep: %s\n", run->end.err[0] != '\0' ? run->end.err : err);
		break;
	case OP_PARSE_EXIT:
		code = UT_EXIT_DONE;
		break;
	case OP_PARSE_VERSION:
		print_version();
		code = UT_EXIT_DONE;
		break;
	case OP_PARSE_OK:
		code = scan_whole(run);
		break;
	}
	op_options_free(options);
	free(typed);
	free(options);
	free(run);
	return code;
}

static int run_command(int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "scan") == 0)
		return scan_command(argc - 1, argv + 1);
	if (argc >= 2 && strcmp(argv[1], "targets") == 0)
		return targets_command(argc - 1, argv + 1);
	if (argc >= 2 && strcmp(argv[1], "control") == 0)
		return ctl_command_run(argc - 1, argv + 1);
	if (argc >= 2 && strcmp(argv[1], "doctor") == 0)
		return doctor_command(argc - 1, argv + 1);
	if (argc == 2 && (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0)) {
		print_version();
		return UT_EXIT_DONE;
	}
	if (argc == 2 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
				 strcmp(argv[1], "-h") == 0)) {
		op_help_usage(stdout);
		return UT_EXIT_DONE;
	}
	if (argc >= 2)
		fprintf(stderr, "tlsweep: there is no command \"%s\"\n", argv[1]);
	op_help_usage(stderr);
	return UT_EXIT_USAGE;
}

/* Write what was printed to standard output. If that fails, the command has failed. */
static int finish_output(int code)
{
	int error = 0;

	if (fflush(stdout) != 0)
		error = errno;
	else if (ferror(stdout) != 0)
		error = EIO; /* an earlier write, whose errno is not known any more */
	else if (fclose(stdout) != 0 && errno != EBADF)
		error = errno; /* EBADF: it was closed from the start, and nothing was written */
	/* A reader that closes its end of the pipe has read as much as it wants. */
	if (error == 0 || error == EPIPE)
		return code;
	fprintf(stderr, "tlsweep: cannot write to standard output: %s\n", strerror(error));
	return code == UT_EXIT_DONE ? UT_EXIT_OUTPUT : code;
}

int main(int argc, char **argv)
{
	/* Room for any help text: it leaves in one write at the end, whose error is known. */
	static char buffer[32 * 1024];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	return finish_output(run_command(argc, argv));
}
