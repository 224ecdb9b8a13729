/* SPDX-License-Identifier: BSD-3-Clause */
/* Text put together in a fixed buffer: always valid UTF-8, terminated, never a NUL inside, cut when
 * full. */
#pragma once

#include "der.h"

struct ct_text {
	char *out;
	size_t cap, len; /* len < cap */
	bool cut;
};

/** Start with an empty text; cap > 0. */
void ct_text_init(struct ct_text *text, char *out, size_t cap);

void ct_text_add(struct ct_text *text, const char *ascii);

/**
 * Add an ASN.1 string as UTF-8: BMPString as UCS-2, what is not valid UTF-8 as Latin-1, NUL as
 * U+FFFD.
 * @param escape  in: put a backslash before these ASCII characters; "" for none
 */
void ct_text_add_string(
	struct ct_text *text, uint8_t tag, const struct ct_der *value, const char *escape);
