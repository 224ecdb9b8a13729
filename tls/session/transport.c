/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "tls/session/internal.h"

int tl_transport_recv(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct tl_session *session = ctx;
	size_t n = session->in_len;

	(void)ssl;
	if (n == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	if (n > (size_t)size)
		n = (size_t)size;
	memcpy(buf, session->in, n);
	session->in += n;
	session->in_len -= n;
	if (session->in_len == 0)
		tl_gather_free(&session->hold); /* if it was that; inside the scope here */
	return (int)n;
}

/* Room for n more bytes behind len; the pulled ones make way first. */
static bool buffer_reserve(struct tl_buffer *buffer, uint32_t n)
{
	uint32_t want = buffer->len - buffer->off + n, cap;
	uint8_t *grown;

	if (n > TL_TX_MAX || want > TL_TX_MAX)
		return false;
	if (buffer->off > 0) {
		memmove(buffer->bytes, buffer->bytes + buffer->off, buffer->len - buffer->off);
		buffer->len -= buffer->off;
		buffer->off = 0;
	}
	if (want <= buffer->cap)
		return true;
	cap = want < 512 ? 512 : want;
	grown = hp_realloc(buffer->bytes, cap);
	if (grown == NULL)
		return false;
	buffer->bytes = grown;
	buffer->cap = cap;
	return true;
}

int tl_transport_send(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	enum { RECORD_HANDSHAKE = 22 };
	struct tl_session *session = ctx;
	struct tl_buffer *tx = &session->tx;

	(void)ssl;
	/* Up to TLS 1.2 only a renegotiation makes us write a handshake record this late. */
	if (session->completed && size > 0 && buf[0] == RECORD_HANDSHAKE) {
		tl_fail_why(session, "the server asks for a renegotiation");
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	if (!buffer_reserve(tx, (uint32_t)size)) {
		tl_fail_limit(
			session, TL_CAUSE_MEMORY, "the session has more to send than it may keep");
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	memcpy(tx->bytes + tx->len, buf, (size_t)size);
	/* RFC 8446 5.1, RFC 5246 E.1: old servers want 3.1 in the first record; no transcript
	 * covers it. */
	if (!session->hello_sent && size > 2)
		tx->bytes[tx->len + 2] = 1;
	session->hello_sent = true;
	tx->len += (uint32_t)size;
	session->tx_bytes += (uint32_t)size;
	return size;
}

size_t tl_session_output(struct tl_session *session, uint8_t *buf, size_t cap)
{
	struct tl_buffer *tx = &session->tx;
	struct tl_scope before;
	size_t n = tx->len - tx->off;

	if (n > cap)
		n = cap;
	if (n == 0)
		return 0;
	memcpy(buf, tx->bytes + tx->off, n);
	tx->off += (uint32_t)n;
	if (tx->off == tx->len) {
		before = tl_scope_enter(session);
		hp_free(tx->bytes);
		tl_scope_leave(before);
		*tx = (struct tl_buffer){0};
	}
	return n;
}
