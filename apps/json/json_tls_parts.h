/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the TLS log share. */
#pragma once

#include "json.h"
#include "tls/session/session.h"

/*
 * All of them write into an open object, or into an open array if their key is NULL. What they are
 * given is borrowed for the call.
 */

/** Write a version as {"name", "value"}. */
void js_tls_version(struct js_buf *js, const char *key, uint16_t version);

/** Write a code point with its name, as {"hex", "name", "value"}. */
void js_tls_code(struct js_buf *js, const char *key, uint16_t value, const char *name);

/** Write a code point of one byte likewise. */
void js_tls_byte_code(struct js_buf *js, const char *key, uint8_t value, const char *name);

/** Write a compression method likewise (RFC 3749, RFC 3943). */
void js_tls_compression(struct js_buf *js, const char *key, uint8_t method);

/** Write a signature scheme as {"signature_algorithm", "hash_algorithm"}. */
void js_tls_scheme(struct js_buf *js, const char *key, uint16_t scheme);

/** Write the "server_key_exchange" object of a session that has seen one. */
void js_tls_key_exchange(struct js_buf *js, const struct tl_result *tls);

/**
 * Write the "client_hello" object, or nothing if the ClientHello that was sent is not known.
 * @param js    out: the handshake log is open
 * @param tls   in: what the session found out
 * @param full  in: false: without the lists that are nearly the same in all of them
 */
void js_tls_client_hello(struct js_buf *js, const struct tl_result *tls, bool full);
