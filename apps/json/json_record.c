/* SPDX-License-Identifier: BSD-3-Clause */
#include "json_record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dataplane/record/noise.h"
#include "tls/hello/client_hello.h"
#include "json_dialog.h"
#include "json_http.h"
#include "json_tls.h"

static const char *const close_names[TS_N_CLOSE] = {
	[TS_CLOSE_NONE] = "none",
	[TS_CLOSE_FIN] = "fin",
	[TS_CLOSE_RST] = "rst",
	[TS_CLOSE_REFUSED] = "refused",
	[TS_CLOSE_UNREACHABLE] = "unreachable",
	[TS_CLOSE_SYN_TIMEOUT] = "syn-timeout",
	[TS_CLOSE_RTO] = "timeout",
	[TS_CLOSE_ABORTED] = "aborted",
	[TS_CLOSE_FIN_TIMEOUT] = "fin-timeout",
};

enum dl_status js_record_status(const struct dp_record *record)
{
	return record->status == DL_RUNNING ? DL_UNKNOWN_ERROR : record->status;
}

__attribute__((format(printf, 3, 4))) static void add(
	char *out, size_t *len, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(out + *len, JS_RECORD_ERROR_LEN - *len, format, ap);
	va_end(ap);
	if (n > 0)
		*len += (size_t)n < JS_RECORD_ERROR_LEN - *len ? (size_t)n
							       : JS_RECORD_ERROR_LEN - *len - 1;
}

/* The session's result; without a session, the alert that the dialog met; NULL: there is
 * neither. */
static const struct tl_result *tls_of(const struct dp_record *record, struct tl_result *alert)
{
	const struct dl_dialog *dialog = record->dialog;

	if (record->tls != NULL || dialog == NULL || dialog->alert_level == 0)
		return record->tls;
	*alert = (struct tl_result){
		.alert_dir = HL_ALERT_RECEIVED,
		.alert_level = dialog->alert_level,
		.alert_code = dialog->alert_code,
	};
	return alert;
}

/* Add what stopped the TLS session: the alert as a Go client words it, then the session's own
 * sentence. */
static void add_tls(char *out, size_t *len, const struct tl_result *tls)
{
	if (tls->alert_dir == HL_ALERT_RECEIVED)
		add(out, len, ": remote error: %s", hl_alert_name(tls->alert_code));
	else if (tls->alert_dir == HL_ALERT_SENT)
		add(out, len, ": local error: %s", hl_alert_name(tls->alert_code));
	if (tls->error[0] != '\0')
		add(out, len, ": %s", tls->error);
}

void js_record_error_sentence(const struct dp_record *record, char out[JS_RECORD_ERROR_LEN])
{
	static const char *const causes[DL_N_STATUS] = {
		[DL_CONNECTION_REFUSED] = "the connection was refused",
		[DL_CONNECTION_TIMEOUT] = "the connection timed out",
		[DL_CONNECTION_CLOSED] = "the peer closed the connection",
		[DL_HANDSHAKE_ERROR] = "the TLS handshake failed",
		[DL_POST_TLS_APPLICATION_ERROR] = "the application failed after TLS",
		[DL_IO_TIMEOUT] = "the peer fell silent",
		[DL_PROTOCOL_ERROR] = "the peer does not speak this protocol",
		[DL_APPLICATION_ERROR] = "the server refused",
		[DL_UNKNOWN_ERROR] = "the dialog ended early",
	};
	enum dl_status status = js_record_status(record);
	struct tl_result alert;
	const struct tl_result *tls = tls_of(record, &alert);
	size_t len = 0;

	out[0] = '\0';
	if (status == DL_SUCCESS)
		return;
	if (record->outcome == DP_OUTCOME_CLOSED) {
		add(out, &len, "a reset answered the SYN");
		return;
	}
	if (record->outcome == DP_OUTCOME_UNREACHABLE) {
		add(out, &len, "ICMP type %u code %u answered the SYN", record->icmp_type,
			record->icmp_code);
		return;
	}
	add(out, &len, "%s at stage %s", causes[status], dl_stage_name(record->stage));
	if (record->dialog != NULL && record->dialog->class != DL_CLASS_NONE)
		add(out, &len, ", %s", dl_class_name(record->dialog->class));
	if (record->dialog != NULL && record->dialog->code != 0)
		add(out, &len, ", code %u", record->dialog->code);
	if (tls != NULL && (!tls->completed || tls->error[0] != '\0'))
		add_tls(out, &len, tls);
}

