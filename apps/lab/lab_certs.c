/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab_certs.h"
#include "lab-certs.h"

#define BLOB(name)                 \
	{                          \
		name, sizeof(name) \
	}
#define IDENTITY(name, has_issuer)                              \
	{                                                       \
		BLOB(cert_##name), BLOB(key_##name), has_issuer \
	}

static const struct lab_identity identities[LAB_N_CERT][2] = {
	[LAB_CERT_VALID] = {IDENTITY(valid_p256, true), IDENTITY(valid_rsa, true)},
	[LAB_CERT_SELF_SIGNED] = {IDENTITY(self_signed_p256, false),
		IDENTITY(self_signed_rsa, false)},
	[LAB_CERT_EXPIRED] = {IDENTITY(expired_p256, true), IDENTITY(expired_rsa, true)},
	[LAB_CERT_WRONG_NAME] = {IDENTITY(wrong_name_p256, true), IDENTITY(wrong_name_rsa, true)},
};

const struct lab_blob lab_issuer = BLOB(cert_issuer);

const struct lab_identity *lab_identity_of(enum lab_cert cert, bool rsa)
{
	return &identities[cert][rsa];
}

const uint8_t *lab_ca_der(size_t *len)
{
	*len = sizeof(cert_root);
	return cert_root;
}

const uint8_t *lab_leaf_der(enum lab_cert cert, bool rsa, size_t *len)
{
	*len = identities[cert][rsa].leaf.len;
	return identities[cert][rsa].leaf.bytes;
}
