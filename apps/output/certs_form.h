/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the certificates of a scan are written; options need no more of the writer. */
#pragma once

enum out_certs {
	OUT_CERTS_INLINE, /* DER as base64 in each record */
	OUT_CERTS_STORE,  /* SHA-256 in the record, DER and facts once in certificates.jsonl */
};
