/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_dialog.h"

#include <string.h>

/* NULL: the protocol has no such phase, or writes it in its own way. */
static const char *const text_keys[DL_N_PROTO][DL_N_TEXT] = {
	[DL_SMTP] =
		{
			[DL_TEXT_BANNER] = "banner",
			[DL_TEXT_HELLO] = "ehlo",
			[DL_TEXT_HELO] = "helo",
			[DL_TEXT_STARTTLS] = "starttls",
			[DL_TEXT_BANNER_TLS] = "banner_tls",
			[DL_TEXT_HELLO_TLS] = "ehlo_tls",
			[DL_TEXT_QUIT] = "quit",
		},
	[DL_IMAP] =
		{
			[DL_TEXT_BANNER] = "banner",
			[DL_TEXT_HELLO] = "capability",
			[DL_TEXT_STARTTLS] = "starttls",
			[DL_TEXT_BANNER_TLS] = "banner_tls",
			[DL_TEXT_HELLO_TLS] = "capability_tls",
			[DL_TEXT_QUIT] = "close",
		},
	[DL_POP3] =
		{
			[DL_TEXT_BANNER] = "banner",
			[DL_TEXT_HELLO] = "capa",
			[DL_TEXT_STARTTLS] = "starttls",
			[DL_TEXT_BANNER_TLS] = "banner_tls",
			[DL_TEXT_HELLO_TLS] = "capa_tls",
			[DL_TEXT_QUIT] = "quit",
		},
	[DL_IRC] =
		{
			[DL_TEXT_BANNER] = "banner",
			[DL_TEXT_HELLO] = "cap",
			[DL_TEXT_STARTTLS] = "starttls",
			[DL_TEXT_BANNER_TLS] = "banner_tls",
			[DL_TEXT_HELLO_TLS] = "cap_tls",
			[DL_TEXT_QUIT] = "quit",
		},
	[DL_XMPP_CLIENT] =
		{
			[DL_TEXT_BANNER] = "banner",
			[DL_TEXT_HELLO] = "features",
			[DL_TEXT_STARTTLS] = "starttls",
			[DL_TEXT_BANNER_TLS] = "banner_tls",
			[DL_TEXT_HELLO_TLS] = "features_tls",
			[DL_TEXT_QUIT] = "close",
		},
	[DL_XMPP_SERVER] =
		{
			[DL_TEXT_BANNER] = "banner",
			[DL_TEXT_HELLO] = "features",
			[DL_TEXT_STARTTLS] = "starttls",
			[DL_TEXT_BANNER_TLS] = "banner_tls",
			[DL_TEXT_HELLO_TLS] = "features_tls",
			[DL_TEXT_QUIT] = "close",
		},
};

struct list_keys {
	const char *caps, *caps_tls, *auth, *auth_tls;
};

static const struct list_keys mail_lists = {
	"capabilities", "post_tls_capabilities", "auth_mechanisms", "post_tls_auth_mechanisms"};
static const struct list_keys irc_lists = {
	"cap_ls", "post_tls_cap_ls", "auth_mechanisms", "post_tls_auth_mechanisms"};
static const struct list_keys xmpp_lists = {
	"capabilities", "post_tls_capabilities", "mechanisms", "post_tls_mechanisms"};

const char *jd_module(enum dl_proto proto)
{
	static const char *const names[DL_N_PROTO] = {
		[DL_SMTP] = "smtp",
		[DL_IMAP] = "imap",
		[DL_POP3] = "pop3",
		[DL_IRC] = "irc",
		[DL_XMPP_CLIENT] = "xmpp",
		[DL_XMPP_SERVER] = "xmpp",
		[DL_HTTP] = "http",
		[DL_TLS] = "tls",
	};

	return names[proto];
}

static bool is_xmpp(const struct dl_talk *talk)
{
	return talk->proto == DL_XMPP_CLIENT || talk->proto == DL_XMPP_SERVER;
}

static void put_texts(struct js_buf *js, const struct dl_talk *talk)
{
	for (unsigned int i = 0; i < DL_N_TEXT; i++) {
		const char *key = text_keys[talk->proto][i];

		if (key != NULL && talk->text[i].len > 0)
			js_text(js, key, talk->raw + talk->text[i].off, talk->text[i].len);
	}
}

/* The tokens of one list; the key is not written when there are none. */
static void put_list(
	struct js_buf *js, const char *key, const struct dl_talk *talk, enum dl_list want)
{
	size_t pos = 0, len;
	enum dl_list list;
	const char *token;
	bool begun = false;

