/* SPDX-License-Identifier: BSD-3-Clause */
/* Flights of TLS 1.2 servers that no library would send, byte by byte. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flight_bytes {
	uint8_t bytes[512 * 1024];
	size_t len;
};

struct flight_spec {
	uint16_t suite;
	unsigned int n_certs;
	unsigned int modulus_bits, exponent_bits; /* of the leaf's RSA key */
	size_t padding;				  /* bytes of an extension in every certificate */
	unsigned int dhe_bits;			  /* of the prime in ServerKeyExchange; 0: X25519 */
	bool no_key_exchange;
};

/* A certificate with an RSA key of these sizes; its signature is nonsense. @return its length */
size_t flight_certificate(uint8_t *out, const struct flight_spec *spec);

/* ServerHello, Certificate, ServerKeyExchange, ServerHelloDone. */
void flight_make(struct flight_bytes *out, const struct flight_spec *spec);

/* Only ServerHello and the header of a Certificate message of so many bytes, with a few of them. */
void flight_announce(struct flight_bytes *out, uint32_t certificate_len);
