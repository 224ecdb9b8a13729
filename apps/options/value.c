/* SPDX-License-Identifier: BSD-3-Clause */
#include "value.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static void store(void *field, size_t size, uint64_t value)
{
	if (size == sizeof(uint16_t))
		*(uint16_t *)field = (uint16_t)value;
	else if (size == sizeof(uint32_t))
		*(uint32_t *)field = (uint32_t)value;
	else
		*(uint64_t *)field = value;
}

static uint64_t load(const void *field, size_t size)
{
	if (size == sizeof(uint16_t))
		return *(const uint16_t *)field;
	if (size == sizeof(uint32_t))
		return *(const uint32_t *)field;
	return *(const uint64_t *)field;
}

static int set_flag(const struct ut_arg *arg, bool given, bool *out)
{
	bool on;
	int rc = ut_arg_flag(arg, &on);

	if (rc == 0)
		*out = on == given;
	return rc;
}

static int set_count(const struct op_option *option, const struct ut_arg *arg, void *field)
{
	uint64_t value;
	int rc = ut_arg_count(arg, option->min, option->max, &value);

	if (rc == 0)
		store(field, option->size, value);
	return rc;
}

/* A part of a second is rounded up to a whole one: "500ms" is 1 s, not "no limit". */
static int set_time(const struct op_option *option, const struct ut_arg *arg, void *field)
{
	uint64_t us;
	int rc = ut_arg_time_us(arg, option->min, option->max, &us);

	if (rc != 0)
		return rc;
	if (option->unit_us == OP_US_PER_S)
		us += OP_US_PER_S - 1;
	store(field, option->size, us / option->unit_us);
	return 0;
}

static int set_text(const struct op_option *option, const struct ut_arg *arg, const char **field)
{
	*field = arg->text;
	if (option->kind == OP_KIND_LINE)
		return ut_arg_line(arg, option->max);
	return option->check != NULL ? option->check(arg) : 0;
}

int op_texts_add(const char **items, size_t *n, size_t max, bool once, const struct ut_arg *arg)
{
	for (size_t i = 0; once && i < *n; i++)
		if (strcmp(items[i], arg->text) == 0)
			return 0;
	if (*n == max)
		return ut_arg_refuse(arg, "more than %zu of these: put them in a file", max);
	items[(*n)++] = arg->text;
	return 0;
}

static int set_by_kind(const struct op_option *option, char *to, const struct ut_arg *arg)
{
	void *field = to + option->offset;

	switch (option->kind) {
	case OP_KIND_FLAG:
	case OP_KIND_FLAG_OFF:
		return set_flag(arg, option->kind == OP_KIND_FLAG, field);
	case OP_KIND_COUNT:
	case OP_KIND_BYTES:
		return set_count(option, arg, field);
	case OP_KIND_TIME:
		return set_time(option, arg, field);
	case OP_KIND_SHARE:
		return ut_arg_share(arg, field);
	case OP_KIND_RATE:
		return ut_arg_rate(arg, field);
	case OP_KIND_BANDWIDTH:
		return ut_arg_bandwidth(arg, field);
	case OP_KIND_TEXT:
	case OP_KIND_LINE:
		return set_text(option, arg, field);
	case OP_KIND_TEXTS:
		return op_texts_add(field, (size_t *)(void *)(to + option->count_offset),
			option->size / sizeof(const char *), option->once, arg);
	default:
		return 0;
	}
}

int op_option_set(const struct op_option *option, void *to, const struct ut_arg *arg)
{
	return option->set != NULL ? option->set(to, arg) : set_by_kind(option, to, arg);
}

void op_option_set_default(const struct op_option *option, void *to)
{
	char err[1];
	const struct ut_arg arg = {
		.option = option->name, .text = option->text, .err = err, .err_len = sizeof(err)};
	char *field = (char *)to + option->offset;
	int rc = 0;

	switch (option->kind) {
	case OP_KIND_FLAG_OFF:
		*(bool *)field = true;
		break;
	case OP_KIND_COUNT:
	case OP_KIND_BYTES:
		store(field, option->size, option->number);
		break;
	case OP_KIND_TIME:
		store(field, option->size, option->number / option->unit_us);
		break;
	case OP_KIND_OWN:
		rc = option->text != NULL ? option->set(to, &arg) : 0;
		break;
	default:
		/* Not by option->set(), which would note that the user gave the option. */
		rc = option->text != NULL ? set_by_kind(option, to, &arg) : 0;
	}
	assert(rc == 0);
	(void)rc;
}

uint64_t op_option_number(const struct op_option *option, const void *from)
{
	uint64_t value = load(op_option_field(option, from), option->size);

	return option->kind == OP_KIND_TIME ? value * option->unit_us : value;
}
