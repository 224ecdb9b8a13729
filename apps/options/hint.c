/* SPDX-License-Identifier: BSD-3-Clause */
#include "hint.h"

#include <stdio.h>
#include <string.h>

/* A name is similar with at most SUGGEST_MAX typing errors, and one in SUGGEST_LETTERS letters. */
#define SUGGEST_MAX	3
#define SUGGEST_LETTERS 2

/* What is written around a name, and where all names are listed. */
static const struct style {
	const char *before, *after, *list;
} styles[] = {
	[OP_HINT_LINE] = {"--", "", "see --help"},
	[OP_HINT_FILE] = {"\"", "\"", "see tlsweep scan --help"},
};

/* The number of insertions, deletions and changes that turn one word into the other
 * (Levenshtein). */
static size_t word_distance(const char *a, const char *b)
{
	size_t row[OP_OPTION_NAME_MAX + 1], len_a = strlen(a), len_b = strlen(b);

	if (len_a > OP_OPTION_NAME_MAX || len_b > OP_OPTION_NAME_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= len_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

			best = above + 1 < best ? above + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = above;
			row[j] = best;
		}
	}
	return row[len_b];
}

static bool fits(const struct op_option *option, enum op_hint_style style)
{
	return style == OP_HINT_FILE || !option->file_only;
}

/* In a file, a single letter may stand for the option that has it on the command line. */
static const char *letter_name(
	const struct op_command *command, const char *word, enum op_hint_style style)
{
	const struct op_option *option = NULL;

	if (style == OP_HINT_FILE && word[0] != '\0' && word[1] == '\0')
		option = op_option_lettered(command, word[0]);
	return option != NULL ? option->name : NULL;
}

/* The name most similar to a misspelt one; NULL: none is similar. The number of changes is compared
 * with the length: any two words of three letters differ by three changes at most. */
static const char *nearest(
	const struct op_command *command, const char *word, enum op_hint_style style)
{
	size_t allowed = strlen(word) / SUGGEST_LETTERS, best;
	const struct op_option *option;
	const char *found = NULL;

	best = (allowed < SUGGEST_MAX ? allowed : SUGGEST_MAX) + 1;
	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++) {
		size_t distance = fits(option, style) ? word_distance(word, option->name)
						      : SIZE_MAX;

		if (distance < best) {
			best = distance;
			found = option->name;
		}
	}
	return found;
}

static bool begins_with(const struct op_option *option, const char *word, enum op_hint_style style)
{
	return fits(option, style) && word[0] != '\0' &&
	       strncmp(word, option->name, strlen(word)) == 0;
}

static size_t count(const struct op_command *command, const char *word, enum op_hint_style style)
{
	const struct op_option *option;
	size_t n = 0;

	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++)
		n += begins_with(option, word, style);
	return n;
}

static void list(const struct op_command *command, const char *word, enum op_hint_style style,
	size_t n, char *out, size_t out_len)
{
	const struct op_option *option;
	size_t n_listed = 0, len = 0;

	for (size_t i = 0; (option = op_option_at(command, i)) != NULL && len < out_len; i++) {
		if (!begins_with(option, word, style))
			continue;
		len += (size_t)snprintf(out + len, out_len - len, "%s%s%s%s%s",
			n_listed == 0	    ? "did you mean "
			: n_listed == n - 1 ? " or "
					    : ", ",
			styles[style].before, option->name, styles[style].after,
			n_listed == n - 1 ? "?" : "");
		n_listed++;
	}
}

size_t op_hint(const struct op_command *command, const char *word, enum op_hint_style style,
	char *out, size_t out_len)
{
	const char *name = letter_name(command, word, style);
	size_t n = name == NULL ? count(command, word, style) : 0;

	if (n > 0) {
		list(command, word, style, n, out, out_len);
		return n;
	}
	name = name != NULL ? name : nearest(command, word, style);
	if (name != NULL)
		snprintf(out, out_len, "did you mean %s%s%s?", styles[style].before, name,
			styles[style].after);
	else
		snprintf(out, out_len, "%s", styles[style].list);
	return 0;
}
