/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What finishing a handshake would cost, told from what the server has announced: nothing worth
 * mentioning, something dear, or more than this build can or should do.
 *
 * Cheap is what has code of its own and is what nearly everybody uses; whatever is not known to be
 * cheap is dear, so that an odd curve or size cannot slip by. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tls/cert/pubkey.h"
#include "cause.h"

/* RSA moduli and DHE primes: any size up to the first, of the larger ones these two. */
#define TL_NUMBER_BITS_ANY  2944
#define TL_NUMBER_BITS_3072 3072
#define TL_NUMBER_BITS_4096 4096
/* From here on a DHE key exchange takes a millisecond or more. */
#define TL_DHE_BITS_CHEAP 1024
/* Exponents in use have 17 bits; work grows with their length. */
#define TL_EXPONENT_BITS_CHEAP 32

struct tl_judgement {
	enum tl_cause cause; /* it cannot be done; TL_CAUSE_NONE: it can */
	bool dear;
};

/** Checking a signature of, or encrypting to, a server's key. */
struct tl_judgement tl_judge_key(const struct ct_key *key);

/** A DHE key exchange. @param bits  in: of the prime */
struct tl_judgement tl_judge_dhe(uint16_t bits);

/** A key exchange in a named group (RFC 8446 4.2.7). */
struct tl_judgement tl_judge_group(uint16_t group);
