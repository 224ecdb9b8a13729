/* SPDX-License-Identifier: BSD-3-Clause */
#include "samples.h"

#include <assert.h>

#include "tests/unit/output/certs.h"

#define START_US 1795000000123456u /* 2026-11-18T11:06:40.123456Z */

/* Two suites, SNI, x25519, ECDSA with SHA-256, "h2", TLS 1.3. */
static const char client_hello[] = "\x01\x00\x00\x6f\x03\x03"
				   "0123456789abcdef0123456789abcdef"
				   "\x02id\x00\x04\x13\x01\xc0\x2f\x01\x00\x00\x40"
				   "\x00\x00\x00\x0a\x00\x08\x00\x00\x05sni.a"
				   "\x00\x0a\x00\x04\x00\x02\x00\x1d\x00\x0b\x00\x02\x01\x00"
				   "\x00\x0d\x00\x04\x00\x02\x04\x03\x00\x10\x00\x05\x00\x03\x02h2"
				   "\x00\x17\x00\x00\x00\x23\x00\x00\x00\x2b\x00\x03\x02\x03\x04"
				   "\x00\x15\x00\x00";

void sample_begin(struct sample *sample, const char *name, enum dl_proto proto, uint16_t port,
	bool implicit_tls)
{
	memset(sample, 0, sizeof(*sample));
	sample->name = name;
	sample->record = (struct dp_record){
		.service = {.port = port, .proto = proto, .implicit_tls = implicit_tls},
		.outcome = DP_OUTCOME_OPEN,
		.status = DL_SUCCESS,
		.stage = DL_AT_BYE,
		.start_unix_us = START_US,
		.duration_us = 345678,
		.answer_ttl = 57,
		.tcp = {.rtt_us = 20123,
			.synack_wnd = 64240,
			.synack_mss = 1460,
			.synack_ttl = 57,
			.synack_wscale = 7,
			.opts_order = "MSTNW",
			.rx_bytes = 4321,
			.tx_acked_bytes = 600,
			.data_acked = true,
			.peer_fin = true,
			.close = TS_CLOSE_FIN},
		.responder = DP_RESPONDER_SERVICE,
		.dialog = &sample->dialog,
	};
	assert(ts_addr_parse("192.0.2.25", &sample->record.addr) == 0);
	sample->dialog.proto = proto;
	sample->dialog.implicit_tls = implicit_tls;
	sample->dialog.status = DL_SUCCESS;
	sample->dialog.stage = DL_AT_BYE;
	sample->dialog.heard = DL_HEARD_PROTOCOL;
	sample->dialog.greeting_us = 25500;
	sample->tls.der = sample->der;
}

void sample_bytes(struct sample *sample, enum dl_text phase, const void *bytes, size_t len)
{
	struct dl_dialog *dialog = &sample->dialog;

	assert(dialog->raw_len + len <= DL_RAW_CAP);
	if (dialog->text[phase].len == 0)
		dialog->text[phase].off = dialog->raw_len;
	memcpy(dialog->raw + dialog->raw_len, bytes, len);
	dialog->text[phase].len = (uint16_t)(dialog->text[phase].len + len);
	dialog->raw_len = (uint16_t)(dialog->raw_len + len);
}

void sample_text(struct sample *sample, enum dl_text phase, const char *text)
{
	sample_bytes(sample, phase, text, strlen(text));
}

void sample_item(struct sample *sample, enum dl_list list, const char *token)
{
	struct dl_dialog *dialog = &sample->dialog;
	size_t len = strlen(token);

	assert(len >= 1 && len <= 255 && dialog->items_len + len + 2 <= DL_ITEMS_CAP);
	dialog->items[dialog->items_len++] = (uint8_t)list;
	dialog->items[dialog->items_len++] = (uint8_t)len;
	memcpy(dialog->items + dialog->items_len, token, len);
	dialog->items_len = (uint16_t)(dialog->items_len + len);
}

void sample_cert(struct sample *sample, const void *der, size_t len)
{
	struct tl_result *tls = &sample->tls;

	assert(tls->n_certs < TL_MAX_CERTS && tls->der_len + len <= SAMPLE_DER_LEN);
	memcpy(tls->der + tls->der_len, der, len);
	tls->certs[tls->n_certs++] = (struct tl_cert_span){tls->der_len, (uint32_t)len};
	tls->der_len += (uint32_t)len;
}

static void begin_tls(struct sample *sample, uint16_t version, uint16_t suite)
{
	struct tl_result *tls = &sample->tls;

	sample->record.tls = tls;
	tls->completed = true;
	tls->version = version;
	tls->cipher_suite = suite;
	tls->group = 29;
	tls->rx_bytes = 3000;
	tls->tx_bytes = 700;
	tls->peak_heap_bytes = 17000;
	tls->cpu_us = 150;
	tls->hello.seen = true;
	tls->hello.legacy_version = 0x0303;
	tls->hello.record_version = 0x0303;
	tls->hello.cipher_suite = suite;
	memset(tls->hello.random, 0xa5, sizeof(tls->hello.random));
	sample->kept = (struct tl_kept){
		.hello = (uint8_t *)(uintptr_t)client_hello,
		.hello_len = sizeof(client_hello) - 1,
	};
	tls->kept = &sample->kept;
	sample_cert(sample, leaf_der, sizeof(leaf_der));
	sample_cert(sample, ca_der, sizeof(ca_der));
}

void sample_tls12(struct sample *sample)
{
	struct hl_server_hello *hello = &sample->tls.hello;

	begin_tls(sample, 0x0303, 0xcca9);
	hello->n_extensions = 4;
	memcpy(hello->extensions, (const uint16_t[]){0, 65281, 11, 16}, 4 * sizeof(uint16_t));
	hello->secure_renegotiation = true;
	sample->tls.kex = (struct hl_key_exchange){
		.seen = true,
		.group = 29,
		.point = {(const uint8_t *)"\0point", 6},
		.params = {(const uint8_t *)"params", 6},
		.sig_alg = 0x0403,
		.signature = {(const uint8_t *)"signed", 6},
	};
}

void sample_tls13(struct sample *sample)
{
	struct hl_server_hello *hello = &sample->tls.hello;

	begin_tls(sample, 0x0304, 0x1301);
	hello->selected_version = 0x0304;
	hello->key_share_group = 29;
	hello->session_id_len = 32;
	hello->n_extensions = 2;
	memcpy(hello->extensions, (const uint16_t[]){51, 43}, 2 * sizeof(uint16_t));
}

void sample_fail(struct sample *sample, enum dl_status status, enum dl_stage stage,
	enum dl_class class, uint16_t code)
{
	sample->record.status = status;
	sample->record.stage = stage;
	sample->dialog.status = status;
	sample->dialog.stage = stage;
	sample->dialog.class = class;
	sample->dialog.code = code;
}