	while ((len = dl_item_next(talk, &pos, &list, &token)) > 0) {
		if (list != want)
			continue;
		if (!begun)
			js_array(js, key);
		begun = true;
		js_text(js, NULL, token, len);
	}
	if (begun)
		js_end_array(js);
}

static void put_lists(struct js_buf *js, const struct dl_talk *talk)
{
	const struct list_keys *keys = &mail_lists;

	if (talk->proto == DL_IRC)
		keys = &irc_lists;
	else if (is_xmpp(talk))
		keys = &xmpp_lists;
	put_list(js, keys->caps, talk, DL_LIST_CAPS);
	put_list(js, keys->caps_tls, talk, DL_LIST_CAPS_TLS);
	put_list(js, keys->auth, talk, DL_LIST_AUTH);
	put_list(js, keys->auth_tls, talk, DL_LIST_AUTH_TLS);
}

static void put_numerics(struct js_buf *js, const struct dl_talk *talk)
{
	size_t pos = 0, len;
	enum dl_list list;
	const char *token;

	js_array(js, "numerics");
	while ((len = dl_item_next(talk, &pos, &list, &token)) > 0) {
		unsigned int value = 0;

		if (list != DL_LIST_NUMERICS)
			continue;
		for (size_t i = 0; i < len && token[i] >= '0' && token[i] <= '9'; i++)
			value = (value * 10 + (unsigned int)(token[i] - '0')) % 1000;
		js_u64(js, NULL, value);
	}
	js_end_array(js);
}

/* The value of the first token "name=value" of the stream's list, written under the name. */
static void put_attribute(struct js_buf *js, const struct dl_talk *talk, const char *name)
{
	size_t name_len = strlen(name), pos = 0, len;
	enum dl_list list;
	const char *token;

	while ((len = dl_item_next(talk, &pos, &list, &token)) > 0) {
		if (list != DL_LIST_STREAM || len <= name_len || token[name_len] != '=' ||
			memcmp(token, name, name_len) != 0)
			continue;
		js_text(js, name, token + name_len + 1, len - name_len - 1);
		return;
	}
}

static void put_xmpp(struct js_buf *js, const struct dl_talk *talk)
{
	js_str(js, "mode", talk->proto == DL_XMPP_CLIENT ? "c2s" : "s2s");
	js_object(js, "stream");
	put_attribute(js, talk, "from");
	put_attribute(js, talk, "id");
	put_attribute(js, talk, "version");
	put_attribute(js, talk, "lang");
	js_end_object(js);
	put_attribute(js, talk, "error");
	js_bool(js, "starttls_required", talk->starttls_required);
	js_bool(js, "dialback", talk->dialback);
}

void jd_elements(struct js_buf *js, const struct dl_talk *talk)
{
	put_texts(js, talk);
	put_lists(js, talk);
	js_bool(js, "implicit_tls", talk->implicit_tls);
	if (!talk->implicit_tls) {
		js_bool(js, "starttls_supported", talk->starttls_advertised);
		js_bool(js, "starttls_attempted", talk->starttls_attempted);
		js_bool(js, "starttls_accepted", talk->starttls_ok);
		js_u64(js, "plaintext_after_ready", talk->plaintext_after_ready);
	}
	if (talk->proto == DL_SMTP) {
		js_bool(js, "censored", talk->censored);
	} else if (talk->proto == DL_IMAP) {
		put_list(js, "greeting_capabilities", talk, DL_LIST_CAPS_GREETING);
		js_bool(js, "logindisabled", talk->logindisabled);
		js_bool(js, "post_tls_logindisabled", talk->logindisabled_tls);
		js_bool(js, "preauth", talk->preauth);
	} else if (talk->proto == DL_POP3) {
		js_bool(js, "apop", talk->apop);
	} else if (talk->proto == DL_IRC) {
		put_numerics(js, talk);
	} else if (is_xmpp(talk)) {
		put_xmpp(js, talk);
	}
}

void jd_common(struct js_buf *js, const struct dl_talk *talk)
{
	if (talk->class != DL_CLASS_NONE)
		js_str(js, "class", dl_class_name(talk->class));
	if (talk->code != 0)
		js_u64(js, "code", talk->code);
	if (talk->greeting_us != 0)
		js_double(js, "greeting_ms", talk->greeting_us / 1e3);
	if (talk->raw_truncated)
		js_bool(js, "raw_truncated", true);
	if (talk->items_truncated)
		js_bool(js, "items_truncated", true);
}
