/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of targets: services, targets, exclusions, and which part of them is scanned. */
#include <errno.h>
#include <string.h>

#include "handlers.h"
#include "value.h"

int op_set_services(struct op_options *options, const struct ut_arg *arg)
{
	char why[DP_ERR_LEN] = "";
	int rc = dl_services_parse(
		arg->text, options->services, &options->n_services, why, sizeof(why));

	if (rc != 0)
		snprintf(arg->err, arg->err_len, "%s: %s", arg->option, why);
	return rc;
}

void op_print_services(const struct op_config_line *line)
{
	/* Without those of pairs, which follow from the lists of pairs. */
	size_t n = line->o->n_services - line->o->n_pair_services;

	if (n == 0) {
		op_config_put_none(line);
		return;
	}
	fprintf(line->out, "%s = ", line->name);
	for (size_t i = 0; i < n;) {
		const char *comma = i == 0 ? "" : ",";
		char item[DL_ITEM_LEN];

		i += dl_services_item(&line->o->services[i], n - i, item);
		fprintf(line->out, "%s%s", comma, item);
	}
	fputc('\n', line->out);
}

const char *op_choose_service(size_t i)
{
	return dl_service_known(i);
}

/* Check an item now, while its place in a file is known, and not only when the set is built. */
static int check_item(enum dp_list list, const struct ut_arg *arg)
{
	char why[DP_ERR_LEN];

	if (dp_targets_check(list, arg->text, why) == 0)
		return 0;
	snprintf(arg->err, arg->err_len, "%s: %s", arg->option, why);
	return -EINVAL;
}

int op_set_target(struct op_options *options, const struct ut_arg *arg)
{
	int rc = check_item(DP_ALLOW, arg);

	return rc != 0 ? rc
		       : op_texts_add(
				 options->targets, &options->n_targets, OP_MAX_ITEMS, false, arg);
}

int op_set_exclude(struct op_options *options, const struct ut_arg *arg)
{
	int rc = check_item(DP_EXCLUDE, arg);

	return rc != 0 ? rc
		       : op_texts_add(
				 options->excludes, &options->n_excludes, OP_MAX_ITEMS, true, arg);
}

/* -n N or -n P%: the last one counts. */
int op_set_max_targets(struct op_options *options, const struct ut_arg *arg)
{
	size_t len = strlen(arg->text);
	uint64_t n = 0;
	double share = 0;
	int rc;

	if (len > 0 && arg->text[len - 1] == '%')
		rc = ut_arg_share(arg, &share);
	else
		rc = ut_arg_count(arg, 1, OP_MAX_PAIRS, &n);
	if (rc == 0) {
		options->max_targets = n;
		options->max_targets_share = share;
	}
	return rc;
}

void op_print_max_targets(const struct op_config_line *line)
{
	if (line->o->max_targets_share > 0)
		op_config_put_percent(line, line->o->max_targets_share);
	else if (line->o->max_targets > 0)
		op_config_put_count(line, line->o->max_targets);
	else
		op_config_put_none(line);
}

int op_set_shard(struct op_options *options, const struct ut_arg *arg)
{
	return ut_arg_shard(arg, &options->shard, &options->n_shards);
}

void op_print_shard(const struct op_config_line *line)
{
	fprintf(line->out, "%s = %u/%u\n", line->name, line->o->shard + 1, line->o->n_shards);
}

int op_set_seed(struct op_options *options, const struct ut_arg *arg)
{
	int rc = ut_arg_seed(arg, &options->seed);

	options->seed_given = options->seed_given || rc == 0;
	return rc;
}

void op_print_seed(const struct op_config_line *line)
{
	if (line->o->seed_given || line->use == OP_CONFIG_RESUME)
		op_config_put_count(line, line->o->seed);
	else
		op_config_put_none(line);
}
