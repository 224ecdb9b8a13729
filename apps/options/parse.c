/* SPDX-License-Identifier: BSD-3-Clause */
#include "parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "config_file.h"
#include "config_print.h"
#include "config_trust.h"
#include "fault.h"
#include "handlers.h"
#include "value.h"
#include "apps/util/version.h"

static void set_defaults(const struct op_command *command, void *to)
{
	const struct op_option *option;

	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++)
		op_option_set_default(option, to);
}

void op_options_default(struct op_options *options)
{
	memset(options, 0, sizeof(*options));
	/* No option sets these. */
	dl_config_default(&options->dialog);
	options->tls.max_heap_bytes = TL_HEAP_DEFAULT;
	set_defaults(&op_command_scan, options);
}

/*
 * The name for EHLO if none is given: the host's own name if it is fully qualified, else the
 * address literal that RFC 5321 4.1.3 provides for hosts without a name. Only a scan of the lab has
 * no source address yet, and its dialogs do not leave the process.
 */
static void default_ehlo(struct op_options *options)
{
	char host[DL_NAME_MAX + 1] = "", addr[TS_ADDR_STRLEN];
	struct ut_arg arg = {.option = "", .text = host, .err = (char[1]){0}, .err_len = 1};
	size_t size = sizeof(options->ehlo_text);

	if (gethostname(host, sizeof(host) - 1) == 0 && strchr(host, '.') != NULL &&
		ut_arg_host(&arg) == 0) {
		snprintf(options->ehlo_text, size, "%s", host);
	} else if (options->has_source_v4) {
		ts_addr_format(&options->source_v4, addr);
		snprintf(options->ehlo_text, size, "[%s]", addr);
	} else if (options->has_source_v6) {
		ts_addr_format(&options->source_v6, addr);
		snprintf(options->ehlo_text, size, "[IPv6:%s]", addr);
	} else {
		snprintf(options->ehlo_text, size, "tlsweep.invalid");
	}
	options->ehlo_name = options->ehlo_text;
}

static void default_user_agent(struct op_options *options)
{
	size_t size = sizeof(options->user_agent_text);

	if (options->contact != NULL)
		snprintf(options->user_agent_text, size, "tlsweep/" UT_VERSION " (+%s)",
			options->contact);
	else
		snprintf(options->user_agent_text, size, "tlsweep/" UT_VERSION);
	options->user_agent = options->user_agent_text;
}

static void complete(struct op_options *options)
{
	if (!options->seed_given && getrandom(&options->seed, sizeof(options->seed), 0) !=
					    (ssize_t)sizeof(options->seed))
		options->seed = (uint64_t)time(NULL);
	/* If only a bandwidth is given, the default rate does not limit as well. */
	if (options->bandwidth_bps > 0 && !options->rate_given)
		options->rate_pps = 0;
	if (options->user_agent == NULL)
		default_user_agent(options);
	if (options->ehlo_name == NULL)
		default_ehlo(options);
	options->dialog.ehlo_name = options->ehlo_name;
	options->dialog.user_agent = options->user_agent;
	options->print_memory_plan = options->verbosity > 0;
}

/* Drop targets and services of files if the command line names its own. Exclusions stay. */
static void make_way(struct op_options *options, const struct op_line *line)
{
	if (line->has[OP_PART_TARGETS])
		options->n_targets = options->n_allow_files = options->n_pair_files = 0;
	if (line->has[OP_PART_SERVICES])
		options->n_services = 0;
	if (line->has[OP_PART_VERBOSITY])
		options->verbosity = 0;
}

static enum op_parse apply(void *to, const struct op_option *option, const struct ut_arg *arg)
{
	struct op_options *options = to;
	size_t index = op_option_index(option);

	/* Other options than those of a scan have no place in a file. */
	if (index < OP_MAX_OPTIONS)
		options->places[index] = (struct op_place){.file = NULL};
	return op_option_set(option, options, arg) == 0 ? OP_PARSE_OK : OP_PARSE_ERROR;
}

/* Apply the options of the command line, then its targets. */
static enum op_parse apply_line(const struct op_command *command, int argc, char **argv,
	struct op_options *options, char *err, size_t err_len)
{
	int first = argc;
	enum op_parse verdict = op_line_each(
		command, argc, argv, apply, options, &first, err, err_len);

	for (int i = first; i < argc && verdict == OP_PARSE_OK; i++) {
		struct ut_arg arg = {
			.option = "target", .text = argv[i], .err = err, .err_len = err_len};

		if (op_set_target(options, &arg) != 0)
			verdict = OP_PARSE_ERROR;
	}
	return verdict;
}

/* Read everything in order: the scan.conf of a folder (NULL: none), the files of --config, the
 * command line. */
