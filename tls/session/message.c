/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS 1.3 handshake messages that come in parts, gathered as their bytes arrive.
 *
 * wolfSSL has two faults here. At the first record of a message it allocates all that the message
 * announces. And it takes a header cut by the end of a record (allowed by RFC 8446 5.1) for an
 * error; after the handshake it does so with any message in parts. So the linker sends its calls of
 * DoTls13HandShakeMsg() here, after decryption (--wrap, see meson.build), and wolfSSL gets a
 * message when it is whole. Up to TLS 1.2 tap.c does the same. Releases before the first pin count
 * the end of an encrypted record in another way, and are left as they are.
 */
#include "tls/hello/records.h"
#include "internal.h"

#if !TLSWEEP_WOLFSSL_SYSTEM

/* Names given by the linker's --wrap; the types are those of wolfssl/internal.h. */
int __wrap_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end);
int __real_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end);

/* Of the message at p, header included; the header is there. */
static uint32_t message_len(const byte *p)
{
	return HL_MESSAGE_HEADER_LEN + ((uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

/* How many bytes to gather: the header, then the message. */
static uint32_t wanted_len(const struct tl_gathering *message)
{
	return message->len < HL_MESSAGE_HEADER_LEN ? HL_MESSAGE_HEADER_LEN
						    : message_len(message->bytes);
}

/* Of a Certificate message that is too large, the part that may be kept is gathered all the same.
 */
static uint32_t kept_len(struct tl_session *session, uint32_t len)
{
	if (session->message.len < HL_MESSAGE_HEADER_LEN ||
		session->message.bytes[0] != MSG_CERTIFICATE ||
		tl_certificate_allowed(session, len - HL_MESSAGE_HEADER_LEN))
		return len;
	return HL_MESSAGE_HEADER_LEN + session->worker->config.max_certificate_bytes;
}

/*
 * wolfSSL checks whether a message that changes keys is the last of its record (RFC 8446 5.1). For
 * this it takes *at, its position in the record, for the beginning of the body. So *at is set to
 * where the body would begin if all of it were in this record. That may be before the record's
 * start; the unsigned arithmetic wraps.
 */
static int message_hand_on(struct tl_session *session, word32 *at)
{
	const struct tl_gathering *message = &session->message;
	word32 behind = *at, idx = 0;
	int ret;

	*at = behind - (message->len - HL_MESSAGE_HEADER_LEN);
	ret = __real_DoTls13HandShakeMsg(session->ssl, message->bytes, &idx, message->len);
	*at = behind;
	return ret;
}

static int message_done(struct tl_session *session, word32 *at)
{
	struct tl_gathering *message = &session->message;
	int ret = FATAL_ERROR;

	if (session->cause == TL_CAUSE_NONE)
		ret = message_hand_on(session, at);
	else
		tl_capture_message(session, message->bytes + HL_MESSAGE_HEADER_LEN,
			message->len - HL_MESSAGE_HEADER_LEN, true, false);
	tl_gather_free(message);
	return ret;
}

/* Take the record's bytes as far as they belong to the message. */
static int message_gather(struct tl_session *session, const byte *input, word32 *at, word32 end)
{
	struct tl_gathering *message = &session->message;
	uint32_t want = kept_len(session, wanted_len(message));

	while (*at < end && message->len < want) { /* the header, then the body */
		uint32_t n = want - message->len < end - *at ? want - message->len : end - *at;

		if (message->len >= HL_MESSAGE_HEADER_LEN && message->bytes[0] == MSG_CERTIFICATE)
			tl_certificate_arrived(session, message->len + n);
		if (!tl_gather(message, input + *at, n))
			return MEMORY_E;
		*at += n;
		want = kept_len(session, wanted_len(message));
	}
	return message->len == want ? message_done(session, at) : 0;
}

/*
 * @param at   in: where in input a message begins or continues; out: after the message, or end
 * @param end  in: where the record's content ends
 */
int __wrap_DoTls13HandShakeMsg(WOLFSSL *ssl, byte *input, word32 *at, word32 end)
{
	struct tl_session *session = tl_capture_session(ssl);
	word32 left = end > *at ? end - *at : 0;

	/* The lab's servers call this too. */
	if (LIBWOLFSSL_VERSION_HEX < TL_MESSAGES_SINCE || session == NULL || left == 0)
		return __real_DoTls13HandShakeMsg(ssl, input, at, end);
	if (session->message.len == 0 && left >= HL_MESSAGE_HEADER_LEN &&
		message_len(input + *at) <= left) {
		if (input[*at] == MSG_CERTIFICATE &&
			!tl_certificate_allowed(
				session, message_len(input + *at) - HL_MESSAGE_HEADER_LEN))
			return message_gather(session, input, at, end);
		return __real_DoTls13HandShakeMsg(ssl, input, at, end);
	}
	return message_gather(session, input, at, end);
}
#endif
