/* SPDX-License-Identifier: BSD-3-Clause */
/* A wolfSSL server without a network: bytes in, bytes out, on the caller's thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem_options {
	const char *dir;     /* of certs_make() */
	const char *name;    /* "rsa", "p256", ...: name.pem and name.key */
	uint16_t version;    /* the only one spoken, 0x0301..0x0304 */
	const char *ciphers; /* wolfSSL's names, NULL: all */
	const char *alpn;    /* NULL: none */
	uint16_t group;	     /* the only one spoken; 0: all */
	bool ask_client_cert;
	bool apart; /* sends each message for itself */
};

/* Of the TLS 1.3 server's encrypted flight. */
struct mem_keys {
	uint8_t key[16], iv[12];
};

struct mem_buffer {
	uint8_t bytes[256 * 1024];
	size_t off, len;
};

struct mem_server;

/* NULL when this wolfSSL cannot do it. */
struct mem_server *mem_server_new(const struct mem_options *options);
void mem_server_free(struct mem_server *server);

/* Bytes from the client; the server works as far as it can, its answer stands in mem_server_out().
 */
void mem_server_input(struct mem_server *server, const uint8_t *bytes, size_t len);
struct mem_buffer *mem_server_out(struct mem_server *server);

/* Right only when messages are sent apart, and with AES-128. NULL: nothing is encrypted yet. */
const struct mem_keys *mem_server_keys(const struct mem_server *server);
/* Those it writes with now, likewise. */
void mem_server_keys_now(const struct mem_server *server, struct mem_keys *keys);

bool mem_server_done(const struct mem_server *server); /* handshake complete */
/* Plaintext that arrived since the last call, terminated; "" when none. */
const char *mem_server_read(struct mem_server *server);
void mem_server_write(struct mem_server *server, const char *text);
void mem_server_update_keys(struct mem_server *server);
void mem_server_close(struct mem_server *server);
