/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef WOLFSSL_USER_SETTINGS
#include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>
#if !TLSWEEP_WOLFSSL_SYSTEM
#include <wolfssl/internal.h>
#endif

#include "memserver.h"

struct mem_server {
	WOLFSSL_CTX *ctx;
	WOLFSSL *ssl;
	bool done, keyed;
	struct mem_keys keys;
	char plain[4096];
	struct mem_buffer in, out;
};

static int server_recv(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct mem_buffer *in = ctx;
	size_t n = in->len - in->off;

	(void)ssl;
	if (n == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	if (n > (size_t)size)
		n = (size_t)size;
	memcpy(buf, in->bytes + in->off, n);
	in->off += n;
	return (int)n;
}

static int server_send(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	enum { RECORD_APPLICATION_DATA = 23 };
	struct mem_server *server = ctx;
	struct mem_buffer *out = &server->out;

#if !TLSWEEP_WOLFSSL_SYSTEM
	if (!server->keyed && size > 0 && buf[0] == RECORD_APPLICATION_DATA) {
		mem_server_keys_now(server, &server->keys);
		server->keyed = true;
	}
#endif
	(void)ssl;
	if ((size_t)size > sizeof(out->bytes) - out->len)
		return WOLFSSL_CBIO_ERR_GENERAL;
	memcpy(out->bytes + out->len, buf, (size_t)size);
	out->len += (size_t)size;
	return size;
}

static WOLFSSL_METHOD *server_method(uint16_t version)
{
	switch (version) {
#ifndef NO_OLD_TLS
#ifdef WOLFSSL_ALLOW_TLSV10
	case 0x0301:
		return wolfTLSv1_server_method();
#endif
	case 0x0302:
		return wolfTLSv1_1_server_method();
#endif
	case 0x0303:
		return wolfTLSv1_2_server_method();
	case 0x0304:
		return wolfTLSv1_3_server_method();
	default:
		return NULL;
	}
}

static bool server_setup(struct mem_server *server, const struct mem_options *options)
{
	char cert[400], key[400];
	int group = options->group;

	snprintf(cert, sizeof(cert), "%s/%s.pem", options->dir, options->name);
	snprintf(key, sizeof(key), "%s/%s.key", options->dir, options->name);
	if (wolfSSL_CTX_use_certificate_chain_file(server->ctx, cert) != WOLFSSL_SUCCESS ||
		wolfSSL_CTX_use_PrivateKey_file(server->ctx, key, WOLFSSL_FILETYPE_PEM) !=
			WOLFSSL_SUCCESS)
		return false;
	if (options->ciphers != NULL &&
		wolfSSL_CTX_set_cipher_list(server->ctx, options->ciphers) != WOLFSSL_SUCCESS)
		return false;
	if (group != 0 && wolfSSL_CTX_set_groups(server->ctx, &group, 1) != WOLFSSL_SUCCESS)
		return false;
	if (group != 0 &&
		wolfSSL_CTX_UseSupportedCurve(server->ctx, options->group) != WOLFSSL_SUCCESS)
		return false;
	wolfSSL_CTX_set_verify(server->ctx,
		options->ask_client_cert ? WOLFSSL_VERIFY_PEER : WOLFSSL_VERIFY_NONE, NULL);
	wolfSSL_CTX_SetIORecv(server->ctx, server_recv);
	wolfSSL_CTX_SetIOSend(server->ctx, server_send);
	if (!options->apart)
		wolfSSL_CTX_set_group_messages(server->ctx);
	return true;
}

static bool server_start(struct mem_server *server, const struct mem_options *options)
{
	static const unsigned char p[256] = /* RFC 7919 A.1, ffdhe2048 */
		"\xff\xff\xff\xff\xff\xff\xff\xff\xad\xf8\x54\x58\xa2\xbb\x4a\x9a\xaf\xdc\x56\x20"
		"\x27\x3d\x3c\xf1\xd8\xb9\xc5\x83\xce\x2d\x36\x95\xa9\xe1\x36\x41\x14\x64\x33\xfb"
		"\xcc\x93\x9d\xce\x24\x9b\x3e\xf9\x7d\x2f\xe3\x63\x63\x0c\x75\xd8\xf6\x81\xb2\x02"
		"\xae\xc4\x61\x7a\xd3\xdf\x1e\xd5\xd5\xfd\x65\x61\x24\x33\xf5\x1f\x5f\x06\x6e\xd0"
		"\x85\x63\x65\x55\x3d\xed\x1a\xf3\xb5\x57\x13\x5e\x7f\x57\xc9\x35\x98\x4f\x0c\x70"
		"\xe0\xe6\x8b\x77\xe2\xa6\x89\xda\xf3\xef\xe8\x72\x1d\xf1\x58\xa1\x36\xad\xe7\x35"
		"\x30\xac\xca\x4f\x48\x3a\x79\x7a\xbc\x0a\xb1\x82\xb3\x24\xfb\x61\xd1\x08\xa9\x4b"
		"\xb2\xc8\xe3\xfb\xb9\x6a\xda\xb7\x60\xd7\xf4\x68\x1d\x4f\x42\xa3\xde\x39\x4d\xf4"
		"\xae\x56\xed\xe7\x63\x72\xbb\x19\x0b\x07\xa7\xc8\xee\x0a\x6d\x70\x9e\x02\xfc\xe1"
		"\xcd\xf7\xe2\xec\xc0\x34\x04\xcd\x28\x34\x2f\x61\x91\x72\xfe\x9c\xe9\x85\x83\xff"
		"\x8e\x4f\x12\x32\xee\xf2\x81\x83\xc3\xfe\x3b\x1b\x4c\x6f\xad\x73\x3b\xb5\xfc\xbc"
		"\x2e\xc2\x20\x05\xc5\x8e\xf1\x83\x7d\x16\x83\xb2\xc6\xf3\x4a\x26\xc1\xb2\xef\xfa"
		"\x88\x6b\x42\x38\x61\x28\x5c\x97\xff\xff\xff\xff\xff\xff\xff\xff";
	static const unsigned char g[1] = {2};
	char alpn[64];

	server->ssl = wolfSSL_new(server->ctx);
	if (server->ssl == NULL)
		return false;
	wolfSSL_SetTmpDH(server->ssl, p, sizeof(p), g, sizeof(g));
	wolfSSL_SetIOReadCtx(server->ssl, &server->in);
	wolfSSL_SetIOWriteCtx(server->ssl, server);
	if (options->alpn == NULL)
		return true;
	snprintf(alpn, sizeof(alpn), "%s", options->alpn);
	return wolfSSL_UseALPN(server->ssl, alpn, (unsigned int)strlen(alpn),
		       WOLFSSL_ALPN_CONTINUE_ON_MISMATCH) == WOLFSSL_SUCCESS;
}

struct mem_server *mem_server_new(const struct mem_options *options)
{
	struct mem_server *server = calloc(1, sizeof(*server));
	WOLFSSL_METHOD *method = server_method(options->version);

	if (server == NULL || method == NULL) {
		free(server);
		return NULL;
	}
	server->ctx = wolfSSL_CTX_new(method);
	if (server->ctx == NULL || !server_setup(server, options) ||
		!server_start(server, options)) {
		mem_server_free(server);
		return NULL;
	}
	return server;
}

void mem_server_free(struct mem_server *server)
{
	if (server == NULL)
		return;
	wolfSSL_free(server->ssl);
	wolfSSL_CTX_free(server->ctx);
	free(server);
}

void mem_server_input(struct mem_server *server, const uint8_t *bytes, size_t len)
{
	struct mem_buffer *in = &server->in;

	if (len > sizeof(in->bytes) - in->len)
		abort();
	memcpy(in->bytes + in->len, bytes, len);
	in->len += len;
	if (!server->done)
		server->done = wolfSSL_accept(server->ssl) == WOLFSSL_SUCCESS;
}

struct mem_buffer *mem_server_out(struct mem_server *server)
{
	return &server->out;
}

#if !TLSWEEP_WOLFSSL_SYSTEM
void mem_server_keys_now(const struct mem_server *server, struct mem_keys *keys)
{
	memcpy(keys->key, server->ssl->keys.server_write_key, sizeof(keys->key));
	memcpy(keys->iv, server->ssl->keys.aead_enc_imp_IV, sizeof(keys->iv));
}
#endif

const struct mem_keys *mem_server_keys(const struct mem_server *server)
{
	return server->keyed ? &server->keys : NULL;
}

bool mem_server_done(const struct mem_server *server)
{
	return server->done;
}

const char *mem_server_read(struct mem_server *server)
{
	int n = wolfSSL_read(server->ssl, server->plain, sizeof(server->plain) - 1);

	server->plain[n > 0 ? n : 0] = '\0';
	return server->plain;
}

void mem_server_write(struct mem_server *server, const char *text)
{
	(void)wolfSSL_write(server->ssl, text, (int)strlen(text));
}

void mem_server_update_keys(struct mem_server *server)
{
	(void)wolfSSL_update_keys(server->ssl);
}

void mem_server_close(struct mem_server *server)
{
	(void)wolfSSL_shutdown(server->ssl);
}
