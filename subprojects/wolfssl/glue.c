/* SPDX-License-Identifier: BSD-3-Clause */
/* What wolfSSL calls and our settings leave undefined. */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include <sys/random.h>

int TlsSessionCacheGetAndRdLock(
	const byte *id, const WOLFSSL_SESSION **sess, word32 *row, byte side);
void TlsSessionCacheUnlockRow(word32 row);

/*
 * Random bytes for a program that links no tls/session, such as a test of tls/cert. Weak: the
 * definition that draws from a session's seed takes its place wherever it is linked.
 */
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

/* The server's ticket code looks here even with NO_SESSION_CACHE: nothing is ever found. */
int TlsSessionCacheGetAndRdLock(
	const byte *id, const WOLFSSL_SESSION **sess, word32 *row, byte side)
{
	(void)id;
	(void)row;
	(void)side;
	*sess = NULL;
	return WOLFSSL_FATAL_ERROR;
}

void TlsSessionCacheUnlockRow(word32 row)
{
	(void)row;
}
