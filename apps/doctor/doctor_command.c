/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What `tlsweep doctor` is asked, and the scan that it has in mind: one with these options, all
 * others left at their defaults, of the whole IPv4 Internet into a folder. Its options are read and
 * its plan is made by the code of the scan, so that both see the same mistakes and the same sizes.
 */
#include <getopt.h>
#include <stdlib.h>

#include "doctor.h"
#include "apps/scan/scan_plan.h"
#include "dataplane/scan/scan_sizes.h"

#define MAX_SOURCES 8

static void print_help(FILE *out)
{
	fputs("usage: tlsweep doctor [-i PORT] [-S ADDR[/LEN]]... [--no-huge]\n"
	      "\n"
	      "Says what this machine lacks for a scan, and the command that mends it. Changes\n"
	      "nothing, sends nothing.\n"
	      "\n"
	      "  -i, --interface PORT   the port a scan would use (default lab)\n"
	      "  -S, --source-ip ADDR   the address a scan would use; twice for two families\n"
	      "      --no-huge          a scan with ordinary pages\n"
	      "  -h, --help             this text\n"
	      "\n"
	      "Exit code: 0 no check failed, 1 one did, 2 the command line is wrong.\n",
		out);
}

struct request {
	char *port;
	char *sources[MAX_SOURCES];
	int n_sources;
	bool no_huge, help;
};

static bool parse(int argc, char **argv, struct request *request)
{
	static const struct option longs[] = {
		{"interface", required_argument, NULL, 'i'},
		{"source-ip", required_argument, NULL, 'S'},
		{"no-huge", no_argument, NULL, 'H'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	static char lab[] = "lab";
	int key;

	*request = (struct request){.port = lab};
	optind = 0;
	while ((key = getopt_long(argc, argv, "i:S:h", longs, NULL)) != -1) {
		switch (key) {
		case 'i':
			request->port = optarg;
			break;
		case 'S':
			if (request->n_sources == MAX_SOURCES)
				return false;
			request->sources[request->n_sources++] = optarg;
			break;
		case 'H':
			request->no_huge = true;
			break;
		case 'h':
			request->help = true;
			break;
		default:
			return false;
		}
	}
	if (optind < argc)
		fprintf(stderr, "tlsweep: doctor takes no \"%s\"\n", argv[optind]);
	return optind >= argc;
}

/* The words of that scan. The folder is only named. */
static enum sw_parse parse_scan(const struct request *request, struct scan_run *run)
{
	static char scan[] = "scan", i[] = "-i", p[] = "-p", https[] = "https", o[] = "-o",
		    folder[] = "results", source[] = "-S", no_huge[] = "--no-huge",
		    everybody[] = "0.0.0.0/0";
	char *argv[2 * MAX_SOURCES + 12] = {scan, i, request->port, p, https, o, folder};
	int argc = 7;

	for (int n = 0; n < request->n_sources; n++) {
		argv[argc++] = source;
		argv[argc++] = request->sources[n];
	}
	if (request->no_huge)
		argv[argc++] = no_huge;
	argv[argc++] = everybody;
	return sw_options_parse(argc, argv, run->options, run->err, sizeof(run->err));
}

static void check(struct doctor *doctor, const struct scan_run *run)
{
	struct dp_eal_config eal = scan_plan_eal(run);
	size_t dpdk_mb = eal.memory_mb + DP_EAL_SLACK_MB;
	struct dp_memory parts = dp_scan_memory_parts(&run->config);
	enum dp_port_kind kind = run->port_spec.kind;

	doctor_cpu(doctor);
	doctor_memory(doctor, dpdk_mb, eal.heap_mb, eal.no_huge);
	doctor_rights(doctor, kind,
		dp_port_lock_bytes(
			kind, run->roles.n_poll, parts.packet_buffers, (uint64_t)dpdk_mb << 20));
	doctor_port(doctor, &run->port_spec);
}

static enum sw_exit examine(const struct request *request, struct scan_run *run)
{
	struct doctor doctor = {.root = "", .out = stdout};
	const char *option;
	bool has_v4, has_v6;

	if (parse_scan(request, run) != SW_PARSE_OK)
		return SW_EXIT_USAGE;
	/* What the user gave, not the lab's own. */
	has_v4 = run->options->has_source_v4;
	has_v6 = run->options->has_source_v6;
	scan_plan_port(run);
	if (sw_options_targets(run->options, &run->targets, run->err, sizeof(run->err)) != 0 ||
		scan_plan(run, &option) != 0)
		return SW_EXIT_SETUP;
	check(&doctor, run);
	if (has_v4)
		doctor_source(&doctor, &run->options->source_v4);
	if (has_v6)
		doctor_source(&doctor, &run->options->source_v6);
	printf("%u ok, %u warnings, %u failed\n", doctor.n[DOCTOR_OK], doctor.n[DOCTOR_WARN],
		doctor.n[DOCTOR_FAIL]);
	return doctor.n[DOCTOR_FAIL] == 0 ? SW_EXIT_DONE : SW_EXIT_SETUP;
}

int doctor_command(int argc, char **argv)
{
	struct request request;
	struct scan_run *run;
	enum sw_exit code = SW_EXIT_SETUP;

	if (!parse(argc, argv, &request)) {
		print_help(stderr);
		return SW_EXIT_USAGE;
	}
	if (request.help) {
		print_help(stdout);
		return SW_EXIT_DONE;
	}
	/* Large: they hold every list a command line can name. */
	run = calloc(1, sizeof(*run));
	if (run != NULL)
		run->options = calloc(1, sizeof(*run->options));
	if (run == NULL || run->options == NULL) {
		fputs("tlsweep: out of memory\n", stderr);
		free(run);
		return SW_EXIT_SETUP;
	}
	code = examine(&request, run);
	if (run->err[0] != '\0')
		fprintf(stderr, "tlsweep: %s\n", run->err);
	dp_targets_free(run->targets);
	sw_options_free(run->options);
	free(run->options);
	free(run);
	return code;
}
