/* SPDX-License-Identifier: BSD-3-Clause */
/* Records as the scanner would hand them over, one of each kind. */
#pragma once

#include "dataplane/record/record.h"

#define SAMPLE_DER_LEN (64 * 1024)

/* A record and what it points to. Large: keep it static or on the heap, and where it was filled. */
struct sample {
	const char *name;
	struct dp_record record;
	struct dl_dialog dialog;
	struct tl_result tls;
	struct tl_kept kept; /* of tls */
	uint8_t der[SAMPLE_DER_LEN];
};

/** An open, successful record with an empty dialog and no TLS. */
void sample_begin(struct sample *sample, const char *name, enum dl_proto proto, uint16_t port,
	bool implicit_tls);

/** Append raw text of a phase; phases in the order of enum dl_text. */
void sample_bytes(struct sample *sample, enum dl_text phase, const void *bytes, size_t len);
void sample_text(struct sample *sample, enum dl_text phase, const char *text);

/** Append a token of 1 to 255 bytes. */
void sample_item(struct sample *sample, enum dl_list list, const char *token);

/** Give the record a completed session, TLS 1.2 with ECDHE or TLS 1.3, and the chain of certs.h. */
void sample_tls12(struct sample *sample);
void sample_tls13(struct sample *sample);

/** Append a certificate. */
void sample_cert(struct sample *sample, const void *der, size_t len);

/** End the record with another status. */
void sample_fail(struct sample *sample, enum dl_status status, enum dl_stage stage,
	enum dl_class class, uint16_t code);

/** Fill the n-th sample of the corpus. @return false when there are no more */
bool sample_nth(unsigned int n, struct sample *sample);
