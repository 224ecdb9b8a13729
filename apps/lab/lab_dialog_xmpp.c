/* SPDX-License-Identifier: BSD-3-Clause */
/* XMPP (RFC 6120): its commands are tags, not lines. */
#include "lab_dialog.h"

#define NS_TLS	  "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL	  "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_STREAM "urn:ietf:params:xml:ns:xmpp-streams"

/* Does the stream header name this host in its attribute "to"? */
static bool is_addressed(const struct lab_dialog *d, const char *tag)
{
	const char *to = strstr(tag, " to=");
	size_t len = strlen(d->name);

	return to != NULL && strncmp(to + 5, d->name, len) == 0 && to[5 + len] == to[4];
}

static void open_stream(struct lab_dialog *d, const char *tag, struct lab_say *say)
{
	bool server = d->proto == DL_XMPP_SERVER;

	lab_say(say,
		"<?xml version='1.0'?><stream:stream xmlns='jabber:%s' "
		"xmlns:stream='http://etherx.jabber.org/streams' id='%u' from='%s' version='1.0'>",
		server ? "server" : "client", d->host.delay_us, d->name);
	if (d->host.picky && !d->implicit_tls && !is_addressed(d, tag)) {
		lab_say(say, "<stream:error><host-unknown xmlns='" NS_STREAM
			     "'/></stream:error></stream:stream>");
		say->next = LAB_NEXT_CLOSE;
		return;
	}
	lab_say(say, "<stream:features>");
	if (!d->in_tls && d->host.advertises)
		lab_say(say, "<starttls xmlns='" NS_TLS "'><required/></starttls>");
	if (server)
		lab_say(say, "<dialback xmlns='urn:xmpp:features:dialback'/>");
	if (d->in_tls)
		lab_say(say,
			"<mechanisms xmlns='" NS_SASL "'><mechanism>%s</mechanism></mechanisms>",
			server ? "EXTERNAL" : "SCRAM-SHA-1</mechanism><mechanism>PLAIN");
	lab_say(say, "</stream:features>");
}

void lab_dialog_xmpp(struct lab_dialog *d, const char *tag, struct lab_say *say)
{
	if (strstr(tag, "<stream:stream") != NULL) {
		open_stream(d, tag, say);
	} else if (strstr(tag, "</stream:stream") != NULL) {
		lab_say(say, "</stream:stream>");
		say->next = LAB_NEXT_CLOSE;
	} else if (strstr(tag, "<starttls") != NULL) {
		bool yes = d->host.kind == LAB_SERVICE && !d->in_tls;

		lab_say(say, yes ? "<proceed xmlns='" NS_TLS "'/>"
				 : "<failure xmlns='" NS_TLS "'/></stream:stream>");
		say->next = yes ? LAB_NEXT_TLS : LAB_NEXT_CLOSE;
	}
}
