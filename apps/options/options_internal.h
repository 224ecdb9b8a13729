/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by options*.c, and by control_line.c for its numbers. */
#pragma once

#include "options.h"

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
 * word->err */
int sw_options_add_target(struct sw_options *options, const struct sw_word *word);

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

/* The word behind an option, on its way to a value; on failure the sentence starts with both. */
struct sw_word {
	const char *option; /* "--rate" */
	const char *text;
	char *err;
	size_t err_len;
};

/** Say why the word is refused. @return -EINVAL, always */
int sw_word_refuse(const struct sw_word *word, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* All: @return 0 or -EINVAL with the sentence in word->err; out is written on success only. */

/** true or false; no text at all, as on the command line, is true. */
int sw_word_flag(const struct sw_word *word, bool *out);

/** Times a flag was given: no text or true is one more, false none, a number that many. */
int sw_word_times(const struct sw_word *word, uint32_t *out);

/** A whole number with an optional suffix K, M or G (powers of 1,000), Ki, Mi or Gi (of 1,024). The
 * same suffixes stand behind every number of this program. */
int sw_word_count(const struct sw_word *word, uint64_t min, uint64_t max, uint64_t *out);
int sw_word_count32(const struct sw_word *word, uint32_t min, uint32_t max, uint32_t *out);

/** A whole number, decimal or 0x and hexadecimal, of 64 bits. */
int sw_word_seed(const struct sw_word *word, uint64_t *out);

/** A number of packets a second, fractions allowed, suffix K, M or G; 0 stands for no limit. */
int sw_word_rate(const struct sw_word *word, double *out);

/** A number of bits a second, fractions allowed, suffix K, M or G. */
int sw_word_bandwidth(const struct sw_word *word, double *out);

/** A part of a whole, above 0 and at most all of it: 0.01 or 1%. */
int sw_word_share(const struct sw_word *word, double *out);

/** I/N, counted from 1: 2/5 is *shard 1 of *n_shards 5. */
int sw_word_shard(const struct sw_word *word, uint32_t *shard, uint32_t *n_shards);

/** A time with a unit us, ms, s, m or h; a bare number is seconds. min and max in µs. */
int sw_word_time_us(const struct sw_word *word, uint64_t min, uint64_t max, uint64_t *out);

/** The same in whole seconds: a part of one is rounded up, never cut away. */
int sw_word_seconds(const struct sw_word *word, uint64_t min_us, uint64_t max_us, uint32_t *out);

int sw_word_addr(const struct sw_word *word, struct ts_addr *out);

/** ADDR or ADDR/LEN; *prefix_len is 0 without a length. */
int sw_word_addr_prefix(const struct sw_word *word, struct ts_addr *out, uint8_t *prefix_len);

/** A unicast MAC address, bytes in hexadecimal with ':' or '-' between them. */
int sw_word_mac(const struct sw_word *word, uint8_t out[6]);

/** FIRST-LAST or one port. */
int sw_word_port_range(const struct sw_word *word, uint16_t *first, uint16_t *last);

/** Visible ASCII and spaces, 1 to max_len bytes: safe on a line of any of the protocols. */
int sw_word_line(const struct sw_word *word, size_t max_len);

/** A host name, not an address. */
int sw_word_host(const struct sw_word *word);

/** A host name, or an address literal in brackets (RFC 5321 4.1.3). */
int sw_word_ehlo(const struct sw_word *word);
