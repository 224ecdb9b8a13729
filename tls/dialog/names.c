/* SPDX-License-Identifier: BSD-3-Clause */
#include "dialog.h"

static const char *const proto_names[] = {
	[DL_SMTP] = "smtp",
	[DL_IMAP] = "imap",
	[DL_POP3] = "pop3",
	[DL_IRC] = "irc",
	[DL_XMPP_CLIENT] = "xmpp-client",
	[DL_XMPP_SERVER] = "xmpp-server",
	[DL_HTTP] = "http",
	[DL_TLS] = "tls",
};

static const char *const status_names[] = {
	[DL_RUNNING] = "running",
	[DL_SUCCESS] = "success",
	[DL_CONNECTION_REFUSED] = "connection-refused",
	[DL_CONNECTION_TIMEOUT] = "connection-timeout",
	[DL_CONNECTION_CLOSED] = "connection-closed",
	[DL_HANDSHAKE_ERROR] = "handshake-error",
	[DL_POST_TLS_APPLICATION_ERROR] = "post-tls-application-error",
	[DL_IO_TIMEOUT] = "io-timeout",
	[DL_PROTOCOL_ERROR] = "protocol-error",
	[DL_APPLICATION_ERROR] = "application-error",
	[DL_UNKNOWN_ERROR] = "unknown-error",
};

static const char *const stage_names[] = {
	[DL_AT_SYN] = "syn",
	[DL_AT_GREETING] = "greeting",
	[DL_AT_HELLO] = "hello",
	[DL_AT_STARTTLS] = "starttls",
	[DL_AT_TLS] = "tls",
	[DL_AT_POST] = "post",
	[DL_AT_BYE] = "bye",
};

static const char *const class_names[] = {
	[DL_CLASS_NONE] = "none",
	[DL_CLASS_POLICY] = "policy",
	[DL_CLASS_THROTTLED] = "throttled",
	[DL_CLASS_TLS_UNAVAILABLE] = "tls-unavailable",
	[DL_CLASS_TLS_REFUSED] = "tls-refused",
	[DL_CLASS_TLS_ON_PLAIN] = "tls-on-plain",
	[DL_CLASS_PREAUTH] = "preauth",
	[DL_CLASS_HOST_UNKNOWN] = "host-unknown",
	[DL_CLASS_STREAM_ERROR] = "stream-error",
	[DL_CLASS_PRE_XMPP1] = "pre-xmpp1",
	[DL_CLASS_OTHER_PROTOCOL] = "other-protocol",
	[DL_CLASS_LIMIT] = "limit",
	[DL_CLASS_SILENT] = "silent",
};

#define N_NAMES(table) (sizeof(table) / sizeof((table)[0]))

_Static_assert(N_NAMES(proto_names) == DL_N_PROTO, "a protocol has no name");
_Static_assert(N_NAMES(status_names) == DL_N_STATUS, "a status has no name");
_Static_assert(N_NAMES(stage_names) == DL_N_STAGE, "a stage has no name");
_Static_assert(N_NAMES(class_names) == DL_N_CLASS, "a class has no name");

const char *dl_proto_name(enum dl_proto proto)
{
	return proto_names[proto];
}

const char *dl_status_name(enum dl_status status)
{
	return status_names[status];
}

const char *dl_stage_name(enum dl_stage stage)
{
	return stage_names[stage];
}

const char *dl_class_name(enum dl_class class)
{
	return class_names[class];
}
