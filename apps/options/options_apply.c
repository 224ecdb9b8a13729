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
	const char *text, const char **items, size_t *n, size_t max, const struct sw_arg *arg)
{
	if (*n == max)
		return sw_arg_refuse(arg, "more than %zu of these: put them in a file", max);
	items[(*n)++] = text;
	return 0;
}

/* The same, unless it is there already: exclusions add up, those of scan.conf and of --resume
 * too. */
static int push_once(
	const char *text, const char **items, size_t *n, size_t max, const struct sw_arg *arg)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(items[i], text) == 0)
			return 0;
	return push_word(text, items, n, max, arg);
}

/* What would be refused when the set is built is refused here, where its place is known. */
static int check_item(enum dp_list list, const struct sw_arg *arg)
{
	char why[DP_ERR_LEN];

	if (dp_targets_check(list, arg->text, why) == 0)
		return 0;
	snprintf(arg->err, arg->err_len, "%s: %s", arg->option, why);
	return -EINVAL;
}

int sw_options_add_target(struct sw_options *options, const struct sw_arg *arg)
{
	int rc = check_item(DP_ALLOW, arg);

	return rc != 0 ? rc
		       : push_word(arg->text, options->targets, &options->n_targets, SW_MAX_ITEMS,
				 arg);
}

static int exclude(struct sw_options *options, const struct sw_arg *arg)
{
	int rc = check_item(DP_EXCLUDE, arg);

	return rc != 0 ? rc
		       : push_once(arg->text, options->excludes, &options->n_excludes, SW_MAX_ITEMS,
				 arg);
}

/* An option that takes away what is there by default. */
static int flag_off(const struct sw_arg *arg, bool *out)
{
	bool off;
	int rc = sw_arg_flag(arg, &off);

	if (rc == 0)
		*out = !off;
	return rc;
}

static int timer(const struct sw_arg *arg, uint32_t *out)
{
	uint64_t us;
	int rc = sw_arg_time_us(arg, TIMER_MIN_US, TIMER_MAX_US, &us);

	if (rc == 0)
		*out = (uint32_t)us;
	return rc;
}

static int services(struct sw_options *options, const struct sw_arg *arg)
{
	char why[DP_ERR_LEN] = "";
	int rc = dl_services_parse(
		arg->text, options->services, &options->n_services, why, sizeof(why));

	if (rc != 0)
		snprintf(arg->err, arg->err_len, "%s: %s", arg->option, why);
	return rc;
}

/* -n N or -n P%: the later word counts alone. */
static int max_targets(struct sw_options *options, const struct sw_arg *arg)
{
	size_t len = strlen(arg->text);
	uint64_t n = 0;
	double share = 0;
	int rc;

	if (len > 0 && arg->text[len - 1] == '%')
		rc = sw_arg_share(arg, &share);
	else
		rc = sw_arg_count(arg, 1, SW_MAX_PAIRS, &n);
	if (rc == 0) {
		options->max_targets = n;
		options->max_targets_share = share;
	}
	return rc;
}

