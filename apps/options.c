/* SPDX-License-Identifier: BSD-3-Clause */
#include "options_apply.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_RATE_PPS      1000
#define DEFAULT_PROBE_GAP_MS  1000
#define DEFAULT_COOLDOWN_S    8
#define DEFAULT_LOSS_SAMPLE   64
#define DEFAULT_CANARY_SAMPLE 256
#define DEFAULT_CHECKPOINT_S  5
#define DEFAULT_PORT_FIRST    32768
#define DEFAULT_PORT_LAST     61000
#define DEFAULT_CONNECTIONS   65536
#define DEFAULT_SESSIONS      4096
#define DEFAULT_SESSION_BYTES (256 * 1024)
#define DEFAULT_CHAIN_BYTES   (128 * 1024)

static void options_default(struct sw_options *options)
{
	memset(options, 0, sizeof(*options));
	options->exclude_special = true;
	options->rate_pps = DEFAULT_RATE_PPS;
	options->n_probes = 1;
	options->n_shards = 1;
	options->loss_sample = DEFAULT_LOSS_SAMPLE;
	options->canary_sample = DEFAULT_CANARY_SAMPLE;
	options->decoy_sample = 1;
	options->checkpoint_s = DEFAULT_CHECKPOINT_S;
	options->probe_gap_ms = DEFAULT_PROBE_GAP_MS;
	options->cooldown_s = DEFAULT_COOLDOWN_S;
	options->source_port_first = DEFAULT_PORT_FIRST;
	options->source_port_last = DEFAULT_PORT_LAST;
	dl_config_default(&options->dialog);
	options->tls.max_session_bytes = DEFAULT_SESSION_BYTES;
	options->tls.max_chain_bytes = DEFAULT_CHAIN_BYTES;
	options->max_connections = DEFAULT_CONNECTIONS;
	options->max_sessions = DEFAULT_SESSIONS;
	options->output = "-";
	options->certs = WR_CERTS_INLINE;
	options->emit[DP_OUTCOME_OPEN] = true;
	snprintf(options->user_agent_text, sizeof(options->user_agent_text), "tlsweep/" SW_VERSION);
}

/* getopt's two views of the table. */
struct getopt_tables {
	struct option longs[SW_MAX_OPTIONS + 1];
	char shorts[2 * SW_MAX_OPTIONS + 2];
};

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
			.has_arg = option->arg != NULL ? required_argument : no_argument,
			.val = option->key,
		};
		if (option->key < 256) {
			tables->shorts[n_shorts++] = (char)option->key;
			if (option->arg != NULL)
				tables->shorts[n_shorts++] = ':';
		}
	}
}

/* An option of which the word is the beginning: getopt takes it if there is only one. */
static const char *option_by_prefix(const char *word)
{
	for (size_t i = 0; i < sw_n_options; i++)
		if (sw_option_table[i].name != NULL &&
			strncmp(word, sw_option_table[i].name, strlen(word)) == 0)
			return sw_option_table[i].name;
	return NULL;
}

/* getopt has passed the word it stumbled over; optopt is 0 if that was a long option it does not
 * know. */
static void explain_refusal(int verdict, const char *stumbled, char *err, size_t err_len)
{
	const struct sw_option *option = optopt != 0 ? sw_option_find(optopt) : NULL;
	char name[64];
	const char *near;

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
	near = sw_option_suggest(name);
	if (near == NULL)
		near = option_by_prefix(name);
	if (near != NULL)
		snprintf(err, err_len, "unknown option --%s: did you mean --%s?", name, near);
	else
		snprintf(err, err_len, "unknown option --%s: see --help", name);
}

static int apply(struct sw_options *options, int key, const struct sw_word *word)
{
	int (*const groups[])(struct sw_options *, int, const struct sw_word *) = {
		sw_apply_what,
		sw_apply_pace,
		sw_apply_port,
		sw_apply_talk,
		sw_apply_results,
	};
	int rc = SW_NOT_MINE;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && rc == SW_NOT_MINE; i++)
		rc = groups[i](options, key, word);
	return rc;
}

