/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A streaming JSON emitter: values go straight into one growing buffer, no tree is built.
 *
 * What a scanner writes is mostly bytes from strangers. Text is escaped as Go's encoding/json does
 * it, so that consumers of ZGrab2 see the same strings: each byte that is not part of valid UTF-8
 * becomes U+FFFD. Control characters, DEL and the C1 range are escaped, so that no line can move a
 * terminal's cursor. If a buffer cannot grow, it is marked failed and ignores everything until
 * js_reset().
 *
 * In all functions js is the buffer that a value is added to. key is the value's name inside an
 * object: a literal of the program, printable ASCII without quote and backslash. It is NULL inside
 * an array, and for a value that stands alone. All arguments are borrowed for the call. No function
 * returns an error: look at js->failed at the end. One thread at a time uses a buffer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct js_buf {
	char *data;	 /* not NUL-terminated; NULL: empty */
	size_t len, cap; /* bytes */
	bool failed;	 /* memory ran out since js_reset() */
	bool pretty;	 /* one element per line, indented by tabs; set before the first value */
	bool comma;	 /* private: the next element needs one */
	uint16_t depth;	 /* private: objects and arrays that are open */
};

/** Forget the text and the failure; keep the memory. A zeroed struct is a valid empty buffer. */
void js_reset(struct js_buf *js);

/** Free the memory; the buffer is empty and usable again. */
void js_free(struct js_buf *js);

/** Begin an object: what follows, up to its js_end_object(), are its elements. */
void js_object(struct js_buf *js, const char *key);

/** End the innermost object, which must be open. */
void js_end_object(struct js_buf *js);

/** Begin an array: what follows, up to its js_end_array(), are its elements. */
void js_array(struct js_buf *js, const char *key);

/** End the innermost array, which must be open. */
void js_end_array(struct js_buf *js);

/** true or false. */
void js_bool(struct js_buf *js, const char *key, bool value);

/** A whole number. */
void js_u64(struct js_buf *js, const char *key, uint64_t value);

/** A whole number with a sign. */
void js_i64(struct js_buf *js, const char *key, int64_t value);

/** A number with one to six digits after the point; null if it is not finite. */
void js_double(struct js_buf *js, const char *key, double value);

/** A number with six significant digits, even if it is tiny; null if it is not finite. */
void js_real(struct js_buf *js, const char *key, double value);

/** NUL-terminated text of any origin. */
void js_str(struct js_buf *js, const char *key, const char *text);

/** Text of any origin, len bytes; may hold NULs and invalid UTF-8. */
void js_text(struct js_buf *js, const char *key, const void *bytes, size_t len);

/** len bytes as standard base64 with padding (RFC 4648 4), as Go writes []byte. */
void js_base64(struct js_buf *js, const char *key, const void *bytes, size_t len);

/** len bytes as lower-case hex. */
void js_hex(struct js_buf *js, const char *key, const void *bytes, size_t len);

/** A 16-bit code point as "0xC02F", ZGrab2's spelling. */
void js_hex16(struct js_buf *js, const char *key, uint16_t value);

/** Microseconds since 1970 as RFC 3339 in UTC with six decimals. */
void js_time_us(struct js_buf *js, const char *key, uint64_t unix_us);

/**
 * A whole number as a decimal string, as serial numbers of certificates are written.
 * @param js          out: the string is added to it
 * @param key         in: its name, or NULL
 * @param bytes, len  in: the magnitude, big-endian, of at most 64 bytes
 * @param negative    in: write a minus sign, unless the number is 0
 */
void js_decimal(
	struct js_buf *js, const char *key, const uint8_t *bytes, size_t len, bool negative);

/** len bytes of finished JSON, copied as they are. */
void js_raw(struct js_buf *js, const char *key, const char *json, size_t len);

/** Add a newline behind a value that stands alone. */
void js_newline(struct js_buf *js);
