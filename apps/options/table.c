/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <string.h>

const struct sw_option *sw_option_at(const struct sw_command *command, size_t i)
{
	for (const struct sw_option_group *const *group = command->groups; *group != NULL;
		group++) {
		if (i < (*group)->n_rows)
			return &(*group)->rows[i];
		i -= (*group)->n_rows;
	}
	return NULL;
}

const struct sw_option *sw_option_named(
	const struct sw_command *command, const char *name, size_t len)
{
	const struct sw_option *option;

	for (size_t i = 0; (option = sw_option_at(command, i)) != NULL; i++)
		if (strlen(option->name) == len && memcmp(option->name, name, len) == 0)
			return option;
	return NULL;
}

const struct sw_option *sw_option_lettered(const struct sw_command *command, char letter)
{
	const struct sw_option *option;

	for (size_t i = 0; letter != '\0' && (option = sw_option_at(command, i)) != NULL; i++)
		if (option->letter == letter)
			return option;
	return NULL;
}

size_t sw_option_index(const struct sw_option *option)
{
	const struct sw_option *row;
	size_t i = 0;

	while ((row = sw_option_at(&sw_command_scan, i)) != NULL && row != option)
		i++;
	return row != NULL ? i : SW_MAX_OPTIONS;
}
