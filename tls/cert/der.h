/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading DER (X.690 8.1, 10) that may be wrong. Every length is checked against what is there, and
 * nothing is copied. Lengths need not be minimal, because those of real certificates are not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_OID_MAX 64 /* text of a dotted OID */

enum ct_tag {
	CT_BOOLEAN = 0x01,
	CT_INTEGER = 0x02,
	CT_BIT_STRING = 0x03,
	CT_OCTET_STRING = 0x04,
	CT_OID = 0x06,
	CT_UTF8_STRING = 0x0c,
	CT_T61_STRING = 0x14,
	CT_UTC_TIME = 0x17,
	CT_GENERALIZED_TIME = 0x18,
	CT_BMP_STRING = 0x1e,
	CT_SEQUENCE = 0x30,
	CT_SET = 0x31,
	CT_CONTEXT = 0x80,	       /* | number: primitive */
	CT_CONTEXT_CONSTRUCTED = 0xa0, /* | number */
};

/* Bytes still to be read, borrowed. */
struct ct_der {
	const uint8_t *at;
	size_t left;
};

/* One element. */
struct ct_tlv {
	uint8_t tag;
	struct ct_der body;
	struct ct_der whole; /* header and body */
};

/** Take the next element, whatever its tag. @return false at the end, or if it is broken; der is
 * unchanged then */
bool ct_der_next(struct ct_der *der, struct ct_tlv *out);

/** Take the next element if it has this tag; else der is unchanged. */
bool ct_der_take(struct ct_der *der, uint8_t tag, struct ct_tlv *out);

/** Is this body the OID with the given encoding? */
bool ct_oid_is(const struct ct_der *oid, const char *encoded, size_t len);
#define CT_OID_IS(oid, literal) ct_oid_is(oid, literal, sizeof(literal) - 1)

/** The dotted form of an OID, cut to cap; "" if the encoding is broken. */
void ct_oid_text(const struct ct_der *oid, char *out, size_t cap);

/** The body of a non-negative INTEGER without its leading zero bytes. */
struct ct_der ct_integer_magnitude(const struct ct_der *integer);

/** Bits of a magnitude without leading zeros, at most 65535. */
uint16_t ct_magnitude_bits(const struct ct_der *magnitude);
