/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib.h"
#include <wolfssl/wolfcrypt/curve25519.h>

#include "random.h"
#include "share.h"

static _Thread_local struct tl_shared_key *current;

struct tl_shared_key *tl_share_enter(struct tl_shared_key *shared)
{
	struct tl_shared_key *before = current;

	current = shared;
	return before;
}

#if !TLSWEEP_WOLFSSL_SYSTEM
/* Names given by the linker's --wrap. */
int __wrap_wc_curve25519_make_key(WC_RNG *rng, int size, curve25519_key *key);
int __real_wc_curve25519_make_key(WC_RNG *rng, int size, curve25519_key *key);

/* The key follows from the shared seed, not from the session's: every session of a scan and of its
 * replay gets the same key. */
static int shared_make(WC_RNG *rng, int size, curve25519_key *key)
{
	word32 private_len = sizeof(current->private_key), public_len = sizeof(current->public_key);
	struct tl_random random = {.seed = current->seed}, *before = tl_random_enter(&random);
	int ret = __real_wc_curve25519_make_key(rng, size, key);

	tl_random_enter(before);
	if (ret == 0)
		ret = wc_curve25519_export_key_raw(
			key, current->private_key, &private_len, current->public_key, &public_len);
	current->made = ret == 0;
	return ret;
}

int __wrap_wc_curve25519_make_key(WC_RNG *rng, int size, curve25519_key *key)
{
	if (current == NULL)
		return __real_wc_curve25519_make_key(rng, size, key);
	if (!current->made)
		return shared_make(rng, size, key);
	return wc_curve25519_import_private_raw(current->private_key, sizeof(current->private_key),
		current->public_key, sizeof(current->public_key), key);
}
#endif
