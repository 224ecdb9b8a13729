/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and certificates for tests, made by the openssl command in a folder of their own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Makes rsa, rsa3072, p256, p384, ed25519 (.key, .pem) all self-signed, and chain.pem: a P-256 leaf
 * (chain.key) with its CA behind it, and broken.pem: p256 with a certificate behind it that holds
 * one number. p521 is one more of the first kind, and big.pem is 150 kB: three times a P-256
 * certificate with a long comment.
 * @param dir, cap  out: path of the folder, below $TMPDIR or /tmp
 * @return false when there is no openssl command or it fails
 */
bool certs_make(char *dir, size_t cap);

/* Remove the folder. */
void certs_remove(const char *dir);

/* DER of the index-th certificate of a PEM file; free() it. NULL: not there. */
uint8_t *certs_load_der(const char *dir, const char *file, unsigned int index, size_t *len);
