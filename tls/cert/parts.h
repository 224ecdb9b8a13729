/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of a certificate that have a file of their own. */
#pragma once

#include "der.h"
#include "facts.h"

/* How a certificate is signed, as far as wolfCrypt can check it. */
struct ct_signature {
	enum ct_signature_kind {
		CT_SIG_UNKNOWN,
		CT_SIG_RSA,
		CT_SIG_RSA_PSS,
		CT_SIG_ECDSA,
		CT_SIG_ED25519,
		CT_SIG_ED448,
	} kind;
	enum ct_hash {
		CT_HASH_NONE,
		CT_HASH_MD5,
		CT_HASH_SHA1,
		CT_HASH_SHA256,
		CT_HASH_SHA384,
		CT_HASH_SHA512
	} hash;
};

/** A Name (RFC 5280 4.1.2.4) as "C=.., O=.., CN=..", and its last common name. */
void ct_name_read(const struct ct_der *name, char *dn, size_t dn_cap, char *cn, size_t cn_cap);

/** subjectAltName (RFC 5280 4.2.1.6) into facts->names. */
void ct_alt_names_read(const struct ct_der *extension, struct ct_facts *facts);

/** A Time (RFC 5280 4.1.2.5). @param text  out: CT_TIME_MAX bytes, RFC 3339 or "". @param unix_s
 * out: seconds, 0 when unreadable */
void ct_time_read(const struct ct_tlv *time, char *text, int64_t *unix_s);

/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7): algorithm, size, curve. */
void ct_key_read(const struct ct_der *spki, struct ct_facts *facts);

/** AlgorithmIdentifier of the signature: its names go into facts. @return what verifying needs */
struct ct_signature ct_signature_read(const struct ct_der *algorithm, struct ct_facts *facts);

/** Does the signature over tbs verify under the key of spki (whole element)? Also false if the
 * algorithm is not supported. */
bool ct_signature_verify(const struct ct_signature *how, const struct ct_der *tbs,
	const struct ct_der *signature, const struct ct_der *spki);
