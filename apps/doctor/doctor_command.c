/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `tlsweep doctor` examines the machine for one scan: with the options given, all others at their
 * defaults, of the whole IPv4 Internet, into a folder. The code of `tlsweep scan` reads these
 * options and makes the plan, so both find the same mistakes and the same sizes.
 */
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "apps/options/help.h"
#include "apps/options/options_targets.h"
#include "apps/options/parse.h"
#include "apps/scan/scan_plan.h"
#include "apps/util/exit_codes.h"
#include "dataplane/scan/scan_sizes.h"

#define ERR_LEN 512

/* getopt moves pointers to its arguments and does not change the arguments. */
static char *argument(const char *text)
{
	char *out;

	memcpy(&out, &text, sizeof(out));
	return out;
}

/* Parse the command line of that scan. Its folder is only named, never opened. */
static enum op_parse parse_scan(const struct op_doctor_options *asked, struct op_options *options,
	char *err, size_t err_len)
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
	return op_options_parse(argc, argv, options, err, err_len);
}

static void check(struct doctor *doctor, const struct sc_plan *plan)
{
	struct dp_eal_config eal = sc_plan_eal(plan);
	size_t dpdk_mb = eal.memory_mb + DP_EAL_SLACK_MB;
	struct hp_plan_dpdk parts = dp_scan_memory_parts(&plan->config);
	enum dp_port_kind kind = plan->port_spec.kind;

	doctor_cpu(doctor);
	doctor_memory(doctor, dpdk_mb, eal.heap_mb, eal.no_huge);
	doctor_rights(doctor, kind,
		dp_port_lock_bytes(
			kind, plan->roles.n_poll, parts.packet_buffers, (uint64_t)dpdk_mb << 20));
	doctor_port(doctor, &plan->port_spec);
}

/* @return UT_EXIT_DONE if no check has failed; err: a sentence if the plan could not be made */
static enum ut_exit examine(
	const struct op_doctor_options *asked, struct sc_plan *plan, char *err, size_t err_len)
{
	struct doctor doctor = {.root = "", .out = stdout};
	struct op_options *options = plan->options;
	const char *option;
	bool has_v4, has_v6;

	if (parse_scan(asked, options, err, err_len) != OP_PARSE_OK)
		return UT_EXIT_USAGE;
	/* Before sc_plan_port() fills in those of the lab: only what the user gave is checked. */
	has_v4 = options->has_source_v4;
	has_v6 = options->has_source_v6;
	sc_plan_port(plan);
	if (op_options_targets(options, &plan->targets, err, err_len) != 0 ||
		sc_plan_make(plan, &option, err, err_len) != 0)
		return UT_EXIT_SETUP;
	check(&doctor, plan);
	if (has_v4)
		doctor_source(&doctor, &options->source_v4);
	if (has_v6)
		doctor_source(&doctor, &options->source_v6);
	printf("%u ok, %u warnings, %u failed\n", doctor.n[DOCTOR_OK], doctor.n[DOCTOR_WARN],
		doctor.n[DOCTOR_FAIL]);
	return doctor.n[DOCTOR_FAIL] == 0 ? UT_EXIT_DONE : UT_EXIT_SETUP;
}

int doctor_command(int argc, char **argv)
{
	struct op_doctor_options asked;
	struct sc_plan plan = {0};
	char err[ERR_LEN] = "";
	enum op_parse verdict;
	enum ut_exit code;

	verdict = op_options_parse_doctor(argc, argv, &asked, err, sizeof(err));
	if (verdict == OP_PARSE_EXIT)
		return UT_EXIT_DONE;
	if (verdict != OP_PARSE_OK) {
		fprintf(stderr, "tlsweep: %s\n", err);
		op_help_command(&op_command_doctor, stderr);
		return UT_EXIT_USAGE;
	}
	/* On the heap: they are large, since they hold every list that a command line can name. */
	plan.options = calloc(1, sizeof(*plan.options));
	if (plan.options == NULL) {
		fputs("tlsweep: out of memory\n", stderr);
		return UT_EXIT_SETUP;
	}
	code = examine(&asked, &plan, err, sizeof(err));
	if (err[0] != '\0')
		fprintf(stderr, "tlsweep: %s\n", err);
	dp_targets_free(plan.targets);
	op_options_free(plan.options);
	free(plan.options);
	return (int)code;
}