static enum sw_parse parse_options(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	struct getopt_tables tables;
	int key;

	getopt_tables_make(&tables);
	opterr = 0;
	optind = 0; /* glibc: begin anew */
	while ((key = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		char name[SW_OPTION_NAME_MAX + 3];
		struct sw_word word = {
			.option = name, .text = optarg, .err = err, .err_len = err_len};

		if (key == ':' || key == '?') {
			explain_refusal(key, argv[optind - 1], err, err_len);
			return SW_PARSE_ERROR;
		}
		if (key == SW_KEY_HELP) {
			sw_options_help(stdout);
			return SW_PARSE_EXIT;
		}
		if (key == SW_KEY_VERSION)
			return SW_PARSE_VERSION;
		snprintf(name, sizeof(name), "--%s", sw_option_find(key)->name);
		if (apply(options, key, &word) != 0)
			return SW_PARSE_ERROR;
	}
	return SW_PARSE_OK;
}

static int take_targets(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	for (int i = optind; i < argc; i++) {
		if (options->n_targets == SW_MAX_ITEMS) {
			snprintf(err, err_len,
				"more than %d targets on the command line: put them in a file for "
				"-w",
				SW_MAX_ITEMS);
			return -EINVAL;
		}
		options->targets[options->n_targets++] = argv[i];
	}
	return 0;
}

/*
 * Our name for EHLO when none was given: the host's own if it is fully qualified, else the address
 * literal that RFC 5321 4.1.3 provides for hosts without a name, which is at least true. Only the
 * lab has no source address yet at this point, and nobody outside hears what is said there.
 */
static void default_ehlo(struct sw_options *options)
{
	char host[DL_NAME_MAX + 1] = "", addr[TS_ADDR_STRLEN];
	struct sw_word word = {.option = "", .text = host, .err = (char[1]){0}, .err_len = 1};
	size_t size = sizeof(options->ehlo_text);

	if (gethostname(host, sizeof(host) - 1) == 0 && strchr(host, '.') != NULL &&
		sw_word_host(&word) == 0) {
		snprintf(options->ehlo_text, size, "%s", host);
	} else if (options->has_source_v4) {
		ts_addr_format(&options->source_v4, addr);
		snprintf(options->ehlo_text, size, "[%s]", addr);
	} else if (options->has_source_v6) {
		ts_addr_format(&options->source_v6, addr);
		snprintf(options->ehlo_text, size, "[IPv6:%s]", addr);
	} else {
		snprintf(options->ehlo_text, size, "tlsweep.invalid");
	}
	options->ehlo_name = options->ehlo_text;
}

static void complete(struct sw_options *options)
{
	if (options->is_lab)
		options->exclude_special = false;
	if (!options->seed_given && getrandom(&options->seed, sizeof(options->seed), 0) !=
					    (ssize_t)sizeof(options->seed))
		options->seed = (uint64_t)time(NULL);
	/* A bandwidth alone is the limit, not a second one beside the default rate. */
	if (options->bandwidth_bps > 0 && !options->rate_given)
		options->rate_pps = 0;
	if (options->user_agent == NULL)
		options->user_agent = options->user_agent_text;
	if (options->ehlo_name == NULL)
		default_ehlo(options);
	options->dialog.ehlo_name = options->ehlo_name;
	options->dialog.user_agent = options->user_agent;
	options->print_memory_plan = options->verbosity > 0;
}

/* What is wrong with the whole, though each part is well formed; NULL: nothing. */
static const char *combination_fault(const struct sw_options *options)
{
	if (options->interface == NULL)
		return "no port: give -i with a PCI address, a kernel interface, or lab to try "
		       "things out";
	if (options->n_services == 0 && options->n_pair_files == 0)
		return "no service: give -p with names or ports, such as smtp,imaps,443";
	if (options->n_targets + options->n_allow_files + options->n_pair_files == 0 &&
		!options->is_lab)
		return "no target: name addresses, prefixes or ranges, or a list of them with -w";
	if (options->n_shards > 1 && !options->seed_given && !options->resume)
		return "--shard needs --seed, the same for all shards: their parts are of one "
		       "order";
	if (options->certs == WR_CERTS_STORE && strcmp(options->output, "-") == 0)
		return "--certs store writes a second file: give a folder with -o";
	if (options->overwrite && strcmp(options->output, "-") == 0)
		return "--overwrite is for a folder: give one with -o";
	if (options->resume && strcmp(options->output, "-") == 0)
		return "--resume goes on with a scan in a folder: give it with -o";
	if (options->resume && options->overwrite)
		return "--resume keeps the results in the folder and --overwrite removes them: "
		       "choose one";
	if (options->has_gateway_v4 && !options->has_source_v4 && !options->is_lab)
		return "--gateway-ip is IPv4 but there is no IPv4 --source-ip";
	if (options->has_gateway_v6 && !options->has_source_v6 && !options->is_lab)
		return "--gateway-ip is IPv6 but there is no IPv6 --source-ip";
	if (options->has_gateway_v4 && ts_addr_equal(&options->gateway_v4, &options->source_v4))
		return "--gateway-ip and --source-ip are the same address";
	if (options->has_gateway_v6 && ts_addr_equal(&options->gateway_v6, &options->source_v6))
		return "--gateway-ip and --source-ip are the same address";
	return NULL;
}

enum sw_parse sw_options_parse(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	enum sw_parse verdict;
	const char *fault;

	options_default(options);
	verdict = parse_options(argc, argv, options, err, err_len);
	if (verdict != SW_PARSE_OK)
		return verdict;
	if (take_targets(argc, argv, options, err, err_len) != 0)
		return SW_PARSE_ERROR;
	complete(options);
	fault = combination_fault(options);
	if (fault != NULL) {
		snprintf(err, err_len, "%s", fault);
		return SW_PARSE_ERROR;
	}
	return SW_PARSE_OK;
}
