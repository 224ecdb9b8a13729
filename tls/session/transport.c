/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "tls/hello/records.h"
#include "internal.h"

/* Ours have some 520 bytes, and a name of 255 more. */
#define TL_HELLO_MAX 4096

/* Follow the records' lengths, RFC 8446 5.1: type, version, length. */
static void records_pass(struct tl_records *records, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		size_t n = 1;

		if (records->n_header < HL_RECORD_HEADER_LEN) {
			records->n_header++;
			records->left = (uint16_t)(records->left << 8 | bytes[0]);
		} else {
			n = len < records->left ? len : records->left;
			records->left = (uint16_t)(records->left - n);
		}
		bytes += n;
		len -= n;
		if (records->n_header == HL_RECORD_HEADER_LEN && records->left == 0) {
			records->n++;
			records->n_header = 0;
		}
	}
}

/* Why wolfSSL gets no more bytes; TL_CAUSE_NONE: it may have more. */
static enum tl_cause refusal(const struct tl_session *session, const char **why)
{
	*why = "the server sent more warning alerts than a session may take";
	if (session->reframe.too_many_warnings)
		return TL_CAUSE_WARNINGS;
	*why = "too many records without data: KeyUpdates, tickets, empty ones";
	if (session->n_idle > TL_IDLE_RECORDS_MAX)
		return TL_CAUSE_RECORDS;
	return TL_CAUSE_NONE;
}

int tl_transport_recv(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct tl_session *session = ctx;
	const struct hl_server_hello *hello = &session->flight.hello;
	struct hl_cursor in = {session->in, session->in_len};
	size_t had = session->in_len;
	/* The flight reader has read these bytes before wolfSSL. */
	bool tls13 = hello->retry_seen || hello->selected_version >= TL_TLS13;
	size_t n = hl_reframe(&session->reframe, &in, tls13, (uint8_t *)buf, (size_t)size);
	const char *why;
	enum tl_cause cause = refusal(session, &why);
	uint32_t n_before = session->records.n;

	(void)ssl;
	session->in = in.at;
	session->in_len = in.left;
	if (had > 0 && session->in_len == 0)
		tl_gather_free(&session->hold); /* if it was that; inside the scope here */
	if (n == 0 && !session->reframe.too_many_warnings)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	if (cause != TL_CAUSE_NONE) {
		tl_fail_limit(session, cause, why);
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	records_pass(&session->records, (const uint8_t *)buf, n);
	/* The parts of one message count as one. */
	if (session->completed && session->message.len == 0)
		session->n_idle += session->records.n - n_before;
	return (int)n;
}

/* Make room for n more bytes after len; bytes that were taken out are dropped first. */
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

/* Our first message, a ClientHello in a record of its own, for the record of what was sent. */
static void keep_hello(struct tl_session *session, const uint8_t *record, size_t len)
{
	if (len <= HL_RECORD_HEADER_LEN || len > TL_HELLO_MAX)
		return;
	len -= HL_RECORD_HEADER_LEN;
	session->kept = malloc(sizeof(*session->kept) + len);
	if (session->kept == NULL)
		return;
	*session->kept = (struct tl_kept){
		.hello = (uint8_t *)(session->kept + 1),
		.hello_len = (uint16_t)len,
	};
	memcpy(session->kept->hello, record + HL_RECORD_HEADER_LEN, len);
}

int tl_transport_send(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
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
			session, TL_CAUSE_OUTPUT, "the server makes us send more than it takes");
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	memcpy(tx->bytes + tx->len, buf, (size_t)size);
	/* RFC 8446 5.1, RFC 5246 E.1: old servers want 3.1 in the first record; no transcript
	 * covers it. */
	if (!session->hello_sent && size > 2) {
		tx->bytes[tx->len + 2] = 1;
		keep_hello(session, tx->bytes + tx->len, (size_t)size);
	}
	session->hello_sent = true;
	tx->len += (uint32_t)size;
	session->tx_bytes += (uint32_t)size;
	return size;
}

bool tl_session_has_output(const struct tl_session *session)
{
	return session->tx.off < session->tx.len;
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
