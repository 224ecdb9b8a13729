/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `tlsweep scan`, checked and complete. */
#pragma once

#include "apps/writer.h"
#include "dataplane/targets.h"

#define SW_MAX_ITEMS 4096 /* targets, lists and exclusions named on one command line */

struct sw_options {
	/* what */
	const char *targets[SW_MAX_ITEMS]; /* addresses, CIDRs, ranges; point into argv */
	const char *allow_files[64], *exclude_files[64];
	const char *excludes[SW_MAX_ITEMS];
	size_t n_targets, n_allow_files, n_exclude_files, n_excludes;
	bool exclude_special; /* default list; --no-default-exclude turns it off; interface lab: off */
	struct dl_service services[DL_MAX_SERVICES];
	size_t n_services;
	/* how fast, how long */
	double rate_pps;           /* -r, default 1,000; K, M suffixes; 0: as fast as it goes */
	uint32_t n_probes;         /* -P, 1..16, default 1 */
	uint32_t probe_gap_ms;     /* between the probes of one target, default 1,000 */
	uint64_t max_targets;      /* -n, 0: all */
	uint64_t max_results;      /* -N, 0: no limit */
	uint32_t max_runtime_s;    /* -t, 0: no limit */
	uint32_t cooldown_s;       /* -c, default 8 */
	uint64_t seed;             /* -e; drawn and reported when not given */
	bool seed_given;
	/* port */
	const char *interface;     /* -i */
	const char *eal_args;      /* --eal "..." */
	const char *lcores;        /* --lcores role map, NULL: default for this machine */
	bool no_huge;
	struct ts_addr source_v4, source_v6;
	bool has_source_v4, has_source_v6;
	uint16_t source_port_first, source_port_last; /* -s, default 32768-61000 */
	struct ts_addr gateway_v4, gateway_v6;
	bool has_gateway_v4, has_gateway_v6;
	uint8_t prefix_v4_len, prefix_v6_len; /* on-link prefix of the source address, from addr/len; 0: none given */
	uint8_t gateway_mac[6], source_mac[6];
	bool has_gateway_mac, has_source_mac;
	uint16_t vlan;             /* 0: untagged */
	/* talk */
	const char *ehlo_name, *user_agent, *sni;
	struct dl_config dialog;   /* timers and caps; names point to the fields above */
	struct tl_config tls;
	uint32_t max_connections;  /* default 65,536 per poll core */
	uint32_t max_sessions;     /* TLS sessions at once, per TLS core, default 4,096 */
	/* results */
	const char *output;        /* -o DIR or "-" */
	enum wr_certs certs;
	bool overwrite;
	bool emit[DP_N_OUTCOME];   /* --output open,closed,unreachable; default open */
	int verbosity;             /* -v adds, -q takes away */
	bool print_memory_plan;    /* -v */
};

enum sw_parse {
	SW_PARSE_OK,
	SW_PARSE_EXIT,  /* --help or --version was printed */
	SW_PARSE_ERROR, /* a sentence is in err */
};

/**
 * Parse and check the words after `tlsweep scan`.
 * @param argc, argv  in: argv[0] is "scan"; strings are borrowed for the life of options
 * @param options     out: complete on SW_PARSE_OK
 * @param err         out: one sentence: what was wrong, where, what to do
 */
enum sw_parse sw_options_parse(int argc, char **argv, struct sw_options *options, char *err, size_t err_len);

/** Print the help text of `tlsweep scan`. */
void sw_options_help(FILE *out);
