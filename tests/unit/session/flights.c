/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "flights.h"

#define RECORD_MAX 16384

static size_t put_len(uint8_t *out, size_t len)
{
	if (len < 0x80) {
		out[0] = (uint8_t)len;
		return 1;
	}
	out[0] = 0x83;
	out[1] = (uint8_t)(len >> 16);
	out[2] = (uint8_t)(len >> 8);
	out[3] = (uint8_t)len;
	return 4;
}

/* Put tag and length before the len bytes that stand at out already. @return the whole length */
static size_t wrap(uint8_t *out, uint8_t tag, size_t len)
{
	uint8_t header[5] = {tag};
	size_t n = 1 + put_len(header + 1, len);

	memmove(out + n, out, len);
	memcpy(out, header, n);
	return n + len;
}

static size_t put(uint8_t *out, const char *bytes, size_t len)
{
	memcpy(out, bytes, len);
	return len;
}
#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

/* An odd number of exactly so many bits. */
static size_t put_integer(uint8_t *out, unsigned int bits)
{
	size_t len = (bits + 7) / 8, zero = bits % 8 == 0 ? 1 : 0;

	memset(out, 0xa5, zero + len);
	if (zero == 1)
		out[0] = 0;
	out[zero] = (uint8_t)(1u << ((bits - 1) % 8));
	out[zero + len - 1] |= 1;
	return wrap(out, 0x02, zero + len);
}

static size_t put_key(uint8_t *out, const struct flight_spec *spec)
{
	uint8_t *at = out +
		      PUT(out, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00");
	size_t n = put_integer(at + 1, spec->modulus_bits);

	n += put_integer(at + 1 + n, spec->exponent_bits);
	n = wrap(at + 1, 0x30, n);
	at[0] = 0;
	n = wrap(at, 0x03, n + 1);
	return wrap(out, 0x30, (size_t)(at - out) + n);
}

static size_t put_padding(uint8_t *out, size_t len)
{
	size_t oid = PUT(out, "\x06\x09\x60\x86\x48\x01\x86\xf8\x42\x01\x0d"), n;

	memset(out + oid, 'x', len);
	n = oid + wrap(out + oid, 0x04, wrap(out + oid, 0x16, len));
	return wrap(out, 0xa3, wrap(out, 0x30, wrap(out, 0x30, n)));
}

size_t flight_certificate(uint8_t *out, const struct flight_spec *spec)
{
#define SHA256_RSA "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"
#define NAME	   "\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x0c\x04"
	size_t n = PUT(out, "\xa0\x03\x02\x01\x02\x02\x02\x12\x34" SHA256_RSA NAME "evil");

	n += PUT(out + n, "\x30\x1e\x17\x0d"
			  "200101000000Z"
			  "\x17\x0d"
			  "400101000000Z" NAME "test");
	n += put_key(out + n, spec);
	if (spec->padding > 0)
		n += put_padding(out + n, spec->padding);
	n = wrap(out, 0x30, n);
	n += PUT(out + n, SHA256_RSA);
	memset(out + n, 0x5a, 257);
	out[n] = 0;
	n += wrap(out + n, 0x03, 257);
	return wrap(out, 0x30, n);
}

/* Handshake messages as one row of records, each as full as it may be. */
static void add_records(struct flight_bytes *out, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		size_t n = len < RECORD_MAX ? len : RECORD_MAX;
		const uint8_t header[] = {22, 3, 3, (uint8_t)(n >> 8), (uint8_t)n};

		memcpy(out->bytes + out->len, header, sizeof(header));
		memcpy(out->bytes + out->len + sizeof(header), bytes, n);
		out->len += sizeof(header) + n;
		bytes += n;
		len -= n;
	}
}

static void put_u24(uint8_t *out, size_t value)
{
	out[0] = (uint8_t)(value >> 16);
	out[1] = (uint8_t)(value >> 8);
	out[2] = (uint8_t)value;
}

static size_t put_hello(uint8_t *out, uint16_t suite)
{
	size_t n = PUT(out, "\x02\x00\x00\x2d\x03\x03");

	memset(out + n, 0x77, 32);
	n += 32;
	out[n++] = 0;
	out[n++] = (uint8_t)(suite >> 8);
	out[n++] = (uint8_t)suite;
	n += PUT(out + n, "\x00\x00\x05\xff\x01\x00\x01\x00");
	return n;
}

static size_t put_chain(uint8_t *out, const struct flight_spec *spec)
{
	size_t n = 7;

	for (unsigned int i = 0; i < spec->n_certs; i++) {
		size_t len = flight_certificate(out + n + 3, spec);

		put_u24(out + n, len);
		n += 3 + len;
	}
	out[0] = 11;
	put_u24(out + 1, n - 4);
	put_u24(out + 4, n - 7);
	return n;
}

static size_t put_vector(uint8_t *out, size_t len, uint8_t first)
{
	out[0] = (uint8_t)(len >> 8);
	out[1] = (uint8_t)len;
	memset(out + 2, 0xa5, len);
	out[2] = first;
	return 2 + len;
}

static size_t put_key_exchange(uint8_t *out, unsigned int dhe_bits)
{
	size_t n = 4, len = dhe_bits / 8;

	if (dhe_bits == 0) {
		n += PUT(out + n, "\x03\x00\x1d\x20");
		memset(out + n, 9, 32);
		n += 32;
	} else {
		n += put_vector(out + n, len, 0x80);
		n += put_vector(out + n, 1, 2);
		n += put_vector(out + n, len, 0x40);
	}
	n += PUT(out + n, "\x04\x01");
	n += put_vector(out + n, 256, 1);
	out[0] = 12;
	put_u24(out + 1, n - 4);
	return n;
}

void flight_make(struct flight_bytes *out, const struct flight_spec *spec)
{
	static uint8_t messages[400 * 1024];
	size_t n = put_hello(messages, spec->suite);

	out->len = 0;
	n += put_chain(messages + n, spec);
	if (!spec->no_key_exchange)
		n += put_key_exchange(messages + n, spec->dhe_bits);
	n += PUT(messages + n, "\x0e\x00\x00\x00");
	add_records(out, messages, n);
}

void flight_announce(struct flight_bytes *out, uint32_t certificate_len)
{
	uint8_t messages[1024];
	size_t n = put_hello(messages, 0xc02f);

	out->len = 0;
	messages[n] = 11;
	put_u24(messages + n + 1, certificate_len);
	put_u24(messages + n + 4, certificate_len - 3);
	memset(messages + n + 7, 0x30, 64);
	add_records(out, messages, n + 7 + 64);
}
