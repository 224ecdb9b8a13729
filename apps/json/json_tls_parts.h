/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the TLS log share. */
#pragma once

#include "json.h"
#include "tls/session/session.h"

/** A version as {"name", "value"}. @param key  in: NULL inside an array */
void js_tls_version(struct js_buf *js, const char *key, uint16_t version);

/** A code point with its name, as {"hex", "name", "value"}. @param key  in: NULL inside an array */
void js_tls_code(struct js_buf *js, const char *key, uint16_t value, const char *name);

/** A code point of one byte likewise. @param key  in: NULL inside an array */
void js_tls_byte_code(struct js_buf *js, const char *key, uint8_t value, const char *name);

/** A compression method (RFC 3749, RFC 3943). @param key  in: NULL inside an array */
void js_tls_compression(struct js_buf *js, const char *key, uint8_t method);

/** A signature scheme as {"signature_algorithm", "hash_algorithm"}. @param key  in: NULL inside an
 * array */
void js_tls_scheme(struct js_buf *js, const char *key, uint16_t scheme);

/** The "server_key_exchange" object. @param tls  in: with a key exchange */
void js_tls_key_exchange(struct js_buf *js, const struct tl_result *tls);

/**
 * The "client_hello" object; nothing if the ClientHello that was sent is not known.
 * @param js   in/out: in the handshake log
 * @param tls  in: borrowed for the call
 * @param full in: false: without the lists that are the same in all of them
 */
void js_tls_client_hello(struct js_buf *js, const struct tl_result *tls, bool full);
