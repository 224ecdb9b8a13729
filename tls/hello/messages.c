/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "cursor.h"
#include "messages.h"

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest". */
static const uint8_t retry_random[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d,
	0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07,
	0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

enum {
	EXT_STATUS_REQUEST = 5,
	EXT_HEARTBEAT = 15,
	EXT_ALPN = 16,
	EXT_ENCRYPT_THEN_MAC = 22,
	EXT_EXTENDED_MASTER_SECRET = 23,
	EXT_SESSION_TICKET = 35,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_KEY_SHARE = 51,
	EXT_RENEGOTIATION_INFO = 0xff01,
};

/* RFC 7301 3.1: a list of exactly one name. */
static void alpn_read(struct hl_cursor ext, struct hl_server_hello *hello)
{
	struct hl_cursor list, name;
	size_t len;

	if (!hl_take_vec16(&ext, &list) || !hl_take_vec8(&list, &name))
		return;
	len = name.left < HL_ALPN_MAX ? name.left : HL_ALPN_MAX;
	memcpy(hello->alpn, name.at, len);
	hello->alpn[len] = '\0';
}

static void extension_read(uint16_t id, struct hl_cursor ext, struct hl_server_hello *hello)
{
	switch (id) {
	case EXT_STATUS_REQUEST:
		hello->ocsp_stapling = true;
		break;
	case EXT_HEARTBEAT:
		hello->heartbeat = true;
		break;
	case EXT_ALPN:
		alpn_read(ext, hello);
		break;
	case EXT_ENCRYPT_THEN_MAC:
		hello->encrypt_then_mac = true;
		break;
	case EXT_EXTENDED_MASTER_SECRET:
		hello->extended_master_secret = true;
		break;
	case EXT_SESSION_TICKET:
		hello->ticket = true;
		break;
	case EXT_SUPPORTED_VERSIONS:
		(void)hl_take_u16(&ext, &hello->selected_version);
		break;
	case EXT_KEY_SHARE:
		(void)hl_take_u16(&ext, &hello->key_share_group);
		break;
	case EXT_RENEGOTIATION_INFO:
		hello->secure_renegotiation = true;
		break;
	default:
		break;
	}
}

/* Bounded by the message: each turn takes at least the four bytes of id and length. */
static bool extensions_read(struct hl_cursor *list, struct hl_server_hello *hello)
{
	struct hl_cursor ext;
	uint16_t id;

	while (list->left > 0) {
		if (!hl_take_u16(list, &id) || !hl_take_vec16(list, &ext))
			return false;
		if (hello->n_extensions < HL_MAX_EXTENSIONS)
			hello->extensions[hello->n_extensions++] = id;
		extension_read(id, ext, hello);
	}
	return true;
}

bool hl_server_hello_read(const uint8_t *body, size_t len, struct hl_server_hello *hello)
{
	struct hl_cursor c = {body, len}, session_id, extensions;
	struct hl_server_hello got = {.from_server = hello->from_server,
		.retry_seen = hello->retry_seen,
		.record_version = hello->record_version};
	const uint8_t *random;

	if (!hl_take_u16(&c, &got.legacy_version) || !hl_take(&c, sizeof(got.random), &random) ||
		!hl_take_vec8(&c, &session_id) || session_id.left > sizeof(got.session_id) ||
		!hl_take_u16(&c, &got.cipher_suite) || !hl_take_u8(&c, &got.compression))
		return false;
	memcpy(got.random, random, sizeof(got.random));
	memcpy(got.session_id, session_id.at, session_id.left);
	got.session_id_len = (uint8_t)session_id.left;
	if (memcmp(random, retry_random, sizeof(retry_random)) == 0)
		got.retry_seen = true;
	else
		got.seen = true;
	*hello = got;
	if (c.left == 0) /* SSLv3 to TLS 1.2 may leave the extensions out */
		return true;
	return hl_take_vec16(&c, &extensions) && extensions_read(&extensions, hello);
}

enum hl_kex {
	KEX_OTHER,
	KEX_DHE,
	KEX_ECDHE,
	KEX_DHE_PSK,
	KEX_ECDHE_PSK,
};

/* IANA's names begin with the key exchange. Longer beginnings come first. */
static enum hl_kex suite_kex(uint16_t suite)
{
	static const struct {
		const char *prefix;
		enum hl_kex kex;
	} table[] = {{"TLS_ECDHE_PSK_", KEX_ECDHE_PSK}, {"TLS_DHE_PSK_", KEX_DHE_PSK},
		{"TLS_PSK_DHE_", KEX_DHE_PSK}, {"TLS_ECDHE_", KEX_ECDHE},
		{"TLS_ECDH_anon_", KEX_ECDHE}, {"TLS_DHE_", KEX_DHE}, {"TLS_DH_anon_", KEX_DHE}};
	const char *name = hl_suite_name(suite);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strncmp(name, table[i].prefix, strlen(table[i].prefix)) == 0)
			return table[i].kex;
	}
	return KEX_OTHER;
}

