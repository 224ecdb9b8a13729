/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which named groups a session offers, and in which order.
 *
 * Every group that completes is offered: a server with one unusual group is a finding too. Some
 * servers follow the client's order. They should take what is cheap for us and usual elsewhere, so
 * the groups are in the order of their cost (docs/scan.md); weak groups are the last.
 *
 * There is one key share, for the first group. A second one, for P-256, would take 15 % more CPU
 * time in every handshake and 16 % more memory in every waiting session. A server without X25519
 * asks for another share.
 *
 * Two kinds are not offered. This build's numbers are too small for ffdhe6144 and ffdhe8192. The
 * hybrids with ML-KEM cost too much: a server that prefers X25519MLKEM768 would ask for its share,
 * which costs a round trip, 2.8 kB on the wire and 31 kB of heap instead of 17. If the hybrid is
 * not offered, it takes X25519.
 */
#include "internal.h"

/* RFC 8734; older releases have no names for them, and refuse them. */
enum {
	TL_BRAINPOOLP256R1TLS13 = 31,
	TL_BRAINPOOLP384R1TLS13 = 32,
	TL_BRAINPOOLP512R1TLS13 = 33,
};

/* Older releases have other code points for the post-quantum groups. */
enum {
	TL_HYBRIDS_SINCE = 0x05008000,
};

static const uint16_t usual[] = {
	WOLFSSL_ECC_X25519,
	WOLFSSL_ECC_SECP256R1,
	WOLFSSL_ECC_SECP384R1,
	WOLFSSL_ECC_X448,
	WOLFSSL_ECC_SECP521R1,
	WOLFSSL_FFDHE_2048,
	WOLFSSL_ECC_SECP256K1,
	WOLFSSL_FFDHE_3072,
	WOLFSSL_ECC_BRAINPOOLP256R1,
	TL_BRAINPOOLP256R1TLS13,
	WOLFSSL_ECC_BRAINPOOLP384R1,
	TL_BRAINPOOLP384R1TLS13,
	WOLFSSL_FFDHE_4096,
	WOLFSSL_ECC_BRAINPOOLP512R1,
	TL_BRAINPOOLP512R1TLS13,
	WOLFSSL_ECC_SECP224R1,
	WOLFSSL_ECC_SECP224K1,
	WOLFSSL_ECC_SECP192R1,
	WOLFSSL_ECC_SECP192K1,
	WOLFSSL_ECC_SECP160R1,
	WOLFSSL_ECC_SECP160R2,
	WOLFSSL_ECC_SECP160K1,
	0,
};

/* ML-KEM alone, its hybrids, and the hybrid of the draft with Kyber. */
static bool is_post_quantum(uint16_t group)
{
	return (group >= 512 && group <= 514) || (group >= 4587 && group <= 4589) || group == 25497;
}

const char *tl_groups_refusal(const uint16_t *groups, uint32_t library)
{
	if (groups == NULL || library >= TL_HYBRIDS_SINCE)
		return NULL;
	for (unsigned int i = 0; groups[i] != 0; i++) {
		if (is_post_quantum(groups[i]))
			return "a post-quantum group is wanted, but this wolfSSL is older than "
			       "5.8.0 and has other code points for them: run "
			       "scripts/fetch-wolfssl without --allow-old-wolfssl, and build "
			       "again";
	}
	return NULL;
}

/* set_groups makes its first group the one key share; what stands in supported_groups, for TLS 1.2
 * too, the calls for each group say. */
bool tl_groups_offer(WOLFSSL_CTX *ctx, const uint16_t *wanted)
{
	const uint16_t *groups = wanted == NULL ? usual : wanted;
	int share = groups[0];

	if (share == 0 || wolfSSL_CTX_set_groups(ctx, &share, 1) != WOLFSSL_SUCCESS)
		return false;
	for (unsigned int i = 0; groups[i] != 0; i++) {
		if (wolfSSL_CTX_UseSupportedCurve(ctx, groups[i]) != WOLFSSL_SUCCESS &&
			wanted != NULL)
			return false;
	}
	return true;
}
