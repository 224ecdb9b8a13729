/* SPDX-License-Identifier: BSD-3-Clause */
/* Every row of the table of options: it is complete and its numbers fit its field. Its default and
 * the ends of its range survive the way through a file. What is beyond is refused with its place.
 */
#include "options_parse.h"

#include <ctype.h>
#include <stdlib.h>

#include "apps/options/config_file.h"
#include "apps/options/config_print.h"
#include "apps/options/help.h"
#include "apps/options/text.h"
#include "apps/options/value.h"
#include "apps/util/wrap.h"

#define LINE_MAX_LEN 256

/* Tests of one row return what is wrong with it, NULL if nothing is. */
typedef const char *row_test(const struct op_option *option);

static void each(row_test *test, const char *claim)
{
	const struct op_command *command;
	const struct op_option *option;
	unsigned int n_wrong = 0, n = 0;

	for (size_t c = 0; (command = op_command_at(c)) != NULL; c++) {
		for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++) {
			const char *wrong = test(option);

			n++;
			n_wrong += wrong != NULL;
			if (wrong != NULL)
				printf("# %s --%s: %s\n", command->name, option->name, wrong);
		}
	}
	tap_ok(n_wrong == 0 && n > 100, "%s (%u rows of all commands)", claim, n);
}

static void test_unique(void)
{
	const struct op_command *command;
	const struct op_option *option;

	for (size_t c = 0; (command = op_command_at(c)) != NULL; c++) {
		unsigned int n_twice = 0;
		size_t i = 0;

		for (; (option = op_option_at(command, i)) != NULL; i++) {
			const struct op_option *named = op_option_named(
				command, option->name, strlen(option->name));
			const struct op_option *lettered = op_option_lettered(
				command, option->letter);

			n_twice += named != option;
			n_twice += option->letter != '\0' && lettered != option;
		}
		tap_ok(n_twice == 0, "no two options of %s have a name or a letter in common",
			command->name);
		tap_ok(i <= OP_MAX_OPTIONS, "%s has room for its %zu options", command->name, i);
	}
}

static bool is_number(const struct op_option *option)
{
	return option->kind == OP_KIND_COUNT || option->kind == OP_KIND_BYTES ||
	       option->kind == OP_KIND_TIME;
}

/* The field has the type that its kind writes to. */
static const char *check_field(const struct op_option *option)
{
	size_t size = option->size;

	switch (option->kind) {
	case OP_KIND_FLAG:
	case OP_KIND_FLAG_OFF:
		return size == sizeof(bool) ? NULL : "a flag is a bool";
	case OP_KIND_COUNT:
	case OP_KIND_BYTES:
		if (size != sizeof(uint16_t) && size != sizeof(uint32_t) &&
			size != sizeof(uint64_t))
			return "no integer has this size";
		return size == sizeof(uint64_t) || option->max >> (8 * size) == 0
			       ? NULL
			       : "the field cannot hold the largest value";
	case OP_KIND_TIME:
		if (size != sizeof(uint32_t) || option->unit_us == 0)
			return "a time is a uint32_t of some unit";
		return option->max / option->unit_us <= UINT32_MAX
			       ? NULL
			       : "the field cannot hold the longest time";
	case OP_KIND_SHARE:
	case OP_KIND_RATE:
	case OP_KIND_BANDWIDTH:
		return size == sizeof(double) ? NULL : "a fraction is a double";
	case OP_KIND_TEXT:
	case OP_KIND_LINE:
		return size == sizeof(const char *) ? NULL : "a text is a pointer";
	case OP_KIND_TEXTS:
		return size >= sizeof(const char *) && option->count_offset != 0
			       ? NULL
			       : "texts are an array and a number";
	case OP_KIND_OWN:
		return option->set != NULL && option->print != NULL && size == 0
			       ? NULL
			       : "an option of its own has two functions and no field";
	default:
		return size == 0 ? NULL : "this has no value";
	}
}

static const char *check_form(const struct op_option *option)
{
	if (strlen(option->name) > OP_OPTION_NAME_MAX)
		return "the name is too long";
	if (strspn(option->name, "abcdefghijklmnopqrstuvwxyz-") != strlen(option->name))
		return "a name has small letters and dashes";
	if (option->line_only && option->file_only)
		return "it belongs nowhere";
	if (is_number(option) &&
		(option->min > option->max ||
			(!option->zero_is_unset &&
				(option->number < option->min || option->number > option->max))))
		return "the default is out of range";
	if (option->kind == OP_KIND_LINE && option->max == 0)
		return "a line needs a greatest length";
	if (option->list && option->choice == NULL)
		return "a list needs choices";
	return NULL;
}