static void put_icmp(struct js_buf *js, uint8_t type, uint8_t code)
{
	js_object(js, "icmp");
	js_u64(js, "type", type);
	js_u64(js, "code", code);
	js_end_object(js);
}

static void put_tcp(struct js_buf *js, const struct ts_facts *tcp)
{
	js_object(js, "tcp");
	if (tcp->rtt_us != 0)
		js_u64(js, "rtt_us", tcp->rtt_us);
	js_u64(js, "synack_ttl", tcp->synack_ttl);
	js_u64(js, "synack_window", tcp->synack_wnd);
	js_str(js, "synack_options", tcp->opts_order);
	if (tcp->synack_mss != 0)
		js_u64(js, "mss", tcp->synack_mss);
	if (tcp->synack_wscale != 0xff)
		js_u64(js, "window_scale", tcp->synack_wscale);
	js_u64(js, "retransmits", tcp->n_retransmits);
	js_u64(js, "bytes_received", tcp->rx_bytes);
	js_u64(js, "bytes_acknowledged", tcp->tx_acked_bytes);
	js_bool(js, "data_acknowledged", tcp->data_acked);
	if (tcp->fin_acked)
		js_bool(js, "fin_acknowledged", true);
	js_bool(js, "peer_fin", tcp->peer_fin);
	if (tcp->zero_window_seen)
		js_bool(js, "zero_window", true);
	if (tcp->icmp_type != 0 || tcp->icmp_code != 0)
		put_icmp(js, tcp->icmp_type, tcp->icmp_code);
	js_str(js, "close", close_names[tcp->close]);
	js_end_object(js);
}

/* Write what the answer to the SYN says, if there was no connection. */
static void put_answer(struct js_buf *js, const struct dp_record *record)
{
	js_object(js, "tcp");
	js_u64(js, "answer_ttl", record->answer_ttl);
	if (record->outcome == DP_OUTCOME_UNREACHABLE)
		put_icmp(js, record->icmp_type, record->icmp_code);
	js_str(js, "close", record->outcome == DP_OUTCOME_CLOSED ? "refused" : "unreachable");
	js_end_object(js);
}

/* Write what the protocol found out. host: the target's name or, if it has none, its address. */
static void put_protocol(struct js_buf *js, const struct dp_record *record, const char *host,
	const struct js_tls_form *form)
{
	struct tl_result alert;
	const struct tl_result *tls = tls_of(record, &alert);

	switch (record->service.proto) {
	case DL_HTTP:
		if (record->outcome == DP_OUTCOME_OPEN)
			js_http_response(js, record->dialog, tls, host, form);
		break;
	case DL_TLS:
		if (tls != NULL)
			js_tls_elements(js, tls, form);
		break;
	default:
		if (record->dialog != NULL)
			js_dialog_elements(js, record->dialog);
		if (tls != NULL)
			js_tls_log(js, "tls", tls, form);
		break;
	}
}

static void put_responder(struct js_buf *js, const struct dp_record *record)
{
	if (record->outcome != DP_OUTCOME_OPEN)
		return;
	js_str(js, "responder", dp_responder_name(record->responder));
	if (record->n_decoys_sent == 0)
		return;
	js_object(js, "decoys");
	js_u64(js, "sent", record->n_decoys_sent);
	js_u64(js, "answered", record->n_decoys_answered);
	js_end_object(js);
}

/* The first bytes of a peer that does not speak TLS. If they came before a session could begin, the
 * dialog has them as the banner. */
