/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_tls_parts.h"
#include "tls/hello/client_hello.h"

static void put_codes(struct js_buf *js, const char *key, struct hl_cursor list,
	const char *(*name_of)(uint16_t code))
{
	uint16_t code;

	js_array(js, key);
	while (hl_take_u16(&list, &code)) /* here and below each turn takes a byte or more */
		js_tls_code(js, NULL, code, name_of(code));
	js_end_array(js);
}

static void put_compressions(struct js_buf *js, struct hl_cursor list)
{
	uint8_t code;

	js_array(js, "compression_methods");
	while (hl_take_u8(&list, &code))
		js_tls_compression(js, NULL, code);
	js_end_array(js);
}

/* RFC 8422 5.1.2. */
static void put_point_formats(struct js_buf *js, struct hl_cursor list)
{
	static const char *const names[] = {
		"uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2"};
	uint8_t code;

	if (list.left == 0)
		return;
	js_array(js, "supported_point_formats");
	while (hl_take_u8(&list, &code))
		js_tls_byte_code(js, NULL, code,
			code < sizeof(names) / sizeof(names[0]) ? names[code] : "unknown");
	js_end_array(js);
}

static void put_versions(struct js_buf *js, struct hl_cursor list)
{
	uint16_t code;

	if (list.left == 0)
		return;
	js_array(js, "supported_versions");
	while (hl_take_u16(&list, &code))
		js_tls_version(js, NULL, code);
	js_end_array(js);
}

static void put_signatures(struct js_buf *js, struct hl_cursor list)
{
	uint16_t code;

	if (list.left == 0)
		return;
	js_array(js, "signature_and_hashes");
	while (hl_take_u16(&list, &code))
		js_tls_scheme(js, NULL, code);
	js_end_array(js);
}

static void put_protocols(struct js_buf *js, struct hl_cursor list)
{
	struct hl_cursor name;

	if (list.left == 0)
		return;
	js_array(js, "alpn_protocols");
	while (hl_take_vec8(&list, &name))
		js_text(js, NULL, name.at, name.left);
	js_end_array(js);
}

static void put_flags(struct js_buf *js, const struct hl_client_hello *hello)
{
	js_bool(js, "ocsp_stapling", hello->ocsp_stapling);
	js_bool(js, "ticket", hello->ticket);
	js_bool(js, "secure_renegotiation", hello->secure_renegotiation);
	js_bool(js, "heartbeat", hello->heartbeat);
	js_bool(js, "extended_master_secret", hello->extended_master_secret);
	js_bool(js, "scts", hello->scts);
	js_bool(js, "sct_enabled", hello->scts);
}

static void put_lists(struct js_buf *js, const struct hl_client_hello *hello)
{
	put_codes(js, "cipher_suites", hello->suites, hl_suite_name);
	put_compressions(js, hello->compressions);
	if (hello->groups.left > 0)
		put_codes(js, "supported_curves", hello->groups, hl_group_name);
	put_point_formats(js, hello->point_formats);
	put_versions(js, hello->versions);
	put_signatures(js, hello->signatures);
}

void js_tls_client_hello(struct js_buf *js, const struct tl_result *tls, bool full)
{
	struct hl_client_hello hello;

	if (tls->kept == NULL ||
		!hl_client_hello_read(tls->kept->hello, tls->kept->hello_len, &hello))
		return;
	js_object(js, "client_hello");
	js_tls_version(js, "version", hello.legacy_version);
	js_base64(js, "random", hello.random, HL_RANDOM_LEN);
	if (hello.session_id.left > 0)
		js_base64(js, "session_id", hello.session_id.at, hello.session_id.left);
	if (hello.server_name.left > 0)
		js_text(js, "server_name", hello.server_name.at, hello.server_name.left);
	put_protocols(js, hello.alpn);
	put_flags(js, &hello);
	if (full)
		put_lists(js, &hello);
	js_end_object(js);
}
