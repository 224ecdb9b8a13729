/* SPDX-License-Identifier: BSD-3-Clause */
/* Every option and where its value stands: the other direction of options_apply.c. */
#include "config_value.h"

#include "apps/util/replace_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

enum kind {
	AS_IT_IS, /* by a function of its own */
	FLAG,
	FLAG_OFF, /* the option takes away what is there by default */
	COUNT,	  /* uint32_t */
	COUNT_64,
	NUMBER,	 /* double */
	TIME_US, /* uint32_t, all three */
	TIME_MS,
	TIME_S,
	TEXT,
	TEXTS, /* an array of them; their number at number_offset */
};

struct setting {
	int key;
	enum kind kind;
	size_t offset, number_offset;
	bool none_at_zero; /* 0 stands for "not given" */
	config_printer *print;
};

#define OWN(key_, function)                                               \
	{                                                                 \
		.key = SW_KEY_##key_, .kind = AS_IT_IS, .print = function \
	}
#define PLAIN(key_, kind_, field)                                                                 \
	{                                                                                         \
		.key = SW_KEY_##key_, .kind = kind_, .offset = offsetof(struct sw_options, field) \
	}
#define UNLESS_ZERO(key_, kind_, field)                                                            \
	{                                                                                          \
		.key = SW_KEY_##key_, .kind = kind_, .offset = offsetof(struct sw_options, field), \
		.none_at_zero = true                                                               \
	}
#define SEVERAL(key_, field, n_field)                                                              \
	{                                                                                          \
		.key = SW_KEY_##key_, .kind = TEXTS, .offset = offsetof(struct sw_options, field), \
		.number_offset = offsetof(struct sw_options, n_field)                              \
	}

static const struct setting settings[] = {
	OWN(PORTS, config_print_services),
	SEVERAL(ALLOW_FILE, allow_files, n_allow_files),
	SEVERAL(PAIRS, pair_files, n_pair_files),
	SEVERAL(EXCLUDE_FILE, exclude_files, n_exclude_files),
	SEVERAL(EXCLUDE, excludes, n_excludes),
	PLAIN(NO_DEFAULT_EXCLUDE, FLAG_OFF, exclude_special),
	OWN(MAX_TARGETS, config_print_max_targets),
	OWN(SHARD, config_print_shard),
	OWN(SEED, config_print_seed),
	OWN(RATE, config_print_rate),
	UNLESS_ZERO(BANDWIDTH, NUMBER, bandwidth_bps),
	PLAIN(PROBES, COUNT, n_probes),
	PLAIN(PROBE_GAP, TIME_MS, probe_gap_ms),
	PLAIN(COOLDOWN, TIME_S, cooldown_s),
	UNLESS_ZERO(MAX_RUNTIME, TIME_S, max_runtime_s),
	UNLESS_ZERO(MAX_RESULTS, COUNT_64, max_results),
	UNLESS_ZERO(MIN_HITRATE, NUMBER, min_hitrate),
	PLAIN(LOSS_SAMPLE, COUNT, loss_sample),
	PLAIN(CANARY_SAMPLE, COUNT, canary_sample),
	PLAIN(DECOY_PORTS, COUNT, n_decoys),
	PLAIN(DECOY_SAMPLE, COUNT, decoy_sample),
	PLAIN(INTERFACE, TEXT, interface),
	OWN(SOURCE_IP, config_print_source_ip),
	OWN(SOURCE_PORT, config_print_source_port),
	OWN(SOURCE_MAC, config_print_source_mac),
	OWN(GATEWAY_IP, config_print_gateway_ip),
	OWN(GATEWAY_MAC, config_print_gateway_mac),
	OWN(VLAN, config_print_vlan),
	PLAIN(NO_HUGE, FLAG, no_huge),
	PLAIN(LCORES, TEXT, lcores),
	PLAIN(EAL, TEXT, eal_args),
	PLAIN(CONTACT, TEXT, contact),
	OWN(USER_AGENT, config_print_user_agent),
	OWN(EHLO_NAME, config_print_ehlo_name),
	PLAIN(SNI, TEXT, sni),
	PLAIN(NO_POST_TLS, FLAG_OFF, dialog.post_tls),
	PLAIN(GREETING_TIMEOUT, TIME_US, dialog.greeting_us),
	PLAIN(REPLY_TIMEOUT, TIME_US, dialog.reply_us),
	PLAIN(IRC_HELLO_TIMEOUT, TIME_US, dialog.irc_hello_us),
	PLAIN(IRC_STARTTLS_TIMEOUT, TIME_US, dialog.irc_starttls_us),
	PLAIN(HANDSHAKE_TIMEOUT, TIME_US, dialog.handshake_us),
	PLAIN(BYE_TIMEOUT, TIME_US, dialog.bye_us),
	PLAIN(MAX_SESSION_BYTES, COUNT, tls.max_session_bytes),
	PLAIN(MAX_CHAIN_BYTES, COUNT, tls.max_chain_bytes),
	PLAIN(MAX_CERTIFICATE_BYTES, COUNT, tls.max_certificate_bytes),
	PLAIN(DEAR_SHARE, COUNT, tls.dear_percent),
	PLAIN(SHARE_KEY, FLAG, tls.share_key),
	PLAIN(MAX_CONNECTIONS, COUNT, max_connections),
	PLAIN(MAX_SESSIONS, COUNT, max_sessions),
	PLAIN(OUTPUT_DIR, TEXT, output),
	OWN(OVERWRITE, config_print_overwrite),
	PLAIN(CHECKPOINT_INTERVAL, TIME_S, checkpoint_s),
	UNLESS_ZERO(MAX_OUTPUT, COUNT_64, max_output_bytes),
	PLAIN(MIN_DISK_FREE, NUMBER, min_disk_free),
	OWN(OUTPUT, config_print_outcomes),
	OWN(CERTS, config_print_certs),
	OWN(VERBOSE, config_print_verbose),
	OWN(QUIET, config_print_quiet),
};

