/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_http.h"

#include <stdlib.h>
#include <string.h>

#include "json_tls.h"
#include "tls/cert/utf8.h"
#include "tls/dialog/words.h"
#include "tls/session/sha256.h"

/* Most header lines that are written; a dialog's token space holds fewer of usual length. */
#define HEADERS_MAX 128
/* Room for the longest of known_names. */
#define KEY_MAX 64

/* Header names that have a key of their own under "headers" in ZGrab2's http schema, sorted. Others
 * go to "unknown". */
static const char *const known_names[] = {
	"accept",
	"accept_charset",
	"accept_encoding",
	"accept_language",
	"accept_patch",
	"accept_ranges",
	"access_control_allow_origin",
	"age",
	"allow",
	"alt_svc",
	"alternate_protocol",
	"authorization",
	"cache_control",
	"connection",
	"content_disposition",
	"content_encoding",
	"content_language",
	"content_length",
	"content_location",
	"content_md5",
	"content_range",
	"content_security_policy",
	"content_type",
	"cookie",
	"date",
	"etag",
	"expect",
	"expires",
	"from",
	"host",
	"if_match",
	"if_modified_since",
	"if_none_match",
	"if_unmodified_since",
	"last_modified",
	"link",
	"location",
	"max_forwards",
	"p3p",
	"pragma",
	"proxy_agent",
	"proxy_authenticate",
	"proxy_authorization",
	"public_key_pins",
	"range",
	"referer",
	"refresh",
	"retry_after",
	"server",
	"set_cookie",
	"status",
	"strict_transport_security",
	"trailer",
	"transfer_encoding",
	"upgrade",
	"user_agent",
	"vary",
	"via",
	"warning",
	"www_authenticate",
	"x_content_duration",
	"x_content_security_policy",
	"x_content_type_options",
	"x_forwarded_for",
	"x_frame_options",
	"x_powered_by",
	"x_real_ip",
	"x_ua_compatible",
	"x_webkit_csp",
	"x_xss_protection",
};

struct header {
	const char *known; /* its key, an entry of known_names; NULL: none */
	const char *name, *value;
	size_t name_len, value_len;
	bool written;
};

/* A character of a header name as ZGrab2 spells it: lower case, '-' as '_'. */
static char folded(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '-' ? '_' : c;
}

static int compare_name(const void *key, const void *name)
{
	return strcmp(key, *(const char *const *)name);
}

static const char *known_name(const char *name, size_t len)
{
	const char *const *found;
	char key[KEY_MAX];

	if (len >= sizeof(key))
		return NULL;
	for (size_t i = 0; i < len; i++)
		key[i] = folded(name[i]);
	key[len] = '\0';
	found = bsearch(key, known_names, sizeof(known_names) / sizeof(known_names[0]),
		sizeof(known_names[0]), compare_name);
	return found == NULL ? NULL : *found;
}

static bool same_name(const struct header *a, const struct header *b)
{
	if (a->name_len != b->name_len)
		return false;
	for (size_t i = 0; i < a->name_len; i++)
		if (folded(a->name[i]) != folded(b->name[i]))
			return false;
	return true;
}

static size_t read_headers(
	const struct dl_dialog *dialog, enum dl_list wanted, struct header headers[HEADERS_MAX])
{
	size_t pos = 0, len, n = 0;
	enum dl_list list;
	const char *token;

	while (n < HEADERS_MAX && (len = dl_item_next(dialog, &pos, &list, &token)) > 0) {
		struct header *header = &headers[n];
		const char *colon = memchr(token, ':', len);

		if (list != wanted || colon == NULL)
			continue;
		*header = (struct header){.name = token, .name_len = (size_t)(colon - token)};
		header->value = colon + 1;
		header->value_len = len - header->name_len - 1;
		while (header->value_len > 0 && (*header->value == ' ' || *header->value == '\t')) {
			header->value++;
			header->value_len--;
		}
		header->known = known_name(header->name, header->name_len);
		n++;
	}
	return n;
}

/* Write all values of the first header's name, in the order in which they came. */
static void put_values(
	struct js_buf *js, const char *key, struct header *first, const struct header *end)
{
	js_array(js, key);
	for (struct header *header = first; header < end; header++) {
		if (!same_name(first, header))
			continue;
		js_text(js, NULL, header->value, header->value_len);
		header->written = true;
	}
	js_end_array(js);
}

