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
#include "tls/session/internal.h"

#if !TLSWEEP_WOLFSSL_SYSTEM
#include <wolfssl/internal.h>

/* Names given by the linker's --wrap. */
int __wrap_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end);
int __real_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end);

/* The state in which wolfSSL is when a record ended right behind the header. */
static int message_begin(WOLFSSL *ssl, const uint8_t *header)
{
	word32 body_len = (word32)header[1] << 16 | (word32)header[2] << 8 | header[3];
	word32 len = HANDSHAKE_HEADER_SZ + body_len;
	Arrays *arrays = ssl->arrays;

	if (body_len > MAX_HANDSHAKE_SZ)
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

/* A message begins here and wolfSSL can put it together; in the clear a cut is against the rules,
 * since reframe.c has left none but at a change of keys. */
static bool may_begin(const WOLFSSL *ssl, word32 at, word32 end)
{
	return LIBWOLFSSL_VERSION_HEX >= TL_CUT_HEADERS_SINCE && ssl->arrays != NULL &&
	       ssl->arrays->pendingMsgSz == 0 && ssl->keys.decryptedCur == 1 && at <= end;
}

/* @param at  in: where the message begins, or goes on; out: moved behind what was read of it */
int __wrap_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end)
{
	struct tl_session *session = tl_capture_session(ssl);
	struct tl_cut_header *cut;
	int ret;

	if (session == NULL || !may_begin(ssl, *at, end) ||
		(session->cut.len == 0 && end - *at >= HANDSHAKE_HEADER_SZ))
		return __real_DoTls13HandShakeMsg(ssl, input, at, end);
	cut = &session->cut;
	while (cut->len < sizeof(cut->bytes) && *at < end)
		cut->bytes[cut->len++] = input[(*at)++];
	if (cut->len < sizeof(cut->bytes))
		return 0;
	cut->len = 0;
	ret = message_begin(ssl, cut->bytes);
	return ret != 0 ? ret : __real_DoTls13HandShakeMsg(ssl, input, at, end);
}
#endif
