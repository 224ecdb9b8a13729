/* SPDX-License-Identifier: BSD-3-Clause */
/* One option and its word into struct sw_options, by group; each group passes on what it does not
 * know. */
#include "options_apply.h"

#include <errno.h>

/* 1 ms to an hour: outside of that a unit is wrong. */
#define TIMER_MIN_US	  UINT64_C(1000)
#define TIMER_MAX_US	  (UINT64_C(3600) * 1000000)
#define CHECKPOINT_MIN_US UINT64_C(1000000)

/* More than any of them is needed for; less than what could not be a mistake. */
#define MAX_CONNECTIONS	  (4u * 1024 * 1024) /* as many as a TCP stack has indices for */
#define MAX_SESSIONS	  (1024u * 1024)
#define MIN_SESSION_BYTES 4000u
#define MAX_SESSION_BYTES (16u * 1024 * 1024)

static int push_word(
	const char *text, const char **items, size_t *n, size_t max, const struct sw_word *word)
{
	if (*n == max)
		return sw_word_refuse(word, "more than %zu of these: put them in a file", max);
	items[(*n)++] = text;
	return 0;
}

/* The same, unless it is there already: exclusions add up, those of scan.conf and of --resume
 * too. */
static int push_once(
	const char *text, const char **items, size_t *n, size_t max, const struct sw_word *word)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(items[i], text) == 0)
			return 0;
	return push_word(text, items, n, max, word);
}

/* What would be refused when the set is built is refused here, where its place is known. */
static int check_item(enum dp_list list, const struct sw_word *word)
{
	char why[DP_ERR_LEN];

	if (dp_targets_check(list, word->text, why) == 0)
		return 0;
	snprintf(word->err, word->err_len, "%s: %s", word->option, why);
	return -EINVAL;
}

int sw_options_add_target(struct sw_options *options, const struct sw_word *word)
{
	int rc = check_item(DP_ALLOW, word);

	return rc != 0 ? rc
		       : push_word(word->text, options->targets, &options->n_targets, SW_MAX_ITEMS,
				 word);
}

static int exclude(struct sw_options *options, const struct sw_word *word)
{
	int rc = check_item(DP_EXCLUDE, word);

	return rc != 0 ? rc
		       : push_once(word->text, options->excludes, &options->n_excludes,
				 SW_MAX_ITEMS, word);
}

/* An option that takes away what is there by default. */
static int flag_off(const struct sw_word *word, bool *out)
{
	bool off;
	int rc = sw_word_flag(word, &off);

	if (rc == 0)
		*out = !off;
	return rc;
}

static int timer(const struct sw_word *word, uint32_t *out)
{
	uint64_t us;
	int rc = sw_word_time_us(word, TIMER_MIN_US, TIMER_MAX_US, &us);

	if (rc == 0)
		*out = (uint32_t)us;
	return rc;
}

static int services(struct sw_options *options, const struct sw_word *word)
{
	char why[DP_ERR_LEN] = "";
	int rc = dl_services_parse(
		word->text, options->services, &options->n_services, why, sizeof(why));

	if (rc != 0)
		snprintf(word->err, word->err_len, "%s: %s", word->option, why);
	return rc;
}

/* -n N or -n P%: the later word counts alone. */
static int max_targets(struct sw_options *options, const struct sw_word *word)
{
	size_t len = strlen(word->text);
	uint64_t n = 0;
	double share = 0;
	int rc;

	if (len > 0 && word->text[len - 1] == '%')
		rc = sw_word_share(word, &share);
	else
		rc = sw_word_count(word, 1, SW_MAX_PAIRS, &n);
	if (rc == 0) {
		options->max_targets = n;
		options->max_targets_share = share;
	}
	return rc;
}

int sw_apply_what(struct sw_options *options, int key, const struct sw_word *word)
{
	switch (key) {
	case SW_KEY_PORTS:
		return services(options, word);
	case SW_KEY_ALLOW_FILE:
		return push_word(word->text, options->allow_files, &options->n_allow_files,
			SW_MAX_FILES, word);
	case SW_KEY_EXCLUDE_FILE:
		return push_once(word->text, options->exclude_files, &options->n_exclude_files,
			SW_MAX_FILES, word);
	case SW_KEY_EXCLUDE:
		return exclude(options, word);
	case SW_KEY_NO_DEFAULT_EXCLUDE:
		return flag_off(word, &options->exclude_special);
	case SW_KEY_PAIRS:
		return push_word(word->text, options->pair_files, &options->n_pair_files,
			SW_MAX_FILES, word);
	case SW_KEY_MAX_TARGETS:
		return max_targets(options, word);
	case SW_KEY_SHARD:
		return sw_word_shard(word, &options->shard, &options->n_shards);
	case SW_KEY_SEED:
		options->seed_given = true;
		return sw_word_seed(word, &options->seed);
	default:
		return SW_NOT_MINE;
	}
}
static bool is_usable_host(const struct ts_addr *addr)
{
	const uint8_t *b = addr->b;
	static const uint8_t zero[16], loopback[16] = {[15] = 1};

	if (ts_addr_is_v4(addr))
		return b[12] != 0 && b[12] != 127 && b[12] < 224;
	return b[0] != 0xff && memcmp(b, zero, 16) != 0 && memcmp(b, loopback, 16) != 0;
}

