/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * XMPP streams up to <proceed/> and the features inside TLS: RFC 6120 sections 4, 5, 9; client and
 * server streams differ in their namespace. A server answers a wrong "to" with host-unknown, in a
 * stream whose "from" is the right name: the dialog then asks for one new connection.
 */
#include <string.h>

#include "turn.h"
#include "xmltag.h"

#define NS_TLS	   "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_STREAM  "http://etherx.jabber.org/streams"
#define NS_DIALBCK "jabber:server:dialback"

/* Features nest two or three deep; what nests deeper is not an XMPP stream. */
#define MAX_DEPTH 16

/* The element that the scanner is in; inside features dialog->xml_depth counts the depth. */
enum xmpp_inside {
	INSIDE_STREAM,
	INSIDE_FEATURES,
	INSIDE_STARTTLS,  /* within features */
	INSIDE_MECHANISM, /* within features */
	INSIDE_ERROR,
	INSIDE_PROCEED,
};

static void xmpp_inside(struct dl_dialog *dialog, enum xmpp_inside inside)
{
	dialog->xml_inside = (uint8_t)inside;
	dialog->xml_depth = 0;
}

static void xmpp_begin(struct dl_turn *turn)
{
	struct dl_dialog *dialog = turn->dialog;
	bool server = dialog->proto == DL_XMPP_SERVER;

	dl_command(turn,
		"<?xml version='1.0'?><stream:stream xmlns='jabber:%s' xmlns:stream='" NS_STREAM
		"'%s to='%s' version='1.0'>",
		server ? "server" : "client", server ? " xmlns:db='" NS_DIALBCK "'" : "",
		dialog->host[0] != '\0' ? dialog->host : dialog->addr);
	dl_enter(turn, DL_STATE_HELLO, turn->config->reply_us);
	dialog->header_seen = false;
	xmpp_inside(dialog, INSIDE_STREAM);
}

static void xmpp_starttls(struct dl_turn *turn)
{
	dl_command(turn, "<starttls xmlns='" NS_TLS "'/>");
	dl_enter(turn, DL_STATE_STARTTLS, turn->config->reply_us);
	xmpp_inside(turn->dialog, INSIDE_STREAM);
}

/* Keep the server's own name, for the case that it does not know the one that we sent. */
static void keep_from(struct dl_dialog *dialog, struct dl_word from)
{
	const char *said = dialog->host[0] != '\0' ? dialog->host : dialog->addr;

	if (dialog->retry || !dl_word_is_host(from) || dl_word_is(from, said))
		return;
	memcpy(dialog->reconnect_host, from.at, from.len);
	dialog->reconnect_host[from.len] = '\0';
}

static void keep_header(struct dl_dialog *dialog, const struct dl_tag *tag)
{
	static const char *const attrs[][2] = {
		{"from", "from"}, {"id", "id"}, {"version", "version"}, {"xml:lang", "lang"}};
	struct dl_word value;

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
		if (dl_tag_attr(tag, attrs[i][0], &value))
			dl_item_add_pair(dialog, DL_LIST_STREAM, attrs[i][1], value);
	}
	if (dl_tag_attr(tag, "from", &value))
		keep_from(dialog, value);
}

/* RFC 6120 sections 4.7.1, 4.7.3: a server names itself, and gives the stream an id. */
static bool is_servers(const struct dl_tag *tag)
{
	struct dl_word value;

	return dl_tag_attr(tag, "id", &value) || dl_tag_attr(tag, "from", &value);
}

/* Our own header has neither, but a "to"; it may come back in capitals. */
static bool is_ours(const struct dl_tag *tag)
{
	return !is_servers(tag) && dl_word_has(tag->attrs, " to=");
}

static void on_header(struct dl_turn *turn, const struct dl_tag *tag)
{
	struct dl_dialog *dialog = turn->dialog;
	struct dl_word version;

	dialog->header_seen = true;
	if (!dialog->in_tls || dialog->implicit_tls)
		keep_header(dialog, tag);
	/*
	 * RFC 6120 section 4.7.5: no version means 0.9, and then neither features nor STARTTLS will
	 * come. But servers also leave it out of a stream that carries nothing but an error.
	 */
	dialog->pre_xmpp1 = !dl_tag_attr(tag, "version", &version) || dl_word_begins(version, "0");
}

static void features_done(struct dl_turn *turn)
{
	xmpp_inside(turn->dialog, INSIDE_STREAM);
	dl_hello_done(turn);
}

static void on_feature(struct dl_dialog *dialog, const struct dl_tag *tag)
{
	bool open = tag->kind == DL_TAG_OPEN;

	if (dialog->xml_depth == 0)
		dl_cap_add(dialog, tag->name);
	if (dl_word_is(tag->name, "required") && dialog->xml_inside == INSIDE_STARTTLS) {
		dialog->starttls_required = true;
	} else if (dl_word_is(tag->name, "dialback")) {
		dialog->dialback = true;
	} else if (dl_word_is(tag->name, "starttls") && !dialog->in_tls) {
		dialog->starttls_advertised = true;
		if (open)
			dialog->xml_inside = INSIDE_STARTTLS;
	} else if (dl_word_is(tag->name, "mechanism") && open) {
		dialog->xml_inside = INSIDE_MECHANISM;
	}
}

