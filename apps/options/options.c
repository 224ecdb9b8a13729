/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_file.h"
#include "config_trust.h"
#include "options_apply.h"

#include <errno.h>
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
#define DEFAULT_DISK_FREE     0.05
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
	options->min_disk_free = DEFAULT_DISK_FREE;
	options->probe_gap_ms = DEFAULT_PROBE_GAP_MS;
	options->cooldown_s = DEFAULT_COOLDOWN_S;
	options->source_port_first = DEFAULT_PORT_FIRST;
	options->source_port_last = DEFAULT_PORT_LAST;
	dl_config_default(&options->dialog);
	options->tls.max_session_bytes = DEFAULT_SESSION_BYTES;
	options->tls.max_chain_bytes = DEFAULT_CHAIN_BYTES;
	options->tls.max_certificate_bytes = TL_CERTIFICATE_DEFAULT;
	options->tls.max_heap_bytes = TL_HEAP_DEFAULT;
	options->tls.dear_percent = TL_DEAR_PERCENT;
	options->max_connections = DEFAULT_CONNECTIONS;
	options->max_sessions = DEFAULT_SESSIONS;
	options->output = "-";
	options->certs = WR_CERTS_INLINE;
	options->emit[DP_OUTCOME_OPEN] = true;
	snprintf(options->user_agent_text, sizeof(options->user_agent_text), "tlsweep/" SW_VERSION);
}

int sw_options_apply(struct sw_options *options, int key, const struct sw_arg *arg)
{
	int (*const groups[])(struct sw_options *, int, const struct sw_arg *) = {
		sw_apply_what,
		sw_apply_pace,
		sw_apply_port,
		sw_apply_talk,
		sw_apply_results,
	};
	int rc = SW_NOT_MINE;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && rc == SW_NOT_MINE; i++)
		rc = groups[i](options, key, arg);
	return rc;
}

/*
 * Our name for EHLO when none was given: the host's own if it is fully qualified, else the address
 * literal that RFC 5321 4.1.3 provides for hosts without a name, which is at least true. Only the
 * lab has no source address yet at this point, and nobody outside hears what is said there.
 */
