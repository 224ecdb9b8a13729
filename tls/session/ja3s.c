/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib.h"

#include <wolfssl/wolfcrypt/hash.h>

#include "ja3s.h"

/* 32 extensions of 5 digits with their separators, and two numbers before them. */
#define STRING_MAX 256

_Static_assert(STRING_MAX >= (HL_MAX_EXTENSIONS + 2) * 6, "a JA3S string is never cut");
_Static_assert(TL_JA3S_LEN == WC_MD5_DIGEST_SIZE, "the fingerprint is one MD5");

bool tl_ja3s(const struct hl_server_hello *hello, uint8_t digest[TL_JA3S_LEN])
{
	char text[STRING_MAX];
	size_t len = hl_ja3s_string(hello, text, sizeof(text));

	return len > 0 && wc_Md5Hash((const uint8_t *)text, (word32)len, digest) == 0;
}
