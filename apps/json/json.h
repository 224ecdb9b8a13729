/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A streaming JSON emitter: values go straight into one growing buffer, no tree is built.
 *
 * What a scanner writes is mostly bytes from strangers. Text is escaped as Go's encoding/json does
 * it, so that consumers of ZGrab2 see the same strings: a byte that is not part of valid UTF-8
 * becomes U+FFFD, one for each byte. Control characters, DEL and the C1 range are escaped, so that
 * no line can move a terminal's cursor. A buffer that cannot grow is marked failed and ignores
 * everything until js_reset().
 *
 * Keys are literals of the program: printable ASCII without quote and backslash, or NULL inside an
 * array. One buffer belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct js_buf {
	char *data; /* not NUL-terminated */
	size_t len, cap;
	bool failed; /* memory ran out since js_reset() */
	bool pretty; /* one element per line, indented by tabs; set before the first value */
	bool comma;  /* private: the next element needs one */
	uint16_t depth;
};

/** Forget the text, keep the memory. A zeroed struct is a valid empty buffer. */
void js_reset(struct js_buf *js);

/** Free the memory; the buffer is empty and usable again. */
void js_free(struct js_buf *js);

void js_object(struct js_buf *js, const char *key);
void js_end_object(struct js_buf *js);
void js_array(struct js_buf *js, const char *key);
void js_end_array(struct js_buf *js);

void js_bool(struct js_buf *js, const char *key, bool value);
void js_u64(struct js_buf *js, const char *key, uint64_t value);
void js_i64(struct js_buf *js, const char *key, int64_t value);

/** A finite number with up to six significant digits after the point; others become null. */
void js_double(struct js_buf *js, const char *key, double value);

/** A finite number to six significant digits, however small; others become null. */
void js_real(struct js_buf *js, const char *key, double value);

/** NUL-terminated text of any origin. */
void js_str(struct js_buf *js, const char *key, const char *text);

/** Text of any origin by length; may hold NULs and invalid UTF-8. */
void js_text(struct js_buf *js, const char *key, const void *bytes, size_t len);

/** Bytes as standard base64 with padding (RFC 4648 4), as Go writes []byte. */
void js_base64(struct js_buf *js, const char *key, const void *bytes, size_t len);

/** Bytes as lower-case hex. */
void js_hex(struct js_buf *js, const char *key, const void *bytes, size_t len);

/** A 16-bit code point as "0xC02F", ZGrab2's spelling. */
void js_hex16(struct js_buf *js, const char *key, uint16_t value);

/** A code point of one byte as "0x40". */
void js_hex8(struct js_buf *js, const char *key, uint8_t value);

/** Microseconds since 1970 as RFC 3339 in UTC with six decimals. */
void js_time_us(struct js_buf *js, const char *key, uint64_t unix_us);

/** A big-endian magnitude as a decimal string, as certificate serial numbers are written; len
 * <= 64. */
void js_decimal(
	struct js_buf *js, const char *key, const uint8_t *bytes, size_t len, bool negative);

/** Finished JSON, spliced in as it is. */
void js_raw(struct js_buf *js, const char *key, const char *json, size_t len);

/** End the line. */
void js_newline(struct js_buf *js);
