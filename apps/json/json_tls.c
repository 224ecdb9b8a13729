/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_tls.h"

#include <string.h>

#include "json_text.h"
#include "tls/session/ja3s.h"

static void put_version(struct js_buf *js, const char *key, uint16_t version)
{
	js_object(js, key);
	js_str(js, "name", hl_version_name(version));
	js_u64(js, "value", version);
	js_end_object(js);
}

/* Write a code point with its name, as {"hex","name","value"}. */
static void put_code(struct js_buf *js, const char *key, uint16_t value, const char *name)
{
	js_object(js, key);
	js_hex16(js, "hex", value);
	js_str(js, "name", name);
	js_u64(js, "value", value);
	js_end_object(js);
}

static void put_server_hello(struct js_buf *js, const struct hl_server_hello *hello)
{
	js_object(js, "server_hello");
	put_version(js, "version", hello->legacy_version);
	js_base64(js, "random", hello->random, sizeof(hello->random));
	js_base64(js, "session_id", hello->session_id, hello->session_id_len);
	put_code(js, "cipher_suite", hello->cipher_suite, hl_suite_name(hello->cipher_suite));
	js_u64(js, "compression_method", hello->compression);
	js_bool(js, "ocsp_stapling", hello->ocsp_stapling);
	js_bool(js, "ticket", hello->ticket);
	js_bool(js, "secure_renegotiation", hello->secure_renegotiation);
	js_bool(js, "heartbeat", hello->heartbeat);
	js_bool(js, "extended_master_secret", hello->extended_master_secret);
	js_bool(js, "encrypt_then_mac", hello->encrypt_then_mac);
	if (hello->retry_seen)
		js_bool(js, "hello_retry", true);
	js_hex16(js, "record_version", hello->record_version);
	if (hello->alpn[0] != '\0')
		js_str(js, "alpn_protocol", hello->alpn);
	if (hello->selected_version != 0) {
		js_object(js, "supported_versions");
		put_version(js, "selected_version", hello->selected_version);
		js_end_object(js);
	}
	if (hello->key_share_group != 0)
		put_code(js, "key_share", hello->key_share_group,
			hl_group_name(hello->key_share_group));
	if (hello->n_extensions > 0) {
		js_array(js, "extension_identifiers");
		for (unsigned int i = 0; i < hello->n_extensions; i++)
			js_u64(js, NULL, hello->extensions[i]);
		js_end_array(js);
	}
	js_end_object(js);
}

static void put_cert(struct js_buf *js, const char *key, const struct tl_result *tls,
	unsigned int i, const struct js_cert_sink *certs, uint64_t seen_us)
{
	certs->put(certs->ctx, js, key,
		&(struct js_cert){
			.der = tls->der + tls->certs[i].off,
			.der_len = tls->certs[i].len,
			.is_leaf = i == 0,
			.seen_us = seen_us,
		});
}

static void put_certificates(struct js_buf *js, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us)
{
	js_object(js, "server_certificates");
	put_cert(js, "certificate", tls, 0, certs, seen_us);
	js_array(js, "chain");
	for (unsigned int i = 1; i < tls->n_certs; i++)
		put_cert(js, NULL, tls, i, certs, seen_us);
	js_end_array(js);
	if (tls->chain_truncated)
		js_bool(js, "chain_truncated", true);
	js_end_object(js);
}

/* Write a SignatureAndHashAlgorithm (RFC 5246 7.4.1.4.1). A scheme of RFC 8446 4.2.3 that is none
 * is written as its number alone. */