static int source_ip(struct sw_options *options, const struct sw_word *word)
{
	struct ts_addr addr;
	uint8_t len;
	int rc = sw_word_addr_prefix(word, &addr, &len);

	if (rc != 0)
		return rc;
	if (!is_usable_host(&addr))
		return sw_word_refuse(word, "this cannot be the address of a host");
	if (ts_addr_is_v4(&addr)) {
		options->source_v4 = addr;
		options->prefix_v4_len = len;
		options->has_source_v4 = true;
	} else {
		options->source_v6 = addr;
		options->prefix_v6_len = len;
		options->has_source_v6 = true;
	}
	return 0;
}

static int gateway_ip(struct sw_options *options, const struct sw_word *word)
{
	struct ts_addr addr;
	int rc = sw_word_addr(word, &addr);

	if (rc != 0)
		return rc;
	if (!is_usable_host(&addr))
		return sw_word_refuse(word, "this cannot be the address of a router");
	if (ts_addr_is_v4(&addr)) {
		options->gateway_v4 = addr;
		options->has_gateway_v4 = true;
	} else {
		options->gateway_v6 = addr;
		options->has_gateway_v6 = true;
	}
	return 0;
}

static int vlan(struct sw_options *options, const struct sw_word *word)
{
	uint32_t id;
	int rc = sw_word_count32(word, 1, 4094, &id);

	if (rc == 0)
		options->vlan = (uint16_t)id;
	return rc;
}

static int interface(struct sw_options *options, const struct sw_word *word)
{
	if (word->text[0] == '\0')
		return sw_word_refuse(word, "name a port, such as eth1 or lab");
	options->interface = word->text;
	options->is_lab = strcmp(word->text, "lab") == 0 || strncmp(word->text, "lab:", 4) == 0;
	return options->is_lab ? lab_spec_parse(word, &options->lab) : 0;
}

int sw_apply_port(struct sw_options *options, int key, const struct sw_word *word)
{
	int rc;

	switch (key) {
	case SW_KEY_INTERFACE:
		return interface(options, word);
	case SW_KEY_SOURCE_IP:
		return source_ip(options, word);
	case SW_KEY_SOURCE_PORT:
		return sw_word_port_range(
			word, &options->source_port_first, &options->source_port_last);
	case SW_KEY_SOURCE_MAC:
		rc = sw_word_mac(word, options->source_mac);
		options->has_source_mac = rc == 0;
		return rc;
	case SW_KEY_GATEWAY_IP:
		return gateway_ip(options, word);
	case SW_KEY_GATEWAY_MAC:
		rc = sw_word_mac(word, options->gateway_mac);
		options->has_gateway_mac = rc == 0;
		return rc;
	case SW_KEY_VLAN:
		return vlan(options, word);
	case SW_KEY_NO_HUGE:
		return sw_word_flag(word, &options->no_huge);
	case SW_KEY_LCORES:
		options->lcores = word->text;
		return 0;
	case SW_KEY_EAL:
		options->eal_args = word->text;
		return 0;
	default:
		return SW_NOT_MINE;
	}
}

static int apply_limit(struct sw_options *options, int key, const struct sw_word *word)
{
	uint64_t bytes = 0;
	int rc;

	switch (key) {
	case SW_KEY_MAX_SESSION_BYTES:
		return sw_word_count32(word, MIN_SESSION_BYTES, MAX_SESSION_BYTES,
			&options->tls.max_session_bytes);
	case SW_KEY_MAX_CHAIN_BYTES:
		rc = sw_word_count(word, MIN_SESSION_BYTES, MAX_SESSION_BYTES, &bytes);
		options->tls.max_chain_bytes = rc == 0 ? (uint32_t)bytes
						       : options->tls.max_chain_bytes;
		return rc;
	case SW_KEY_MAX_CERTIFICATE_BYTES:
		return sw_word_count32(word, MIN_SESSION_BYTES, TL_CERTIFICATE_CEILING,
			&options->tls.max_certificate_bytes);
	case SW_KEY_DEAR_SHARE:
		return sw_word_count32(word, 0, 100, &options->tls.dear_percent);
	case SW_KEY_MAX_CONNECTIONS:
		return sw_word_count32(word, 1, MAX_CONNECTIONS, &options->max_connections);
	case SW_KEY_MAX_SESSIONS:
		return sw_word_count32(word, 1, MAX_SESSIONS, &options->max_sessions);
	default:
		return SW_NOT_MINE;
	}
}

