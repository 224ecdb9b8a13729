/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "der.h"

bool ct_der_next(struct ct_der *der, struct ct_tlv *out)
{
	size_t len, header = 2;

	if (der->left < 2 || (der->at[0] & 0x1f) == 0x1f) /* no high tag numbers in certificates */
		return false;
	len = der->at[1];
	if (len & 0x80) {
		size_t n = len & 0x7f;

		if (n == 0 || n > 4 || n > der->left - 2)
			return false;
		header += n;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | der->at[2 + i];
	}
	if (len > der->left - header)
		return false;
	out->tag = der->at[0];
	out->body = (struct ct_der){der->at + header, len};
	out->whole = (struct ct_der){der->at, header + len};
	der->at += header + len;
	der->left -= header + len;
	return true;
}

bool ct_der_take(struct ct_der *der, uint8_t tag, struct ct_tlv *out)
{
	return der->left > 0 && der->at[0] == tag && ct_der_next(der, out);
}

bool ct_oid_is(const struct ct_der *oid, const char *encoded, size_t len)
{
	return oid->left == len && memcmp(oid->at, encoded, len) == 0;
}

void ct_oid_text(const struct ct_der *oid, char *out, size_t cap)
{
	uint64_t arc = 0;
	size_t len = 0;
	bool first = true;

	out[0] = '\0';
	for (size_t i = 0; i < oid->left; i++) {
		unsigned int top;

		if (arc >> 57 != 0) {
			out[0] = '\0';
			return;
		}
		arc = arc << 7 | (oid->at[i] & 0x7f);
		if (oid->at[i] & 0x80)
			continue;
		if (len + 1 >= cap)
			return;
		/* X.690 8.19.4: the first two arcs share one number. */
		top = arc < 80 ? (unsigned int)(arc / 40) : 2;
		len += (size_t)(first ? snprintf(out + len, cap - len, "%u.%llu", top,
						(unsigned long long)(arc - top * 40))
				      : snprintf(out + len, cap - len, ".%llu",
						(unsigned long long)arc));
		first = false;
		arc = 0;
	}
}

struct ct_der ct_integer_magnitude(const struct ct_der *integer)
{
	struct ct_der m = *integer;

	while (m.left > 0 && m.at[0] == 0) {
		m.at++;
		m.left--;
	}
	return m;
}

uint16_t ct_magnitude_bits(const struct ct_der *magnitude)
{
	size_t bits;

	if (magnitude->left == 0)
		return 0;
	bits = magnitude->left * 8 - ((size_t)__builtin_clz(magnitude->at[0]) - 24);
	return bits > UINT16_MAX ? UINT16_MAX : (uint16_t)bits;
}
