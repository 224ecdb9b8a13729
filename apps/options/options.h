/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `tlsweep scan`, checked and complete. */
#pragma once

#include "apps/lab/lab_spec.h"
#include "apps/output/writer.h"
#include "dataplane/targets/targets.h"

#define SW_MAX_ITEMS   4096 /* targets and exclusions named on one command line */
#define SW_MAX_FILES   64   /* lists of each kind */
#define SW_MAX_OPTIONS 96   /* entries of the table; checked where it is */

/* Where in a file of --config a value stands. */
struct sw_place {
	const char *file; /* NULL: the command line, or nowhere */
	unsigned int line, column;
	bool withheld; /* in scan.conf, and not taken from there: it has to be given again */
};

/*
 * Names point into argv or into the buffers at the end, so the struct stays where it was parsed: it
 * is passed by reference, never copied.
 */
struct sw_options {
	/* what */
	const char *targets[SW_MAX_ITEMS]; /* addresses, CIDRs, ranges; point into argv */
	const char *allow_files[SW_MAX_FILES], *exclude_files[SW_MAX_FILES];
	const char *pair_files[SW_MAX_FILES]; /* lists of address and port */
	size_t n_pair_files;
	const char *excludes[SW_MAX_ITEMS];
	size_t n_targets, n_allow_files, n_exclude_files, n_excludes;
	bool exclude_special; /* default list; --no-default-exclude turns it off; interface lab: off
			       */
	/* Those of -p, then, once sw_options_targets() has read the lists, those of pairs alone. */
	struct dl_service services[DL_MAX_SERVICES];
	size_t n_services;
	size_t n_pair_services; /* of n_services: those of pairs alone, the last ones */
	/* how fast, how long */
	double rate_pps; /* -r, default 1,000, with -B alone 0; 0: as fast as it goes */
	bool rate_given;
	uint32_t n_probes;	  /* -P, 1..16, default 1 */
	uint32_t probe_gap_ms;	  /* between the probes of one target, default 1,000 */
	uint64_t max_targets;	  /* -n, 0: all */
	double max_targets_share; /* -n 10%: 0.1; 0: none given */
	uint32_t shard, n_shards; /* --shard 2/5: 1 of 5; default 0 of 1 */
	double bandwidth_bps;	  /* -B, bits a second on the wire; 0: none given */
	double min_hitrate;	  /* answers by probes; 0: no guard */
	uint32_t loss_sample;	  /* every so many-th target twice; default 64, 0: none */
	uint32_t canary_sample; /* every so many-th target on a decoy port; default 256, 0: none */
	uint32_t n_decoys;	/* decoy ports for responders, 0..8, default 0 */
	uint32_t decoy_sample;	/* for every so many-th responder, default 1 */
	uint64_t max_results;	/* -N, 0: no limit */
	uint64_t max_output_bytes; /* of all files together, 0: no limit */
	double min_disk_free;	/* with a smaller share of it probes wait; default 0.05, 0: never */
	uint32_t max_runtime_s; /* -t, 0: no limit */
	uint32_t cooldown_s;	/* -c, default 8 */
	uint64_t seed;		/* -e; drawn and reported when not given */
	bool seed_given;
	/* port */
	const char *interface; /* -i */
	bool is_lab;	       /* -i lab or lab:KEY=VALUE,... */
	struct lab_spec lab;   /* what follows the colon */
	const char *eal_args;  /* --eal "...", NULL: none */
	const char *lcores;    /* --lcores role map, NULL: default for this machine */
	bool no_huge;
	struct ts_addr source_v4, source_v6;
	bool has_source_v4, has_source_v6;
	uint16_t source_port_first, source_port_last; /* -s, default 32768-61000 */
	struct ts_addr gateway_v4, gateway_v6;
	bool has_gateway_v4, has_gateway_v6;
	uint8_t prefix_v4_len,
		prefix_v6_len; /* on-link prefix of the source, from addr/len; 0: none given */
	uint8_t gateway_mac[6], source_mac[6];
	bool has_gateway_mac, has_source_mac;
	uint16_t vlan; /* 0: untagged */
	/* talk */
	const char *ehlo_name, *user_agent; /* never NULL */
	const char *contact;		    /* part of the default user agent; NULL: none */
	const char *sni;	 /* for targets without a name of their own; NULL: none */
	struct dl_config dialog; /* timers and caps; names point to the fields above */
	struct tl_config tls;
	uint32_t max_connections; /* per poll core, default 65,536 */
	uint32_t max_sessions;	  /* TLS sessions at once, per TLS core, default 4,096 */
	/* results */
	const char *output; /* -o DIR or "-", the default */
	enum wr_certs certs;
	bool overwrite;
	bool resume;		 /* go on where the scan in DIR ended */
	bool unsafe_output_dir;	 /* take DIR even if others can write to it */
	uint32_t checkpoint_s;	 /* seconds between checkpoints, default 5 */
	bool emit[DP_N_OUTCOME]; /* --output open,closed,unreachable; default open */
	int verbosity;		 /* default 0; -v adds 1, -q takes 1 away */
	bool print_memory_plan;	 /* -v */
	bool print_config;	 /* print the options instead of scanning */
	/* storage behind the names above */
	struct sw_config_text *config_texts;	/* of --config files; NULL: none */
	struct sw_place places[SW_MAX_OPTIONS]; /* of each option's value, by place in the table */
	char ehlo_text[DL_NAME_MAX + 1], user_agent_text[DL_NAME_MAX + 1];
};

