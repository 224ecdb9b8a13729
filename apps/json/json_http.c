/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_http.h"

#include <stdlib.h>
#include <string.h>

#include "json_tls.h"
#include "tls/dialog/words.h"

/* Most header lines that are written; a dialog's token space holds fewer of usual length. */
#define HEADERS_MAX 128
/* Room for the longest of known_names. */
#define KEY_MAX 64

/* Header names that have a key of their own under "headers" in ZGrab2's http schema, sorted. Others
 * go to "unknown". */
static const char *const known_names[] = {"accept_patch", "accept_ranges",
	"access_control_allow_origin", "age", "allow", "alt_svc", "alternate_protocol",
	"cache_control", "connection", "content_disposition", "content_encoding",
	"content_language", "content_length", "content_location", "content_md5", "content_range",
	"content_security_policy", "content_type", "expires", "last_modified", "link", "location",
	"p3p", "pragma", "proxy_agent", "proxy_authenticate", "public_key_pins", "referer",
	"refresh", "retry_after", "server", "set_cookie", "status", "strict_transport_security",
	"trailer", "transfer_encoding", "upgrade", "vary", "via", "warning", "www_authenticate",
	"x_content_duration", "x_content_security_policy", "x_content_type_options",
	"x_forwarded_for", "x_frame_options", "x_powered_by", "x_real_ip", "x_ua_compatible",
	"x_webkit_csp", "x_xss_protection"};

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

static size_t read_headers(const struct dl_dialog *dialog, struct header headers[HEADERS_MAX])
{
	size_t pos = 0, len, n = 0;
	enum dl_list list;
	const char *token;

	while (n < HEADERS_MAX && (len = dl_item_next(dialog, &pos, &list, &token)) > 0) {
		struct header *header = &headers[n];
		const char *colon = memchr(token, ':', len);

		if (list != DL_LIST_STREAM || colon == NULL)
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

static void put_headers(struct js_buf *js, const struct dl_dialog *dialog)
{
	struct header headers[HEADERS_MAX];
	size_t n = read_headers(dialog, headers);
	bool any_unknown = false;

	if (n == 0)
		return;
	js_object(js, "headers");
	for (size_t i = 0; i < n; i++) {
		if (headers[i].known == NULL)
			any_unknown = true;
		else if (!headers[i].written)
			put_values(js, headers[i].known, &headers[i], headers + n);
	}
	if (any_unknown) {
		js_array(js, "unknown");
		for (size_t i = 0; i < n; i++) {
			char key[DL_NAME_MAX + 1];

			if (headers[i].written || headers[i].name_len >= sizeof(key))
				continue;
			for (size_t k = 0; k < headers[i].name_len; k++)
				key[k] = folded(headers[i].name[k]);
			js_object(js, NULL);
			js_text(js, "key", key, headers[i].name_len);
			put_values(js, "value", &headers[i], headers + n);
			js_end_object(js);
		}
		js_end_array(js);
	}
	js_end_object(js);
}

/* Write "HTTP/1.1 200 OK" as the version and the rest of the line (RFC 9112 4). */
static void put_status_line(struct js_buf *js, const struct dl_dialog *dialog)
{
	const struct dl_span *span = &dialog->text[DL_TEXT_HELLO_TLS];
	const uint8_t *line = dialog->raw + span->off, *end, *space;
	size_t name_len;

	end = memchr(line, '\n', span->len);
	if (end == NULL)
		end = line + span->len;
	if (end > line && end[-1] == '\r')
		end--;
	space = memchr(line, ' ', (size_t)(end - line));
	if (space == NULL)
		return;
	name_len = (size_t)(space - line);
	js_text(js, "status_line", space + 1, (size_t)(end - space - 1));
	if (dialog->http_status != 0)
		js_u64(js, "status_code", dialog->http_status);
	js_object(js, "protocol");
	js_text(js, "name", line, name_len);
	if (name_len == 8 && memcmp(line, "HTTP/", 5) == 0 && dl_is_digit((char)line[5]) &&
		line[6] == '.' && dl_is_digit((char)line[7])) {
		js_u64(js, "major", line[5] - '0');
		js_u64(js, "minor", line[7] - '0');
	}
	js_end_object(js);
}

static void put_request(struct js_buf *js, const char *host, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us)
{
	js_object(js, "request");
	js_object(js, "url");
	js_str(js, "scheme", "https");
	js_str(js, "host", host);
	js_str(js, "path", "/");
	js_end_object(js);
	js_str(js, "method", "GET");
	js_str(js, "host", host);
	if (tls != NULL)
		js_tls_log(js, "tls_log", tls, certs, seen_us);
	js_end_object(js);
}

void js_http_response(struct js_buf *js, const struct dl_dialog *dialog,
	const struct tl_result *tls, const char *addr, const struct js_cert_sink *certs,
	uint64_t seen_us)
{
	bool answered = dialog != NULL && dialog->text[DL_TEXT_HELLO_TLS].len > 0;
	const char *host = dialog != NULL && dialog->host[0] != '\0' ? dialog->host : addr;

	js_object(js, "response");
	if (answered) {
		put_status_line(js, dialog);
		put_headers(js, dialog);
		js_base64(js, "headers_raw", dialog->raw + dialog->text[DL_TEXT_HELLO_TLS].off,
			dialog->text[DL_TEXT_HELLO_TLS].len);
	}
	put_request(js, host, tls, certs, seen_us);
	js_end_object(js);
}
