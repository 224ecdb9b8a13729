/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of one target or exclusion, parsed strictly. */
#pragma once

#include "ranges.h"
#include "targets.h"

/* What a line holds. */
struct dp_item {
	struct dp_range range;
	const char *name; /* points into the text; NULL: none */
	size_t name_len;
};

struct dp_item_error {
	size_t column; /* 0-based byte of the text that is wrong */
	char sentence[DP_ERR_LEN - 80];
};

/**
 * Parse one item; nothing may follow it.
 * @param text  in: len bytes, without white space at its ends; borrowed, item->name points into it
 * @param item  out: written on success
 * @param error out: written on failure
 * @return 0 or -EINVAL
 */
int dp_item_parse(const char *text, size_t len, struct dp_item *item, struct dp_item_error *error);

/** The address in text[start..end). @param number out: on success. @return 0 or -EINVAL */
int dp_item_parse_addr(
	const char *text, size_t start, size_t end, dp_u128 *number, struct dp_item_error *error);

/**
 * Is a text a host name: labels of up to 63 letters, digits, hyphens inside, and the underscore
 * that is seen in practice (RFC 1123 2.1, RFC 1035 2.3.4)? No address in any spelling and nothing
 * with a dot at its end is one, since SNI allows neither (RFC 6066 3). Whether it resolves is not
 * our question.
 * @param text  in: len bytes
 */
bool dp_is_host_name(const char *text, size_t len);

/** The same for text[start..end), with a sentence. @return 0 or -EINVAL */
int dp_item_check_name(const char *text, size_t start, size_t end, struct dp_item_error *error);

/* As much of a bad word as a message repeats. */
#define DP_QUOTE_MAX 48

struct dp_quoted {
	char text[DP_QUOTE_MAX + 4];
};

/** A word for a message: cut, and without control characters, which would act on the terminal. */
struct dp_quoted dp_item_quote(const char *word, size_t len);

/** Say what is wrong with a text, and where in it. @return -EINVAL, always */
int dp_item_refuse(struct dp_item_error *error, size_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
