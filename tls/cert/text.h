/* SPDX-License-Identifier: BSD-3-Clause */
/* Text in a fixed buffer: always valid UTF-8, NUL-terminated, without a NUL inside, cut if the
 * buffer is full. */
#pragma once

#include "der.h"

struct ct_text {
	char *out;
	size_t cap, len; /* len < cap */
	bool cut;
};

/** Start with an empty text. cap is at least 1. */
void ct_text_init(struct ct_text *text, char *out, size_t cap);

void ct_text_add(struct ct_text *text, const char *ascii);

/**
 * Append an ASN.1 string as UTF-8. A BMPString is read as UCS-2, what is not valid UTF-8 as
 * Latin-1, and NUL becomes U+FFFD.
 * @param text    in/out: the text so far
 * @param tag     in: enum ct_tag of the string
 * @param value   in: its body, borrowed for the call
 * @param escape  in: ASCII characters that get a backslash before them; "" for none
 */
void ct_text_add_string(
	struct ct_text *text, uint8_t tag, const struct ct_der *value, const char *escape);
