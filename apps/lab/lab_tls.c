/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "tls/session/lib.h"

#include "lab_certs.h"
#include "lab_tls.h"
#include "tls/session/random.h"

#define MAX_CHAIN_LEN 4096

struct lab_tls_session {
	WOLFSSL *ssl;
	struct lab_tcp *tcp;
	struct tl_random random;
	bool up;
	uint32_t next_free;
};

struct lab_tls {
	WOLFSSL_CTX *ctx[LAB_N_CERT][2][2]; /* certificate, RSA, TLS 1.3 */
	uint32_t n_sessions, free_head;	    /* the list of free slots ends with n_sessions */
	struct lab_tls_session sessions[];
};

/* wolfSSL reads and writes the buffers of the connection. */
static int tls_recv(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct lab_tcp *tcp = ctx;
	uint32_t n = tcp->rx_len < (uint32_t)size ? tcp->rx_len : (uint32_t)size;

	if (n == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	memcpy(buf, tcp->rx, n);
	lab_tcp_consume(tcp, n);
	return (int)n;
}

static int tls_send(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	uint32_t n = lab_tcp_write(ctx, (const uint8_t *)buf, (uint32_t)size);

	return n == 0 ? WOLFSSL_CBIO_ERR_WANT_WRITE : (int)n;
}

static bool ctx_set_identity(WOLFSSL_CTX *ctx, const struct lab_identity *id)
{
	uint8_t chain[MAX_CHAIN_LEN];
	size_t len = id->leaf.len;

	if (len + lab_issuer.len > sizeof(chain))
		return false;
	memcpy(chain, id->leaf.bytes, len);
	if (id->has_issuer) {
		memcpy(chain + len, lab_issuer.bytes, lab_issuer.len);
		len += lab_issuer.len;
	}
	return wolfSSL_CTX_use_certificate_chain_buffer_format(
		       ctx, chain, (long)len, WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS &&
	       wolfSSL_CTX_use_PrivateKey_buffer(ctx, id->key.bytes, (long)id->key.len,
		       WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS;
}

static WOLFSSL_CTX *ctx_new(const struct lab_identity *id, bool tls13)
{
	WOLFSSL_CTX *ctx = wolfSSL_CTX_new(
		tls13 ? wolfSSLv23_server_method() : wolfTLSv1_2_server_method());

	if (ctx == NULL)
		return NULL;
	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, NULL);
#ifndef NO_SESSION_CACHE
	wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
#endif
	wolfSSL_CTX_SetIORecv(ctx, tls_recv);
	wolfSSL_CTX_SetIOSend(ctx, tls_send);
	wolfSSL_CTX_set_group_messages(ctx);
	if (ctx_set_identity(ctx, id))
		return ctx;
	wolfSSL_CTX_free(ctx);
	return NULL;
}

static bool tls_make_contexts(struct lab_tls *tls)
{
	for (uint32_t i = 0; i < LAB_N_CERT * 4; i++) {
		enum lab_cert cert = (enum lab_cert)(i / 4);
		bool rsa = (i & 2) != 0, tls13 = (i & 1) != 0;
		WOLFSSL_CTX *ctx = ctx_new(lab_identity_of(cert, rsa), tls13);

		if (ctx == NULL)
			return false;
		tls->ctx[cert][rsa][tls13] = ctx;
	}
	return true;
}

struct lab_tls *lab_tls_new(uint32_t n_sessions, const char **why)
{
	struct lab_tls *tls = calloc(1, sizeof(*tls) + n_sessions * sizeof(tls->sessions[0]));

	*why = "not enough memory for the lab's TLS sessions";
	if (tls == NULL)
		return NULL;
	tls->n_sessions = n_sessions;
	for (uint32_t i = 0; i < n_sessions; i++)
		tls->sessions[i].next_free = i + 1;
	if (tls_make_contexts(tls))
		return tls;
	*why = "wolfSSL refuses the lab's certificates";
	lab_tls_free(tls);
	return NULL;
}

void lab_tls_free(struct lab_tls *tls)
{
	if (tls == NULL)
		return;
	for (uint32_t i = 0; i < LAB_N_CERT * 4; i++)
		wolfSSL_CTX_free(tls->ctx[i / 4][i >> 1 & 1][i & 1]);
	free(tls);
}

struct lab_tls_session *lab_tls_session_new(
	struct lab_tls *tls, const struct lab_host *host, struct lab_tcp *tcp, uint64_t seed)
{
	struct lab_tls_session *session;
	struct tl_random *before;

	if (tls->free_head == tls->n_sessions)
		return NULL;
	session = &tls->sessions[tls->free_head];
	session->random = (struct tl_random){.seed = seed};
	before = tl_random_enter(&session->random);
	session->ssl = wolfSSL_new(tls->ctx[host->cert][host->rsa][host->tls13]);
	tl_random_enter(before);
	if (session->ssl == NULL)
		return NULL;
	wolfSSL_SetIOReadCtx(session->ssl, tcp);
	wolfSSL_SetIOWriteCtx(session->ssl, tcp);
	session->tcp = tcp;
	session->up = false;
	tls->free_head = session->next_free;
	return session;
}

void lab_tls_session_free(struct lab_tls *tls, struct lab_tls_session *session)
{
	wolfSSL_free(session->ssl);
	session->ssl = NULL;
	session->next_free = tls->free_head;
	tls->free_head = (uint32_t)(session - tls->sessions);
}

static enum lab_tls_step tls_outcome(const struct lab_tls_session *session, int result)
{
	switch (wolfSSL_get_error(session->ssl, result)) {
	case WOLFSSL_ERROR_WANT_READ:
	case WOLFSSL_ERROR_WANT_WRITE:
		return LAB_TLS_WAIT;
	case WOLFSSL_ERROR_ZERO_RETURN:
		return LAB_TLS_CLOSED;
	default:
		return LAB_TLS_FAILED;
	}
}

/* lab_tls_session_step(), while the session's random source is entered. */
static enum lab_tls_step tls_step(
	struct lab_tls_session *session, uint8_t *plain, uint32_t cap, uint32_t *len)
{
	int result;

	if (!session->up) {
		result = wolfSSL_accept(session->ssl);
		session->up = result == WOLFSSL_SUCCESS;
		return session->up ? LAB_TLS_UP : tls_outcome(session, result);
	}
	result = wolfSSL_read(session->ssl, plain, (int)cap);
	if (result <= 0)
		return tls_outcome(session, result);
	*len = (uint32_t)result;
	return LAB_TLS_PLAIN;
}

enum lab_tls_step lab_tls_session_step(
	struct lab_tls_session *session, uint8_t *plain, uint32_t cap, uint32_t *len)
{
	struct tl_random *before = tl_random_enter(&session->random);
	enum lab_tls_step step = tls_step(session, plain, cap, len);

	tl_random_enter(before);
	return step;
}

bool lab_tls_session_write(struct lab_tls_session *session, const void *bytes, uint32_t len)
{
	struct tl_random *before;
	int result;

	if (len == 0)
		return true;
	before = tl_random_enter(&session->random);
	result = wolfSSL_write(session->ssl, bytes, (int)len);
	tl_random_enter(before);
	return result == (int)len;
}

void lab_tls_session_goodbye(struct lab_tls_session *session)
{
	struct tl_random *before = tl_random_enter(&session->random);

	wolfSSL_shutdown(session->ssl);
	tl_random_enter(before);
}
