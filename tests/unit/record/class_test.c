/* SPDX-License-Identifier: BSD-3-Clause */
/* From facts to the class of a responder: what proves a service wins, then each kind of silence has
 * its name. */
#include "dataplane/record/noise.h"
#include "tap.h"

/* A connection on which the window was open, our hello and FIN went out, and not a byte came. */
static const struct ts_facts silent = {
	.synack_wnd = 64240,
	.synack_mss = 1460,
	.opts_order = "MSTNW",
	.window_opened = true,
	.data_sent = true,
	.fin_sent = true,
	.close = TS_CLOSE_FIN_TIMEOUT,
};

static struct dl_dialog dialog;
static struct tl_result tls;
static struct dp_record record;

static void begin(void)
{
	memset(&dialog, 0, sizeof(dialog));
	memset(&tls, 0, sizeof(tls));
	record = (struct dp_record){.outcome = DP_OUTCOME_OPEN, .tcp = silent};
}

static void want(enum dp_responder class, const char *label)
{
	tap_str(dp_responder_name(dp_noise_class(&record)), dp_responder_name(class), label);
}

static void begin_dialog(enum dl_heard heard, enum dl_class class)
{
	begin();
	record.dialog = &dialog;
	dialog.heard = heard;
	dialog.class = class;
	record.tcp.rx_bytes = heard == DL_HEARD_NOTHING ? 0 : 20;
}

static void begin_tls(uint32_t rx_bytes)
{
	begin_dialog(DL_HEARD_NOTHING, DL_CLASS_NONE);
	record.tls = &tls;
	record.tcp.rx_bytes = rx_bytes;
	tls.rx_bytes = rx_bytes;
}

static void test_speech(void)
{
	begin_dialog(DL_HEARD_PROTOCOL, DL_CLASS_NONE);
	want(DP_RESPONDER_SERVICE, "a line of the protocol proves a service");
	begin_dialog(DL_HEARD_PROTOCOL, DL_CLASS_POLICY);
	want(DP_RESPONDER_SERVICE, "a refusal in the protocol's words proves a service");
	begin_dialog(DL_HEARD_PROTOCOL, DL_CLASS_OTHER_PROTOCOL);
	want(DP_RESPONDER_WRONG_PROTOCOL, "a line of the protocol proves no service if the dialog "
					  "says other-protocol in the end");
	begin_dialog(DL_HEARD_PROTOCOL, DL_CLASS_TLS_ON_PLAIN);
	want(DP_RESPONDER_WRONG_PROTOCOL, "TLS on a plaintext port is another protocol");
	dialog.alert_level = 2;
	want(DP_RESPONDER_SERVICE, "an alert is a TLS server's, wherever it comes");
	begin_dialog(DL_HEARD_BYTES, DL_CLASS_NONE);
	dialog.alert_level = 1;
	want(DP_RESPONDER_SERVICE,
		"an alert that came before a session could begin is a TLS server's");
	begin_dialog(DL_HEARD_BYTES, DL_CLASS_SILENT);
	want(DP_RESPONDER_WRONG_PROTOCOL, "half a line and then silence proves nothing");
	begin();
	record.tcp.rx_bytes = 20;
	want(DP_RESPONDER_LATE, "bytes nobody waited for any more have no meaning");
	begin();
	record.retried = true;
	want(DP_RESPONDER_SERVICE, "the second connection of an XMPP server stands on the first");
}

static void test_tls(void)
{
	begin_tls(0);
	want(DP_RESPONDER_NO_ACK, "a session without an answer is silence");
	begin_tls(7);
	want(DP_RESPONDER_WRONG_PROTOCOL, "a record header can be our own, come back");
	tls.hello.from_server = true;
	want(DP_RESPONDER_SERVICE, "a ServerHello that began is TLS, whatever became of it");
	tls.hello.from_server = false;
	tls.not_tls = true;
	want(DP_RESPONDER_WRONG_PROTOCOL, "bytes that are no TLS record are not TLS");
	begin_tls(4);
	want(DP_RESPONDER_WRONG_PROTOCOL, "less than a record header shows nothing");
	tls.alert_dir = HL_ALERT_SENT;
	want(DP_RESPONDER_WRONG_PROTOCOL, "our own alert shows nothing");
	begin_tls(7);
	tls.alert_dir = HL_ALERT_RECEIVED;
	want(DP_RESPONDER_SERVICE, "an alert in a session is TLS");
	begin_tls(9000);
	tls.hello.from_server = true;
	tls.cause = TL_CAUSE_BUDGET;
	want(DP_RESPONDER_SERVICE, "TLS that we left for want of time is a service");
	begin_tls(3000);
	tls.hello.seen = tls.completed = true;
	dialog.heard = DL_HEARD_BYTES;
	dialog.class = DL_CLASS_OTHER_PROTOCOL;
	want(DP_RESPONDER_SERVICE, "TLS with a stranger inside is TLS");
	begin_dialog(DL_HEARD_PROTOCOL, DL_CLASS_NONE);
	record.tls = &tls;
	tls.rx_bytes = 9;
	tls.not_tls = true;
	want(DP_RESPONDER_SERVICE, "a service whose STARTTLS breaks remains one");
}

