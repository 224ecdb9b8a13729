/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of the record layer that the readers of plaintext share. */
#pragma once

/* RFC 5246 6.2.1: a plaintext record carries at most 2^14 bytes. */
#define HL_RECORD_MAX 16384

enum {
	RECORD_CHANGE_CIPHER_SPEC = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_APPLICATION_DATA = 23,
	RECORD_HEARTBEAT = 24,
};

enum {
	ALERT_WARNING = 1,
	ALERT_FATAL = 2,
	ALERT_CLOSE_NOTIFY = 0,
};
