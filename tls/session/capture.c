/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chain as the server sent it, whether wolfSSL accepts it or not.
 *
 * There are three ways to get it; the first one that delivers wins.
 * - Up to TLS 1.2 the flight reader (tap.c) sees the Certificate message in the clear.
 * - In TLS 1.3 the message is encrypted, and wolfSSL shows it to no hook before it has parsed all
 * of it. So the linker sends tls13.c's call of ProcessPeerCerts() here (--wrap, see meson.build).
 * - The verify hook is what remains in TLS 1.3 with the system's library, where a chain that it
 *   cannot parse is lost, and for a chain that is too long for the flight reader. wolfSSL calls it
 *   once for each certificate, the last of the chain first, and shows all of them each time.
 *
 * The mode is VERIFY_NONE with a hook. With VERIFY_PEER and a hook that accepts, wolfSSL would add
 * every CA certificate that a stranger sends to the shared context.
 */
#include <stdlib.h>
#include <string.h>

#include "tls/hello/chain.h"
#include "internal.h"

struct chain_part {
	const uint8_t *der;
	uint32_t len;
};

/* What leaves the thread with the result is on the process heap, but counts for the session. */
static void *keep_alloc(struct tl_session *session, size_t size)
{
	struct hp_meter *meter = &session->meter;
	void *block;

	if (meter->cap_bytes > 0 && meter->now_bytes + size > meter->cap_bytes) {
		session->limit_hit = true;
		return NULL;
	}
	block = calloc(1, size);
	if (block != NULL)
		meter->now_bytes += size;
	if (meter->now_bytes > meter->peak_bytes)
		meter->peak_bytes = meter->now_bytes;
	return block;
}

static void chain_keep(struct tl_session *session, const struct chain_part *parts, unsigned int n)
{
	uint32_t cap = session->worker->config.max_chain_bytes, total = 0;
	unsigned int kept = 0;

	for (; kept < n && kept < TL_MAX_CERTS; kept++) {
		if (parts[kept].len > cap - total)
			break;
		total += parts[kept].len;
	}
	session->chain_captured = true;
	session->chain_truncated = session->chain_truncated || kept < n;
	if (kept == 0)
		return;
	session->der = keep_alloc(session, total);
	session->certs = keep_alloc(session, kept * sizeof(*session->certs));
	if (session->der == NULL || session->certs == NULL) {
		session->chain_truncated = true;
		return;
	}
	for (unsigned int i = 0; i < kept; i++) {
		memcpy(session->der + session->der_len, parts[i].der, parts[i].len);
		session->certs[i] = (struct tl_cert_span){session->der_len, parts[i].len};
		session->der_len += parts[i].len;
	}
	session->n_certs = (uint8_t)kept;
}

int tl_capture_verify(int preverify, WOLFSSL_X509_STORE_CTX *store)
{
	struct tl_session *session = store->userCtx;
	struct chain_part parts[TL_MAX_CERTS + 1]; /* one more tells that there were more */
	int n = 0;

	(void)preverify;
	if (session == NULL || session->chain_captured || session->chain_awaited)
		return 1;
	for (; n < store->totalCerts && n <= TL_MAX_CERTS; n++) {
		parts[n] = (struct chain_part){
			store->certs[n].buffer, (uint32_t)store->certs[n].length};
	}
	chain_keep(session, parts, (unsigned int)n);
	return 1;
}

void tl_capture_message(
	struct tl_session *session, const uint8_t *body, size_t len, bool tls13, bool whole)
{
	struct chain_part parts[TL_MAX_CERTS + 1];
	struct hl_chain chain;
	unsigned int n = 0;

	if (session->chain_captured || !(whole ? hl_chain_open(&chain, body, len, tls13)
					       : hl_chain_open_part(&chain, body, len, tls13)))
		return;
	while (n <= TL_MAX_CERTS && hl_chain_next(&chain, &parts[n].der, &parts[n].len))
		n++;
	session->chain_truncated = !whole;
	if (n == 0)
		return;
	if (!tls13)
		(void)tl_key_allowed(session, parts[0].der, parts[0].len);
	chain_keep(session, parts, n);
}

static _Thread_local struct tl_session *current;

struct tl_session *tl_capture_enter(struct tl_session *session)
{
	struct tl_session *before = current;

	current = session;
	return before;
}

struct tl_session *tl_capture_session(const WOLFSSL *ssl)
{
	return current != NULL && current->ssl == ssl ? current : NULL;
}

#if !TLSWEEP_WOLFSSL_SYSTEM
/* Names given by the linker's --wrap; the types are those of wolfssl/internal.h. */
int __wrap_ProcessPeerCerts(WOLFSSL *ssl, byte *input, word32 *at, word32 len);
int __real_ProcessPeerCerts(WOLFSSL *ssl, byte *input, word32 *at, word32 len);

/*
 * The key is judged before wolfSSL uses it. The copy is made after wolfSSL has finished: the
 * message is still in its buffer, and the memory that parsing took is free again.
 * @param at  in: where the body of len bytes begins; wolfSSL has all of them; out: moved
 */
int __wrap_ProcessPeerCerts(WOLFSSL *ssl, byte *input, word32 *at, word32 len)
{
	/* The lab's servers call this too, on threads of their own or between sessions. */
	struct tl_session *session = tl_capture_session(ssl);
	const byte *body = input + *at;
	int ret = FATAL_ERROR;

	if (session != NULL)
		session->chain_awaited = true;
	if (session == NULL || tl_chain_allowed(session, body, len))
		ret = __real_ProcessPeerCerts(ssl, input, at, len);
	if (session != NULL)
		tl_capture_message(session, body, len, true, true);
	return ret;
}
#endif
