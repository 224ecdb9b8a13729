/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the TLS log share. What they are given is borrowed for the call. Any thread. */
#pragma once

#include "json.h"
#include "tls/session/session.h"

/**
 * Write a version as {"name", "value"}.
 * @param js       out: an object, or an array without keys, is open
 * @param key      in: key in the object; NULL: in an array
 * @param version  in: its code on the wire (RFC 8446 4.2.1)
 */
void js_tls_version(struct js_buf *js, const char *key, uint16_t version);

/**
 * Write a code point with its name, as {"hex", "name", "value"}.
 * @param js     out: as of js_tls_version()
 * @param key    in: as of js_tls_version()
 * @param value  in: the code point
 * @param name   in: its name
 */
void js_tls_code(struct js_buf *js, const char *key, uint16_t value, const char *name);

/**
 * Write a code point of one byte likewise.
 * @param js     out: as of js_tls_version()
 * @param key    in: as of js_tls_version()
 * @param value  in: the code point
 * @param name   in: its name
 */
void js_tls_byte_code(struct js_buf *js, const char *key, uint8_t value, const char *name);

/**
 * Write a compression method likewise (RFC 3749, RFC 3943).
 * @param js      out: as of js_tls_version()
 * @param key     in: as of js_tls_version()
 * @param method  in: its code
 */
void js_tls_compression(struct js_buf *js, const char *key, uint8_t method);

/**
 * Write a signature scheme as {"signature_algorithm", "hash_algorithm"} (RFC 5246 7.4.1.4.1).
 * @param js      out: as of js_tls_version()
 * @param key     in: as of js_tls_version()
 * @param scheme  in: its code
 */
void js_tls_scheme(struct js_buf *js, const char *key, uint16_t scheme);

/**
 * Write the "server_key_exchange" object.
 * @param js   out: the handshake log is open
 * @param tls  in: of a session that has seen one
 */
void js_tls_key_exchange(struct js_buf *js, const struct tl_result *tls);

/**
 * Write the "client_hello" object, or nothing if the ClientHello that was sent is not known.
 * @param js    out: the handshake log is open
 * @param tls   in: what the session found out
 * @param full  in: false: without the lists that are nearly the same in all of them
 */
void js_tls_client_hello(struct js_buf *js, const struct tl_result *tls, bool full);
