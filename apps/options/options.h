/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a scan. The table (table.h) says how each field is read, its range, its default
 * and its meaning for the user. parse.h fills the struct.
 */
#pragma once

#include "apps/lab/lab_spec.h"
#include "table.h"
#include "apps/output/certs_form.h"
#include "dataplane/record/record.h"
#include "dataplane/targets/targets.h"

#define OP_MAX_ITEMS 4096 /* targets, and exclusions, named on one command line */
#define OP_MAX_FILES 64	  /* lists of each kind */

/* Where the value of an option comes from. */
struct op_place {
	const char *file; /* NULL: the command line, or nowhere */
	unsigned int line, column;
	bool withheld; /* it is in scan.conf, not taken from there, and not given again yet */
};

/*
 * Names point into argv, into the texts of files, or into the buffers at the end. So the struct
 * stays where it was parsed: it is passed by reference, never copied.
 */
struct op_options {
	/* what */
	const char *targets[OP_MAX_ITEMS]; /* addresses, CIDRs, ranges */
	const char *allow_files[OP_MAX_FILES], *exclude_files[OP_MAX_FILES];
	const char *pair_files[OP_MAX_FILES]; /* lists of address and port */
	size_t n_pair_files;
	const char *excludes[OP_MAX_ITEMS];
	size_t n_targets, n_allow_files, n_exclude_files, n_excludes;
	bool exclude_special; /* exclude the default list; never done with the lab */
	/* Those of -p. op_options_targets() adds those that only pairs have behind them. */
	struct dl_service services[DL_MAX_SERVICES];
	size_t n_services;
	size_t n_pair_services; /* of n_services, the last ones: those that only pairs have */
	bool count;		/* `tlsweep targets`: print numbers instead of targets */
	/* how fast, how long */
	double rate_pps; /* frames a second; 0: no limit, as with -B alone */
	bool rate_given;
	uint32_t n_probes;	   /* of each target */
	bool minimal_syn;	   /* SYNs carry a segment size and no further option */
	uint32_t probe_gap_ms;	   /* between the probes of one target */
	uint64_t max_targets;	   /* 0: all */
	double max_targets_share;  /* -n 10%: 0.1; 0: none given */
	uint32_t shard, n_shards;  /* --shard 2/5: 1 of 5 */
	double bandwidth_bps;	   /* bits a second on the wire; 0: none given */
	double min_hitrate;	   /* answers by probes; 0: no guard */
	uint32_t loss_sample;	   /* one target in so many is probed twice; 0: none */
	uint32_t canary_sample;	   /* one target in so many is probed on a decoy port; 0: none */
	uint32_t n_decoys;	   /* decoy ports for responders */
	uint32_t decoy_sample;	   /* one responder in so many is probed on them */
	uint64_t max_results;	   /* 0: no limit */
	uint64_t max_output_bytes; /* of all files together; 0: no limit */
	double min_disk_free;	   /* share of the disk; with less of it probes wait; 0: never */
	uint32_t max_runtime_s;	   /* 0: no limit */
	uint32_t cooldown_s;
	uint64_t seed; /* drawn and reported if none is given */
	bool seed_given;
	/* port */
	const char *interface;
	bool is_lab;	      /* -i lab or lab:KEY=VALUE,... */
	struct lab_spec lab;  /* what follows the colon */
	const char *eal_args; /* NULL: none */
	const char *lcores;   /* map of roles; NULL: fitted to this machine */
	bool no_huge;
	struct ts_addr source_v4, source_v6;
	bool has_source_v4, has_source_v6;
	uint16_t source_port_first, source_port_last; /* host order, both included */
	struct ts_addr gateway_v4, gateway_v6;
	bool has_gateway_v4, has_gateway_v6;
	uint8_t prefix_v4_len, prefix_v6_len; /* on-link prefix of the source; 0: none given */
	uint8_t gateway_mac[6], source_mac[6];
	bool has_gateway_mac, has_source_mac;
	uint16_t vlan; /* 0: untagged */
	/* dialog */
	const char *ehlo_name, *user_agent; /* never NULL once parsed */
	const char *contact;		    /* part of the default user agent; NULL: none */
	const char *sni;		    /* for targets without a name; NULL: none */
	struct dl_config dialog;	    /* timers and caps; names point to the fields above */
	struct tl_config tls;
	uint32_t max_connections; /* per poll core */
	uint32_t max_sessions;	  /* TLS sessions at once, per TLS core */
	/* results */
	const char *output; /* a folder, or "-" */
	enum out_certs certs;
	bool overwrite;
	bool resume;		 /* continue the scan in the folder */
	bool unsafe_output_dir;	 /* take the folder even if others can write to it */
	uint32_t checkpoint_s;	 /* seconds between checkpoints */
	bool emit[DP_N_OUTCOME]; /* which outcomes are recorded */
	int verbosity;		 /* -v adds 1, -q takes 1 away */
	bool print_memory_plan;	 /* -v */
	bool print_config;	 /* print the options instead of scanning */
	/* storage behind the names above */
	struct op_config_text *config_texts;	/* of --config files; NULL: none */
	struct op_place places[OP_MAX_OPTIONS]; /* of each option's value, by op_option_index() */
	char ehlo_text[DL_NAME_MAX + 1], user_agent_text[DL_NAME_MAX + 1];
};
