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
#include "own.h"
#include "value.h"
#include "apps/util/version.h"

static void set_defaults(const struct sw_command *command, void *to)
{
	const struct sw_option *option;

	for (size_t i = 0; (option = sw_option_at(command, i)) != NULL; i++)
		sw_option_set_default(option, to);
}

void sw_options_default(struct sw_options *options)
{
	memset(options, 0, sizeof(*options));
	/* What no option sets. */
	dl_config_default(&options->dialog);
	options->tls.max_heap_bytes = TL_HEAP_DEFAULT;
	set_defaults(&sw_command_scan, options);
}

/*
 * Our name for EHLO when none was given: the host's own if it is fully qualified, else the address
 * literal that RFC 5321 4.1.3 provides for hosts without a name, which is at least true. Only the
 * lab has no source address yet at this point, and nobody outside hears what is said there.
 */
static void default_ehlo(struct sw_options *options)
{
	char host[DL_NAME_MAX + 1] = "", addr[TS_ADDR_STRLEN];
	struct sw_arg arg = {.option = "", .text = host, .err = (char[1]){0}, .err_len = 1};
	size_t size = sizeof(options->ehlo_text);

	if (gethostname(host, sizeof(host) - 1) == 0 && strchr(host, '.') != NULL &&
		sw_arg_host(&arg) == 0) {
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

static void default_user_agent(struct sw_options *options)
{
	size_t size = sizeof(options->user_agent_text);

	if (options->contact != NULL)
		snprintf(options->user_agent_text, size, "tlsweep/" SW_VERSION " (+%s)",
			options->contact);
	else
		snprintf(options->user_agent_text, size, "tlsweep/" SW_VERSION);
	options->user_agent = options->user_agent_text;
}

static void complete(struct sw_options *options)
{
	if (!options->seed_given && getrandom(&options->seed, sizeof(options->seed), 0) !=
					    (ssize_t)sizeof(options->seed))
		options->seed = (uint64_t)time(NULL);
	/* A bandwidth alone is the limit, not a second one beside the default rate. */
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

/* What the command line names takes the place of what files before it named; exclusions stay. */
static void make_way(struct sw_options *options, const struct sw_line *line)
{
	if (line->has[SW_PART_TARGETS])
		options->n_targets = options->n_allow_files = options->n_pair_files = 0;
	if (line->has[SW_PART_SERVICES])
		options->n_services = 0;
	if (line->has[SW_PART_VERBOSITY])
		options->verbosity = 0;
}

static enum sw_parse apply(void *to, const struct sw_option *option, const struct sw_arg *arg)
{
	struct sw_options *options = to;
	size_t index = sw_option_index(option);

	/* Only a scan's own options can be in a file. */
	if (index < SW_MAX_OPTIONS)
		options->places[index] = (struct sw_place){.file = NULL};
	return sw_option_set(option, options, arg) == 0 ? SW_PARSE_OK : SW_PARSE_ERROR;
}

/* The options of the command line, then its targets. */
static enum sw_parse apply_line(const struct sw_command *command, int argc, char **argv,
	struct sw_options *options, char *err, size_t err_len)
{
	int first = argc;
	enum sw_parse verdict = sw_line_each(
		command, argc, argv, apply, options, &first, err, err_len);

	for (int i = first; i < argc && verdict == SW_PARSE_OK; i++) {
		struct sw_arg arg = {
			.option = "target", .text = argv[i], .err = err, .err_len = err_len};

		if (sw_set_target(options, &arg) != 0)
			verdict = SW_PARSE_ERROR;
	}
	return verdict;
}

/* All there is to read, in order: the folder's scan.conf (NULL: none), the files of --config, the
 * command line. */
static enum sw_parse parse_all(const struct sw_command *command, int argc, char **argv,
	const struct folder *folder, struct sw_options *options, char *err, size_t err_len)
{
	struct sw_line line;
	enum sw_parse verdict = sw_line_look(command, argc, argv, &line, err, err_len);

	if (verdict != SW_PARSE_OK)
		return verdict;
	sw_options_default(options);
	if (folder != NULL) {
		int rc = sw_config_resume(folder, options, err, err_len);

		if (rc != 0 && rc != -ENOENT)
			return SW_PARSE_ERROR;
	}
	for (size_t i = 0; i < line.n_configs; i++)
		if (sw_config_read(line.configs[i], options, err, err_len) != 0)
			return SW_PARSE_ERROR;
	make_way(options, &line);
	return apply_line(command, argc, argv, options, err, err_len);
}

void sw_options_place(const struct sw_options *options, const char *name, char *out, size_t out_len)
{
	const struct sw_option *option = sw_option_named(&sw_command_scan, name, strlen(name));
	const struct sw_place *place = option != NULL ? &options->places[sw_option_index(option)]
						      : NULL;

	out[0] = '\0';
	if (place != NULL && place->file != NULL)
		snprintf(out, out_len, "%s:%u:%u: ", place->file, place->line, place->column);
}

void sw_options_free(struct sw_options *options)
{
	sw_config_free(options);
}

/* What scan.conf has and is not believed, and nobody else has given. */
static enum sw_parse check_withheld(const struct sw_options *options, char *err, size_t err_len)
{
	const struct sw_option *option;

	for (size_t i = 0; (option = sw_option_at(&sw_command_scan, i)) != NULL; i++) {
		const struct sw_place *place = &options->places[i];

		if (!place->withheld)
			continue;
		snprintf(err, err_len,
			"%s:%u:%u: %s is not taken from the output folder, %s: give --%s again on "
			"the command line",
			place->file, place->line, place->column, option->name,
			sw_config_trust_why(option), option->name);
		return SW_PARSE_ERROR;
	}
	return SW_PARSE_OK;
}

/* With --resume the scan's own file comes first; where it is, only the whole of the rest says. */
static enum sw_parse parse_resumed(const struct sw_command *command, int argc, char **argv,
	struct sw_options *options, char *err, size_t err_len)
{
	struct folder_use use = {.unsafe = options->unsafe_output_dir};
	enum sw_parse verdict;
	struct folder folder;
	int rc;

	if (!options->resume || strcmp(options->output, "-") == 0)
		return SW_PARSE_OK;
	rc = folder_open(&folder, options->output, &use, err, err_len);
	/* That there is none is said when the rest of the command line is known to be good. */
	if (rc != 0)
		return rc == -ENOENT ? SW_PARSE_OK : SW_PARSE_ERROR;
	sw_options_free(options);
	verdict = parse_all(command, argc, argv, &folder, options, err, err_len);
	folder_close(&folder);
	return verdict == SW_PARSE_OK ? check_withheld(options, err, err_len) : verdict;
}

static enum sw_parse parse_checked(const struct sw_command *command, int argc, char **argv,
	struct sw_options *options, const char *(*find_fault)(const struct sw_options *options),
	char *err, size_t err_len)
{
	enum sw_parse verdict;
	const char *fault;

	options->config_texts = NULL;
	verdict = parse_all(command, argc, argv, NULL, options, err, err_len);
	if (verdict == SW_PARSE_OK)
		verdict = parse_resumed(command, argc, argv, options, err, err_len);
	if (verdict != SW_PARSE_OK)
		return verdict;
	complete(options);
	if (options->print_config) {
		sw_config_print(options, SW_CONFIG_SHOW, stdout);
		return SW_PARSE_EXIT;
	}
	fault = find_fault(options);
	if (fault != NULL) {
		snprintf(err, err_len, "%s", fault);
		return SW_PARSE_ERROR;
	}
	return SW_PARSE_OK;
}

enum sw_parse sw_options_parse(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	return parse_checked(&sw_command_scan, argc, argv, options, sw_scan_fault, err, err_len);
}

enum sw_parse sw_options_parse_targets(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	return parse_checked(
		&sw_command_targets, argc, argv, options, sw_targets_fault, err, err_len);
}

static enum sw_parse apply_doctor(
	void *to, const struct sw_option *option, const struct sw_arg *arg)
{
	return sw_option_set(option, to, arg) == 0 ? SW_PARSE_OK : SW_PARSE_ERROR;
}

enum sw_parse sw_options_parse_doctor(
	int argc, char **argv, struct sw_doctor_options *options, char *err, size_t err_len)
{
	const struct sw_command *command = &sw_command_doctor;
	struct sw_line line;
	enum sw_parse verdict = sw_line_look(command, argc, argv, &line, err, err_len);
	int first = argc;

	*options = (struct sw_doctor_options){0};
	set_defaults(command, options);
	if (verdict == SW_PARSE_OK)
		verdict = sw_line_each(
			command, argc, argv, apply_doctor, options, &first, err, err_len);
	if (verdict == SW_PARSE_OK && first < argc) {
		snprintf(err, err_len, "doctor takes no \"%s\"", argv[first]);
		verdict = SW_PARSE_ERROR;
	}
	return verdict;
}
