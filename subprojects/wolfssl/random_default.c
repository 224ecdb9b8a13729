/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The random source of a program that links wolfSSL without tls/session, such as a test of tls/cert.
 * Weak: the definition that draws from a session's seed takes its place wherever it is linked.
 */
#include <sys/random.h>

int tl_random_block(unsigned char *out, unsigned int n_bytes);

__attribute__((weak)) int tl_random_block(unsigned char *out, unsigned int n_bytes)
{
	while (n_bytes > 0) {
		ssize_t n = getrandom(out, n_bytes, 0);

		if (n < 0)
			return -1;
		out += n;
		n_bytes -= (unsigned int)n;
	}
	return 0;
}
