/* SPDX-License-Identifier: BSD-3-Clause */
/* Rate, names, and what is written where. */
#include <string.h>

#include "own.h"

int sw_set_rate(struct sw_options *options, const struct sw_arg *arg)
{
	int rc = sw_arg_rate(arg, &options->rate_pps);

	options->rate_given = options->rate_given || rc == 0;
	return rc;
}

void sw_print_rate(const struct sw_config_line *line)
{
	/* A default gives way to a bandwidth; what was asked for does not. */
	if (!line->o->rate_given && line->use != SW_CONFIG_ACCOUNT)
		fputs("# ", line->out);
	sw_config_put_number(line, line->o->rate_pps);
}

int sw_set_min_disk_free(struct sw_options *options, const struct sw_arg *arg)
{
	if (strcmp(arg->text, "0") != 0)
		return sw_arg_share(arg, &options->min_disk_free);
	options->min_disk_free = 0;
	return 0;
}

/* A name of ours: as given, or as it was made up in own_text. */
static void put_name(const struct sw_config_line *line, const char *name, const char *own_text)
{
	if (name == NULL)
		sw_config_put_none(line);
	else if (name == own_text)
		sw_config_put_default(line, name);
	else
		sw_config_put_text(line, name);
}

void sw_print_user_agent(const struct sw_config_line *line)
{
	put_name(line, line->o->user_agent, line->o->user_agent_text);
}

void sw_print_ehlo_name(const struct sw_config_line *line)
{
	put_name(line, line->o->ehlo_name, line->o->ehlo_text);
}

int sw_check_folder(const struct sw_arg *arg)
{
	return arg->text[0] != '\0' ? 0
				    : sw_arg_refuse(arg, "name a folder, or - for standard output");
}

void sw_print_overwrite(const struct sw_config_line *line)
{
	if (line->use == SW_CONFIG_RESUME)
		sw_config_put_none(line);
	else
		sw_config_put_text(line, line->o->overwrite ? "true" : "false");
}

const char *sw_choose_outcome(size_t i)
{
	return i < DP_N_OUTCOME ? dp_outcome_name((enum dp_outcome)i) : NULL;
}

/* --output open,closed,unreachable */
int sw_set_outcomes(struct sw_options *options, const struct sw_arg *arg)
{
	bool emit[DP_N_OUTCOME] = {false};
	const char *item = arg->text;

	for (;;) {
		size_t len = strcspn(item, ","), i = 0;
		const char *name;

		while ((name = sw_choose_outcome(i)) != NULL &&
			(strlen(name) != len || memcmp(name, item, len) != 0))
			i++;
		if (i == DP_N_OUTCOME)
			return sw_arg_refuse(arg,
				"choose among open, closed and unreachable, with commas between");
		emit[i] = true;
		if (item[len] == '\0')
			break;
		item += len + 1;
	}
	memcpy(options->emit, emit, sizeof(emit));
	return 0;
}

void sw_print_outcomes(const struct sw_config_line *line)
{
	const char *comma = "";

	fprintf(line->out, "%s = ", line->name);
	for (size_t i = 0; i < DP_N_OUTCOME; i++) {
		if (!line->o->emit[i])
			continue;
		fprintf(line->out, "%s%s", comma, sw_choose_outcome(i));
		comma = ",";
	}
	fputc('\n', line->out);
}

static const char *const certs[] = {
	[WR_CERTS_INLINE] = "inline",
	[WR_CERTS_STORE] = "store",
};
#define N_CERTS (sizeof(certs) / sizeof(certs[0]))

const char *sw_choose_certs(size_t i)
{
	return i < N_CERTS ? certs[i] : NULL;
}

int sw_set_certs(struct sw_options *options, const struct sw_arg *arg)
{
	for (size_t i = 0; i < N_CERTS; i++) {
		if (strcmp(arg->text, certs[i]) != 0)
			continue;
		options->certs = (enum wr_certs)i;
		return 0;
	}
	return sw_arg_refuse(arg, "choose inline or store");
}

void sw_print_certs(const struct sw_config_line *line)
{
	sw_config_put_text(line, certs[line->o->certs]);
}

static int add_verbosity(struct sw_options *options, const struct sw_arg *arg, int direction)
{
	uint32_t times;
	int rc = sw_arg_times(arg, &times);

	if (rc == 0)
		options->verbosity += direction * (int)times;
	return rc;
}

int sw_set_verbose(struct sw_options *options, const struct sw_arg *arg)
{
	return add_verbosity(options, arg, 1);
}

int sw_set_quiet(struct sw_options *options, const struct sw_arg *arg)
{
	return add_verbosity(options, arg, -1);
}

void sw_print_verbose(const struct sw_config_line *line)
{
	int n = line->o->verbosity;

	sw_config_put_count(line, (uint64_t)(n > 0 ? n : 0));
}

void sw_print_quiet(const struct sw_config_line *line)
{
	int n = -line->o->verbosity;

	sw_config_put_count(line, (uint64_t)(n > 0 ? n : 0));
}
