/* SPDX-License-Identifier: BSD-3-Clause */
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void format_time(uint64_t us, char *out, size_t out_len)
{
	static const struct {
		uint64_t us;
		const char *name;
	} units[] = {{OP_US_PER_HOUR, "h"}, {OP_US_PER_S, "s"}, {OP_US_PER_MS, "ms"}, {1, "us"}};
	size_t i = us == 0 ? 1 : 0;

	while (us % units[i].us != 0)
		i++;
	snprintf(out, out_len, "%" PRIu64 "%s", us / units[i].us, units[i].name);
}

static void format_bytes(uint64_t bytes, char *out, size_t out_len)
{
	uint64_t kib = bytes / 1024;

	if (bytes == 0 || bytes % 1024 != 0)
		snprintf(out, out_len, "%" PRIu64, bytes);
	else if (kib % 1024 != 0)
		snprintf(out, out_len, "%" PRIu64 "Ki", kib);
	else
		snprintf(out, out_len, "%" PRIu64 "Mi", kib / 1024);
}

static void format_number(
	const struct op_option *option, uint64_t number, char *out, size_t out_len)
{
	if (option->kind == OP_KIND_TIME)
		format_time(number, out, out_len);
	else if (option->kind == OP_KIND_BYTES)
		format_bytes(number, out, out_len);
	else
		snprintf(out, out_len, "%" PRIu64, number);
}

static bool is_number(const struct op_option *option)
{
	return option->kind == OP_KIND_COUNT || option->kind == OP_KIND_BYTES ||
	       option->kind == OP_KIND_TIME;
}

const char *op_option_default(const struct op_option *option, char *out, size_t out_len)
{
	out[0] = '\0';
	if (is_number(option) && !option->zero_is_unset)
		format_number(option, option->number, out, out_len);
	else if (option->text != NULL)
		snprintf(out, out_len, "%s", option->text);
	return out;
}

static void join_choices(const struct op_option *option, char *out, size_t out_len)
{
	const char *choice;
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; (choice = option->choice(i)) != NULL && len < out_len; i++)
		len += (size_t)snprintf(
			out + len, out_len - len, "%s%s", i == 0 ? "" : ",", choice);
}

/* Write what replaces {name}. @return false: the name is unknown */
static bool fill_in(
	const struct op_option *option, const char *name, size_t len, char *out, size_t out_len)
{
	if (len == 7 && memcmp(name, "default", len) == 0) {
		if (op_option_default(option, out, out_len)[0] == '\0')
			snprintf(out, out_len, "%s", option->unset != NULL ? option->unset : "");
	} else if (len == 3 && memcmp(name, "min", len) == 0) {
		format_number(option, option->min, out, out_len);
	} else if (len == 3 && memcmp(name, "max", len) == 0) {
		format_number(option, option->max, out, out_len);
	} else if (len == 7 && memcmp(name, "choices", len) == 0 && option->choice != NULL) {
		join_choices(option, out, out_len);
	} else {
		return false;
	}
	return true;
}

void op_option_text(const struct op_option *option, const char *text, char *out, size_t out_len)
{
	size_t len = 0;

	out[0] = '\0';
	while (*text != '\0' && len + 1 < out_len) {
		size_t n = strcspn(text + 1, "}");

		if (*text == '{' && fill_in(option, text + 1, n, out + len, out_len - len)) {
			len += strlen(out + len);
			text += n + 2;
			continue;
		}
		out[len++] = *text++;
		out[len] = '\0';
	}
}
