/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by options*.c. */
#pragma once

#include "options.h"
#include "apps/util/argument.h"

#define SW_OPTION_NAME_MAX 32

/* getopt's value of each option: its short letter where it has one. */
enum sw_key {
	SW_KEY_PORTS = 'p',
	SW_KEY_ALLOW_FILE = 'w',
	SW_KEY_EXCLUDE_FILE = 'b',
	SW_KEY_MAX_TARGETS = 'n',
	SW_KEY_MAX_RESULTS = 'N',
	SW_KEY_MAX_RUNTIME = 't',
	SW_KEY_COOLDOWN = 'c',
	SW_KEY_RATE = 'r',
	SW_KEY_BANDWIDTH = 'B',
	SW_KEY_PROBES = 'P',
	SW_KEY_SEED = 'e',
	SW_KEY_INTERFACE = 'i',
	SW_KEY_SOURCE_IP = 'S',
	SW_KEY_SOURCE_PORT = 's',
	SW_KEY_GATEWAY_MAC = 'G',
	SW_KEY_OUTPUT_DIR = 'o',
	SW_KEY_VERBOSE = 'v',
	SW_KEY_QUIET = 'q',
	SW_KEY_HELP = 'h',
	SW_KEY_VERSION = 'V',
	SW_KEY_EXCLUDE = 256,
	SW_KEY_NO_DEFAULT_EXCLUDE,
	SW_KEY_PROBE_GAP,
	SW_KEY_SOURCE_MAC,
	SW_KEY_GATEWAY_IP,
	SW_KEY_VLAN,
	SW_KEY_NO_HUGE,
	SW_KEY_LCORES,
	SW_KEY_EAL,
	SW_KEY_EHLO_NAME,
	SW_KEY_CONTACT,
	SW_KEY_USER_AGENT,
	SW_KEY_SNI,
	SW_KEY_NO_POST_TLS,
	SW_KEY_GREETING_TIMEOUT,
	SW_KEY_REPLY_TIMEOUT,
	SW_KEY_IRC_HELLO_TIMEOUT,
	SW_KEY_IRC_STARTTLS_TIMEOUT,
	SW_KEY_HANDSHAKE_TIMEOUT,
	SW_KEY_BYE_TIMEOUT,
	SW_KEY_MAX_SESSION_BYTES,
	SW_KEY_MAX_CHAIN_BYTES,
	SW_KEY_MAX_CERTIFICATE_BYTES,
	SW_KEY_DEAR_SHARE,
	SW_KEY_SHARE_KEY,
	SW_KEY_MAX_CONNECTIONS,
	SW_KEY_MAX_SESSIONS,
	SW_KEY_OUTPUT,
	SW_KEY_CERTS,
	SW_KEY_OVERWRITE,
	SW_KEY_PAIRS,
	SW_KEY_SHARD,
	SW_KEY_MIN_HITRATE,
	SW_KEY_LOSS_SAMPLE,
	SW_KEY_CANARY_SAMPLE,
	SW_KEY_DECOY_PORTS,
	SW_KEY_DECOY_SAMPLE,
	SW_KEY_RESUME,
	SW_KEY_UNSAFE_OUTPUT_DIR,
	SW_KEY_CHECKPOINT_INTERVAL,
	SW_KEY_MAX_OUTPUT,
	SW_KEY_MIN_DISK_FREE,
	SW_KEY_CONFIG,
	SW_KEY_PRINT_CONFIG,
};

/* One line of the table that getopt, --help and the suggestions are made from. */
struct sw_option {
	int key;	  /* 0: a heading; its text is in help */
	const char *name; /* long name without its dashes */
	const char *arg;  /* what follows it, NULL: nothing */
	const char *help; /* '\n' where a line breaks */
};

extern const struct sw_option sw_option_table[];
extern const size_t sw_n_options;

/** The entry of a key. */
const struct sw_option *sw_option_find(int key);

/** May the option be given several times, each time for one thing more? */
bool sw_option_repeats(int key);

/** Does the option belong on the command line alone? */
bool sw_option_line_only(int key);

/**
 * What a word that is no option may stand for, as the end of a sentence: "did you mean --rate?",
 * with all names that begin with it, if any, else with the nearest one, if it is near.
 * @param before, after  in: what stands around a name
 * @param help           in: the end when nothing is like it
 * @return how many names begin with the word
 */
size_t sw_option_hint(const char *word, const char *before, const char *after, const char *help,
	char *out, size_t out_len);

/** Take a target, checked by itself, whoever names it. @return 0 or -EINVAL with the sentence in
 * arg->err */
int sw_options_add_target(struct sw_options *options, const struct sw_arg *arg);

/* What the command line has, seen before its options are applied. */
struct sw_line {
	const char *configs[SW_MAX_FILES]; /* files to be read before */
	size_t n_configs;
	bool has_targets, has_services, has_verbosity;
};

/**
 * Look through the command line.
 * @return SW_PARSE_OK; SW_PARSE_EXIT and SW_PARSE_VERSION when that is all it asks for;
 *         SW_PARSE_ERROR with a sentence in err for a word that is no option
 */
enum sw_parse sw_line_look(int argc, char **argv, struct sw_line *line, char *err, size_t err_len);

/** Apply its options, then take its targets. */
enum sw_parse sw_line_apply(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len);