static void test_silence(void)
{
	begin();
	want(DP_RESPONDER_NO_ACK, "a host that acknowledges nothing of ours is no-ack");
	record.tcp.heard = true;
	want(DP_RESPONDER_NO_ACK,
		"empty segments do not make a host that acknowledges nothing better");
	record.tcp.data_acked = true;
	want(DP_RESPONDER_ACKED_SILENT,
		"a host that acknowledges data and sends nothing is acked-silent");
	begin();
	record.tcp.data_sent = false;
	record.tcp.fin_acked = true;
	record.tcp.peer_fin = true;
	record.tcp.close = TS_CLOSE_FIN;
	want(DP_RESPONDER_ACKED_SILENT, "a FIN acknowledged and answered is a stack as well");
	begin();
	record.tcp.data_sent = record.tcp.fin_sent = false;
	record.tcp.close = TS_CLOSE_ABORTED;
	want(DP_RESPONDER_UNDECIDED, "who was asked nothing has not failed to answer");
}

static void test_endings(void)
{
	begin();
	record.tcp.data_sent = record.tcp.fin_sent = false;
	record.tcp.close = TS_CLOSE_RST;
	want(DP_RESPONDER_RESET, "a reset before any data is reset-at-once");
	record.tcp.data_sent = true;
	want(DP_RESPONDER_RESET_ON_DATA, "a reset after data is reset-on-data");
	record.tcp.data_acked = true;
	want(DP_RESPONDER_RESET_ON_DATA,
		"a reset after data is reset-on-data whether the data was acknowledged or not");
	record.tcp.data_sent = record.tcp.data_acked = false;
	record.tcp.fin_sent = true;
	want(DP_RESPONDER_RESET_ON_DATA, "a FIN of ours counts as data");
	begin();
	record.tcp.peer_fin = record.tcp.peer_fin_first = true;
	want(DP_RESPONDER_FIN_FIRST, "a close without a word is a class of its own");
	record.tcp.data_acked = true;
	want(DP_RESPONDER_FIN_FIRST, "a close without a word after our data has the same class");
	record.tcp.close = TS_CLOSE_RST;
	want(DP_RESPONDER_FIN_FIRST,
		"a close without a word has the same class if our data that crossed it is reset");
}

static void test_windows(void)
{
	begin();
	record.tcp.window_opened = false;
	record.tcp.zero_window_seen = true;
	record.tcp.synack_wnd = 0;
	want(DP_RESPONDER_ZERO_WINDOW, "a closed window with options is a host");
	record.tcp.opts_order[0] = '\0';
	want(DP_RESPONDER_SYN_PROXY,
		"a closed window without options, and nothing after it, is forged");
	record.tcp.heard = true;
	want(DP_RESPONDER_ZERO_WINDOW,
		"a closed window without options that goes on answering is a tarpit");
	record.tcp.close = TS_CLOSE_RST;
	want(DP_RESPONDER_RESET_ON_DATA,
		"a closed window without options that resets is classed by its reset");
	begin();
	record.tcp.opts_order[0] = '\0';
	want(DP_RESPONDER_NO_ACK, "a SYN-ACK without options says nothing by that alone");
	record.tcp.synack_wnd = 0;
	record.tcp.data_acked = true;
	want(DP_RESPONDER_ACKED_SILENT, "a window that opened later says nothing");
}

static void test_decoys(void)
{
	begin();
	record.tcp.data_acked = true;
	record.n_decoys_sent = 2;
	want(DP_RESPONDER_ACKED_SILENT, "decoys that did not answer leave the class alone");
	record.n_decoys_answered = 1;
	want(DP_RESPONDER_ANSWERS_EVERYWHERE, "one of two answered: it takes connections anywhere");
	record.n_decoys_sent = 8;
	record.n_decoys_answered = 3;
	want(DP_RESPONDER_ACKED_SILENT, "three of eight can be services of its own");
	record.n_decoys_answered = 4;
	want(DP_RESPONDER_ANSWERS_EVERYWHERE,
		"half of eight decoys that answered make a host one that answers everywhere");
	begin_dialog(DL_HEARD_PROTOCOL, DL_CLASS_NONE);
	record.n_decoys_sent = record.n_decoys_answered = 2;
	want(DP_RESPONDER_SERVICE, "a dialog that proves a service wins");
	begin_dialog(DL_HEARD_BYTES, DL_CLASS_OTHER_PROTOCOL);
	record.n_decoys_sent = record.n_decoys_answered = 2;
	want(DP_RESPONDER_WRONG_PROTOCOL, "any dialog outweighs decoys that answered");
}

static void test_names(void)
{
	unsigned int n_named = 0, n_noise = 0;

	for (int i = DP_RESPONDER_NONE + 1; i < DP_N_RESPONDER; i++) {
		n_named += dp_responder_name((enum dp_responder)i) != NULL;
		n_noise += dp_responder_is_noise((enum dp_responder)i);
	}
	tap_eq(n_named, DP_N_RESPONDER - 1, "every class has a name");
	tap_eq(n_noise, DP_N_RESPONDER - 1 - 4,
		"all are noise but service, wrong-protocol, late and undecided");
	record = (struct dp_record){.outcome = DP_OUTCOME_CLOSED};
	tap_eq(dp_noise_class(&record), DP_RESPONDER_NONE, "a closed port has no class");
	tap_ok(dp_responder_name(DP_RESPONDER_NONE) == NULL, "the class none has no name");
}

int main(void)
{
	test_speech();
	test_tls();
	test_silence();
	test_endings();
	test_windows();
	test_decoys();
	test_names();
	return tap_done();
}
