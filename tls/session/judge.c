/* SPDX-License-Identifier: BSD-3-Clause */
#include "judge.h"

#include <string.h>

#include "tls/cert/facts.h"

/* user_settings.h has the reasons: SP_INT_DIGITS, WOLFSSL_SP_4096. */
static bool number_fits(uint16_t bits)
{
	return bits <= TL_NUMBER_BITS_ANY || bits == TL_NUMBER_BITS_3072 ||
	       bits == TL_NUMBER_BITS_4096;
}

struct tl_judgement tl_judge_key(const struct ct_key *key)
{
	switch (key->kind) {
	case CT_KEY_RSA:
		if (key->exponent_bits > CT_EXPONENT_BITS_MAX)
			return (struct tl_judgement){.cause = TL_CAUSE_EXPONENT_TOO_LARGE};
		if (!number_fits(key->bits))
			return (struct tl_judgement){.cause = TL_CAUSE_KEY_TOO_LARGE};
		return (struct tl_judgement){.dear = key->exponent_bits > TL_EXPONENT_BITS_CHEAP};
	case CT_KEY_EC:
		return (struct tl_judgement){.dear = strcmp(key->curve, "P-256") != 0 &&
						     strcmp(key->curve, "P-384") != 0};
	case CT_KEY_ED25519:
		return (struct tl_judgement){0};
	case CT_KEY_ED448:
	case CT_KEY_DSA:
	case CT_KEY_UNKNOWN:
		break;
	}
	return (struct tl_judgement){.dear = true};
}

struct tl_judgement tl_judge_dhe(uint16_t bits)
{
	if (!number_fits(bits))
		return (struct tl_judgement){.cause = TL_CAUSE_DHE_TOO_LARGE};
	return (struct tl_judgement){.dear = bits > TL_DHE_BITS_CHEAP};
}

struct tl_judgement tl_judge_group(uint16_t group)
{
	enum {
		SECP256R1 = 23,
		SECP384R1 = 24,
		X25519 = 29,
		SECP256R1_MLKEM768 = 0x11eb,
		X25519_MLKEM768 = 0x11ec,
	};

	switch (group) {
	case SECP256R1:
	case SECP384R1:
	case X25519:
	case SECP256R1_MLKEM768:
	case X25519_MLKEM768:
		return (struct tl_judgement){0};
	default:
		return (struct tl_judgement){.dear = true};
	}
}
