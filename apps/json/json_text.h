/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes as text: JSON escapes, base64, hex. Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* One input byte becomes at most this many: "\u0000". */
#define JS_TEXT_ESCAPE_MAX 6

/**
 * Escape text for the inside of a JSON string (RFC 8259 7). The output is valid UTF-8, even if the
 * input is not. It holds no character that moves text on a terminal: control characters, also
 * those of bidirectional text, and line separators are escaped.
 * @param bytes, len  in: any bytes
 * @param out         out: room for len * JS_TEXT_ESCAPE_MAX bytes; not NUL-terminated
 * @return bytes written
 */
size_t js_text_escape(const uint8_t *bytes, size_t len, char *out);

/**
 * Standard base64 with padding (RFC 4648 4).
 * @param bytes, len  in: any bytes
 * @param out         out: room for (len + 2) / 3 * 4 bytes; not NUL-terminated
 * @return bytes written
 */
size_t js_text_base64(const uint8_t *bytes, size_t len, char *out);

/**
 * Lower-case hex.
 * @param bytes, len  in: any bytes
 * @param out         out: room for len * 2 bytes; not NUL-terminated
 * @return bytes written
 */
size_t js_text_hex(const uint8_t *bytes, size_t len, char *out);