enum sw_parse {
	SW_PARSE_OK,
	SW_PARSE_EXIT,	  /* --help, --print-config: the text was printed to standard output */
	SW_PARSE_VERSION, /* --version was asked for: main prints it and exits */
	SW_PARSE_ERROR,	  /* a sentence is in err */
};

/**
 * Parse and check the words after `tlsweep scan`. What --config names is read first, and before
 * that, with --resume, the scan.conf of the output folder; the words win over both. Main thread:
 * getopt keeps its place in globals.
 * @param argc, argv  in: argv[0] is "scan"; strings are borrowed for the life of options; getopt
 * may change the order of the pointers
 * @param options     out: complete on SW_PARSE_OK
 * @param err         out: one sentence: what was wrong, where, what to do
 */
enum sw_parse sw_options_parse(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len);

/**
 * Where the value of an option came from, for a sentence about it that only set-up can make.
 * @param name  in: the option's long name
 * @param out   out: "FILE:LINE:COLUMN: ", or "" for the command line
 */
void sw_options_place(
	const struct sw_options *options, const char *name, char *out, size_t out_len);

/** Free the texts of configuration files. Nothing of the options may be used afterwards. */
void sw_options_free(struct sw_options *options);

/** The same for the words after `tlsweep targets`: no port is needed, since nothing is sent. */
enum sw_parse sw_options_parse_targets(
	int argc, char **argv, struct sw_options *options, char *err, size_t err_len);

/**
 * Read every list and item into targets, in this order: default exclusions, exclusions, targets,
 * pairs; then finish. Once for these options.
 * @param options  in/out: services grows by those of ports that only pairs have
 * @param targets  out: a finished set on success, owned by the caller (dp_targets_free()); else
 * NULL
 * @return 0, or the negative errno of dp_targets_*; err: one sentence
 */
int sw_options_targets(
	struct sw_options *options, struct dp_targets **targets, char *err, size_t err_len);

/** The part of the order that the options choose: the shard, and of that no more than -n says. */
struct dp_index_range sw_options_share(
	const struct sw_options *options, const struct dp_targets *targets);

/**
 * Check what only the finished targets can tell: a source address for each family that is scanned,
 * and a way to the targets (a gateway, or the prefix of an on-link network). The lab needs neither.
 * @return 0 or -EINVAL; err: one sentence
 */
int sw_options_check(const struct sw_options *options, const struct dp_targets *targets, char *err,
	size_t err_len);

/** Print the help text of `tlsweep scan`. */
void sw_options_help(FILE *out);
