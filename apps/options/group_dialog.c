/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of the dialog with a host, and of what one connection may use. */
#include "handlers.h"
#include "table.h"
#include "apps/util/version.h"
#include "dataplane/core/limits.h"

/* Outside of these, the unit is surely wrong. */
#define TIMER_MIN OP_US_PER_MS
#define TIMER_MAX OP_US_PER_HOUR

/* Larger values can only be a mistake. */
#define MAX_SESSIONS	  (1024u * 1024)
#define MIN_SESSION_BYTES 4000u
#define MAX_SESSION_BYTES (16u * 1024 * 1024)

static const struct op_option rows[] = {
	{
		.name = "contact",
		.arg = "TEXT",
		.kind = OP_KIND_LINE,
		OP_FIELD(struct op_options, contact),
		.max = OP_MAX_CONTACT,
		.help = "address or page for complaints, in the user agent",
		.doc = "where complaints go; becomes part of the user agent",
	},
	{
		.name = "user-agent",
		.arg = "TEXT",
		.kind = OP_KIND_LINE,
		OP_FIELD(struct op_options, user_agent),
		.max = DL_NAME_MAX,
		.unset = "`tlsweep/VERSION (+CONTACT)`",
		.print = op_print_user_agent,
		.help = "for HTTP (default tlsweep/" UT_VERSION " (+CONTACT))",
		.doc = "the whole user agent of HTTP requests",
	},
	{
		.name = "ehlo-name",
		.arg = "NAME",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_options, ehlo_name),
		.unset = "this host's full name",
		.check = ut_arg_ehlo,
		.print = op_print_ehlo_name,
		.help = "our name in EHLO (default: {default}, else our address in brackets)",
		.doc = "our name in EHLO and HELO. Without a qualified host name it is the address "
		       "literal of RFC 5321 4.1.3, `[192.0.2.10]` or `[IPv6:2001:db8::10]`. Some "
		       "servers hang up on a name that does not resolve",
	},
	{
		.name = "sni",
		.arg = "NAME",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_options, sni),
		.unset = "none",
		.check = ut_arg_host,
		.help = "server name for targets that came without one",
	},
	{
		.name = "no-post-tls",
		.kind = OP_KIND_FLAG_OFF,
		OP_FIELD(struct op_options, dialog.post_tls),
		.help = "say goodbye after the handshake, ask nothing inside TLS",
		.doc = "say goodbye after the handshake; capabilities are not asked for again "
		       "inside TLS",
	},
	{
		.name = "greeting-timeout",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, dialog.greeting_us),
		.unit_us = 1,
		.min = TIMER_MIN,
		.max = TIMER_MAX,
		.number = DL_GREETING_US,
		.help = "wait for a server's greeting (default {default})",
		.doc = "for the server to speak first; 5 s is known to lose real providers",
	},
	{
		.name = "reply-timeout",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, dialog.reply_us),
		.unit_us = 1,
		.min = TIMER_MIN,
		.max = TIMER_MAX,
		.number = DL_REPLY_US,
		.help = "wait for each reply (default {default})",
		.doc = "for each reply",
	},
	{
		.name = "irc-hello-timeout",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, dialog.irc_hello_us),
		.unit_us = 1,
		.min = TIMER_MIN,
		.max = TIMER_MAX,
		.number = DL_IRC_HELLO_US,
		.help = "IRC: wait for the reply to CAP (default {default})",
		.doc = "for the reply to CAP, and again after a PONG: old servers give none",
	},
	{
		.name = "irc-starttls-timeout",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, dialog.irc_starttls_us),
		.unit_us = 1,
		.min = TIMER_MIN,
		.max = TIMER_MAX,
		.number = DL_IRC_STARTTLS_US,
		.help = "IRC: wait for the reply to STARTTLS (default {default})",
		.doc = "for the reply to STARTTLS on IRC: many servers stay silent",
	},
	{
		.name = "handshake-timeout",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, dialog.handshake_us),
		.unit_us = 1,
		.min = TIMER_MIN,
		.max = TIMER_MAX,
		.number = DL_HANDSHAKE_US,
		.help = "time for the whole TLS handshake (default {default})",
		.doc = "for the TLS handshake as a whole",
	},
	{
		.name = "bye-timeout",
		.arg = "TIME",
		.kind = OP_KIND_TIME,
		OP_FIELD(struct op_options, dialog.bye_us),
		.unit_us = 1,
		.min = TIMER_MIN,
		.max = TIMER_MAX,
		.number = DL_BYE_US,
		.help = "wait for the reply to our goodbye (default {default})",
		.doc = "for the reply to our goodbye",
	},
	{
		.name = "max-session-bytes",
		.arg = "SIZE",
		.kind = OP_KIND_BYTES,
		OP_FIELD(struct op_options, tls.max_session_bytes),
		.min = MIN_SESSION_BYTES,
		.max = MAX_SESSION_BYTES,
		.number = 256 * 1024,
		.help = "bytes a TLS session may take in (default {default})",
		.doc = "what one TLS session may take in",
	},
	{
		.name = "max-chain-bytes",
		.arg = "SIZE",
		.kind = OP_KIND_BYTES,
		OP_FIELD(struct op_options, tls.max_chain_bytes),
		.min = MIN_SESSION_BYTES,
		.max = MAX_SESSION_BYTES,
		.number = 128 * 1024,
		.help = "bytes of certificates kept of a session (default {default})",
		.doc = "what is kept of its certificates",
	},
	{
		.name = "max-certificate-bytes",
		.arg = "SIZE",
		.kind = OP_KIND_BYTES,
		OP_FIELD(struct op_options, tls.max_certificate_bytes),
		.min = MIN_SESSION_BYTES,
		.max = TL_CERTIFICATE_CEILING,
		.number = TL_CERTIFICATE_DEFAULT,
		.help = "bytes of a Certificate message that a handshake takes in (default "
			"{default}, at most {max})",
		.doc = "the Certificate message that a handshake takes in, at most {max}; a larger "
		       "one ends it as `certificate-too-large`",
	},
	{
		.name = "dear-share",
		.arg = "PERCENT",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, tls.dear_percent),
		.max = 100,
		.number = TL_DEAR_PERCENT,
		.help = "of a TLS core's time, what dear handshakes may take together: DHE, P-521, "
			"odd curves (default {default}; 0: none is completed)",
		.doc = "of a TLS core's time, what dear handshakes may take together; 0 completes "
		       "none, {max} all",
	},
	{
		.name = "share-key",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, tls.share_key),
		.help = "one X25519 key for many sessions: saves a tenth of the CPU time; what "
			"is said inside them is then protected by one key",
		.doc = "one X25519 key for many sessions. Saves about a tenth of the client's CPU "
		       "time in a handshake (5 to 9 % in TLS 1.3, 11 to 16 % in TLS 1.2). One key "
		       "then protects what is said inside these sessions, which is no loss for a "
		       "scanner that sends no secrets",
	},
	{
		.name = "max-connections",
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, max_connections),
		.min = 1,
		.max = DP_MAX_CONNECTIONS,
		.number = 65536,
		.help = "connections at once, per poll core (default {default})",
		.doc = "TCP connections at once, per poll core",
	},
	{
		.name = "max-sessions",
		.arg = "N",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, max_sessions),
		.min = 1,
		.max = MAX_SESSIONS,
		.number = 4096,
		.help = "TLS sessions at once, per TLS core (default {default})",
		.doc = "TLS sessions at once, per TLS core",
	},
};

const struct op_option_group op_group_dialog = {
	.title = "Conversation",
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
};
