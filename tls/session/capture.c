/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chain as the server sent it, taken in wolfSSL's verify hook.
 *
 * wolfSSL calls the hook once per certificate, last of the chain first, and shows all of them each
 * time: the first call is enough. Mode is VERIFY_NONE with a hook: with VERIFY_PEER a hook that
 * says "fine" would make wolfSSL add every CA certificate a stranger sends to the shared context.
 */
#include <stdlib.h>
#include <string.h>

#include "tls/session/internal.h"

struct chain_part {
	const uint8_t *der;
	uint32_t len;
};

static void chain_keep(struct tl_session *session, const struct chain_part *parts, unsigned int n)
{
	uint32_t cap = session->worker->config.max_chain_bytes, total = 0;
	unsigned int kept = 0;

	for (; kept < n && kept < TL_MAX_CERTS; kept++) {
		if (parts[kept].len > cap - total)
			break;
		total += parts[kept].len;
	}
	session->chain_truncated = kept < n;
	if (kept == 0)
		return;
	session->der = malloc(total > 0 ? total : 1);
	session->certs = calloc(kept, sizeof(*session->certs));
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
	if (session == NULL || session->chain_captured)
		return 1;
	for (; n < store->totalCerts && n <= TL_MAX_CERTS; n++) {
		parts[n] = (struct chain_part){
			store->certs[n].buffer, (uint32_t)store->certs[n].length};
	}
	session->chain_captured = true;
	chain_keep(session, parts, (unsigned int)n);
	return 1;
}

void tl_capture_from_flight(struct tl_session *session)
{
	struct chain_part parts[TL_MAX_CERTS + 1];
	unsigned int n = 0;
	uint32_t off = 0;

	if (session->chain_captured || session->tap == NULL)
		return;
	while (n <= TL_MAX_CERTS &&
		hl_flight_next_cert(&session->tap->flight, &off, &parts[n].der, &parts[n].len))
		n++;
	session->chain_captured = n > 0;
	chain_keep(session, parts, n);
}
