/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS 1.3 messages whose header is cut by the end of an encrypted record (RFC 8446 5.1).
 *
 * wolfSSL puts a message together from several records, but wants its four bytes of header in the
 * first. In the clear tls/hello/reframe.c sees to that. What is encrypted nobody else sees: the
 * linker sends internal.c's call of DoTls13HandShakeMsg() by here (--wrap, see meson.build), and a
 * message with a cut header is handed over as one of which the header has arrived and nothing else.
 * Releases before that of the first pin count a record's end otherwise, and are left as they are.
 */
#include <string.h>

#include "tls/session/internal.h"

#if !TLSWEEP_WOLFSSL_SYSTEM
#include <wolfssl/internal.h>

/* A ticket is some hundred bytes, at most twice 64 kB (RFC 8446 4.6.1). */
#define LATE_MAX (16 * 1024)

/* Names given by the linker's --wrap. */
int __wrap_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end);
int __real_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end);

/* A message begins here and wolfSSL can put it together; in the clear a cut is against the rules,
 * since reframe.c has left none but at a change of keys. */
static bool may_begin(const WOLFSSL *ssl, word32 at, word32 end)
{
	return LIBWOLFSSL_VERSION_HEX >= TL_CUT_HEADERS_SINCE && ssl->keys.decryptedCur == 1 &&
	       at <= end && (ssl->arrays == NULL || ssl->arrays->pendingMsgSz == 0);
}

static word32 body_len(const uint8_t *header)
{
	return (word32)header[1] << 16 | (word32)header[2] << 8 | header[3];
}

/* Is all that is needed of the message that begins at these bytes among them? */
static bool is_enough(const WOLFSSL *ssl, const byte *bytes, word32 n)
{
	return n >= HANDSHAKE_HEADER_SZ &&
	       (ssl->arrays != NULL || body_len(bytes) <= n - HANDSHAKE_HEADER_SZ);
}

/* The state in which wolfSSL is when a record ended right behind the header. */
static int pending_begin(WOLFSSL *ssl, const uint8_t *header)
{
	word32 len = HANDSHAKE_HEADER_SZ + body_len(header);
	Arrays *arrays = ssl->arrays;

	if (body_len(header) > MAX_HANDSHAKE_SZ)
		return HANDSHAKE_SIZE_ERROR;
	arrays->pendingMsg = XMALLOC(len, ssl->heap, DYNAMIC_TYPE_ARRAYS);
	if (arrays->pendingMsg == NULL)
		return MEMORY_E;
	XMEMCPY(arrays->pendingMsg, header, HANDSHAKE_HEADER_SZ);
	arrays->pendingMsgType = header[0];
	arrays->pendingMsgSz = len;
	arrays->pendingMsgOffset = HANDSHAKE_HEADER_SZ;
	return 0;
}

static int late_begin(struct tl_cut *cut)
{
	if (body_len(cut->header) > LATE_MAX)
		return HANDSHAKE_SIZE_ERROR;
	cut->len = HANDSHAKE_HEADER_SZ + body_len(cut->header);
	cut->message = hp_malloc(cut->len);
	if (cut->message == NULL)
		return MEMORY_E;
	memcpy(cut->message, cut->header, HANDSHAKE_HEADER_SZ);
	cut->have = HANDSHAKE_HEADER_SZ;
	return 0;
}

/* Behind the handshake wolfSSL puts nothing together: tickets and key updates are, here. */
static int late_input(WOLFSSL *ssl, struct tl_cut *cut, const byte *input, word32 *at, word32 end)
{
	word32 n = cut->len - cut->have, from = 0;
	int ret;

	n = n < end - *at ? n : end - *at;
	memcpy(cut->message + cut->have, input + *at, n);
	cut->have += n;
	*at += n;
	if (cut->have < cut->len)
		return 0;
	ret = __real_DoTls13HandShakeMsg(ssl, cut->message, &from, cut->len);
	hp_free(cut->message);
	cut->message = NULL;
	return ret;
}

/* @return 1: the header is whole; 0: the record ended before */
static int header_input(struct tl_cut *cut, const byte *input, word32 *at, word32 end)
{
	while (cut->header_len < sizeof(cut->header) && *at < end)
		cut->header[cut->header_len++] = input[(*at)++];
	if (cut->header_len < sizeof(cut->header))
		return 0;
	cut->header_len = 0;
	return 1;
}

/* @param at  in: where the message begins, or goes on; out: moved behind what was read of it */
int __wrap_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end)
{
	struct tl_session *session = tl_capture_session(ssl);
	struct tl_cut *cut;
	int ret;

	if (session == NULL || !may_begin(ssl, *at, end))
		return __real_DoTls13HandShakeMsg(ssl, input, at, end);
	cut = &session->cut;
	if (cut->message != NULL)
		return late_input(ssl, cut, input, at, end);
	if (cut->header_len == 0 && is_enough(ssl, input + *at, end - *at))
		return __real_DoTls13HandShakeMsg(ssl, input, at, end);
	if (header_input(cut, input, at, end) == 0)
		return 0;
	ret = ssl->arrays != NULL ? pending_begin(ssl, cut->header) : late_begin(cut);
	if (ret != 0)
		return ret;
	return ssl->arrays != NULL ? __real_DoTls13HandShakeMsg(ssl, input, at, end)
				   : late_input(ssl, cut, input, at, end);
}
#endif
