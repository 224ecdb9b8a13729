/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_tls_parts.h"
#include "tls/hello/signature.h"
#include "tls/session/kex_digest.h"

/* RFC 8422 5.4.1: how the coordinates of a point follow. */
#define POINT_UNCOMPRESSED 4
#define X25519		   29
#define X448		   30

/* A big integer as ZGrab2 writes it; length in bits, of its bytes unless known better. */
static void put_number(struct js_buf *js, const char *key, struct hl_cursor number, size_t n_bits)
{
	js_object(js, key);
	js_base64(js, "value", number.at, number.left);
	js_u64(js, "length", n_bits);
	js_end_object(js);
}

static void put_coordinate(struct js_buf *js, const char *key, struct hl_cursor number)
{
	while (number.left > 0 && number.at[0] == 0) {
		number.at++;
		number.left--;
	}
	put_number(js, key, number, number.left * 8);
}

/* The curves of RFC 7748 have one coordinate. So has a point in a form that is not understood. */
static void put_point(struct js_buf *js, uint16_t group, struct hl_cursor point)
{
	bool both = group != X25519 && group != X448 && point.left % 2 == 1 &&
		    point.at[0] == POINT_UNCOMPRESSED;
	size_t len = both ? (point.left - 1) / 2 : point.left;
	const uint8_t *x = both ? point.at + 1 : point.at;

	js_object(js, "server_public");
	put_coordinate(js, "x", (struct hl_cursor){x, len});
	if (both)
		put_coordinate(js, "y", (struct hl_cursor){x + len, len});
	js_end_object(js);
}

static void put_ecdhe(struct js_buf *js, const struct hl_key_exchange *kex)
{
	js_object(js, "ecdh_params");
	js_object(js, "curve_id");
	js_str(js, "name", hl_group_name(kex->group));
	js_u64(js, "id", kex->group);
	js_end_object(js);
	if (kex->point.left > 0)
		put_point(js, kex->group, kex->point);
	js_end_object(js);
}

static void put_dhe(struct js_buf *js, const struct hl_key_exchange *kex)
{
	js_object(js, "dh_params");
	put_number(js, "prime", kex->dh_p, kex->dh_bits);
	put_number(js, "generator", kex->dh_g, kex->dh_g.left * 8u);
	if (kex->dh_y.left > 0)
		put_number(js, "server_public", kex->dh_y, kex->dh_y.left * 8u);
	js_end_object(js);
}

/* wolfSSL verifies the signature before it continues: a completed handshake has a valid one. What
 * ended earlier may have been verified or not. */
static void put_valid(struct js_buf *js, const struct tl_result *tls)
{
	if (tls->completed)
		js_bool(js, "valid", true);
	else if (tls->bad_signature)
		js_bool(js, "valid", false);
}

static void put_signature(struct js_buf *js, const struct tl_result *tls)
{
	const struct hl_key_exchange *kex = &tls->kex;

	js_object(js, "signature");
	if (kex->signature.left > 0)
		js_base64(js, "raw", kex->signature.at, kex->signature.left);
	js_str(js, "type", hl_signature_type(kex, &tls->hello));
	put_valid(js, tls);
	if (kex->sig_alg != 0)
		js_tls_scheme(js, "signature_and_hash_type", kex->sig_alg);
	js_tls_version(js, "tls_version", tls->hello.legacy_version);
	if (kex->sig_alg != 0)
		js_hex16(js, "scheme", kex->sig_alg);
	js_end_object(js);
}

void js_tls_key_exchange(struct js_buf *js, const struct tl_result *tls)
{
	const struct hl_key_exchange *kex = &tls->kex;
	uint8_t digest[TL_KEX_DIGEST_MAX];
	size_t len = tl_kex_digest(tls, digest);

	js_object(js, "server_key_exchange");
	if (kex->group != 0)
		put_ecdhe(js, kex);
	else if (kex->dh_p.left > 0)
		put_dhe(js, kex);
	if (len > 0)
		js_base64(js, "digest", digest, len);
	if (kex->sig_alg != 0 || kex->signature.left > 0)
		put_signature(js, tls);
	if (tls->bad_signature)
		js_str(js, "signature_error", tls->error);
	js_end_object(js);
}
