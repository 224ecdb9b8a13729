/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What it would cost to complete a handshake, judged by what the server has announced: cheap, dear,
 * or more than this build can or should do.
 *
 * Cheap is what nearly everybody uses and what has optimised code. Whatever is not known to be
 * cheap is dear, so that an unusual curve or size cannot pass as cheap. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tls/cert/pubkey.h"
#include "cause.h"

/* RSA moduli and DHE primes: any size up to the first, and these two larger ones. */
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

/** Judge checking a signature of a server's key, or encrypting to it. */
struct tl_judgement tl_judge_key(const struct ct_key *key);

/** Judge a DHE key exchange. @param bits  in: size of the prime */
struct tl_judgement tl_judge_dhe(uint16_t bits);

/** Judge a key exchange in a named group (RFC 8446 4.2.7). */
struct tl_judgement tl_judge_group(uint16_t group);
