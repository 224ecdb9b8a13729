/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The random source of wolfSSL: a session's own generator while one of its calls runs, the kernel's
 * otherwise.
 *
 * wolfSSL asks tl_random_block() for every random byte (CUSTOM_RAND_GENERATE_BLOCK in its settings
 * file). The n-th request of a session is answered with the ChaCha20 key stream of the session's
 * seed under nonce n. So equal seeds and equal server bytes give equal client bytes.
 */
#pragma once

#include <stdint.h>

struct tl_random {
	uint64_t seed, n_requests;
};

/**
 * Choose the source that answers this thread's requests.
 * @param random  in: a session's generator; NULL: the kernel
 * @return the source before; the caller enters it again afterwards
 */
struct tl_random *tl_random_enter(struct tl_random *random);

/**
 * Fill a buffer with random bytes: wolfSSL's hook.
 * @param out  out: n bytes
 * @param n    in: their number
 * @return 0, or -1 if the kernel has no randomness
 * Any thread.
 */
int tl_random_block(unsigned char *out, unsigned int n);
