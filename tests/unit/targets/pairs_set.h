/* SPDX-License-Identifier: BSD-3-Clause */
/* Sets of targets made of addresses, pairs of address and port, and ports. */
#pragma once

#include "dataplane/targets/targets_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ports below 1,000 can be scanned as they are, others need the word "tls". */
static inline int service(void *to, uint16_t port, const char *protocol, char *why)
{
	(void)to;
	if (port < 1000 || strcmp(protocol, "tls") == 0)
		return 0;
	snprintf(why, DP_ERR_LEN / 2, "port %u has no protocol", port);
	return -EINVAL;
}

struct made {
	struct dp_targets *targets;
	int rc;
	char err[DP_ERR_LEN];
};

/* Items by blanks, "!" excludes; pairs are the text of a list; ports end with 0. */
static inline struct made make(const char *items, const char *pairs, const uint16_t *ports)
{
	struct made made = {.targets = dp_targets_new()};
	char *words = strdup(items), *state = NULL;
	uint32_t n = 0;
	FILE *in = pairs[0] == '\0' ? fopen("/dev/null", "r")
				    : fmemopen((char *)(uintptr_t)pairs, strlen(pairs), "r");

	for (char *word = strtok_r(words, " ", &state); word != NULL && made.rc == 0;
		word = strtok_r(NULL, " ", &state))
		made.rc = dp_targets_add(made.targets, word[0] == '!' ? DP_EXCLUDE : DP_ALLOW,
			word + (word[0] == '!'), made.err);
	if (made.rc == 0)
		made.rc = dp_targets_add_pairs_stream(
			made.targets, in, "pairs", service, NULL, made.err);
	while (ports[n] != 0)
		n++;
	if (made.rc == 0)
		made.rc = dp_targets_set_ports(made.targets, ports, n);
	if (made.rc == 0)
		made.rc = dp_targets_finish(made.targets, n, 3, made.err);
	fclose(in);
	free(words);
	return made;
}

static const uint16_t none[] = {0}, two[] = {443, 25, 0};
