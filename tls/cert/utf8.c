/* SPDX-License-Identifier: BSD-3-Clause */
#include "utf8.h"

static size_t length_of(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >> 5 == 0x6)
		return 2;
	if (lead >> 4 == 0xe)
		return 3;
	return lead >> 3 == 0x1e ? 4 : 0;
}

size_t ct_utf8_next(const uint8_t *bytes, size_t left, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = length_of(bytes[0]);
	uint32_t code;

	if (n == 0 || n > left)
		return 0;
	code = n == 1 ? bytes[0] : (uint32_t)(bytes[0] & (0x7f >> n));
	for (size_t i = 1; i < n; i++) {
		if (bytes[i] >> 6 != 2)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (code < least[n] || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	*c = code;
	return n;
}
