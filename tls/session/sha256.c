/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib.h"

#include <wolfssl/wolfcrypt/hash.h>

#include "sha256.h"

_Static_assert(TL_SHA256_LEN == WC_SHA256_DIGEST_SIZE, "the digest fits");

bool tl_sha256(const uint8_t *bytes, size_t len, uint8_t digest[TL_SHA256_LEN])
{
	return wc_Sha256Hash(bytes, (word32)len, digest) == 0;
}
