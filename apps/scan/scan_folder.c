/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_folder.h"

#include "apps/options/config_print.h"
#include "apps/util/folder.h"
#include "scan_keep.h"

#include <errno.h>
#include <sys/random.h>

static int fail(struct scan_run *run, enum sw_exit code)
{
	run->exit_code = code;
	return -1;
}

/* Another scan's folder is not ours to write to, whatever --overwrite says. */
int scan_folder_look(struct scan_run *run)
{
	struct folder_use use = {.unsafe = run->options->unsafe_output_dir};
	int rc;

	run->control.fd = -1;
	run->folder.fd = -1;
	if (!scan_run_has_folder(run))
		return 0;
	rc = folder_open(&run->folder, run->options->output, &use, run->err, sizeof(run->err));
	/* Not there: it is made when the rest of the set-up has gone well. */
	if (rc == -ENOENT) {
		run->err[0] = '\0';
		return 0;
	}
	if (rc != 0)
		return fail(run, SW_EXIT_SETUP);
	if (!control_socket_in_use(&run->folder))
		return 0;
	snprintf(run->err, sizeof(run->err), "a scan is running in %s; give another --output-dir",
		run->options->output);
	return fail(run, SW_EXIT_SETUP);
}

int scan_folder_control(struct scan_run *run)
{
	char err[RUN_ERR_LEN];

	if (scan_run_has_folder(run) &&
		control_socket_open(&run->control, &run->folder, err, sizeof(err)) != 0)
		fprintf(stderr, "tlsweep: %s\n", err);
	return 0;
}

static int make_prefixes(struct scan_run *run)
{
	struct ts_cookie_key key;

	if (getrandom(&key, sizeof(key), 0) == (ssize_t)sizeof(key))
		run->prefixes = pt_new(&key);
	if (run->prefixes != NULL)
		return 0;
	snprintf(run->err, sizeof(run->err), "out of memory for the table of networks");
	return fail(run, SW_EXIT_SETUP);
}

int scan_folder_open(struct scan_run *run)
{
	struct wr_config config = {
		.folder = scan_run_has_folder(run) ? &run->folder : NULL,
		.certs = run->options->certs,
		.overwrite = run->options->overwrite,
		.resume = run->options->resume,
		.targets = run->targets,
	};

	if (scan_keep_lock(run) != 0 || make_prefixes(run) != 0)
		return -1;
	run->writer = wr_open(&config, run->err, sizeof(run->err));
	run->fresh = run->writer != NULL && scan_run_has_folder(run) && !config.resume;
	return run->writer != NULL ? 0 : fail(run, SW_EXIT_SETUP);
}

/* What --resume will begin with. Only now: a run that was refused leaves the earlier one's as it
 * is. */
int scan_folder_save_config(struct scan_run *run)
{
	if (!scan_run_has_folder(run))
		return 0;
	if (sw_config_save(run->options, &run->folder, run->err, sizeof(run->err)) != 0)
		return fail(run, SW_EXIT_SETUP);
	return 0;
}

void scan_folder_leave(const struct scan_run *run)
{
	/* Still under its lock: all that is there by these names came with wr_open(). */
	if (run->fresh && !run->begun)
		folder_clear(&run->folder);
}