static void print_count(const struct config_line *line, const struct setting *s, uint64_t value)
{
	if (value == 0 && s->none_at_zero)
		config_put_none(line);
	else if (s->kind == TIME_US)
		config_put_time(line, value);
	else if (s->kind == TIME_MS)
		config_put_time(line, value * 1000);
	else if (s->kind == TIME_S)
		config_put_time(line, value * 1000000);
	else
		fprintf(line->out, "%s = %" PRIu64 "\n", line->name, value);
}

static void print_texts(const struct config_line *line, const char *const *texts, size_t n)
{
	if (n == 0 || texts[0] == NULL)
		config_put_none(line);
	for (size_t i = 0; i < n && texts[i] != NULL; i++)
		config_put_text(line, texts[i]);
}

static void print_setting(const struct config_line *line, const struct setting *s)
{
	const void *at = (const char *)line->o + s->offset;

	switch (s->kind) {
	case AS_IT_IS:
		s->print(line);
		return;
	case FLAG:
	case FLAG_OFF:
		config_put_text(line, *(const bool *)at == (s->kind == FLAG) ? "true" : "false");
		return;
	case COUNT_64:
		print_count(line, s, *(const uint64_t *)at);
		return;
	case NUMBER:
		if (*(const double *)at == 0 && s->none_at_zero)
			config_put_none(line);
		else
			config_put_number(line, *(const double *)at);
		return;
	case TEXT:
		print_texts(line, at, 1);
		return;
	case TEXTS:
		print_texts(line, at,
			*(const size_t *)(const void *)((const char *)line->o + s->number_offset));
		return;
	default:
		print_count(line, s, *(const uint32_t *)at);
	}
}

static void print_option(struct config_line *line, const struct sw_option *option)
{
	line->name = option->name;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (settings[i].key == option->key)
			print_setting(line, &settings[i]);
}

void sw_config_print(const struct sw_options *options, enum sw_config_use use, FILE *out)
{
	struct config_line line = {.out = out, .name = "target", .use = use, .o = options};

	fputs("# tlsweep scan: read with --config FILE; the command line wins over it\n", out);
	for (size_t i = 0; i < sw_n_options; i++) {
		const struct sw_option *option = &sw_option_table[i];

		if (option->key != 0)
			print_option(&line, option);
		else
			fprintf(out, "\n# %s\n", option->help);
		line.name = "target";
		if (i == 0)
			print_texts(&line, options->targets, options->n_targets);
	}
}

int sw_config_save(
	const struct sw_options *options, const struct folder *folder, char *err, size_t err_len)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	int rc = -ENOMEM;

	if (out != NULL) {
		sw_config_print(options, SW_CONFIG_RESUME, out);
		if (fclose(out) == 0)
			rc = 0;
	}
	if (rc == 0)
		rc = replace_file(folder, SW_CONFIG_NAME, bytes, len, true);
	free(bytes);
	if (rc != 0)
		snprintf(err, err_len, "cannot write %s/" SW_CONFIG_NAME ": %s", folder->path,
			strerror(-rc));
	return rc;
}