/* "default 1", "up to 16", "at most 8": such a number stands in the row, and nowhere else. */
static bool repeats_number(const char *text)
{
	static const char *const before[] = {"default ", "default: ", "up to ", "at most "};

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		const char *at = strstr(text, before[i]);

		/* "up to 4 seconds more" is no limit of an option. */
		if (at != NULL && isdigit((unsigned char)at[strlen(before[i])]) != 0 &&
			strstr(at, "seconds") == NULL)
			return true;
	}
	return false;
}

static const char *check_texts(const struct op_option *option)
{
	const char *doc = option->doc != NULL ? option->doc : option->help;
	char text[OP_TEXT_MAX];

	if (option->help == NULL || option->help[0] == '\0')
		return "no text for --help";
	if (repeats_number(option->help) || repeats_number(doc))
		return "a number of the row is repeated in its text";
	if (strstr(doc, "{default}") != NULL)
		return "tables have a column for defaults";
	op_option_text(option, option->help, text, sizeof(text));
	if (strchr(text, '{') != NULL || strlen(text) + 1 >= sizeof(text))
		return "--help has a gap";
	op_option_text(option, doc, text, sizeof(text));
	if (strchr(text, '{') != NULL || strlen(text) + 1 >= sizeof(text))
		return "the manual has a gap";
	return strstr(text, " |") == NULL ? NULL : "a bar would end the cell of a table";
}

/* The line that the options have for a row; "" if it has none. */
static void line_of(const struct op_option *option, char line[LINE_MAX_LEN])
{
	char *text = NULL, start[OP_OPTION_NAME_MAX + 8], *at;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	op_config_print(&options, OP_CONFIG_ACCOUNT, out);
	fclose(out);
	snprintf(start, sizeof(start), "\n%s = ", option->name);
	at = strstr(text, start);
	snprintf(line, LINE_MAX_LEN, "%.*s", at != NULL ? (int)strcspn(at + 1, "\n") : 0,
		at != NULL ? at + 1 : "");
	free(text);
}

/* Options that have their defaults but for the lines of a text. */
static bool read_lines(const char *text)
{
	op_options_free(&options);
	op_options_default(&options);
	message[0] = '\0';
	return op_config_parse("f", text, strlen(text), &options, message, sizeof(message)) == 0;
}

static bool in_files(const struct op_option *option)
{
	return op_option_index(option) < OP_MAX_OPTIONS && !option->line_only;
}

/* What is printed for the default is read back to the default, and so is what --help says. */
static const char *check_default(const struct op_option *option)
{
	char line[LINE_MAX_LEN], again[LINE_MAX_LEN], text[OP_TEXT_MAX], shown[LINE_MAX_LEN];

	if (!in_files(option))
		return NULL;
	read_lines("");
	line_of(option, line);
	if (line[0] != '\0') {
		if (!read_lines(line))
			return message;
		line_of(option, again);
		if (strcmp(line, again) != 0)
			return "the printed default is read as something else";
	}
	if (op_option_default(option, text, sizeof(text))[0] == '\0')
		return NULL;
	snprintf(shown, sizeof(shown), "%s = %.200s", option->name, text);
	if (!read_lines(shown))
		return message;
	line_of(option, again);
	return strcmp(line, again) == 0 ? NULL : "--help shows another default";
}

/* A number in the unit that a bare one has in a file. */
static void write_number(const struct op_option *option, uint64_t value, char line[LINE_MAX_LEN])
{
	snprintf(line, LINE_MAX_LEN, "\n%s = %" PRIu64 "%s", option->name, value,
		option->kind == OP_KIND_TIME ? "us" : "");
}

static const char *check_refused(const struct op_option *option, uint64_t value)
{
	char line[LINE_MAX_LEN], place[LINE_MAX_LEN];

	write_number(option, value, line);
	/* After NAME, a blank, the sign and a blank; counted from 1. */
	snprintf(place, sizeof(place), "f:2:%zu: %s \"", strlen(option->name) + 4, option->name);
	if (read_lines(line))
		return "a number out of its range is taken";
	return strncmp(message, place, strlen(place)) == 0 ? NULL : message;
}

static const char *check_taken(const struct op_option *option, uint64_t value)
{
	char line[LINE_MAX_LEN], first[LINE_MAX_LEN], again[LINE_MAX_LEN];

	write_number(option, value, line);
	if (!read_lines(line))
		return message;
	line_of(option, first);
	if (first[0] == '\0')
		return value == 0 ? NULL : "an end of the range leaves no trace";
	if (!read_lines(first))
		return message;
	line_of(option, again);
	return strcmp(first, again) == 0 ? NULL : "an end of the range changes in a file";
}

