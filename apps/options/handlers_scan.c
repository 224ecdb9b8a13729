/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of rate, names and output. */
#include <string.h>

#include "handlers.h"

int op_set_rate(struct op_options *options, const struct ut_arg *arg)
{
	int rc = ut_arg_rate(arg, &options->rate_pps);

	options->rate_given = options->rate_given || rc == 0;
	return rc;
}

void op_print_rate(const struct op_config_line *line)
{
	/* As a comment if it is the default: --bandwidth replaces a default rate, but not a given
	 * one. */
	if (!line->o->rate_given && line->use != OP_CONFIG_ACCOUNT)
		fputs("# ", line->out);
	op_config_put_number(line, line->o->rate_pps);
}

static const char *const syn_options[] = {"full", "minimal"};

const char *op_choose_syn_options(size_t i)
{
	return i < sizeof(syn_options) / sizeof(syn_options[0]) ? syn_options[i] : NULL;
}

int op_set_syn_options(struct op_options *options, const struct ut_arg *arg)
{
	options->minimal_syn = strcmp(arg->text, syn_options[1]) == 0;
	if (options->minimal_syn || strcmp(arg->text, syn_options[0]) == 0)
		return 0;
	return ut_arg_refuse(arg, "choose full or minimal");
}

void op_print_syn_options(const struct op_config_line *line)
{
	op_config_put_text(line, syn_options[line->o->minimal_syn]);
}

int op_set_min_disk_free(struct op_options *options, const struct ut_arg *arg)
{
	if (strcmp(arg->text, "0") != 0)
		return ut_arg_share(arg, &options->min_disk_free);
	options->min_disk_free = 0;
	return 0;
}

/* Write a name: as given, or as a default if it is the one in own_text. */
static void put_name(const struct op_config_line *line, const char *name, const char *own_text)
{
	if (name == NULL)
		op_config_put_none(line);
	else if (name == own_text)
		op_config_put_default(line, name);
	else
		op_config_put_text(line, name);
}

void op_print_user_agent(const struct op_config_line *line)
{
	put_name(line, line->o->user_agent, line->o->user_agent_text);
}

void op_print_ehlo_name(const struct op_config_line *line)
{
	put_name(line, line->o->ehlo_name, line->o->ehlo_text);
}

int op_check_folder(const struct ut_arg *arg)
{
	return arg->text[0] != '\0' ? 0
				    : ut_arg_refuse(arg, "name a folder, or - for standard output");
}

void op_print_overwrite(const struct op_config_line *line)
{
	if (line->use == OP_CONFIG_RESUME)
		op_config_put_none(line);
	else
		op_config_put_text(line, line->o->overwrite ? "true" : "false");
}

const char *op_choose_outcome(size_t i)
{
	return i < DP_N_OUTCOME ? dp_outcome_name((enum dp_outcome)i) : NULL;
}

/* --output open,closed,unreachable */
int op_set_outcomes(struct op_options *options, const struct ut_arg *arg)
{
	bool emit[DP_N_OUTCOME] = {false};
	const char *item = arg->text;

	for (;;) {
		size_t len = strcspn(item, ","), i = 0;
		const char *name;

		while ((name = op_choose_outcome(i)) != NULL &&
			(strlen(name) != len || memcmp(name, item, len) != 0))
			i++;
		if (i == DP_N_OUTCOME)
			return ut_arg_refuse(arg,
				"choose among open, closed and unreachable, with commas between");
		emit[i] = true;
		if (item[len] == '\0')
			break;
		item += len + 1;
	}
	memcpy(options->emit, emit, sizeof(emit));
	return 0;
}

void op_print_outcomes(const struct op_config_line *line)
{
	const char *comma = "";

	fprintf(line->out, "%s = ", line->name);
	for (size_t i = 0; i < DP_N_OUTCOME; i++) {
		if (!line->o->emit[i])
			continue;
		fprintf(line->out, "%s%s", comma, op_choose_outcome(i));
		comma = ",";
	}
	fputc('\n', line->out);
}

static const char *const certs[] = {
	[OUT_CERTS_INLINE] = "inline",
	[OUT_CERTS_STORE] = "store",
};
#define N_CERTS (sizeof(certs) / sizeof(certs[0]))

const char *op_choose_certs(size_t i)
{
	return i < N_CERTS ? certs[i] : NULL;
}

int op_set_certs(struct op_options *options, const struct ut_arg *arg)
{
	for (size_t i = 0; i < N_CERTS; i++) {
		if (strcmp(arg->text, certs[i]) != 0)
			continue;
		options->certs = (enum out_certs)i;
		return 0;
	}
	return ut_arg_refuse(arg, "choose inline or store");
}

void op_print_certs(const struct op_config_line *line)
{
	op_config_put_text(line, certs[line->o->certs]);
}

static int add_verbosity(struct op_options *options, const struct ut_arg *arg, int direction)
{
	uint32_t times;
	int rc = ut_arg_times(arg, &times);

	if (rc == 0)
		options->verbosity += direction * (int)times;
	return rc;
}

int op_set_verbose(struct op_options *options, const struct ut_arg *arg)
{
	return add_verbosity(options, arg, 1);
}

int op_set_quiet(struct op_options *options, const struct ut_arg *arg)
{
	return add_verbosity(options, arg, -1);
}

void op_print_verbose(const struct op_config_line *line)
{
	int n = line->o->verbosity;

	op_config_put_count(line, (uint64_t)(n > 0 ? n : 0));
}

void op_print_quiet(const struct op_config_line *line)
{
	int n = -line->o->verbosity;

	op_config_put_count(line, (uint64_t)(n > 0 ? n : 0));
}
