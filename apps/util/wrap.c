/* SPDX-License-Identifier: BSD-3-Clause */
#include "wrap.h"

#include <stdbool.h>
#include <string.h>

/* How many characters of a sequence without spaces fit into room columns, up to a comma; 0:
 * none. */
static int cut_at_comma(const char *text, int len, int room)
{
	int cut = 0;

	for (int i = 0; i < len && i < room; i++)
		if (text[i] == ',')
			cut = i + 1;
	return cut;
}

/* One line of the text, len bytes without a '\n'. */
static void wrap_line(FILE *out, const char *text, int len, int column, int indent)
{
	bool first = true; /* nothing is on the line yet, but for its indentation */

	while (len > 0) {
		int n_spaces = (int)strspn(text, " "), n, room;

		n = (int)strcspn(text + n_spaces, " \n");
		room = UT_WRAP_WIDTH - column - n_spaces;
		/* Longer than any line: as much of it as fits is printed on this one. */
		if (n > UT_WRAP_WIDTH - indent && cut_at_comma(text + n_spaces, n, room) > 0)
			n = cut_at_comma(text + n_spaces, n, room);
		if (n > room && !first) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
			text += n_spaces;
			len -= n_spaces;
			first = true;
			continue;
		}
		fprintf(out, "%.*s", n_spaces + n, text);
		column += n_spaces + n;
		text += n_spaces + n;
		len -= n_spaces + n;
		first = false;
	}
}

void ut_wrap(FILE *out, const char *text, int column, int indent)
{
	for (;;) {
		int len = (int)strcspn(text, "\n");

		wrap_line(out, text, len, column, indent);
		fputc('\n', out);
		if (text[len] == '\0')
			return;
		text += len + 1;
		if (*text == '\0')
			return;
		column = indent;
		if (*text != '\n')
			fprintf(out, "%*s", indent, "");
	}
}