static void default_ehlo(struct sw_options *options)
{
	char host[DL_NAME_MAX + 1] = "", addr[TS_ADDR_STRLEN];
	struct sw_arg arg = {.option = "", .text = host, .err = (char[1]){0}, .err_len = 1};
	size_t size = sizeof(options->ehlo_text);

	if (gethostname(host, sizeof(host) - 1) == 0 && strchr(host, '.') != NULL &&
		sw_arg_host(&arg) == 0) {
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

static size_t n_stdin(const char *const *files, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += strcmp(files[i], "-") == 0;
	return found;
}

/* What is wrong with the whole, though each part is well formed; NULL: nothing. */
static const char *targets_fault(const struct sw_options *options)
{
	if (options->n_services == 0 && options->n_pair_files == 0)
		return "no service: give -p with names or ports, such as smtp,imaps,443";
	if (options->n_targets + options->n_allow_files + options->n_pair_files == 0 &&
		!options->is_lab)
		return "no target: name addresses, prefixes or ranges, or a list of them with -w";
	if (n_stdin(options->allow_files, options->n_allow_files) +
			n_stdin(options->exclude_files, options->n_exclude_files) +
			n_stdin(options->pair_files, options->n_pair_files) >
		1)
		return "standard input (-) can be read as one list only: put the others in files";
	if (options->n_shards > 1 && !options->seed_given && !options->resume)
		return "--shard needs --seed, the same for all shards: their parts are of one "
		       "order";
	return NULL;
}

static const char *scan_fault(const struct sw_options *options)
{
	const char *fault = targets_fault(options);

	if (options->interface == NULL)
		return "no port: give -i with a PCI address, a kernel interface, or lab to try "
		       "things out";
	if (fault != NULL)
		return fault;
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

/* What the command line names takes the place of what files before it named; exclusions stay. */
static void make_way(struct sw_options *options, const struct sw_line *line)
{
	if (line->has_targets)
		options->n_targets = options->n_allow_files = options->n_pair_files = 0;
	if (line->has_services)
		options->n_services = 0;
	if (line->has_verbosity)
		options->verbosity = 0;
}

/* All there is to read, in order: the folder's scan.conf (NULL: none), the files of --config, the
 * command line. */
static enum sw_parse parse_all(int argc, char **argv, const struct folder *folder,
	struct sw_options *options, char *err, size_t err_len)
{
	struct sw_line line;
	enum sw_parse verdict = sw_line_look(argc, argv, &line, err, err_len);

	if (verdict != SW_PARSE_OK)
		return verdict;
	options_default(options);
	if (folder != NULL) {
		int rc = sw_config_resume(folder, options, err, err_len);

		if (rc != 0 && rc != -ENOENT)
			return SW_PARSE_ERROR;
	}
	for (size_t i = 0; i < line.n_configs; i++)
		if (sw_config_read(line.configs[i], options, err, err_len) != 0)
			return SW_PARSE_ERROR;
	make_way(options, &line);
	return sw_line_apply(argc, argv, options, err, err_len);
}

void sw_options_place(const struct sw_options *options, const char *name, char *out, size_t out_len)
{
	out[0] = '\0';
	for (size_t i = 0; i < sw_n_options; i++) {
		const struct sw_place *place = &options->places[i];
		const char *known = sw_option_table[i].name;

		if (known != NULL && strcmp(known, name) == 0 && place->file != NULL)
			snprintf(out, out_len, "%s:%u:%u: ", place->file, place->line,
				place->column);
	}
}

void sw_options_free(struct sw_options *options)
{
	while (options->config_texts != NULL) {
		struct sw_config_text *next = options->config_texts->next;

		free(options->config_texts);
		options->config_texts = next;
	}
}

/* What scan.conf has and is not believed, and nobody else has given. */
static enum sw_parse check_withheld(const struct sw_options *options, char *err, size_t err_len)
{
	for (size_t i = 0; i < sw_n_options; i++) {
		const struct sw_place *place = &options->places[i];
		const struct sw_option *option = &sw_option_table[i];

		if (!place->withheld)
			continue;
		snprintf(err, err_len,
			"%s:%u:%u: %s is not taken from the output folder, %s: give --%s again on "
			"the command line",
			place->file, place->line, place->column, option->name,
			sw_config_trust_why(option->key), option->name);
		return SW_PARSE_ERROR;
	}
	return SW_PARSE_OK;
}

/* With --resume the scan's own file comes first; where it is, only the whole of the rest says. */
static enum sw_parse parse_resumed(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	struct folder_use use = {.unsafe = options->unsafe_output_dir};
	enum sw_parse verdict;
	struct folder folder;
	int rc;

	if (!options->resume || strcmp(options->output, "-") == 0)
		return SW_PARSE_OK;
	rc = folder_open(&folder, options->output, &use, err, err_len);
	/* That there is none is said when the rest of the command line is known to be good. */
	if (rc != 0)
		return rc == -ENOENT ? SW_PARSE_OK : SW_PARSE_ERROR;
	sw_options_free(options);
	verdict = parse_all(argc, argv, &folder, options, err, err_len);
	folder_close(&folder);
	return verdict == SW_PARSE_OK ? check_withheld(options, err, err_len) : verdict;
}

static enum sw_parse parse_checked(int argc, char **argv, struct sw_options *options,
	const char *(*find_fault)(const struct sw_options *options), char *err, size_t err_len)
{
	enum sw_parse verdict;
	const char *fault;

	options->config_texts = NULL;
	verdict = parse_all(argc, argv, NULL, options, err, err_len);
	if (verdict == SW_PARSE_OK)
		verdict = parse_resumed(argc, argv, options, err, err_len);
	if (verdict != SW_PARSE_OK)
		return verdict;
	complete(options);
	if (options->print_config) {
		sw_config_print(options, SW_CONFIG_SHOW, stdout);
		return SW_PARSE_EXIT;
	}
	fault = find_fault(options);
	if (fault != NULL) {
		snprintf(err, err_len, "%s", fault);
		return SW_PARSE_ERROR;
	}
	return SW_PARSE_OK;
}

enum sw_parse sw_options_parse(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	return parse_checked(argc, argv, options, scan_fault, err, err_len);
}

enum sw_parse sw_options_parse_targets(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len)
{
	return parse_checked(argc, argv, options, targets_fault, err, err_len);
}