int sw_apply_what(struct sw_options *options, int key, const struct sw_arg *arg)
{
	switch (key) {
	case SW_KEY_PORTS:
		return services(options, arg);
	case SW_KEY_ALLOW_FILE:
		return push_word(arg->text, options->allow_files, &options->n_allow_files,
			SW_MAX_FILES, arg);
	case SW_KEY_EXCLUDE_FILE:
		return push_once(arg->text, options->exclude_files, &options->n_exclude_files,
			SW_MAX_FILES, arg);
	case SW_KEY_EXCLUDE:
		return exclude(options, arg);
	case SW_KEY_NO_DEFAULT_EXCLUDE:
		return flag_off(arg, &options->exclude_special);
	case SW_KEY_PAIRS:
		return push_word(
			arg->text, options->pair_files, &options->n_pair_files, SW_MAX_FILES, arg);
	case SW_KEY_MAX_TARGETS:
		return max_targets(options, arg);
	case SW_KEY_SHARD:
		return sw_arg_shard(arg, &options->shard, &options->n_shards);
	case SW_KEY_SEED:
		options->seed_given = true;
		return sw_arg_seed(arg, &options->seed);
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

static int source_ip(struct sw_options *options, const struct sw_arg *arg)
{
	struct ts_addr addr;
	uint8_t len;
	int rc = sw_arg_addr_prefix(arg, &addr, &len);

	if (rc != 0)
		return rc;
	if (!is_usable_host(&addr))
		return sw_arg_refuse(arg, "this cannot be the address of a host");
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

static int gateway_ip(struct sw_options *options, const struct sw_arg *arg)
{
	struct ts_addr addr;
	int rc = sw_arg_addr(arg, &addr);

	if (rc != 0)
		return rc;
	if (!is_usable_host(&addr))
		return sw_arg_refuse(arg, "this cannot be the address of a router");
	if (ts_addr_is_v4(&addr)) {
		options->gateway_v4 = addr;
		options->has_gateway_v4 = true;
	} else {
		options->gateway_v6 = addr;
		options->has_gateway_v6 = true;
	}
	return 0;
}

static int vlan(struct sw_options *options, const struct sw_arg *arg)
{
	uint32_t id;
	int rc = sw_arg_count32(arg, 1, 4094, &id);

	if (rc == 0)
		options->vlan = (uint16_t)id;
	return rc;
}

static int interface(struct sw_options *options, const struct sw_arg *arg)
{
	if (arg->text[0] == '\0')
		return sw_arg_refuse(arg, "name a port, such as eth1 or lab");
	options->interface = arg->text;
	options->is_lab = strcmp(arg->text, "lab") == 0 || strncmp(arg->text, "lab:", 4) == 0;
	return options->is_lab ? lab_spec_parse(arg, &options->lab) : 0;
}

int sw_apply_port(struct sw_options *options, int key, const struct sw_arg *arg)
{
	int rc;

	switch (key) {
	case SW_KEY_INTERFACE:
		return interface(options, arg);
	case SW_KEY_SOURCE_IP:
		return source_ip(options, arg);
	case SW_KEY_SOURCE_PORT:
		return sw_arg_port_range(
			arg, &options->source_port_first, &options->source_port_last);
	case SW_KEY_SOURCE_MAC:
		rc = sw_arg_mac(arg, options->source_mac);
		options->has_source_mac = rc == 0;
		return rc;
	case SW_KEY_GATEWAY_IP:
		return gateway_ip(options, arg);
	case SW_KEY_GATEWAY_MAC:
		rc = sw_arg_mac(arg, options->gateway_mac);
		options->has_gateway_mac = rc == 0;
		return rc;
	case SW_KEY_VLAN:
		return vlan(options, arg);
	case SW_KEY_NO_HUGE:
		return sw_arg_flag(arg, &options->no_huge);
	case SW_KEY_LCORES:
		options->lcores = arg->text;
		return 0;
	case SW_KEY_EAL:
		options->eal_args = arg->text;
		return 0;
	default:
		return SW_NOT_MINE;
	}
}

static int apply_limit(struct sw_options *options, int key, const struct sw_arg *arg)
{
	uint64_t bytes = 0;
	int rc;

	switch (key) {
	case SW_KEY_MAX_SESSION_BYTES:
		return sw_arg_count32(
			arg, MIN_SESSION_BYTES, MAX_SESSION_BYTES, &options->tls.max_session_bytes);
	case SW_KEY_MAX_CHAIN_BYTES:
		rc = sw_arg_count(arg, MIN_SESSION_BYTES, MAX_SESSION_BYTES, &bytes);
		options->tls.max_chain_bytes = rc == 0 ? (uint32_t)bytes
						       : options->tls.max_chain_bytes;
		return rc;
	case SW_KEY_MAX_CERTIFICATE_BYTES:
		return sw_arg_count32(arg, MIN_SESSION_BYTES, TL_CERTIFICATE_CEILING,
			&options->tls.max_certificate_bytes);
	case SW_KEY_DEAR_SHARE:
		return sw_arg_count32(arg, 0, 100, &options->tls.dear_percent);
	case SW_KEY_MAX_CONNECTIONS:
		return sw_arg_count32(arg, 1, MAX_CONNECTIONS, &options->max_connections);
	case SW_KEY_MAX_SESSIONS:
		return sw_arg_count32(arg, 1, MAX_SESSIONS, &options->max_sessions);
	default:
		return SW_NOT_MINE;
	}
}

int sw_apply_talk(struct sw_options *options, int key, const struct sw_arg *arg)
{
	switch (key) {
	case SW_KEY_CONTACT:
		options->contact = arg->text;
		snprintf(options->user_agent_text, sizeof(options->user_agent_text),
			"tlsweep/" SW_VERSION " (+%s)", arg->text);
		return sw_arg_line(arg, SW_MAX_CONTACT);
	case SW_KEY_USER_AGENT:
		options->user_agent = arg->text;
		return sw_arg_line(arg, DL_NAME_MAX);
	case SW_KEY_EHLO_NAME:
		options->ehlo_name = arg->text;
		return sw_arg_ehlo(arg);
	case SW_KEY_SNI:
		options->sni = arg->text;
		return sw_arg_host(arg);
	case SW_KEY_NO_POST_TLS:
		return flag_off(arg, &options->dialog.post_tls);
	case SW_KEY_GREETING_TIMEOUT:
		return timer(arg, &options->dialog.greeting_us);
	case SW_KEY_REPLY_TIMEOUT:
		return timer(arg, &options->dialog.reply_us);
	case SW_KEY_IRC_HELLO_TIMEOUT:
		return timer(arg, &options->dialog.irc_hello_us);
	case SW_KEY_IRC_STARTTLS_TIMEOUT:
		return timer(arg, &options->dialog.irc_starttls_us);
	case SW_KEY_HANDSHAKE_TIMEOUT:
		return timer(arg, &options->dialog.handshake_us);
	case SW_KEY_BYE_TIMEOUT:
		return timer(arg, &options->dialog.bye_us);
	case SW_KEY_SHARE_KEY:
		return sw_arg_flag(arg, &options->tls.share_key);
	default:
		return apply_limit(options, key, arg);
	}
}

/* --output open,closed,unreachable */
static int outcomes(struct sw_options *options, const struct sw_arg *arg)
{
	static const char *const names[DP_N_OUTCOME] = {
		[DP_OUTCOME_OPEN] = "open",
		[DP_OUTCOME_CLOSED] = "closed",
		[DP_OUTCOME_UNREACHABLE] = "unreachable",
	};
	bool emit[DP_N_OUTCOME] = {false};
	const char *item = arg->text;

	for (;;) {
		size_t len = strcspn(item, ","), i = 0;

		while (i < DP_N_OUTCOME &&
			(strlen(names[i]) != len || memcmp(names[i], item, len) != 0))
			i++;
		if (i == DP_N_OUTCOME)
			return sw_arg_refuse(arg,
				"choose among open, closed and unreachable, with commas between");
		emit[i] = true;
		if (item[len] == '\0')
			break;
		item += len + 1;
	}
	memcpy(options->emit, emit, sizeof(emit));
	return 0;
}

static int verbosity(struct sw_options *options, const struct sw_arg *arg, int direction)
{
	uint32_t times;
	int rc = sw_arg_times(arg, &times);

	if (rc == 0)
		options->verbosity += direction * (int)times;
	return rc;
}

int sw_apply_results(struct sw_options *options, int key, const struct sw_arg *arg)
{
	switch (key) {
	case SW_KEY_OUTPUT_DIR:
		options->output = arg->text;
		return arg->text[0] != '\0'
			       ? 0
			       : sw_arg_refuse(arg, "name a folder, or - for standard output");
	case SW_KEY_OVERWRITE:
		return sw_arg_flag(arg, &options->overwrite);
	case SW_KEY_RESUME:
		return sw_arg_flag(arg, &options->resume);
	case SW_KEY_UNSAFE_OUTPUT_DIR:
		return sw_arg_flag(arg, &options->unsafe_output_dir);
	case SW_KEY_CHECKPOINT_INTERVAL:
		return sw_arg_seconds(arg, CHECKPOINT_MIN_US, TIMER_MAX_US, &options->checkpoint_s);
	case SW_KEY_CONFIG: /* taken before all others */
		return 0;
	case SW_KEY_PRINT_CONFIG:
		return sw_arg_flag(arg, &options->print_config);
	case SW_KEY_OUTPUT:
		return outcomes(options, arg);
	case SW_KEY_CERTS:
		if (strcmp(arg->text, "inline") != 0 && strcmp(arg->text, "store") != 0)
			return sw_arg_refuse(arg, "choose inline or store");
		options->certs = arg->text[0] == 's' ? WR_CERTS_STORE : WR_CERTS_INLINE;
		return 0;
	case SW_KEY_VERBOSE:
		return verbosity(options, arg, 1);
	case SW_KEY_QUIET:
		return verbosity(options, arg, -1);
	default:
		return SW_NOT_MINE;
	}
}
