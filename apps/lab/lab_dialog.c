/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "lab_dialog.h"
#include "tcpstack/cookie/cookie.h"

#define N_GARBAGE 8 /* times eight random bytes */

void lab_say(struct lab_say *say, const char *format, ...)
{
	size_t room = LAB_SAY_MAX - say->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(say->bytes + say->len, room, format, ap);
	va_end(ap);
	if (n > 0)
		say->len += (uint32_t)((size_t)n < room ? (size_t)n : room - 1);
}

static bool is(const char *command, const char *verb)
{
	return strncasecmp(command, verb, strlen(verb)) == 0;
}

/* Answer a command that asks for TLS, with ready or with refusal. */
static void upgrade(
	const struct lab_dialog *d, struct lab_say *say, const char *ready, const char *refusal)
{
	bool yes = d->host.kind == LAB_SERVICE && !d->in_tls;

	lab_say(say, "%s\r\n", yes ? ready : refusal);
	if (yes)
		say->next = LAB_NEXT_TLS;
}

static bool offers_starttls(const struct lab_dialog *d)
{
	return !d->in_tls && d->host.advertises;
}

static void smtp_greet(struct lab_dialog *d, struct lab_say *say)
{
	lab_say(say, "220 %s ESMTP lab\r\n", d->name);
}

static void smtp(struct lab_dialog *d, const char *command, struct lab_say *say)
{
	if (is(command, "EHLO ")) {
		lab_say(say, "250-%s\r\n250-SIZE 10240000\r\n", d->name);
		if (offers_starttls(d))
			lab_say(say, "250-STARTTLS\r\n");
		if (d->in_tls)
			lab_say(say, "250-AUTH PLAIN LOGIN\r\n");
		lab_say(say, "250 8BITMIME\r\n");
	} else if (is(command, "HELO ")) {
		lab_say(say, "250 %s\r\n", d->name);
	} else if (is(command, "STARTTLS")) {
		upgrade(d, say, "220 2.0.0 Ready to start TLS",
			"454 4.7.0 TLS not available due to local problem");
	} else if (is(command, "QUIT")) {
		lab_say(say, "221 2.0.0 Bye\r\n");
		say->next = LAB_NEXT_CLOSE;
	} else {
		lab_say(say, "502 5.5.1 Command not implemented\r\n");
	}
}

static const char *imap_capabilities(const struct lab_dialog *d)
{
	if (d->in_tls)
		return "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256";
	return offers_starttls(d) ? "IMAP4rev1 STARTTLS LOGINDISABLED" : "IMAP4rev1 LOGINDISABLED";
}

/* A quarter of the hosts list their capabilities in the greeting, the others only if they are
 * asked. */
static void imap_greet(struct lab_dialog *d, struct lab_say *say)
{
	if (d->host.picky)
		lab_say(say, "* OK [CAPABILITY %s] %s ready\r\n", imap_capabilities(d), d->name);
	else
		lab_say(say, "* OK %s ready\r\n", d->name);
}

static void imap(struct lab_dialog *d, const char *command, struct lab_say *say)
{
	int tag_len = (int)strcspn(command, " ");
	const char *verb = command + tag_len + (command[tag_len] == ' ');
	char ready[64], refusal[64];

	if (tag_len > 16) {
		lab_say(say, "* BAD tag too long\r\n");
	} else if (is(verb, "CAPABILITY")) {
		lab_say(say, "* CAPABILITY %s\r\n%.*s OK done\r\n", imap_capabilities(d), tag_len,
			command);
	} else if (is(verb, "STARTTLS")) {
		snprintf(ready, sizeof(ready), "%.*s OK Begin TLS negotiation now", tag_len,
			command);
		snprintf(refusal, sizeof(refusal), "%.*s BAD unknown command", tag_len, command);
		upgrade(d, say, ready, refusal);
	} else if (is(verb, "LOGOUT")) {
		lab_say(say, "* BYE logging out\r\n%.*s OK done\r\n", tag_len, command);
		say->next = LAB_NEXT_CLOSE;
	} else {
		lab_say(say, "%.*s BAD unknown command\r\n", tag_len, command);
	}
}

static void pop3_greet(struct lab_dialog *d, struct lab_say *say)
{
	lab_say(say, "+OK %s ready <1.%u@%s>\r\n", d->name, d->host.delay_us, d->name);
}

static void pop3(struct lab_dialog *d, const char *command, struct lab_say *say)
{
	if (is(command, "CAPA")) {
		lab_say(say, "+OK capability list follows\r\nTOP\r\nUIDL\r\n%s%s.\r\n",
			offers_starttls(d) ? "STLS\r\n" : "",
			d->in_tls ? "USER\r\nSASL PLAIN LOGIN\r\n" : "");
	} else if (is(command, "STLS")) {
		upgrade(d, say, "+OK Begin TLS negotiation now", "-ERR unknown command");
	} else if (is(command, "QUIT")) {
		lab_say(say, "+OK bye\r\n");
		say->next = LAB_NEXT_CLOSE;
	} else {
		lab_say(say, "-ERR unknown command\r\n");
	}
}

static void irc_greet(struct lab_dialog *d, struct lab_say *say)
{
	lab_say(say, ":%s NOTICE * :*** Looking up your hostname...\r\n", d->name);
}

