/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "lib.h"
#include <wolfssl/wolfcrypt/chacha.h>

#include "random.h"

static _Thread_local struct tl_random *current;

struct tl_random *tl_random_enter(struct tl_random *random)
{
	struct tl_random *before = current;

	current = random;
	return before;
}

static int random_kernel(unsigned char *out, unsigned int n)
{
	unsigned int at = 0;

	while (at < n) {
		ssize_t got = getrandom(out + at, n - at, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		at += (unsigned int)got;
	}
	return 0;
}

int tl_random_block(unsigned char *out, unsigned int n)
{
	uint8_t key[32] = "tlsweep session randomness", nonce[12] = {0};
	ChaCha chacha;

	if (current == NULL)
		return random_kernel(out, n);
	memcpy(key + sizeof(key) - sizeof(current->seed), &current->seed, sizeof(current->seed));
	memcpy(nonce, &current->n_requests, sizeof(current->n_requests));
	current->n_requests++;
	memset(out, 0, n);
	if (wc_Chacha_SetKey(&chacha, key, sizeof(key)) != 0 ||
		wc_Chacha_SetIV(&chacha, nonce, 0) != 0)
		return -1;
	return wc_Chacha_Process(&chacha, out, out, n) == 0 ? 0 : -1;
}
