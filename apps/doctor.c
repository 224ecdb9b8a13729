/* SPDX-License-Identifier: BSD-3-Clause */
#include "doctor.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/eal.h"
#include "dataplane/roles.h"
#include "dataplane/scan_sizes.h"
#include "exit_codes.h"

#define PATH_LEN 512
#define MAX_CPUS 256
/* A scan with the defaults of `tlsweep scan`. */
#define DEFAULT_CONNECTIONS 65536
#define DEFAULT_SESSIONS    4096
#define DEFAULT_SEEN	    65536

void doctor_say(struct doctor *doctor, enum doctor_verdict verdict, const char *mend,
	const char *format, ...)
{
	static const char *const words[DOCTOR_N_VERDICT] = {
		[DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "FAIL"};
	va_list ap;

	doctor->n[verdict]++;
	fprintf(doctor->out, "%-5s ", words[verdict]);
	va_start(ap, format);
	vfprintf(doctor->out, format, ap);
	va_end(ap);
	fputc('\n', doctor->out);
	if (mend != NULL)
		fprintf(doctor->out, "      mend: %s\n", mend);
}

int doctor_read(const struct doctor *doctor, const char *path, char *text, size_t len)
{
	char full[PATH_LEN];
	FILE *f;
	bool got;

	if (snprintf(full, sizeof(full), "%s%s", doctor->root, path) >= (int)sizeof(full))
		return -1;
	f = fopen(full, "re");
	if (f == NULL)
		return -1;
	got = fgets(text, (int)len, f) != NULL;
	fclose(f);
	if (!got)
		return -1;
	text[strcspn(text, "\n")] = '\0';
	return (int)strlen(text);
}

static void default_plan(bool lab, size_t *dpdk_mb, size_t *heap_mb)
{
	uint16_t cpus[MAX_CPUS];
	struct dp_roles roles;
	struct dp_scan_config config = {
		.max_conns = DEFAULT_CONNECTIONS,
		.max_sessions = DEFAULT_SESSIONS,
		.n_seen = DEFAULT_SEEN,
		.lab = lab,
	};

	dp_roles_default(&roles, cpus, dp_roles_cpus(cpus, MAX_CPUS), lab);
	config.n_poll = roles.n_poll;
	config.n_tls = roles.n_tls;
	*dpdk_mb = (dp_scan_memory(&config) >> 20) + 1 + DP_EAL_SLACK_MB;
	*heap_mb = dp_scan_tls_memory(&config) >> 20;
}

static void print_help(FILE *out)
{
	fputs("usage: tlsweep doctor [-i PORT] [-S ADDR] [--no-huge]\n"
	      "\n"
	      "Says what this machine lacks for a scan, and the command that mends it. Changes\n"
	      "nothing, sends nothing.\n"
	      "\n"
	      "  -i, --interface PORT   the port a scan would use (default lab)\n"
	      "  -S, --source-ip ADDR   the address a scan would use\n"
	      "      --no-huge          a scan with ordinary pages\n"
	      "  -h, --help             this text\n"
	      "\n"
	      "Exit code: 0 no check failed, 1 one did, 2 the command line is wrong.\n",
		out);
}

struct request {
	const char *port;
	struct ts_addr source;
	bool has_source, no_huge, help;
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
	int key;

	*request = (struct request){.port = "lab"};
	optind = 0;
	while ((key = getopt_long(argc, argv, "i:S:h", longs, NULL)) != -1) {
		switch (key) {
		case 'i':
			request->port = optarg;
			break;
		case 'S':
			/* As a scan takes it, the length of the prefix is tolerated. */
			optarg[strcspn(optarg, "/")] = '\0';
			request->has_source = ts_addr_parse(optarg, &request->source) == 0;
			if (request->has_source)
				break;
			fprintf(stderr, "tlsweep: --source-ip: \"%s\" is not an address\n", optarg);
			return false;
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

int doctor_command(int argc, char **argv)
{
	struct doctor doctor = {.root = "", .out = stdout};
	struct dp_port_spec spec;
	struct request request;
	size_t dpdk_mb, heap_mb;

	if (!parse(argc, argv, &request)) {
		print_help(stderr);
		return SW_EXIT_USAGE;
	}
	if (request.help) {
		print_help(stdout);
		return SW_EXIT_DONE;
	}
	spec = dp_port_spec(request.port);
	default_plan(spec.kind == DP_PORT_LAB, &dpdk_mb, &heap_mb);
	doctor_cpu(&doctor);
	doctor_memory(&doctor, dpdk_mb, heap_mb, request.no_huge);
	doctor_rights(&doctor, spec.kind);
	doctor_port(&doctor, &spec);
	if (request.has_source)
		doctor_source(&doctor, &request.source);
	printf("%u ok, %u warnings, %u failed\n", doctor.n[DOCTOR_OK], doctor.n[DOCTOR_WARN],
		doctor.n[DOCTOR_FAIL]);
	return doctor.n[DOCTOR_FAIL] == 0 ? SW_EXIT_DONE : SW_EXIT_SETUP;
}
