/* SPDX-License-Identifier: BSD-3-Clause */
#include "control_line.h"

#include <errno.h>
#include <string.h>

#include "apps/util/argument.h"
#include "apps/util/wrap.h"

static const struct ctl_command commands[] = {
	[CTL_HELP] = {"help", NULL, "this list", "prints this list"},
	[CTL_STATUS] = {"status", NULL, "counters and levels as one line of JSON",
		"prints counters and levels as one line of JSON"},
	[CTL_RATE] = {"rate", "PPS", "packets a second from now on, such as 5K; 0: no limit",
		"packets a second from now on, with suffixes as for `--rate`; `0` removes the "
		"limit. The dedup table keeps the size that it got for the rate at the start. If "
		"it is too small for the new rate, the answer says so"},
	[CTL_BANDWIDTH] = {"bandwidth", "BPS",
		"bits a second on the wire, such as 10M; 0: no limit",
		"bits a second on the wire; `0` removes the limit"},
	[CTL_EXCLUDE] = {"exclude", "ITEM", "send nothing more to an address, prefix or range",
		"sends nothing more to an address, prefix or range"},
	[CTL_EXCLUDE_FILE] = {"exclude-file", "PATH", "the same for all a file lists",
		"the same for everything that a file lists, in the form of `-b`. The scan opens "
		"the path, so write it from the root"},
	[CTL_STOP] = {"stop", NULL,
		"no new probes; late answers count, open connections end by themselves",
		"no new probes. Late answers are waited for, up to the cooldown, and open "
		"connections finish. The first Ctrl-C does the same"},
	[CTL_ABORT] = {"abort", NULL, "reset every connection and end",
		"resets every connection and ends. The second Ctrl-C does the same"},
	[CTL_CHECKPOINT] = {"checkpoint", NULL, "write the checkpoint now",
		"writes the checkpoint now"},
};
_Static_assert(
	sizeof(commands) / sizeof(commands[0]) == CTL_N_VERB, "every command is in the table");

const struct ctl_command *ctl_command_at(size_t i)
{
	return i < CTL_N_VERB ? &commands[i] : NULL;
}

void ctl_line_help(FILE *out)
{
	for (int i = 0; i < CTL_N_VERB; i++) {
		const struct ctl_command *c = &commands[i];
		int column = fprintf(
			out, "%-13s%-5s", c->name, c->argument != NULL ? c->argument : "");

		ut_wrap(out, c->help, column, column);
	}
}

static bool is_clean(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return false;
	}
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static int find_verb(const char *text, size_t len)
{
	for (int i = 0; i < CTL_N_VERB; i++) {
		if (strlen(commands[i].name) == len && memcmp(commands[i].name, text, len) == 0)
			return i;
	}
	return -1;
}

static int parse_number(struct ctl_line *line, char *err, size_t err_len)
{
	const struct ut_arg arg = {
		.option = commands[line->verb].name,
		.text = line->argument,
		.err = err,
		.err_len = err_len,
	};

	if (line->verb == CTL_RATE)
		return ut_arg_rate(&arg, &line->number);
	/* --bandwidth takes no 0. Here it removes the limit. */
	if (strcmp(line->argument, "0") == 0) {
		line->number = 0;
		return 0;
	}
	return ut_arg_bandwidth(&arg, &line->number);
}

int ctl_line_parse(char *text, struct ctl_line *line, char *err, size_t err_len)
{
	size_t len = strlen(text);
	size_t name_len;
	int verb;

	while (len > 0 && (is_space(text[len - 1]) || text[len - 1] == '\r'))
		text[--len] = '\0';
	if (!is_clean(text)) {
		snprintf(err, err_len, "there is a control character in the line");
		return -EINVAL;
	}
	text += strspn(text, " \t");
	name_len = strcspn(text, " \t");
	verb = find_verb(text, name_len);
	if (verb < 0) {
		snprintf(err, err_len, "there is no command \"%.32s\"; try help", text);
		return -EINVAL;
	}
	*line = (struct ctl_line){.verb = (enum ctl_verb)verb,
		.argument = text + name_len + strspn(text + name_len, " \t")};
	if (commands[verb].argument == NULL && line->argument[0] != '\0') {
		snprintf(err, err_len, "%s takes nothing behind it", commands[verb].name);
		return -EINVAL;
	}
	if (commands[verb].argument != NULL && line->argument[0] == '\0') {
		snprintf(err, err_len, "write %s %s", commands[verb].name, commands[verb].argument);
		return -EINVAL;
	}
	if (verb == CTL_RATE || verb == CTL_BANDWIDTH)
		return parse_number(line, err, err_len);
	return 0;
}