int sw_apply_talk(struct sw_options *options, int key, const struct sw_word *word)
{
	switch (key) {
	case SW_KEY_CONTACT:
		options->contact = word->text;
		snprintf(options->user_agent_text, sizeof(options->user_agent_text),
			"tlsweep/" SW_VERSION " (+%s)", word->text);
		return sw_word_line(word, SW_MAX_CONTACT);
	case SW_KEY_USER_AGENT:
		options->user_agent = word->text;
		return sw_word_line(word, DL_NAME_MAX);
	case SW_KEY_EHLO_NAME:
		options->ehlo_name = word->text;
		return sw_word_ehlo(word);
	case SW_KEY_SNI:
		options->sni = word->text;
		return sw_word_host(word);
	case SW_KEY_NO_POST_TLS:
		return flag_off(word, &options->dialog.post_tls);
	case SW_KEY_GREETING_TIMEOUT:
		return timer(word, &options->dialog.greeting_us);
	case SW_KEY_REPLY_TIMEOUT:
		return timer(word, &options->dialog.reply_us);
	case SW_KEY_IRC_HELLO_TIMEOUT:
		return timer(word, &options->dialog.irc_hello_us);
	case SW_KEY_IRC_STARTTLS_TIMEOUT:
		return timer(word, &options->dialog.irc_starttls_us);
	case SW_KEY_HANDSHAKE_TIMEOUT:
		return timer(word, &options->dialog.handshake_us);
	case SW_KEY_BYE_TIMEOUT:
		return timer(word, &options->dialog.bye_us);
	case SW_KEY_SHARE_KEY:
		return sw_word_flag(word, &options->tls.share_key);
	default:
		return apply_limit(options, key, word);
	}
}

/* --output open,closed,unreachable */
static int outcomes(struct sw_options *options, const struct sw_word *word)
{
	static const char *const names[DP_N_OUTCOME] = {
		[DP_OUTCOME_OPEN] = "open",
		[DP_OUTCOME_CLOSED] = "closed",
		[DP_OUTCOME_UNREACHABLE] = "unreachable",
	};
	bool emit[DP_N_OUTCOME] = {false};
	const char *item = word->text;

	for (;;) {
		size_t len = strcspn(item, ","), i = 0;

		while (i < DP_N_OUTCOME &&
			(strlen(names[i]) != len || memcmp(names[i], item, len) != 0))
			i++;
		if (i == DP_N_OUTCOME)
			return sw_word_refuse(word,
				"choose among open, closed and unreachable, with commas between");
		emit[i] = true;
		if (item[len] == '\0')
			break;
		item += len + 1;
	}
	memcpy(options->emit, emit, sizeof(emit));
	return 0;
}

static int verbosity(struct sw_options *options, const struct sw_word *word, int direction)
{
	uint32_t times;
	int rc = sw_word_times(word, &times);

	if (rc == 0)
		options->verbosity += direction * (int)times;
	return rc;
}

int sw_apply_results(struct sw_options *options, int key, const struct sw_word *word)
{
	switch (key) {
	case SW_KEY_OUTPUT_DIR:
		options->output = word->text;
		return word->text[0] != '\0'
			       ? 0
			       : sw_word_refuse(word, "name a folder, or - for standard output");
	case SW_KEY_OVERWRITE:
		return sw_word_flag(word, &options->overwrite);
	case SW_KEY_RESUME:
		return sw_word_flag(word, &options->resume);
	case SW_KEY_UNSAFE_OUTPUT_DIR:
		return sw_word_flag(word, &options->unsafe_output_dir);
	case SW_KEY_CHECKPOINT_INTERVAL:
		return sw_word_seconds(
			word, CHECKPOINT_MIN_US, TIMER_MAX_US, &options->checkpoint_s);
	case SW_KEY_CONFIG: /* taken before all others */
		return 0;
	case SW_KEY_PRINT_CONFIG:
		return sw_word_flag(word, &options->print_config);
	case SW_KEY_OUTPUT:
		return outcomes(options, word);
	case SW_KEY_CERTS:
		if (strcmp(word->text, "inline") != 0 && strcmp(word->text, "store") != 0)
			return sw_word_refuse(word, "choose inline or store");
		options->certs = word->text[0] == 's' ? WR_CERTS_STORE : WR_CERTS_INLINE;
		return 0;
	case SW_KEY_VERBOSE:
		return verbosity(options, word, 1);
	case SW_KEY_QUIET:
		return verbosity(options, word, -1);
	default:
		return SW_NOT_MINE;
	}
}
