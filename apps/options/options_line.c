/* SPDX-License-Identifier: BSD-3-Clause */
/* The words of the command line, by getopt: once to see which files come before them, once to apply
 * them. */
#include "options_apply.h"

#include <errno.h>
#include <getopt.h>

/* Room for the names that a short beginning has. */
#define HINT_LEN 400

/* getopt's two views of the table. */
struct getopt_tables {
	struct option longs[SW_MAX_OPTIONS + 1];
	char shorts[2 * SW_MAX_OPTIONS + 2];
};

/* A flag may be taken back: --no-huge=false wins over a file that says true. */
static int takes_word(const struct sw_option *option)
{
	if (option->arg != NULL)
		return required_argument;
	return sw_option_line_only(option->key) ? no_argument : optional_argument;
}

static void getopt_tables_make(struct getopt_tables *tables)
{
	size_t n_longs = 0, n_shorts = 0;

	memset(tables, 0, sizeof(*tables));
	/* A colon first: a missing word is told apart from an unknown option, and getopt itself
	 * prints nothing. */
	tables->shorts[n_shorts++] = ':';
	for (size_t i = 0; i < sw_n_options && n_longs < SW_MAX_OPTIONS; i++) {
		const struct sw_option *option = &sw_option_table[i];

		if (option->key == 0)
			continue;
		tables->longs[n_longs++] = (struct option){
			.name = option->name,
			.has_arg = takes_word(option),
			.val = option->key,
		};
		if (option->key < 256) {
			tables->shorts[n_shorts++] = (char)option->key;
			if (option->arg != NULL)
				tables->shorts[n_shorts++] = ':';
		}
	}
}

/* getopt has passed the word it stumbled over; optopt is 0 if that was a long option it does not
 * know. */
static void explain_refusal(int verdict, const char *stumbled, char *err, size_t err_len)
{
	const struct sw_option *option = optopt != 0 ? sw_option_find(optopt) : NULL;
	char name[64], hint[HINT_LEN];
	size_t n;

	if (option != NULL) {
		snprintf(err, err_len, "--%s %s", option->name,
			verdict == ':' ? "needs a word behind it: see --help"
				       : "takes no word behind it");
		return;
	}
	if (optopt != 0) {
		snprintf(err, err_len, "unknown option -%c: see --help",
			optopt >= 0x20 && optopt < 0x7f ? optopt : '?');
		return;
	}
	snprintf(name, sizeof(name), "%s", stumbled + strspn(stumbled, "-"));
	name[strcspn(name, "=")] = '\0';
	n = sw_option_hint(name, "--", "", "see --help", hint, sizeof(hint));
	snprintf(err, err_len, "%s option --%s: %s", n > 1 ? "ambiguous" : "unknown", name, hint);
}

/* What each pass does with an option and its word. @return SW_PARSE_OK to go on */
typedef enum sw_parse take_option(void *to, int key, const struct sw_arg *arg);

/* Leaves optind at the first target. */
static enum sw_parse each_option(
	int argc, char **argv, take_option *take, void *to, char *err, size_t err_len)
{
	struct getopt_tables tables;
	int key;

	getopt_tables_make(&tables);
	opterr = 0;
	optind = 0; /* glibc: begin anew */
	while ((key = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		char name[SW_OPTION_NAME_MAX + 3];
		struct sw_arg arg = {
			.option = name, .text = optarg, .err = err, .err_len = err_len};
		enum sw_parse verdict;

		if (key == ':' || key == '?') {
			explain_refusal(key, argv[optind - 1], err, err_len);
			return SW_PARSE_ERROR;
		}
		snprintf(name, sizeof(name), "--%s", sw_option_find(key)->name);
		verdict = take(to, key, &arg);
		if (verdict != SW_PARSE_OK)
			return verdict;
	}
	return SW_PARSE_OK;
}

static enum sw_parse look(void *to, int key, const struct sw_arg *arg)
{
	struct sw_line *line = to;

	switch (key) {
	case SW_KEY_HELP:
		sw_options_help(stdout);
		return SW_PARSE_EXIT;
	case SW_KEY_VERSION:
		return SW_PARSE_VERSION;
	case SW_KEY_CONFIG:
		if (line->n_configs == SW_MAX_FILES) {
			sw_arg_refuse(arg, "more than %d of these", SW_MAX_FILES);
			return SW_PARSE_ERROR;
		}
		line->configs[line->n_configs++] = arg->text;
		break;
	case SW_KEY_ALLOW_FILE:
	case SW_KEY_PAIRS:
		line->has_targets = true;
		break;
	case SW_KEY_PORTS:
		line->has_services = true;
		break;
	case SW_KEY_VERBOSE:
	case SW_KEY_QUIET:
		line->has_verbosity = true;
		break;
	default:
		break;
	}
	return SW_PARSE_OK;
}

enum sw_parse sw_line_look(int argc, char **argv, struct sw_line *line, char *err, size_t err_len)
{
	enum sw_parse verdict;

	*line = (struct sw_line){0};
	verdict = each_option(argc, argv, look, line, err, err_len);
	line->has_targets = line->has_targets || optind < argc;
	return verdict;
}

static enum sw_parse apply(void *to, int key, const struct sw_arg *arg)
{
	struct sw_options *options = to;

	options->places[sw_option_find(key) - sw_option_table] = (struct sw_place){.file = NULL};
	return sw_options_apply(to, key, arg) == 0 ? SW_PARSE_OK : SW_PARSE_ERROR;
}

static int take_targets(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	int rc = 0;

	for (int i = optind; i < argc && rc == 0; i++) {
		struct sw_arg arg = {
			.option = "target", .text = argv[i], .err = err, .err_len = err_len};

		rc = sw_options_add_target(options, &arg);
	}
	return rc;
}

enum sw_parse sw_line_apply(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	enum sw_parse verdict = each_option(argc, argv, apply, options, err, err_len);

	if (verdict == SW_PARSE_OK && take_targets(argc, argv, options, err, err_len) != 0)
		verdict = SW_PARSE_ERROR;
	return verdict;
}
