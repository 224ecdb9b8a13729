/* SPDX-License-Identifier: BSD-3-Clause */
#include "noise.h"

static const char *const names[DP_N_RESPONDER] = {
	[DP_RESPONDER_SERVICE] = "service",
	[DP_RESPONDER_WRONG_PROTOCOL] = "wrong-protocol",
	[DP_RESPONDER_LATE] = "late",
	[DP_RESPONDER_ANSWERS_EVERYWHERE] = "answers-everywhere",
	[DP_RESPONDER_FIN_FIRST] = "fin-first",
	[DP_RESPONDER_RESET] = "reset",
	[DP_RESPONDER_RESET_ON_DATA] = "reset-on-data",
	[DP_RESPONDER_SYN_PROXY] = "syn-proxy",
	[DP_RESPONDER_ZERO_WINDOW] = "zero-window",
	[DP_RESPONDER_ACKED_SILENT] = "acked-silent",
	[DP_RESPONDER_NO_ACK] = "no-ack",
	[DP_RESPONDER_UNDECIDED] = "undecided",
};

/* Only an alert, or the beginning of a ServerHello, proves it: a record header alone can be an echo
 * of our own. */
static bool spoke_tls(const struct tl_result *tls)
{
	return tls != NULL && (tls->completed || tls->hello.seen || tls->hello.from_server ||
				      tls->alert_dir == HL_ALERT_RECEIVED);
}

/* An alert where plaintext was expected, or one that came before there was a session. */
static bool sent_alert(const struct dl_dialog *dialog)
{
	return dialog != NULL && dialog->alert_level != 0;
}

/* How the dialog ended counts too: an FTP greeting looks like one of SMTP. */
static bool spoke_protocol(const struct dl_dialog *dialog)
{
	return dialog != NULL && dialog->heard == DL_HEARD_PROTOCOL &&
	       dialog->class != DL_CLASS_OTHER_PROTOCOL && dialog->class != DL_CLASS_TLS_ON_PLAIN;
}

static bool spoke_anything(const struct dp_record *record)
{
	return (record->tls != NULL && record->tls->rx_bytes > 0) ||
	       (record->dialog != NULL && record->dialog->heard != DL_HEARD_NOTHING);
}

/* Half of the decoys suffice: a lost answer must not hide a host that answers everywhere. */
static bool decoys_answered(const struct dp_record *record)
{
	return record->n_decoys_answered > 0 &&
	       2 * record->n_decoys_answered >= record->n_decoys_sent;
}

static enum dp_responder class_of_silence(const struct ts_facts *tcp)
{
	/* FIN is tested before RST: a kernel that has closed its end answers our next
	 * segment with a RST. */
	if (tcp->peer_fin_first)
		return DP_RESPONDER_FIN_FIRST;
	if (tcp->close == TS_CLOSE_RST)
		return tcp->data_sent || tcp->fin_sent ? DP_RESPONDER_RESET_ON_DATA
						       : DP_RESPONDER_RESET;
	if (!tcp->window_opened)
		/* Both signs, and no further segment: a SYN-ACK forged on the path. A host shows at
		 * most one of them. */
		return tcp->synack_wnd == 0 && tcp->opts_order[0] == '\0' && !tcp->heard
			       ? DP_RESPONDER_SYN_PROXY
			       : DP_RESPONDER_ZERO_WINDOW;
	if (tcp->data_acked || tcp->fin_acked)
		return DP_RESPONDER_ACKED_SILENT;
	return tcp->data_sent || tcp->fin_sent ? DP_RESPONDER_NO_ACK : DP_RESPONDER_UNDECIDED;
}

enum dp_responder dp_noise_class(const struct dp_record *record)
{
	if (record->outcome != DP_OUTCOME_OPEN)
		return DP_RESPONDER_NONE;
	/* A second connection: the first one's dialog has given its name. */
	if (spoke_tls(record->tls) || sent_alert(record->dialog) ||
		spoke_protocol(record->dialog) || record->retried)
		return DP_RESPONDER_SERVICE;
	if (spoke_anything(record))
		return DP_RESPONDER_WRONG_PROTOCOL;
	if (record->tcp.rx_bytes > 0)
		return DP_RESPONDER_LATE;
	if (decoys_answered(record))
		return DP_RESPONDER_ANSWERS_EVERYWHERE;
	return class_of_silence(&record->tcp);
}

bool dp_responder_is_noise(enum dp_responder responder)
{
	return responder >= DP_RESPONDER_ANSWERS_EVERYWHERE && responder < DP_RESPONDER_UNDECIDED;
}

const char *dp_responder_name(enum dp_responder responder)
{
	return responder < DP_N_RESPONDER ? names[responder] : NULL;
}