static const char *check_range(const struct op_option *option)
{
	const char *wrong;

	if (!is_number(option) || !in_files(option))
		return NULL;
	wrong = check_taken(option, option->min);
	if (wrong == NULL)
		wrong = check_taken(option, option->max);
	if (wrong == NULL && option->min > 0)
		wrong = check_refused(option, option->min - 1);
	if (wrong == NULL && option->max < UINT64_MAX)
		wrong = check_refused(option, option->max + 1);
	return wrong;
}

/* What is not an argument of its kind leaves the field as it was. */
static const char *check_garbage(const struct op_option *option)
{
	static const char *const garbage[] = {"x", "-1", "1e3", "0x", "5 5"};
	char line[LINE_MAX_LEN], before[LINE_MAX_LEN], after[LINE_MAX_LEN];

	if (!in_files(option) || option->kind == OP_KIND_TEXT || option->kind == OP_KIND_LINE ||
		option->kind == OP_KIND_TEXTS)
		return NULL;
	read_lines("");
	line_of(option, before);
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		snprintf(line, sizeof(line), "%s = %s", option->name, garbage[i]);
		if (read_lines(line))
			return "nonsense is taken";
		line_of(option, after);
		if (strcmp(before, after) != 0)
			return "nonsense is refused, and stored all the same";
	}
	return NULL;
}

static void test_help(const struct op_command *command)
{
	const struct op_option *option;
	unsigned int n_missing = 0;
	char *text = NULL;
	size_t len = 0, longest = 0;
	FILE *out = open_memstream(&text, &len);

	op_help_command(command, out);
	fclose(out);
	for (size_t g = 0; g < command->n_own; g++) {
		for (size_t i = 0; i < command->groups[g]->n_rows; i++) {
			char name[OP_OPTION_NAME_MAX + 8];

			option = &command->groups[g]->rows[i];
			snprintf(name, sizeof(name), "--%s%s", option->name,
				option->arg != NULL ? " " : "");
			n_missing += !option->file_only && strstr(text, name) == NULL;
		}
	}
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
		longest = strcspn(line, "\n") > longest ? strcspn(line, "\n") : longest;
	tap_eq(n_missing, 0, "the help text of a command has every option of its own");
	tap_ok(longest <= UT_WRAP_WIDTH, "%s --help fits a terminal of 80 columns (%zu)",
		command->name, longest);
	free(text);
}

/* What `control` sends on may begin with a dash: it is for the scan to judge. */
static void test_options_first(void)
{
	static char control[] = "control", dir[] = "DIR", exclude[] = "exclude", dash[] = "-1",
		    end[] = "--", unknown[] = "--fly";
	char *sent[] = {control, dir, exclude, dash, NULL}, *ended[] = {control, end, dash, NULL},
	     *wrong[] = {control, unknown, dir, NULL};
	struct op_line line;
	char err[256];

	tap_ok(op_line_look(&op_command_control, 4, sent, &line, err, sizeof(err)) == OP_PARSE_OK &&
			line.first == 1 && sent[3] == dash,
		"behind the folder of `control` nothing is an option");
	tap_ok(op_line_look(&op_command_control, 3, ended, &line, err, sizeof(err)) ==
				OP_PARSE_OK &&
			line.first == 2,
		"behind -- a folder of `control` may begin with a dash");
	tap_ok(op_line_look(&op_command_control, 1, sent, &line, err, sizeof(err)) == OP_PARSE_OK &&
			line.first == 1,
		"`control` alone has no argument");
	tap_ok(op_line_look(&op_command_control, 3, wrong, &line, err, sizeof(err)) ==
				OP_PARSE_ERROR &&
			strstr(err, "unknown option --fly") != NULL,
		"an unknown option before the folder of `control` is refused with its name");
}

int main(void)
{
	test_unique();
	each(check_form, "names, ranges and defaults are well formed");
	each(check_field, "each field has the type that its kind writes");
	each(check_texts, "texts are complete and repeat no number of their row");
	each(check_default, "each default is printed, shown and read back as the same");
	each(check_range, "both ends of each range are taken, what is beyond is refused with its "
			  "place");
	each(check_garbage, "what is no argument is refused and leaves the default");
	test_help(&op_command_scan);
	test_help(&op_command_targets);
	test_help(&op_command_doctor);
	test_help(&op_command_control);
	test_options_first();
	op_options_free(&options);
	return tap_done();
}
