/* SPDX-License-Identifier: BSD-3-Clause */
/* The names of cipher suites that IANA's registry does not have, and that servers still answer
 * with: 56-bit export, the first GOST suites, CECPQ1, drafts of ChaCha20, FIPS suites of SSLv3. */
#include "suites.h"

/* clang-format off */
static const struct hl_suite suites[] = {
	{0x0060, "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5"},
	{0x0061, "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5"},
	{0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA"},
	{0x0063, "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA"},
	{0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA"},
	{0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA"},
	{0x0066, "TLS_DHE_DSS_WITH_RC4_128_SHA"},
	{0x0080, "TLS_GOSTR341094_WITH_28147_CNT_IMIT"},
	{0x0081, "TLS_GOSTR341001_WITH_28147_CNT_IMIT"},
	{0x0082, "TLS_GOSTR341094_WITH_NULL_GOSTR3411"},
	{0x0083, "TLS_GOSTR341001_WITH_NULL_GOSTR3411"},
	{0x16b7, "TLS_CECPQ1_RSA_WITH_CHACHA20_POLY1305_SHA256"},
	{0x16b8, "TLS_CECPQ1_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
	{0x16b9, "TLS_CECPQ1_RSA_WITH_AES_256_GCM_SHA384"},
	{0x16ba, "TLS_CECPQ1_ECDSA_WITH_AES_256_GCM_SHA384"},
	{0xcc13, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD"},
	{0xcc14, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256_OLD"},
	{0xcc15, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD"},
	{0xfefe, "SSL_RSA_FIPS_WITH_DES_CBC_SHA"},
	{0xfeff, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA"},
	{0xffe0, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA_2"},
	{0xffe1, "SSL_RSA_FIPS_WITH_DES_CBC_SHA_2"},
};
/* clang-format on */

const char *hl_suite_legacy_name(uint16_t suite)
{
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		if (suites[i].code == suite)
			return suites[i].name;
	}
	return "unknown";
}
