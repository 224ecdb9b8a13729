/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan_folder.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "apps/options/config_print.h"
#include "apps/resume/resume.h"
#include "apps/util/folder.h"

int sc_folder_look(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end)
{
	const struct op_options *options = plan->options;
	struct ut_folder_use use = {.unsafe = options->unsafe_output_dir};
	int rc;

	output->folder.fd = -1;
	if (!sc_plan_has_folder(plan))
		return 0;
	rc = ut_folder_open(&output->folder, options->output, &use, end->err, sizeof(end->err));
	/* It does not exist: it is created later, if the rest of the set-up succeeds. */
	if (rc == -ENOENT) {
		end->err[0] = '\0';
		return 0;
	}
	if (rc != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	if (!ctl_socket_in_use(&output->folder))
		return 0;
	snprintf(end->err, sizeof(end->err), "a scan is running in %s; give another --output-dir",
		options->output);
	return sc_end_fail(end, UT_EXIT_SETUP);
}

int sc_folder_lock(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end)
{
	const struct op_options *options = plan->options;
	struct ut_folder_use use = {.make = true, .unsafe = options->unsafe_output_dir};

	if (!sc_plan_has_folder(plan) || output->lock_fd > 0)
		return 0;
	if (output->folder.fd < 0 && ut_folder_open(&output->folder, options->output, &use,
					     end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	output->lock_fd = re_resume_lock(&output->folder, end->err, sizeof(end->err));
	return output->lock_fd > 0 ? 0 : sc_end_fail(end, UT_EXIT_SETUP);
}

static int make_prefixes(struct sc_output *output, struct sc_end *end)
{
	struct ts_cookie_key key;

	if (getrandom(&key, sizeof(key), 0) == (ssize_t)sizeof(key))
		output->prefixes = su_prefix_table_new(&key);
	if (output->prefixes != NULL)
		return 0;
	snprintf(end->err, sizeof(end->err), "out of memory for the table of networks");
	return sc_end_fail(end, UT_EXIT_SETUP);
}

int sc_folder_open(struct sc_output *output, const struct sc_plan *plan, struct sc_end *end)
{
	bool has_folder = sc_plan_has_folder(plan);
	struct out_writer_config config = {
		.folder = has_folder ? &output->folder : NULL,
		.certs = plan->options->certs,
		.overwrite = plan->options->overwrite,
		.resume = plan->options->resume,
		.targets = plan->targets,
	};

	if (sc_folder_lock(output, plan, end) != 0 || make_prefixes(output, end) != 0)
		return -1;
	output->writer = out_writer_open(&config, end->err, sizeof(end->err));
	output->fresh = output->writer != NULL && has_folder && !config.resume;
	return output->writer != NULL ? 0 : sc_end_fail(end, UT_EXIT_SETUP);
}

int sc_folder_save_config(
	const struct sc_output *output, const struct sc_plan *plan, struct sc_end *end)
{
	if (!sc_plan_has_folder(plan))
		return 0;
	if (op_config_save(plan->options, &output->folder, end->err, sizeof(end->err)) != 0)
		return sc_end_fail(end, UT_EXIT_SETUP);
	return 0;
}

void sc_folder_control(
	const struct sc_output *output, const struct sc_plan *plan, struct ctl_socket *control)
{
	char err[SC_ERR_LEN];

	if (sc_plan_has_folder(plan) &&
		ctl_socket_open(control, &output->folder, err, sizeof(err)) != 0)
		fprintf(stderr, "tlsweep: %s\n", err);
}

void sc_folder_close_writer(struct sc_output *output)
{
	if (output->writer != NULL)
		out_writer_close(output->writer);
	output->writer = NULL;
	su_prefix_table_free(output->prefixes);
}

void sc_folder_leave(const struct sc_output *output, bool begun)
{
	/* The folder is still locked, so all files of these names were made by
	 * out_writer_open(). */
	if (output->fresh && !begun)
		ut_folder_clear(&output->folder);
}

void sc_folder_close(struct sc_output *output)
{
	if (output->lock_fd > 0)
		close(output->lock_fd);
	ut_folder_close(&output->folder);
}
