/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of one target or exclusion, parsed strictly. Pure; any thread. */
#pragma once

#include "ranges.h"
#include "targets.h"

/* What an item says. */
struct dp_item {
	struct dp_range range;
	const char *name; /* points into the text; NULL: none */
	size_t name_len;
};

struct dp_item_error {
	size_t column; /* which byte of the text is wrong, from 0 */
	char sentence[DP_ERR_LEN - 80];
};

/** Is it an ASCII digit, whatever the locale? */
static inline bool dp_item_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/**
 * Parse the decimal number in text[start..end). Nothing else may be in there.
 * @param text      in: borrowed
 * @param start     in: byte of the text
 * @param end       in: byte of the text, not below start
 * @param n_digits  in: digits that it may have, leading zeros included, 1..9
 * @param value     out: on true
 * @return false if it is no such number
 */
bool dp_item_parse_number(
	const char *text, size_t start, size_t end, size_t n_digits, uint32_t *value);

/**
 * Parse one item. Nothing may follow it.
 * @param text   in: len bytes, without white space at its ends; borrowed, item->name points into it
 * @param len    in: bytes
 * @param item   out: valid on success
 * @param error  out: written on failure
 * @return 0 or -EINVAL
 */
int dp_item_parse(const char *text, size_t len, struct dp_item *item, struct dp_item_error *error);

/**
 * Parse the address in text[start..end). Nothing else may be in there.
 * @param text    in: borrowed
 * @param start   in: byte of the text
 * @param end     in: byte of the text, not below start
 * @param number  out: the address's place on the line (ranges.h); valid on success
 * @param error   out: written on failure
 * @return 0 or -EINVAL
 */
int dp_item_parse_addr(
	const char *text, size_t start, size_t end, dp_u128 *number, struct dp_item_error *error);

/**
 * Is a text a host name? A name has labels of up to 63 letters, digits, inner hyphens, and
 * underscores, which are seen in practice (RFC 1123 2.1, RFC 1035 2.3.4). An address in any
 * spelling is no name, nor is a text that ends in a dot: SNI allows neither (RFC 6066 3). Names are
 * not looked up.
 * @param text  in: len bytes, borrowed
 * @param len   in: bytes
 * @return true if it is one
 */
bool dp_is_host_name(const char *text, size_t len);

/**
 * Check that text[start..end) is a host name, as dp_is_host_name() does.
 * @param text   in: borrowed
 * @param start  in: byte of the text
 * @param end    in: byte of the text, not below start
 * @param error  out: written on failure
 * @return 0 or -EINVAL
 */
int dp_item_check_name(const char *text, size_t start, size_t end, struct dp_item_error *error);

/* Bytes of a wrong text that a message repeats. */
#define DP_QUOTE_MAX 48

struct dp_quoted {
	char text[DP_QUOTE_MAX + 4];
};

/**
 * Prepare a text for a message: cut it, and replace control characters, which would act on the
 * terminal, and bytes beyond ASCII.
 * @param text  in: len bytes, borrowed
 * @param len   in: bytes
 * @return a copy, NUL-terminated
 */
struct dp_quoted dp_item_quote(const char *text, size_t len);

/**
 * Say what is wrong with a text.
 * @param error   out
 * @param column  in: which byte of the text is wrong, from 0
 * @param format  in: as for printf()
 * @return -EINVAL, always
 */
int dp_item_refuse(struct dp_item_error *error, size_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