static void irc(struct lab_dialog *d, const char *command, struct lab_say *say)
{
	if (is(command, "CAP LS")) {
		lab_say(say, ":%s CAP * LS :multi-prefix%s%s\r\n", d->name,
			offers_starttls(d) ? " tls" : "", d->in_tls ? " sasl=PLAIN,EXTERNAL" : "");
	} else if (is(command, "STARTTLS")) {
		char ready[LAB_NAME_LEN + 64], refusal[LAB_NAME_LEN + 64];

		snprintf(ready, sizeof(ready),
			":%s 670 * :STARTTLS successful, go ahead with TLS handshake", d->name);
		snprintf(refusal, sizeof(refusal), ":%s 691 * :STARTTLS failed", d->name);
		upgrade(d, say, ready, refusal);
	} else if (is(command, "PING ")) {
		lab_say(say, ":%s PONG %s %s\r\n", d->name, d->name, command + 5);
	} else if (is(command, "QUIT")) {
		lab_say(say, "ERROR :Closing link: (Quit)\r\n");
		say->next = LAB_NEXT_CLOSE;
	} else {
		lab_say(say, ":%s 451 * %.*s :You have not registered\r\n", d->name,
			(int)strcspn(command, " "), command);
	}
}

/* Any request gets the same page at the end of its headers. */
static void http(struct lab_dialog *d, const char *command, struct lab_say *say)
{
	if (command[0] != '\0')
		return;
	lab_say(say,
		"HTTP/1.1 200 OK\r\nServer: tlsweep-lab\r\nX-Host: %s\r\n"
		"Content-Length: 0\r\nConnection: close\r\n\r\n",
		d->name);
	say->next = LAB_NEXT_CLOSE;
}

/* If greet is NULL, the client speaks first. */
static const struct {
	void (*greet)(struct lab_dialog *d, struct lab_say *say);
	void (*command)(struct lab_dialog *d, const char *command, struct lab_say *say);
	const char *plain_error; /* to a ClientHello where TLS is not spoken */
	char end;		 /* the byte that ends a command */
} scripts[] = {
	[DL_SMTP] = {smtp_greet, smtp, "500 5.5.2 Bad syntax\r\n", '\n'},
	[DL_IMAP] = {imap_greet, imap, "* BYE bad syntax\r\n", '\n'},
	[DL_POP3] = {pop3_greet, pop3, "-ERR bad syntax\r\n", '\n'},
	[DL_IRC] = {irc_greet, irc, "ERROR :Closing link\r\n", '\n'},
	[DL_XMPP_CLIENT] = {NULL, lab_dialog_xmpp, "</stream:stream>", '>'},
	[DL_XMPP_SERVER] = {NULL, lab_dialog_xmpp, "</stream:stream>", '>'},
	[DL_HTTP] = {NULL, http, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", '\n'},
	[DL_TLS] = {NULL, http, "", '\n'},
};
static_assert(sizeof(scripts) / sizeof(scripts[0]) == DL_N_PROTO, "every protocol has a script");

static void garbage(const struct ts_addr *addr, struct lab_say *say)
{
	for (uint64_t i = 0; i < N_GARBAGE; i++) {
		uint64_t word = ts_siphash(&(struct ts_cookie_key){i, i}, addr->b, sizeof(addr->b));

		memcpy(say->bytes + say->len, &word, sizeof(word));
		say->len += sizeof(word);
	}
}

void lab_dialog_start(struct lab_dialog *d, const struct lab_host *host,
	const struct lab_port *port, const struct ts_addr *addr, struct lab_say *say)
{
	d->host = *host;
	d->proto = port == NULL ? DL_TLS : port->proto;
	d->implicit_tls = port != NULL && port->implicit_tls;
	d->in_tls = false;
	d->len = 0;
	lab_host_name(addr, d->name);
	say->next = LAB_NEXT_READ;
	say->len = 0;
	if (host->kind == LAB_GARBAGE)
		garbage(addr, say);
	else if (host->kind == LAB_SERVICE && d->implicit_tls)
		say->next = LAB_NEXT_TLS;
	else if (scripts[d->proto].greet != NULL)
		scripts[d->proto].greet(d, say);
}

/* Take bytes up to the end of a command. @return true: d->command is complete, without its line
 * end */
static bool collect(struct lab_dialog *d, const uint8_t *bytes, size_t len, size_t *taken)
{
	char end = scripts[d->proto].end;

	for (size_t i = 0; i < len; i++) {
		char c = (char)bytes[i];

		if (d->len < LAB_COMMAND_MAX && c != '\n' && c != '\0')
			d->command[d->len++] = c;
		if (c != end)
			continue;
		if (d->len > 0 && d->command[d->len - 1] == '\r')
			d->len--;
		d->command[d->len] = '\0';
		d->len = 0;
		*taken = i + 1;
		return true;
	}
	*taken = len;
	return false;
}

size_t lab_dialog_input(struct lab_dialog *d, const uint8_t *bytes, size_t len, struct lab_say *say)
{
	size_t taken = len;

	say->next = LAB_NEXT_READ;
	say->len = 0;
	if (d->host.kind == LAB_GARBAGE)
		return len;
	if (d->implicit_tls && !d->in_tls) {
		lab_say(say, "%s", scripts[d->proto].plain_error);
		say->next = LAB_NEXT_CLOSE;
		return len;
	}
	if (collect(d, bytes, len, &taken))
		scripts[d->proto].command(d, d->command, say);
	return taken;
}

void lab_dialog_tls_up(struct lab_dialog *d, struct lab_say *say)
{
	d->in_tls = true;
	d->len = 0;
	say->next = LAB_NEXT_READ;
	say->len = 0;
	if (d->implicit_tls && scripts[d->proto].greet != NULL)
		scripts[d->proto].greet(d, say);
}
