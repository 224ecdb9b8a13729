/* SPDX-License-Identifier: BSD-3-Clause */
/* A build without an XDP program: AF_XDP would take all that an interface receives. */
#include <errno.h>
#include <stdio.h>

#include "xdp_program.h"

int dp_xdp_program_try(char *why, size_t why_len)
{
	snprintf(why, why_len,
		"this build has no XDP program, without which the kernel would receive nothing; "
		"install clang and libbpf-dev and build again");
	return -ENOTSUP;
}

int dp_xdp_program_look(const char *ifname, char *why, size_t why_len)
{
	return dp_xdp_program_try(why, why_len);
}

int dp_xdp_program_claim(const char *ifname, struct dp_xdp_program *program, bool *removed,
	char *why, size_t why_len)
{
	*removed = false;
	return dp_xdp_program_try(why, why_len);
}

int dp_xdp_program_open(struct dp_xdp_program *program)
{
	return -ENOTSUP;
}

int dp_xdp_program_fill(struct dp_xdp_program *program, const struct dp_own_key *keys,
	const struct dp_own *owns, uint32_t n)
{
	return -ENOTSUP;
}

bool dp_xdp_program_is_replaced(const struct dp_xdp_program *program)
{
	return false;
}

void dp_xdp_program_release(struct dp_xdp_program *program)
{
}
