/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What wolfSSL has no function for in the ClientHello: its length, and the order of the signatures.
 *
 * Length: some old load balancers hang on a ClientHello of 256 to 511 bytes, and some servers on
 * one whose last extension is empty. A padding extension (RFC 7685) at the end prevents both,
 * whether the record, the message or its body is counted. wolfSSL writes its extensions through two
 * functions of tls.c that tls13.c calls, once for their length and once for their bytes. The linker
 * sends both calls here (--wrap, see meson.build), so that the padding is part of the transcript.
 * The second ClientHello after a HelloRetryRequest is padded by its own length, which RFC
 * 8446 4.1.2 allows.
 *
 * Signatures: wolfSSL begins with SHA-512, and servers that take the client's first choice without
 * a look at their key (RSA of 512 bits: only SHA-256 and less fit) break off with internal_error.
 */
#include <string.h>

#include "internal.h"

#if TLSWEEP_WOLFSSL_SYSTEM
void tl_signatures_order(WOLFSSL_CTX *ctx)
{
	(void)ctx; /* its order stays: the structs of another build are not known here */
}
#else
#include <wolfssl/internal.h>

enum {
	EXT_PADDING = 21,
	EXT_HEADER_LEN = 4,
	EXT_LEAST = EXT_HEADER_LEN + 1, /* not empty */
	HEADERS_LEN = 5 + 4,		/* of the record and of the message, before the body */
	FORBIDDEN_FROM = 256,
	FORBIDDEN_TO = 511,
};

/* 16 or 32 bits wide, as the release has it, which warns of everybody who takes its address. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/* clang-format off */
typedef __typeof__(_Generic(&TLSX_GetRequestSize,
	int (*)(WOLFSSL *, byte, word16 *): (word16)0, default: (word32)0)) request_len;
/* clang-format on */
#pragma GCC diagnostic pop

/* Names given by the linker's --wrap. */
int __wrap_TLSX_GetRequestSize(WOLFSSL *ssl, byte type, request_len *len);
int __real_TLSX_GetRequestSize(WOLFSSL *ssl, byte type, request_len *len);
int __wrap_TLSX_WriteRequest(WOLFSSL *ssl, byte *out, byte type, request_len *len);
int __real_TLSX_WriteRequest(WOLFSSL *ssl, byte *out, byte type, request_len *len);

/* Bytes of the padding extension with its header, for a body of this length without it. */
static uint16_t padding_len(uint32_t body_len)
{
	if (body_len + EXT_LEAST + HEADERS_LEN < FORBIDDEN_FROM ||
		body_len + EXT_LEAST > FORBIDDEN_TO)
		return EXT_LEAST;
	return (uint16_t)(FORBIDDEN_TO + 1 - body_len);
}

/* @param len  in: the body's length up to its extensions; out: the whole body's */
int __wrap_TLSX_GetRequestSize(WOLFSSL *ssl, byte type, request_len *len)
{
	struct tl_session *session = tl_capture_session(ssl);
	int ret = __real_TLSX_GetRequestSize(ssl, type, len);

	if (ret != 0 || session == NULL || type != client_hello)
		return ret;
	session->padding_len = padding_len(*len);
	*len = (request_len)(*len + session->padding_len);
	return 0;
}

/* @param out  out: the extensions, after two bytes of length; len: out: moved by both */
int __wrap_TLSX_WriteRequest(WOLFSSL *ssl, byte *out, byte type, request_len *len)
{
	struct tl_session *session = tl_capture_session(ssl);
	request_len before = *len;
	int ret = __real_TLSX_WriteRequest(ssl, out, type, len);
	uint16_t padding, all;
	byte *at;

	if (ret != 0 || session == NULL || type != client_hello)
		return ret;
	padding = session->padding_len;
	at = out + (*len - before);
	memset(at, 0, padding);
	at[1] = EXT_PADDING;
	at[2] = (byte)((padding - EXT_HEADER_LEN) >> 8);
	at[3] = (byte)(padding - EXT_HEADER_LEN);
	*len = (request_len)(*len + padding);
	all = (uint16_t)(*len - before - 2);
	out[0] = (byte)(all >> 8);
	out[1] = (byte)all;
	return 0;
}

/* RFC 8446 4.2.3, RFC 5246 7.4.1.4.1. Usual ones are first, weak ones last. */
static unsigned int signature_rank(uint16_t scheme)
{
	static const uint16_t order[] = {
		0x0403, 0x0804, 0x0401, /* SHA-256: ECDSA P-256, RSA-PSS, RSA PKCS #1 */
		0x0503, 0x0805, 0x0501, /* SHA-384 */
		0x0603, 0x0806, 0x0601, /* SHA-512 */
		0x0807, 0x0808,		/* Ed25519, Ed448 */
		0x081a, 0x081b, 0x081c, /* brainpool in TLS 1.3 */
		0x0809, 0x080a, 0x080b, /* RSA-PSS with a key for nothing else */
		0x0303, 0x0301,		/* SHA-224 */
		0x0203, 0x0201,		/* SHA-1 */
	};
	unsigned int rank = 0;

	while (rank < sizeof(order) / sizeof(order[0]) && order[rank] != scheme)
		rank++;
	return rank;
}

/* Stable: those without a rank keep the library's order. */
void tl_signatures_order(WOLFSSL_CTX *ctx)
{
	byte *list = ctx->suites->hashSigAlgo;

	for (unsigned int i = 2; i + 1 < ctx->suites->hashSigAlgoSz; i += 2) {
		uint16_t moving = (uint16_t)(list[i] << 8 | list[i + 1]);
		unsigned int at = i;

		for (; at > 0 && signature_rank((uint16_t)(list[at - 2] << 8 | list[at - 1])) >
					 signature_rank(moving);
			at -= 2)
			memcpy(list + at, list + at - 2, 2);
		list[at] = (byte)(moving >> 8);
		list[at + 1] = (byte)moving;
	}
}
#endif
