/* SPDX-License-Identifier: BSD-3-Clause */
/* `tlsweep targets`: what a scan would probe, without probing it. */
#include "targets_command.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/util/exit_codes.h"
#include "apps/util/line_file.h"
#include "apps/options/options_targets.h"
#include "apps/options/parse.h"
#include "dataplane/targets/targets_file.h"

#define ERR_LEN	 512
#define LINE_LEN 512 /* an address, a port, a protocol and a name of 253 bytes */

/* ",port,protocol" for each service. */
struct tails {
	struct tail {
		char text[32];
	} * of;
};

static int make_tails(struct tails *tails, const struct op_options *options)
{
	tails->of = calloc(options->n_services, sizeof(*tails->of));
	if (tails->of == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < options->n_services; i++)
		snprintf(tails->of[i].text, sizeof(tails->of[i].text), ",%u,%s",
			options->services[i].port, dl_service_name(&options->services[i]));
	return 0;
}

/* Write the targets of the chosen part in the order of a scan. @return 0 or -errno */
static int list_targets(const struct op_options *options, const struct dp_targets *targets)
{
	struct dp_index_range part = op_options_share(options, targets);
	struct ut_line_file out;
	struct tails tails = {NULL};
	char line[LINE_LEN];
	int rc = ut_line_file_attach(&out, STDOUT_FILENO);

	if (rc == 0)
		rc = make_tails(&tails, options);
	for (uint64_t i = 0; i < part.n && rc == 0; i++) {
		struct dp_target target = dp_targets_get(targets, part.first + i);
		const char *name = dp_targets_name(targets, &target.addr);
		char *at = line;

		ts_addr_format(&target.addr, at);
		at = stpcpy(at + strlen(at), tails.of[target.service].text);
		if (name[0] != '\0') {
			*at++ = ',';
			at = stpcpy(at, name);
		}
		*at++ = '\n';
		rc = ut_line_file_append(&out, line, (size_t)(at - line));
	}
	free(tails.of);
	if (out.fd < 0)
		return rc;
	return ut_line_file_close(&out) != 0 ? out.error : rc;
}

static void count_targets(const struct op_options *options, const struct dp_targets *targets)
{
	struct dp_index_range part = op_options_share(options, targets);
	struct dp_targets_counts n;

	dp_targets_counts(targets, &n);
	printf("pairs %" PRIu64 "\npairs_ipv4 %" PRIu64 "\npairs_ipv6 %" PRIu64 "\n"
	       "addresses %" PRIu64 "\naddresses_ipv4 %" PRIu64 "\naddresses_ipv6 %" PRIu64 "\n"
	       "addresses_excluded %" PRIu64 "\nservices %zu\nchosen_pairs %" PRIu64 "\n"
	       "digest %016" PRIx64 "\n",
		dp_targets_count(targets), n.pairs_v4, n.pairs_v6, dp_targets_n_addresses(targets),
		n.addresses_v4, n.addresses_v6, n.excluded, options->n_services, part.n,
		dp_targets_digest(targets));
}

static int run(struct op_options *options)
{
	struct dp_targets *targets;
	char err[ERR_LEN];
	int rc = 0;

	if (op_options_targets(options, &targets, err, sizeof(err)) != 0) {
		fprintf(stderr, "tlsweep: %s\n", err);
		return UT_EXIT_SETUP;
	}
	if (!options->seed_given && !options->count && options->verbosity >= 0)
		fprintf(stderr, "tlsweep: --seed %" PRIu64 " gives this order again\n",
			options->seed);
	if (options->count)
		count_targets(options, targets);
	else
		rc = list_targets(options, targets);
	dp_targets_free(targets);
	/* A reader that closes its end of the pipe has read as much as it wants. */
	if (rc == 0 || rc == -EPIPE)
		return UT_EXIT_DONE;
	fprintf(stderr, "tlsweep: cannot write to standard output: %s\n", strerror(-rc));
	return UT_EXIT_OUTPUT;
}

int targets_command(int argc, char **argv)
{
	struct op_options *options = calloc(1, sizeof(*options));
	int code = UT_EXIT_USAGE;
	char err[ERR_LEN] = "";

	if (options == NULL) {
		fputs("tlsweep: out of memory\n", stderr);
		return UT_EXIT_SETUP;
	}
	signal(SIGPIPE, SIG_IGN);
	switch (op_options_parse_targets(argc, argv, options, err, sizeof(err))) {
	case OP_PARSE_ERROR:
		fprintf(stderr, "tlsweep: %s\n", err);
		break;
	case OP_PARSE_EXIT:
		code = UT_EXIT_DONE;
		break;
	case OP_PARSE_VERSION:
		fputs("tlsweep: `tlsweep version` prints versions\n", stderr);
		break;
	case OP_PARSE_OK:
		code = run(options);
		break;
	}
	op_options_free(options);
	free(options);
	return code;
}
