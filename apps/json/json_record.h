/* SPDX-License-Identifier: BSD-3-Clause */
/* A record as one JSON line in ZGrab2's envelope; docs/schema/record.schema.json is the grammar.
 * Any thread. */
#pragma once

#include "json_cert.h"
#include "dataplane/record/record.h"

#define JS_RECORD_ERROR_LEN 256

/**
 * Write a record as a line, newline included.
 * @param js      out: what it held is replaced by the line; failed is set if memory ran out
 * @param record  in: borrowed with its dialog and its TLS result
 * @param domain  in: the name with which the target was given; "": none
 * @param certs   in: where certificates go
 */
void js_record_line(struct js_buf *js, const struct dp_record *record, const char *domain,
	const struct js_cert_sink *certs);

/** The status as the line names it: DL_RUNNING, which ends no dialog, becomes DL_UNKNOWN_ERROR. */
enum dl_status js_record_status(const struct dp_record *record);

/**
 * Write the sentence under "error".
 * @param record  in: borrowed for the call
 * @param out     out: NUL-terminated, and cut if it is too long; "" on success
 */
void js_record_error_sentence(const struct dp_record *record, char out[JS_RECORD_ERROR_LEN]);