static void put_signature(struct js_buf *js, uint16_t sig_alg)
{
	static const char *const hashes[] = {
		"none", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"};
	static const char *const signatures[] = {"anonymous", "rsa", "dsa", "ecdsa"};
	unsigned int hash = sig_alg >> 8, signature = sig_alg & 0xff;

	js_object(js, "signature");
	if (hash < sizeof(hashes) / sizeof(hashes[0]) &&
		signature < sizeof(signatures) / sizeof(signatures[0])) {
		js_object(js, "signature_and_hash_type");
		js_str(js, "signature_algorithm", signatures[signature]);
		js_str(js, "hash_algorithm", hashes[hash]);
		js_end_object(js);
	}
	js_hex16(js, "scheme", sig_alg);
	js_end_object(js);
}

/* Write a big integer as ZGrab2 does. n_bits: its length. */
static void put_number(
	struct js_buf *js, const char *key, const uint8_t *bytes, size_t len, size_t n_bits)
{
	js_object(js, key);
	js_base64(js, "value", bytes, len);
	js_u64(js, "length", n_bits);
	js_end_object(js);
}

static void put_key_exchange(struct js_buf *js, const struct hl_key_exchange *kex)
{
	js_object(js, "server_key_exchange");
	if (kex->group != 0) {
		js_object(js, "ecdh_params");
		js_object(js, "curve_id");
		js_str(js, "name", hl_group_name(kex->group));
		js_u64(js, "id", kex->group);
		js_end_object(js);
		js_end_object(js);
	} else if (kex->dh_p_len > 0) {
		js_object(js, "dh_params");
		put_number(js, "prime", kex->dh_p, kex->dh_p_len, kex->dh_bits);
		put_number(js, "generator", kex->dh_g, kex->dh_g_len, kex->dh_g_len * 8u);
		js_end_object(js);
	}
	if (kex->sig_alg != 0)
		put_signature(js, kex->sig_alg);
	js_end_object(js);
}

static void put_ja3s(struct js_buf *js, const struct hl_server_hello *hello)
{
	uint8_t digest[TL_JA3S_LEN];

	if (tl_ja3s(hello, digest))
		js_hex(js, "ja3s", digest, sizeof(digest));
}

static void put_negotiated(struct js_buf *js, const struct tl_result *tls)
{
	if (tls->version == 0)
		return;
	js_object(js, "negotiated");
	put_version(js, "version", tls->version);
	if (tls->cipher_suite != 0)
		put_code(js, "cipher_suite", tls->cipher_suite, hl_suite_name(tls->cipher_suite));
	if (tls->group != 0)
		put_code(js, "group", tls->group, hl_group_name(tls->group));
	if (tls->dh_bits != 0)
		js_u64(js, "dh_bits", tls->dh_bits);
	if (tls->alpn[0] != '\0')
		js_str(js, "alpn", tls->alpn);
	js_end_object(js);
}

static void put_warnings(struct js_buf *js, const struct tl_result *tls)
{
	if (tls->n_warnings == 0)
		return;
	js_array(js, "warning_alerts");
	for (unsigned int i = 0; i < tls->n_warnings; i++) {
		js_object(js, NULL);
		js_u64(js, "code", tls->warnings[i]);
		js_str(js, "name", hl_alert_name(tls->warnings[i]));
		js_end_object(js);
	}
	js_end_array(js);
}

static void put_failure(struct js_buf *js, const struct tl_result *tls)
{
	if (tls->alert_dir != HL_ALERT_NONE) {
		js_object(js, "alert");
		js_str(js, "direction", tls->alert_dir == HL_ALERT_SENT ? "sent" : "received");
		js_u64(js, "level", tls->alert_level);
		js_u64(js, "code", tls->alert_code);
		js_str(js, "name", hl_alert_name(tls->alert_code));
		js_end_object(js);
	}
	if (tls->cause != TL_CAUSE_NONE)
		js_str(js, "cause", tl_cause_name(tls->cause));
	if (tls->error[0] != '\0')
		js_str(js, "error", tls->error);
	if (tls->lib_error != 0)
		js_i64(js, "library_error", tls->lib_error);
	if (tls->limit_hit)
		js_bool(js, "limit_hit", true);
	if (tls->not_tls)
		js_bool(js, "not_tls", true);
}

void js_tls_elements(struct js_buf *js, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us)
{
	js_object(js, "handshake_log");
	if (tls->hello.seen)
		put_server_hello(js, &tls->hello);
	if (tls->n_certs > 0)
		put_certificates(js, tls, certs, seen_us);
	if (tls->kex.seen)
		put_key_exchange(js, &tls->kex);
	if (tls->alert_dir == HL_ALERT_RECEIVED)
		js_u64(js, "alert", tls->alert_code);
	js_end_object(js);
	put_ja3s(js, &tls->hello);
	js_bool(js, "handshake_completed_successfully", tls->completed);
	put_negotiated(js, tls);
	put_warnings(js, tls);
	put_failure(js, tls);
	js_u64(js, "bytes_received", tls->rx_bytes);
	js_u64(js, "bytes_sent", tls->tx_bytes);
	js_u64(js, "peak_heap_bytes", tls->peak_heap_bytes);
	js_u64(js, "cpu_us", tls->cpu_us);
}

void js_tls_log(struct js_buf *js, const char *key, const struct tl_result *tls,
	const struct js_cert_sink *certs, uint64_t seen_us)
{
	js_object(js, key);
	js_tls_elements(js, tls, certs, seen_us);
	js_end_object(js);
}