static void put_headers(
	struct js_buf *js, const char *key, const struct dl_dialog *dialog, enum dl_list wanted)
{
	struct header headers[HEADERS_MAX];
	size_t n = read_headers(dialog, wanted, headers);
	bool any_unknown = false;

	if (n == 0)
		return;
	js_object(js, key);
	for (size_t i = 0; i < n; i++) {
		if (headers[i].known == NULL)
			any_unknown = true;
		else if (!headers[i].written)
			put_values(js, headers[i].known, &headers[i], headers + n);
	}
	if (any_unknown) {
		js_array(js, "unknown");
		for (size_t i = 0; i < n; i++) {
			char name[DL_NAME_MAX + 1];

			if (headers[i].written || headers[i].name_len >= sizeof(name))
				continue;
			for (size_t k = 0; k < headers[i].name_len; k++)
				name[k] = folded(headers[i].name[k]);
			js_object(js, NULL);
			js_text(js, "key", name, headers[i].name_len);
			put_values(js, "value", &headers[i], headers + n);
			js_end_object(js);
		}
		js_end_array(js);
	}
	js_end_object(js);
}

/* Write "HTTP/1.1" as text and numbers, and once more as older versions of ZGrab2 had it. */
static void put_protocol(struct js_buf *js, const uint8_t *name, size_t len)
{
	bool known = len == 8 && memcmp(name, "HTTP/", 5) == 0 && dl_is_digit((char)name[5]) &&
		     name[6] == '.' && dl_is_digit((char)name[7]);

	js_text(js, "protocol", name, len);
	if (known) {
		js_u64(js, "protocol_major", name[5] - '0');
		js_u64(js, "protocol_minor", name[7] - '0');
	}
	js_object(js, "protocol_version");
	js_text(js, "name", name, len);
	if (known) {
		js_u64(js, "major", name[5] - '0');
		js_u64(js, "minor", name[7] - '0');
	}
	js_end_object(js);
}

/* Write "HTTP/1.1 200 OK" as the version and the rest of the line (RFC 9112 4). */
static void put_status_line(struct js_buf *js, const struct dl_dialog *dialog)
{
	const struct dl_span *span = &dialog->text[DL_TEXT_HELLO_TLS];
	const uint8_t *line = dialog->raw + span->off, *end, *space;

	end = memchr(line, '\n', span->len);
	if (end == NULL)
		end = line + span->len;
	if (end > line && end[-1] == '\r')
		end--;
	space = memchr(line, ' ', (size_t)(end - line));
	if (space == NULL)
		return;
	js_text(js, "status_line", space + 1, (size_t)(end - space - 1));
	if (dialog->http_status != 0)
		js_u64(js, "status_code", dialog->http_status);
	put_protocol(js, line, (size_t)(space - line));
}

/* A path as it was sent, and the query behind it. */
static void put_url(struct js_buf *js, const char *host, const char *path)
{
	const char *query = strchr(path, '?');

	js_object(js, "url");
	js_str(js, "scheme", "https");
	js_str(js, "host", host);
	js_text(js, "path", path, query == NULL ? strlen(path) : (size_t)(query - path));
	if (query != NULL)
		js_str(js, "raw_query", query + 1);
	js_end_object(js);
}

static void put_list(struct js_buf *js, const char *key, const char *value)
{
	js_array(js, key);
	js_str(js, NULL, value);
	js_end_array(js);
}

/* As tls/dialog/http.c writes it. */
static void put_request(struct js_buf *js, const char *host, const struct tl_result *tls,
	const struct js_tls_form *form)
{
	js_object(js, "request");
	put_url(js, host, form->asked->http_path);
	js_str(js, "method", form->asked->http_method);
	js_str(js, "protocol", "HTTP/1.1");
	js_u64(js, "protocol_major", 1);
	js_u64(js, "protocol_minor", 1);
	js_object(js, "headers");
	put_list(js, "accept", "*/*");
	put_list(js, "connection", "close");
	put_list(js, "user_agent", form->asked->user_agent);
	js_end_object(js);
	js_bool(js, "close", true);
	js_str(js, "host", host);
	if (tls != NULL)
		js_tls_log(js, "tls_log", tls, form);
	js_end_object(js);
}

