/* SPDX-License-Identifier: BSD-3-Clause */
/* What users read about options: --help, and the page that explains them. */
#include <stdlib.h>

#include "apps/options/help.h"
#include "apps/options/table.h"
#include "tap.h"

static void test_help(void)
{
	char *text = NULL;
	size_t len = 0, longest = 0;
	FILE *out = open_memstream(&text, &len);
	unsigned int missing = 0;
	const struct op_option *option;

	op_help_command(&op_command_scan, out);
	fclose(out);
	for (size_t i = 0; (option = op_option_at(&op_command_scan, i)) != NULL; i++) {
		char name[40];

		snprintf(name, sizeof(name), "--%s", option->name);
		missing += strstr(text, name) == NULL;
	}
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
		longest = strcspn(line, "\n") > longest ? strcspn(line, "\n") : longest;
	tap_eq(missing, 0, "the help text has every option");
	tap_ok(longest <= 80, "no line of the help text is wider than 80 columns (%zu)", longest);
	tap_ok(strstr(text, "Exit codes:") != NULL && strstr(text, "Examples:") != NULL,
		"the help text has examples and exit codes");
	free(text);
}

/* A page about options that has fewer than the program is worse than none. */
static void test_manual(const char *path)
{
	static char text[65536];
	FILE *in = fopen(path, "r");
	const struct op_option *option;
	size_t len = in == NULL ? 0 : fread(text, 1, sizeof(text) - 1, in);

	if (in != NULL)
		fclose(in);
	tap_ok(len > 0 && len < sizeof(text) - 1,
		"docs/scan.md is there and short enough for this test");
	for (size_t i = 0; (option = op_option_at(&op_command_scan, i)) != NULL; i++) {
		char name[OP_OPTION_NAME_MAX + 3];

		snprintf(name, sizeof(name), "--%s", option->name);
		if (strstr(text, name) == NULL)
			tap_ok(false, "docs/scan.md describes the option %s", name);
	}
}

/* argv: docs/scan.md. */
int main(int argc, char **argv)
{
	test_help();
	test_manual(argc > 1 ? argv[1] : "");
	return tap_done();
}
