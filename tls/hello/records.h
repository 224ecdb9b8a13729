/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of records and handshake messages, for all who read them. */
#pragma once

/* RFC 5246 6.2.1: a plaintext record carries at most 2^14 bytes. */
#define HL_RECORD_MAX 16384
/* Type, version, length. */
#define HL_RECORD_HEADER_LEN 5
/* Of a handshake message: type, length. */
#define HL_MESSAGE_HEADER_LEN 4

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
	ALERT_USER_CANCELED = 90,
};

/* RFC 5246 7.4, RFC 8446 4. */
enum {
	MSG_HELLO_REQUEST = 0,
	MSG_CLIENT_HELLO = 1,
	MSG_SERVER_HELLO = 2,
	MSG_CERTIFICATE = 11,
	MSG_SERVER_KEY_EXCHANGE = 12,
	MSG_CERTIFICATE_REQUEST = 13,
	MSG_SERVER_HELLO_DONE = 14,
};
