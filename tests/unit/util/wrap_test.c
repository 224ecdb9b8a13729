/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines that fit a terminal: where they are broken, and what is never lost on the way. */
#include "apps/util/wrap.h"

#include <stdlib.h>

#include "tap.h"

#define ROUNDS 20000

/* The text in lines; to be freed. */
static char *wrap(const char *text, int column, int indent)
{
	char *lines = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&lines, &len);

	ut_wrap(out, text, column, indent);
	fclose(out);
	return lines;
}

static void check(const char *text, int column, int indent, const char *want, const char *label)
{
	char *lines = wrap(text, column, indent);

	tap_str(lines, want, label);
	free(lines);
}

/* Everything but blanks and line feeds. */
static void squeeze(const char *text, char *out)
{
	for (; *text != '\0'; text++)
		if (*text != ' ' && *text != '\n')
			*out++ = *text;
	*out = '\0';
}

/* Random words of up to 30 letters: nothing is lost, and no line is too wide. */
static void test_random(void)
{
	unsigned int n_wide = 0, n_lost = 0;

	srandom(1);
	for (int round = 0; round < ROUNDS; round++) {
		char text[400], before[400], after[1000], *lines;
		size_t len = (size_t)random() % (sizeof(text) - 1), run = 0;
		int indent = (int)(random() % 40);

		for (size_t i = 0; i < len; i++) {
			run = random() % 6 == 0 || run > 30 ? 0 : run + 1;
			text[i] = run == 0 ? ' ' : (char)('a' + random() % 26);
		}
		text[len] = '\0';
		lines = wrap(text, indent, indent);
		for (char *line = lines; *line != '\0'; line += strcspn(line, "\n") + 1)
			n_wide += strcspn(line, "\n") > UT_WRAP_WIDTH;
		squeeze(text, before);
		squeeze(lines, after);
		n_lost += strcmp(before, after) != 0;
		free(lines);
	}
	tap_eq(n_wide, 0, "no line of random words is wider than a terminal");
	tap_eq(n_lost, 0, "no letter of random words is lost");
}

int main(void)
{
	char numbers[200] = "", *lines;

	check("one two", 0, 0, "one two\n", "what fits on a line stays on it");
	check("", 5, 5, "\n", "no text is an empty line");
	check("a\nb", 2, 2, "a\n  b\n", "a line feed ends a line, and the next one is indented");
	check("a\n\n  b", 0, 0, "a\n\n  b\n", "empty lines and blanks at the start are kept");
	check("12345678 1234567890 12345", 60, 4, "12345678 1234567890\n    12345\n",
		"the word that does not fit begins the next line, without its blank");
	for (int i = 0; i < 30; i++)
		strcat(numbers, "12345,");
	lines = wrap(numbers, 10, 10);
	tap_ok(strcspn(lines, "\n") == 66 && lines[65] == ',',
		"a list that fits on no line is broken after a comma");
	free(lines);
	test_random();
	return tap_done();
}
