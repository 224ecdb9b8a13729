/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_dialog.h"

#include <string.h>

/* The key of each raw reply; NULL: the protocol has no such phase, or it is written elsewhere. */
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

const char *js_dialog_module(enum dl_proto proto)
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

static bool is_xmpp(const struct dl_dialog *dialog)
{
	return dialog->proto == DL_XMPP_CLIENT || dialog->proto == DL_XMPP_SERVER;
}

static void put_texts(struct js_buf *js, const struct dl_dialog *dialog)
{
	for (unsigned int i = 0; i < DL_N_TEXT; i++) {
		const char *key = text_keys[dialog->proto][i];

		if (key != NULL && dialog->text[i].len > 0)
			js_text(js, key, dialog->raw + dialog->text[i].off, dialog->text[i].len);
	}
}

/* Write the tokens of one list; without tokens nothing is written. */
static void put_list(
	struct js_buf *js, const char *key, const struct dl_dialog *dialog, enum dl_list want)
{
	size_t pos = 0, len;
	enum dl_list list;
	const char *token;
	bool begun = false;

	while ((len = dl_item_next(dialog, &pos, &list, &token)) > 0) {
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

static void put_lists(struct js_buf *js, const struct dl_dialog *dialog)
{
	const struct list_keys *keys = &mail_lists;

	if (dialog->proto == DL_IRC)
		keys = &irc_lists;
	else if (is_xmpp(dialog))
		keys = &xmpp_lists;
	put_list(js, keys->caps, dialog, DL_LIST_CAPS);
	put_list(js, keys->caps_tls, dialog, DL_LIST_CAPS_TLS);
	put_list(js, keys->auth, dialog, DL_LIST_AUTH);
	put_list(js, keys->auth_tls, dialog, DL_LIST_AUTH_TLS);
}

static void put_numerics(struct js_buf *js, const struct dl_dialog *dialog)
{
	size_t pos = 0, len;
	enum dl_list list;
	const char *token;

	js_array(js, "numerics");
	while ((len = dl_item_next(dialog, &pos, &list, &token)) > 0) {
		unsigned int value = 0;

		if (list != DL_LIST_NUMERICS)
			continue;
		for (size_t i = 0; i < len && token[i] >= '0' && token[i] <= '9'; i++)
			value = (value * 10 + (unsigned int)(token[i] - '0')) % 1000;
		js_u64(js, NULL, value);
	}
	js_end_array(js);
}

/* Write the value of the first token "name=value" of the stream's list under the name. */
static void put_attribute(struct js_buf *js, const struct dl_dialog *dialog, const char *name)
{
	size_t name_len = strlen(name), pos = 0, len;
	enum dl_list list;
	const char *token;

	while ((len = dl_item_next(dialog, &pos, &list, &token)) > 0) {
		if (list != DL_LIST_STREAM || len <= name_len || token[name_len] != '=' ||
			memcmp(token, name, name_len) != 0)
			continue;
		js_text(js, name, token + name_len + 1, len - name_len - 1);
		return;
	}
}

static void put_xmpp(struct js_buf *js, const struct dl_dialog *dialog)
{
	js_str(js, "mode", dialog->proto == DL_XMPP_CLIENT ? "c2s" : "s2s");
	js_object(js, "stream");
	put_attribute(js, dialog, "from");
	put_attribute(js, dialog, "id");
	put_attribute(js, dialog, "version");
	put_attribute(js, dialog, "lang");
	js_end_object(js);
	put_attribute(js, dialog, "error");
	js_bool(js, "starttls_required", dialog->starttls_required);
	js_bool(js, "dialback", dialog->dialback);
}

void js_dialog_elements(struct js_buf *js, const struct dl_dialog *dialog)
{
	put_texts(js, dialog);
	put_lists(js, dialog);
	js_bool(js, "implicit_tls", dialog->implicit_tls);
	if (!dialog->implicit_tls) {
		js_bool(js, "starttls_supported", dialog->starttls_advertised);
		js_bool(js, "starttls_attempted", dialog->starttls_attempted);
		js_bool(js, "starttls_accepted", dialog->starttls_ok);
		js_u64(js, "plaintext_after_ready", dialog->plaintext_after_ready);
	}
	if (dialog->proto == DL_SMTP) {
		js_bool(js, "censored", dialog->censored);
	} else if (dialog->proto == DL_IMAP) {
		put_list(js, "greeting_capabilities", dialog, DL_LIST_CAPS_GREETING);
		js_bool(js, "logindisabled", dialog->logindisabled);
		js_bool(js, "post_tls_logindisabled", dialog->logindisabled_tls);
		js_bool(js, "preauth", dialog->preauth);
	} else if (dialog->proto == DL_POP3) {
		js_bool(js, "apop", dialog->apop);
	} else if (dialog->proto == DL_IRC) {
		put_numerics(js, dialog);
	} else if (is_xmpp(dialog)) {
		put_xmpp(js, dialog);
	}
}

void js_dialog_common(struct js_buf *js, const struct dl_dialog *dialog)
{
	if (dialog->class != DL_CLASS_NONE)
		js_str(js, "class", dl_class_name(dialog->class));
	if (dialog->code != 0)
		js_u64(js, "code", dialog->code);
	if (dialog->greeting_us != 0)
		js_double(js, "greeting_ms", dialog->greeting_us / 1e3);
	if (dialog->raw_truncated)
		js_bool(js, "raw_truncated", true);
	if (dialog->items_truncated)
		js_bool(js, "items_truncated", true);
}
