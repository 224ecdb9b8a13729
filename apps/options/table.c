/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <string.h>

const struct op_option *op_option_at(const struct op_command *command, size_t i)
{
	for (const struct op_option_group *const *group = command->groups; *group != NULL;
		group++) {
		if (i < (*group)->n_rows)
			return &(*group)->rows[i];
		i -= (*group)->n_rows;
	}
	return NULL;
}

const struct op_option *op_option_named(
	const struct op_command *command, const char *name, size_t len)
{
	const struct op_option *option;

	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++)
		if (strlen(option->name) == len && memcmp(option->name, name, len) == 0)
			return option;
	return NULL;
}

const struct op_option *op_option_lettered(const struct op_command *command, char letter)
{
	const struct op_option *option;

	for (size_t i = 0; letter != '\0' && (option = op_option_at(command, i)) != NULL; i++)
		if (option->letter == letter)
			return option;
	return NULL;
}

size_t op_option_index(const struct op_option *option)
{
	const struct op_option *row;
	size_t i = 0;

	while ((row = op_option_at(&op_command_scan, i)) != NULL && row != option)
		i++;
	return row != NULL ? i : OP_MAX_OPTIONS;
}