static enum op_parse parse_all(const struct op_command *command, int argc, char **argv,
	const struct ut_folder *folder, struct op_options *options, char *err, size_t err_len)
{
	struct op_line line;
	enum op_parse verdict = op_line_look(command, argc, argv, &line, err, err_len);

	if (verdict != OP_PARSE_OK)
		return verdict;
	op_options_default(options);
	if (folder != NULL) {
		int rc = op_config_resume(folder, options, err, err_len);

		if (rc != 0 && rc != -ENOENT)
			return OP_PARSE_ERROR;
	}
	for (size_t i = 0; i < line.n_configs; i++)
		if (op_config_read(line.configs[i], options, err, err_len) != 0)
			return OP_PARSE_ERROR;
	make_way(options, &line);
	return apply_line(command, argc, argv, options, err, err_len);
}

void op_options_place(const struct op_options *options, const char *name, char *out, size_t out_len)
{
	const struct op_option *option = op_option_named(&op_command_scan, name, strlen(name));
	const struct op_place *place = option != NULL ? &options->places[op_option_index(option)]
						      : NULL;

	out[0] = '\0';
	if (place != NULL && place->file != NULL)
		snprintf(out, out_len, "%s:%u:%u: ", place->file, place->line, place->column);
}

void op_options_free(struct op_options *options)
{
	op_config_free(options);
}

/* Refuse if an option of scan.conf was withheld and is not given again. */
static enum op_parse check_withheld(const struct op_options *options, char *err, size_t err_len)
{
	const struct op_option *option;

	for (size_t i = 0; (option = op_option_at(&op_command_scan, i)) != NULL; i++) {
		const struct op_place *place = &options->places[i];

		if (!place->withheld)
			continue;
		snprintf(err, err_len,
			"%s:%u:%u: %s is not taken from the output folder, %s: give --%s again on "
			"the command line",
			place->file, place->line, place->column, option->name,
			op_config_trust_why(option), option->name);
		return OP_PARSE_ERROR;
	}
	return OP_PARSE_OK;
}

/* With --resume read everything again, the folder's scan.conf first: only --config and the command
 * line say which folder it is. */
static enum op_parse parse_resumed(const struct op_command *command, int argc, char **argv,
	struct op_options *options, char *err, size_t err_len)
{
	struct ut_folder_use use = {.unsafe = options->unsafe_output_dir};
	enum op_parse verdict;
	struct ut_folder folder;
	int rc;

	if (!options->resume || strcmp(options->output, "-") == 0)
		return OP_PARSE_OK;
	rc = ut_folder_open(&folder, options->output, &use, err, err_len);
	/* A missing folder is reported later, after all other mistakes. */
	if (rc != 0)
		return rc == -ENOENT ? OP_PARSE_OK : OP_PARSE_ERROR;
	op_options_free(options);
	verdict = parse_all(command, argc, argv, &folder, options, err, err_len);
	ut_folder_close(&folder);
	return verdict == OP_PARSE_OK ? check_withheld(options, err, err_len) : verdict;
}

static enum op_parse parse_checked(const struct op_command *command, int argc, char **argv,
	struct op_options *options, const char *(*find_fault)(const struct op_options *options),
	char *err, size_t err_len)
{
	enum op_parse verdict;
	const char *fault;

	options->config_texts = NULL;
	verdict = parse_all(command, argc, argv, NULL, options, err, err_len);
	if (verdict == OP_PARSE_OK)
		verdict = parse_resumed(command, argc, argv, options, err, err_len);
	if (verdict != OP_PARSE_OK)
		return verdict;
	complete(options);
	if (options->print_config) {
		op_config_print(options, OP_CONFIG_SHOW, stdout);
		return OP_PARSE_EXIT;
	}
	fault = find_fault(options);
	if (fault != NULL) {
		snprintf(err, err_len, "%s", fault);
		return OP_PARSE_ERROR;
	}
	return OP_PARSE_OK;
}

enum op_parse op_options_parse(
	int argc, char **argv, struct op_options *options, char *err, size_t err_len)
{
	return parse_checked(&op_command_scan, argc, argv, options, op_fault_of_scan, err, err_len);
}

enum op_parse op_options_parse_targets(
	int argc, char **argv, struct op_options *options, char *err, size_t err_len)
{
	return parse_checked(
		&op_command_targets, argc, argv, options, op_fault_of_targets, err, err_len);
}

static enum op_parse apply_doctor(
	void *to, const struct op_option *option, const struct ut_arg *arg)
{
	return op_option_set(option, to, arg) == 0 ? OP_PARSE_OK : OP_PARSE_ERROR;
}

enum op_parse op_options_parse_doctor(
	int argc, char **argv, struct op_doctor_options *options, char *err, size_t err_len)
{
	const struct op_command *command = &op_command_doctor;
	struct op_line line;
	enum op_parse verdict = op_line_look(command, argc, argv, &line, err, err_len);
	int first = argc;

	*options = (struct op_doctor_options){0};
	set_defaults(command, options);
	if (verdict == OP_PARSE_OK)
		verdict = op_line_each(
			command, argc, argv, apply_doctor, options, &first, err, err_len);
	if (verdict == OP_PARSE_OK && first < argc) {
		snprintf(err, err_len, "doctor takes no \"%s\"", argv[first]);
		verdict = OP_PARSE_ERROR;
	}
	return verdict;
}