static void put_other(struct js_buf *js, const struct dp_record *record)
{
	const struct dl_dialog *dialog = record->dialog;
	const struct tl_result *tls = record->tls;
	const struct dl_span *banner;

	if (tls != NULL && tls->not_tls && tls->kept != NULL && tls->kept->other_len > 0) {
		js_base64(js, "not_tls_bytes", tls->kept->other, tls->kept->other_len);
		return;
	}
	if (tls != NULL || dialog == NULL || !dialog->implicit_tls || dl_in_tls(dialog) ||
		dialog->class != DL_CLASS_OTHER_PROTOCOL)
		return;
	banner = &dialog->text[DL_TEXT_BANNER];
	if (banner->len > 0)
		js_base64(js, "not_tls_bytes", dialog->raw + banner->off,
			banner->len < TL_OTHER_MAX ? banner->len : TL_OTHER_MAX);
}

static void put_result(struct js_buf *js, const struct dp_record *record, const char *host,
	const struct js_tls_form *form)
{
	js_object(js, "result");
	put_protocol(js, record, host, form);
	put_other(js, record);
	js_str(js, "service", dl_service_name(&record->service));
	js_str(js, "outcome", dp_outcome_name(record->outcome));
	put_responder(js, record);
	js_str(js, "stage", dl_stage_name(record->stage));
	if (record->dialog != NULL)
		js_dialog_common(js, record->dialog);
	else if (record->outcome == DP_OUTCOME_OPEN && js_record_status(record) == DL_IO_TIMEOUT)
		js_str(js, "class", dl_class_name(DL_CLASS_SILENT));
	if (record->retried && record->dialog != NULL)
		js_str(js, "retried_as", record->dialog->host);
	js_double(js, "duration_ms", record->duration_us / 1e3);
	if (record->outcome == DP_OUTCOME_OPEN)
		put_tcp(js, &record->tcp);
	else
		put_answer(js, record);
	js_end_object(js);
}

/* The SNI that was sent, as text. Nothing is written if there was none. */
static void sni_of(const struct tl_result *tls, char out[DL_NAME_MAX + 1])
{
	struct hl_client_hello hello;

	if (tls == NULL || tls->kept == NULL ||
		!hl_client_hello_read(tls->kept->hello, tls->kept->hello_len, &hello) ||
		hello.server_name.left == 0 || hello.server_name.left > DL_NAME_MAX)
		return;
	memcpy(out, hello.server_name.at, hello.server_name.left);
	out[hello.server_name.left] = '\0';
}

void js_record_line(struct js_buf *js, const struct dp_record *record, const char *domain,
	const struct js_asked *asked, const struct js_cert_sink *certs)
{
	static const struct js_asked by_default = {
		.http_method = "GET", .http_path = "/", .user_agent = ""};
	const struct js_tls_form form = {
		.asked = asked == NULL ? &by_default : asked,
		.certs = certs,
		.seen_us = record->start_unix_us,
	};
	const char *module = js_dialog_module(record->service.proto);
	char ip[TS_ADDR_STRLEN], error[JS_RECORD_ERROR_LEN], sni[DL_NAME_MAX + 1] = "";

	ts_addr_format(&record->addr, ip);
	js_record_error_sentence(record, error);
	/* A server that was asked again got a name of its own, which is in retried_as. */
	if (domain[0] == '\0' && !record->retried)
		sni_of(record->tls, sni);
	js_reset(js);
	js_object(js, NULL);
	js_str(js, "ip", ip);
	js_u64(js, "port", record->service.port);
	if (domain[0] != '\0' || sni[0] != '\0')
		js_str(js, "domain", domain[0] != '\0' ? domain : sni);
	js_object(js, "data");
	js_object(js, module);
	js_str(js, "status", dl_status_name(js_record_status(record)));
	js_str(js, "protocol", module);
	js_u64(js, "port", record->service.port);
	put_result(js, record, domain[0] != '\0' ? domain : ip, &form);
	js_time_us(js, "timestamp", record->start_unix_us);
	if (error[0] != '\0')
		js_str(js, "error", error);
	js_end_object(js);
	js_end_object(js);
	js_end_object(js);
	js_newline(js);
}
