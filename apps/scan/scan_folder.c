/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_folder.h"

#include "apps/options/config_print.h"
#include "apps/util/folder.h"
#include "scan_keep.h"

#include <errno.h>
#include <sys/random.h>

static int fail(struct sc_run *run, enum ut_exit code)
{
	run->exit_code = code;
	return -1;
}

/* Another scan's folder is not ours to write to, whatever --overwrite says. */
int sc_folder_look(struct sc_run *run)
{
	struct ut_folder_use use = {.unsafe = run->options->unsafe_output_dir};
	int rc;

	run->control.fd = -1;
	run->folder.fd = -1;
	if (!sc_run_has_folder(run))
		return 0;
	rc = ut_folder_open(&run->folder, run->options->output, &use, run->err, sizeof(run->err));
	/* Not there: it is made when the rest of the set-up has gone well. */
	if (rc == -ENOENT) {
		run->err[0] = '\0';
		return 0;
	}
	if (rc != 0)
		return fail(run, UT_EXIT_SETUP);
	if (!ctl_socket_in_use(&run->folder))
		return 0;
	snprintf(run->err, sizeof(run->err), "a scan is running in %s; give another --output-dir",
		run->options->output);
	return fail(run, UT_EXIT_SETUP);
}

int sc_folder_control(struct sc_run *run)
{
	char err[SC_ERR_LEN];

	if (sc_run_has_folder(run) &&
		ctl_socket_open(&run->control, &run->folder, err, sizeof(err)) != 0)
		fprintf(stderr, "tlsweep: %s\n", err);
	return 0;
}

static int make_prefixes(struct sc_run *run)
{
	struct ts_cookie_key key;

	if (getrandom(&key, sizeof(key), 0) == (ssize_t)sizeof(key))
		run->prefixes = su_prefix_table_new(&key);
	if (run->prefixes != NULL)
		return 0;
	snprintf(run->err, sizeof(run->err), "out of memory for the table of networks");
	return fail(run, UT_EXIT_SETUP);
}

int sc_folder_open(struct sc_run *run)
{
	struct out_writer_config config = {
		.folder = sc_run_has_folder(run) ? &run->folder : NULL,
		.certs = run->options->certs,
		.overwrite = run->options->overwrite,
		.resume = run->options->resume,
		.targets = run->targets,
		.asked = &run->asked,
	};

	run->asked = (struct js_asked){
		.http_method = run->options->dialog.http_method,
		.http_path = run->options->dialog.http_path,
		.user_agent = run->options->dialog.user_agent,
		.full_client_hello = run->options->full_client_hello,
	};
	if (sc_keep_lock(run) != 0 || make_prefixes(run) != 0)
		return -1;
	run->writer = out_writer_open(&config, run->err, sizeof(run->err));
	run->fresh = run->writer != NULL && sc_run_has_folder(run) && !config.resume;
	return run->writer != NULL ? 0 : fail(run, UT_EXIT_SETUP);
}

/* What --resume will begin with. Only now: a run that was refused leaves the earlier one's as it
 * is. */
int sc_folder_save_config(struct sc_run *run)
{
	if (!sc_run_has_folder(run))
		return 0;
	if (op_config_save(run->options, &run->folder, run->err, sizeof(run->err)) != 0)
		return fail(run, UT_EXIT_SETUP);
	return 0;
}

void sc_folder_leave(const struct sc_run *run)
{
	/* Still under its lock: all that is there by these names came with out_writer_open(). */
	if (run->fresh && !run->begun)
		ut_folder_clear(&run->folder);
}