static void strip_zeros(struct hl_cursor *number)
{
	while (number->left > 0 && number->at[0] == 0) {
		number->at++;
		number->left--;
	}
}

/* Of a number without leading zeros; saturates. */
static uint16_t number_bits(const struct hl_cursor *number)
{
	size_t bits;

	if (number->left == 0)
		return 0;
	bits = number->left * 8 - ((size_t)__builtin_clz(number->at[0]) - 24);
	return bits > UINT16_MAX ? UINT16_MAX : (uint16_t)bits;
}

/* Nothing of a number that is too long. */
static struct hl_cursor number_keep(struct hl_cursor number, size_t max)
{
	return number.left > max ? (struct hl_cursor){0} : number;
}

static bool dhe_read(struct hl_cursor *c, struct hl_key_exchange *kex)
{
	struct hl_cursor p, g, y;

	if (!hl_take_vec16(c, &p))
		return false;
	strip_zeros(&p);
	kex->dh_bits = number_bits(&p);
	kex->dh_p = number_keep(p, HL_DH_P_MAX);
	if (!hl_take_vec16(c, &g))
		return false;
	strip_zeros(&g);
	kex->dh_g = number_keep(g, HL_DH_G_MAX);
	if (!hl_take_vec16(c, &y))
		return false;
	strip_zeros(&y);
	kex->dh_y = number_keep(y, HL_DH_P_MAX);
	return true;
}

static bool ecdhe_read(struct hl_cursor *c, struct hl_key_exchange *kex)
{
	enum { NAMED_CURVE = 3 };
	uint8_t curve_type;

	if (!hl_take_u8(c, &curve_type))
		return false;
	if (curve_type !=
		NAMED_CURVE) { /* explicit curves (RFC 4492 5.4): their marker, nothing after it */
		kex->group = curve_type == 1 ? 0xff01 : 0xff02;
		c->left = 0;
		return true;
	}
	return hl_take_u16(c, &kex->group) && hl_take_vec8(c, &kex->point);
}

/* Only TLS 1.2 names the signature algorithm. A signature that is not whole breaks nothing: all
 * that the handshake is judged by has been read. */
static bool signature_read(struct hl_cursor *c, uint16_t version, struct hl_key_exchange *kex)
{
	if (version == 0x0303 && !hl_take_u16(c, &kex->sig_alg))
		return false;
	(void)hl_take_vec16(c, &kex->signature);
	return true;
}

bool hl_key_exchange_read(const uint8_t *body, size_t len, const struct hl_server_hello *hello,
	struct hl_key_exchange *kex)
{
	enum hl_kex kind = suite_kex(hello->cipher_suite);
	struct hl_cursor c = {body, len}, hint;
	bool ok = true;

	memset(kex, 0, sizeof(*kex));
	kex->seen = true;
	if (kind == KEX_DHE_PSK || kind == KEX_ECDHE_PSK)
		ok = hl_take_vec16(&c, &hint);
	if (ok && (kind == KEX_DHE || kind == KEX_DHE_PSK))
		ok = dhe_read(&c, kex);
	else if (ok && (kind == KEX_ECDHE || kind == KEX_ECDHE_PSK))
		ok = ecdhe_read(&c, kex);
	else
		return ok;
	/* Anonymous and PSK suites end here. */
	if (!ok || c.left == 0)
		return ok;
	kex->params = (struct hl_cursor){body, len - c.left};
	return signature_read(&c, hello->legacy_version, kex);
}