static void in_features(struct dl_turn *turn, const struct dl_tag *tag)
{
	struct dl_dialog *dialog = turn->dialog;

	switch (tag->kind) {
	case DL_TAG_OPEN:
		on_feature(dialog, tag);
		if (++dialog->xml_depth > MAX_DEPTH)
			dl_abort(turn, DL_CLASS_LIMIT, 0);
		break;
	case DL_TAG_EMPTY:
		on_feature(dialog, tag);
		break;
	case DL_TAG_CLOSE:
		dialog->xml_inside = INSIDE_FEATURES;
		if (dialog->xml_depth == 0)
			features_done(turn);
		else
			dialog->xml_depth--;
		break;
	case DL_TAG_TEXT:
		if (dialog->xml_inside == INSIDE_MECHANISM)
			dl_auth_add(dialog, dl_word_trim(tag->attrs));
		break;
	case DL_TAG_OTHER:
		break;
	}
}

/* The first element inside <error> is its condition (RFC 6120 section 4.9.2). */
static void in_error(struct dl_turn *turn, const struct dl_tag *tag)
{
	bool host_unknown = dl_word_is(tag->name, "host-unknown");

	if (tag->kind == DL_TAG_TEXT || tag->kind == DL_TAG_OTHER)
		return;
	if (tag->kind != DL_TAG_CLOSE)
		dl_item_add_pair(turn->dialog, DL_LIST_STREAM, "error", tag->name);
	dl_refused(turn, host_unknown ? DL_CLASS_HOST_UNKNOWN : DL_CLASS_STREAM_ERROR, 0);
}

static void on_open(struct dl_turn *turn, const struct dl_tag *tag)
{
	struct dl_dialog *dialog = turn->dialog;
	bool open = tag->kind == DL_TAG_OPEN, header = dl_word_is(tag->name, "stream");

	if (dl_word_is(tag->name, "error")) {
		xmpp_inside(dialog, INSIDE_ERROR);
	} else if (header && is_ours(tag)) {
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
	} else if (!dialog->header_seen) {
		if (header && is_servers(tag))
			on_header(turn, tag);
		else if (!header)
			dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		/* A header of neither kind proves nothing yet: a stream error may follow. */
	} else if (dl_word_is(tag->name, "features") && dialog->state == DL_STATE_HELLO) {
		xmpp_inside(dialog, INSIDE_FEATURES);
		if (!open)
			features_done(turn);
	} else if (dl_word_is(tag->name, "proceed") && dialog->state == DL_STATE_STARTTLS) {
		if (open)
			xmpp_inside(dialog, INSIDE_PROCEED);
		else
			dl_go_ahead(turn);
	} else if (dl_word_is(tag->name, "failure") && dialog->state == DL_STATE_STARTTLS) {
		dl_refused(turn, DL_CLASS_TLS_UNAVAILABLE, 0);
	} else if (dl_word_is(tag->name, "starttls")) {
		/* Servers send this only inside features; outside of them it is our own. */
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
	}
}

static void in_stream(struct dl_turn *turn, const struct dl_tag *tag)
{
	struct dl_dialog *dialog = turn->dialog;

	switch (tag->kind) {
	case DL_TAG_OPEN:
	case DL_TAG_EMPTY:
		on_open(turn, tag);
		break;
	case DL_TAG_CLOSE:
		if (dl_word_is(tag->name, "stream"))
			dl_cut_short(turn, DL_CONNECTION_CLOSED, DL_CLASS_NONE);
		break;
	case DL_TAG_TEXT:
		if (!dialog->header_seen && dl_word_trim(tag->attrs).len > 0)
			dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		break;
	case DL_TAG_OTHER:
		break;
	}
}

static void xmpp_line(struct dl_turn *turn, struct dl_word piece)
{
	struct dl_tag tag = dl_tag_read(piece);

	switch ((enum xmpp_inside)turn->dialog->xml_inside) {
	case INSIDE_STREAM:
		in_stream(turn, &tag);
		break;
	case INSIDE_FEATURES:
	case INSIDE_STARTTLS:
	case INSIDE_MECHANISM:
		in_features(turn, &tag);
		break;
	case INSIDE_ERROR:
		in_error(turn, &tag);
		break;
	case INSIDE_PROCEED:
		/* Only the bytes after </proceed> are TLS. */
		if (tag.kind == DL_TAG_CLOSE)
			dl_go_ahead(turn);
		break;
	}
}

/* A server that has opened a stream may know STARTTLS, even if no features came. */
static void xmpp_no_hello(struct dl_turn *turn)
{
	if (!turn->dialog->header_seen)
		dl_timed_out(turn);
	else if (turn->dialog->pre_xmpp1)
		dl_refused(turn, DL_CLASS_PRE_XMPP1, 0);
	else
		dl_hello_done(turn);
}

const struct dl_ops dl_xmpp_ops = {
	.framing = DL_FRAME_XML,
	.first_bytes = "< \t\r\n",
	.goodbye = "</stream:stream>",
	.begin = xmpp_begin,
	.starttls = xmpp_starttls,
	.line = xmpp_line,
	.no_hello = xmpp_no_hello,
};
