/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What `tlsweep doctor` is asked, and the scan that it has in mind: one with these options, all
 * others left at their defaults, of the whole IPv4 Internet into a folder. Its options are read and
 * its plan is made by the code of the scan, so that both see the same mistakes and the same sizes.
 */
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "apps/options/help.h"
#include "apps/options/options_targets.h"
#include "apps/options/parse.h"
#include "apps/scan/scan_plan.h"
#include "dataplane/scan/scan_sizes.h"

/* getopt moves pointers to its arguments and does not change the arguments. */
static char *argument(const char *text)
{
	char *out;

	memcpy(&out, &text, sizeof(out));
	return out;
}

/* The command line of that scan. The folder is only named. */
static enum op_parse parse_scan(const struct op_doctor_options *asked, struct sc_run *run)
{
	static char scan[] = "scan", i[] = "-i", p[] = "-p", https[] = "https", o[] = "-o",
		    folder[] = "results", source[] = "-S", no_huge[] = "--no-huge",
		    everybody[] = "0.0.0.0/0";
	char *argv[2 * OP_DOCTOR_MAX_SOURCES + 12] = {
		scan, i, argument(asked->port), p, https, o, folder};
	int argc = 7;

	for (size_t n = 0; n < asked->n_sources; n++) {
		argv[argc++] = source;
		argv[argc++] = argument(asked->sources[n]);
	}
	if (asked->no_huge)
		argv[argc++] = no_huge;
	argv[argc++] = everybody;
	return op_options_parse(argc, argv, run->options, run->err, sizeof(run->err));
}

static void check(struct doctor *doctor, struct sc_run *run)
{
	struct dp_eal_config eal = sc_plan_eal(run);
	size_t dpdk_mb = eal.memory_mb + DP_EAL_SLACK_MB;
	struct hp_plan_dpdk parts = dp_scan_memory_parts(&run->config);
	enum dp_port_kind kind = run->port_spec.kind;

	doctor_cpu(doctor);
	doctor_memory(doctor, dpdk_mb, eal.heap_mb, eal.no_huge);
	doctor_rights(doctor, kind,
		dp_port_lock_bytes(
			kind, run->roles.n_poll, parts.packet_buffers, (uint64_t)dpdk_mb << 20));
	doctor_port(doctor, &run->port_spec, run->roles.n_poll);
}

static enum ut_exit examine(const struct op_doctor_options *asked, struct sc_run *run)
{
	struct doctor doctor = {.root = "", .out = stdout};
	const char *option;
	bool has_v4, has_v6;

	if (parse_scan(asked, run) != OP_PARSE_OK)
		return UT_EXIT_USAGE;
	/* What the user gave, not the lab's own. */
	has_v4 = run->options->has_source_v4;
	has_v6 = run->options->has_source_v6;
	sc_plan_port(run);
	if (op_options_targets(run->options, &run->targets, run->err, sizeof(run->err)) != 0 ||
		sc_plan(run, &option) != 0)
		return UT_EXIT_SETUP;
	check(&doctor, run);
	if (has_v4)
		doctor_source(&doctor, &run->options->source_v4);
	if (has_v6)
		doctor_source(&doctor, &run->options->source_v6);
	printf("%u ok, %u warnings, %u failed\n", doctor.n[DOCTOR_OK], doctor.n[DOCTOR_WARN],
		doctor.n[DOCTOR_FAIL]);
	return doctor.n[DOCTOR_FAIL] == 0 ? UT_EXIT_DONE : UT_EXIT_SETUP;
}

int doctor_command(int argc, char **argv)
{
	struct op_doctor_options asked;
	struct sc_run *run;
	enum ut_exit code = UT_EXIT_SETUP;
	enum op_parse verdict;
	char err[SC_ERR_LEN];

	verdict = op_options_parse_doctor(argc, argv, &asked, err, sizeof(err));
	if (verdict == OP_PARSE_EXIT)
		return UT_EXIT_DONE;
	if (verdict != OP_PARSE_OK) {
		fprintf(stderr, "tlsweep: %s\n", err);
		op_command_help(&op_command_doctor, stderr);
		return UT_EXIT_USAGE;
	}
	/* Large: they hold every list a command line can name. */
	run = calloc(1, sizeof(*run));
	if (run != NULL)
		run->options = calloc(1, sizeof(*run->options));
	if (run == NULL || run->options == NULL) {
		fputs("tlsweep: out of memory\n", stderr);
		free(run);
		return UT_EXIT_SETUP;
	}
	code = examine(&asked, run);
	if (run->err[0] != '\0')
		fprintf(stderr, "tlsweep: %s\n", run->err);
	dp_targets_free(run->targets);
	op_options_free(run->options);
	free(run->options);
	free(run);
	return code;
}