/* Where a redirect leads (RFC 9110 15.4). Nobody goes there. */
static void put_redirect(struct js_buf *js, const struct dl_dialog *dialog)
{
	struct header headers[HEADERS_MAX];
	size_t n = read_headers(dialog, DL_LIST_STREAM, headers);

	if (dialog->http_status < 300 || dialog->http_status > 399)
		return;
	for (size_t i = 0; i < n; i++) {
		if (headers[i].known == NULL || strcmp(headers[i].known, "location") != 0)
			continue;
		js_text(js, "redirect_to", headers[i].value, headers[i].value_len);
		return;
	}
}

/* Go's http package, and so ZGrab2, has -1 where the length is not known before the end, and 0
 * where there is no body. */
static int64_t content_length(const struct dl_dialog *dialog)
{
	bool none = dialog->http_status < 200 || dialog->http_status == 204 ||
		    dialog->http_status == 304;

	return dialog->http_length < 0 && none ? 0 : dialog->http_length;
}

/* Bytes of the last character that are there, if it was cut; 0: it was not. */
static size_t cut_character(const uint8_t *bytes, size_t len)
{
	size_t n = 1;

	while (n < 4 && n <= len && (bytes[len - n] & 0xc0) == 0x80)
		n++;
	if (n > len || (bytes[len - n] & 0xc0) != 0xc0)
		return 0;
	/* 110xxxxx begins two bytes, 1110xxxx three, 11110xxx four. */
	return n < (size_t)(bytes[len - n] >= 0xf0 ? 4 : bytes[len - n] >= 0xe0 ? 3 : 2) ? n : 0;
}

static bool is_utf8(const uint8_t *bytes, size_t len)
{
	uint32_t code;

	for (size_t at = 0, n; at < len; at += n) {
		n = ct_utf8_next(bytes + at, len - at, &code);
		if (n == 0)
			return false;
	}
	return true;
}

/* Text as it is, anything else as base64, as ZGrab2 does it. The digest is of the bytes here. */
static void put_body(struct js_buf *js, const struct dl_dialog *dialog, const uint8_t *body)
{
	size_t len = dialog->body_len;
	uint8_t digest[TL_SHA256_LEN];

	if (dialog->body_truncated)
		len -= cut_character(body, len);
	if (is_utf8(body, len)) {
		js_text(js, "body", body, len);
	} else {
		len = dialog->body_len;
		js_base64(js, "body", body, len);
		js_str(js, "body_encoding", "base64");
	}
	if (tl_sha256(body, len, digest))
		js_hex(js, "body_sha256", digest, sizeof(digest));
	js_u64(js, "body_length", len);
}

static void put_answer(
	struct js_buf *js, const struct dl_dialog *dialog, const struct tl_result *tls)
{
	put_status_line(js, dialog);
	put_headers(js, "headers", dialog, DL_LIST_STREAM);
	js_base64(js, "headers_raw", dialog->raw + dialog->text[DL_TEXT_HELLO_TLS].off,
		dialog->text[DL_TEXT_HELLO_TLS].len);
	put_redirect(js, dialog);
	if (tls != NULL && tls->body != NULL && dialog->body_len > 0)
		put_body(js, dialog, tls->body);
	if (dialog->body_truncated)
		js_bool(js, "body_truncated", true);
	if (dialog->http_status != 0)
		js_i64(js, "content_length", content_length(dialog));
	if (dialog->http_chunked)
		put_list(js, "transfer_encoding", "chunked");
	put_headers(js, "trailers", dialog, DL_LIST_TRAILER);
}

void js_http_response(struct js_buf *js, const struct dl_dialog *dialog,
	const struct tl_result *tls, const char *addr, const struct js_tls_form *form)
{
	const char *host = dialog != NULL && dialog->host[0] != '\0' ? dialog->host : addr;

	js_object(js, "response");
	if (dialog != NULL && dialog->text[DL_TEXT_HELLO_TLS].len > 0)
		put_answer(js, dialog, tls);
	put_request(js, host, tls, form);
	js_end_object(js);
}
