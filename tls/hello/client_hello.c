/* SPDX-License-Identifier: BSD-3-Clause */
#include "client_hello.h"

#include <string.h>

#include "records.h"

enum {
	EXT_SERVER_NAME = 0,
	EXT_STATUS_REQUEST = 5,
	EXT_SUPPORTED_GROUPS = 10,
	EXT_POINT_FORMATS = 11,
	EXT_SIGNATURE_ALGORITHMS = 13,
	EXT_HEARTBEAT = 15,
	EXT_ALPN = 16,
	EXT_SCT = 18,
	EXT_EXTENDED_MASTER_SECRET = 23,
	EXT_SESSION_TICKET = 35,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_RENEGOTIATION_INFO = 0xff01,
	SUITE_RENEGOTIATION_INFO = 0x00ff, /* RFC 5746 3.3: stands for the empty extension */
};

/* RFC 6066 3: a list of names, of which a client sends one. */
static bool server_name_read(struct hl_cursor ext, struct hl_client_hello *hello)
{
	struct hl_cursor list;
	uint8_t type;

	return hl_take_vec16(&ext, &list) && hl_take_u8(&list, &type) &&
	       hl_take_vec16(&list, &hello->server_name);
}

static bool extension_read(uint16_t id, struct hl_cursor ext, struct hl_client_hello *hello)
{
	switch (id) {
	case EXT_SERVER_NAME:
		return server_name_read(ext, hello);
	case EXT_SUPPORTED_GROUPS:
		return hl_take_vec16(&ext, &hello->groups);
	case EXT_POINT_FORMATS:
		return hl_take_vec8(&ext, &hello->point_formats);
	case EXT_SIGNATURE_ALGORITHMS:
		return hl_take_vec16(&ext, &hello->signatures);
	case EXT_ALPN:
		return hl_take_vec16(&ext, &hello->alpn);
	case EXT_SUPPORTED_VERSIONS:
		return hl_take_vec8(&ext, &hello->versions);
	case EXT_STATUS_REQUEST:
		hello->ocsp_stapling = true;
		break;
	case EXT_HEARTBEAT:
		hello->heartbeat = true;
		break;
	case EXT_SCT:
		hello->scts = true;
		break;
	case EXT_EXTENDED_MASTER_SECRET:
		hello->extended_master_secret = true;
		break;
	case EXT_SESSION_TICKET:
		hello->ticket = true;
		break;
	case EXT_RENEGOTIATION_INFO:
		hello->secure_renegotiation = true;
		break;
	default:
		break;
	}
	return true;
}

static bool offers(struct hl_cursor list, uint16_t wanted)
{
	uint16_t code;

	while (hl_take_u16(&list, &code)) /* each turn takes two bytes */
		if (code == wanted)
			return true;
	return false;
}

bool hl_client_hello_read(const uint8_t *message, size_t len, struct hl_client_hello *hello)
{
	struct hl_cursor c = {message, len}, body, extensions, ext;
	uint8_t type;
	uint16_t id;

	memset(hello, 0, sizeof(*hello));
	if (!hl_take_u8(&c, &type) || type != MSG_CLIENT_HELLO || !hl_take_vec24(&c, &body))
		return false;
	if (!hl_take_u16(&body, &hello->legacy_version) ||
		!hl_take(&body, HL_RANDOM_LEN, &hello->random) ||
		!hl_take_vec8(&body, &hello->session_id) || !hl_take_vec16(&body, &hello->suites) ||
		!hl_take_vec8(&body, &hello->compressions))
		return false;
	hello->secure_renegotiation = offers(hello->suites, SUITE_RENEGOTIATION_INFO);
	if (body.left == 0)
		return true;
	if (!hl_take_vec16(&body, &extensions))
		return false;
	while (extensions.left > 0) { /* each turn takes at least four bytes */
		if (!hl_take_u16(&extensions, &id) || !hl_take_vec16(&extensions, &ext) ||
			!extension_read(id, ext, hello))
			return false;
	}
	return true;
}
