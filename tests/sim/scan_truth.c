/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/scan_truth.h"

#include <stdio.h>
#include <string.h>

static const char *check_certificate(const struct finding *finding, const struct lab_host *host)
{
	const struct tl_result *result = finding->record.tls;
	size_t len;
	const uint8_t *leaf = lab_leaf_der(host->cert, host->rsa, &len);

	if (result == NULL || !result->completed)
		return "the handshake is completed";
	if (result->version != (host->tls13 ? 0x0304 : 0x0303))
		return "the version is the host's";
	if (result->n_certs != (host->cert == LAB_CERT_SELF_SIGNED ? 1 : 2))
		return "the chain is as long as the host's";
	if (result->certs[0].len != len ||
		memcmp(result->der + result->certs[0].off, leaf, len) != 0)
		return "the certificate is the host's";
	return NULL;
}

static const char *check_service(
	const struct finding *finding, const struct lab_host *host, bool lossy)
{
	const struct dl_dialog *dialog = &finding->dialog;
	enum ts_close close = finding->record.tcp.close;
	bool xmpp = dialog->proto == DL_XMPP_CLIENT || dialog->proto == DL_XMPP_SERVER;
	bool implicit_tls = lab_ports[finding->service].implicit_tls;

	if (finding->record.status != DL_SUCCESS)
		return "the status is success";
	/* The lab's TIME-WAIT is short: a FIN repeated after two losses meets a reset. */
	if (close != TS_CLOSE_FIN && !(lossy && close == TS_CLOSE_RST))
		return "the connection is closed in order";
	if (!implicit_tls && dialog->starttls_advertised != host->advertises)
		return "the host's offer of STARTTLS is noted";
	if (finding->record.retried != (xmpp && host->picky && !implicit_tls))
		return "a host that is called by the wrong name is called again";
	return check_certificate(finding, host);
}

static const char *check_no_tls(const struct finding *finding)
{
	const struct tl_result *result = finding->record.tls;
	bool implicit_tls = lab_ports[finding->service].implicit_tls;

	if (finding->record.status == DL_SUCCESS || finding->record.status == DL_RUNNING)
		return "a host without TLS is no success";
	if (!implicit_tls && (!finding->dialog.starttls_attempted || finding->dialog.starttls_ok))
		return "STARTTLS was tried and refused";
	/* A greeting that comes before the ClientHello leaves is the dialog's to judge. */
	if (implicit_tls && result == NULL && finding->dialog.class != DL_CLASS_OTHER_PROTOCOL)
		return "plain text on a TLS port is seen as such, before a session as well";
	if (implicit_tls && result != NULL && !result->not_tls)
		return "plain text on a TLS port is seen as such";
	return NULL;
}

static const char *check_noise(const struct finding *finding, enum lab_kind kind)
{
	const struct ts_facts *facts = &finding->record.tcp;

	switch (kind) {
	case LAB_ZERO_WINDOW:
		if (facts->synack_wnd != 0 || facts->synack_mss != 0)
			return "the closed window is noted";
		break;
	case LAB_ACCEPT_SILENT:
		if (facts->rx_bytes != 0)
			return "a mute host says nothing";
		break;
	case LAB_ACCEPT_DEAF:
		if (facts->data_acked)
			return "a deaf host acknowledges no data";
		break;
	case LAB_RESET_ON_DATA:
		if (facts->tx_acked_bytes > 0)
			return "data is answered by a reset";
		break;
	default:
		break;
	}
	return finding->record.status != DL_SUCCESS && finding->record.status != DL_RUNNING
		       ? NULL
		       : "noise is no success, and its dialog is over";
}

/* Hosts that take no connection. */
static const char *check_closed(const struct finding *finding, enum lab_kind kind)
{
	if (finding->n_records != 0)
		return "a host that takes no connection leaves no record of one";
	if (finding->refused != (kind == LAB_CLOSED))
		return "a closed port refuses, and no other does";
	if (finding->unreachable != (kind == LAB_UNREACHABLE))
		return "ICMP tells unreachable, of no other host";
	return NULL;
}

/* A SYN with all options gets those that the host answers, in the order of Linux. */
static const char *check_options(const struct finding *finding, const struct lab_host *host)
{
	static const char *const order[] = {
		[0] = "M",
		[TS_OPT_TS] = "MNNT",
		[TS_OPT_SACK_OK | TS_OPT_WSCALE] = "MNNSNW",
		[TS_OPT_ALL] = "MSTNW",
	};
	const char *want = host->mss == 0 ? "" : order[host->opts];

	return strcmp(finding->record.tcp.opts_order, want) == 0
		       ? NULL
		       : "the options of the SYN-ACK are those that the host answers";
}

static const char *check_finding(
	const struct finding *finding, const struct lab_host *host, bool lossy)
{
	if (host->kind == LAB_SILENT || host->kind == LAB_CLOSED || host->kind == LAB_UNREACHABLE)
		return check_closed(finding, host->kind);
	if (finding->n_records != 1)
		return "every connection ends, once";
	if (check_options(finding, host) != NULL)
		return check_options(finding, host);
	if (host->kind == LAB_SERVICE)
		return check_service(finding, host, lossy);
	if (host->kind == LAB_NO_TLS)
		return check_no_tls(finding);
	return check_noise(finding, host->kind);
}

bool scan_truth_holds(const struct lab_world *world, const struct finding *finding,
	enum lab_kind kind, bool lossy)
{
	uint16_t port = lab_ports[finding->service].port;
	struct lab_host host = lab_truth(world, &finding->addr, port);
	const char *broken = host.kind == kind ? check_finding(finding, &host, lossy) : NULL;
	char addr[TS_ADDR_STRLEN];

	if (broken == NULL)
		return true;
	ts_addr_format(&finding->addr, addr);
	printf("# %s port %u cert %d rsa %d tls13 %d: %s; status %s, stage %s, close %d, tls "
	       "\"%s\"\n",
		addr, port, (int)host.cert, host.rsa, host.tls13, broken,
		dl_status_name(finding->record.status), dl_stage_name(finding->record.stage),
		(int)finding->record.tcp.close,
		finding->record.tls == NULL ? "" : finding->record.tls->error);
	return false;
}

/* The n-th candidate address; every other one is IPv6. */
static struct ts_addr candidate(uint32_t n)
{
	struct ts_addr addr = {.b = {0xfd, 0x00, 0x01, 0xab, [7] = 1, [12] = 198, [13] = 18}};
	uint32_t v4_be;

	addr.b[14] = (uint8_t)(n >> 9);
	addr.b[15] = (uint8_t)(n >> 1);
	memcpy(&v4_be, addr.b + 12, sizeof(v4_be));
	return n % 2 == 0 ? ts_addr_from_v4(v4_be) : addr;
}

static bool is_variant(const struct lab_host *host, uint32_t variant)
{
	return host->kind == LAB_SERVICE && host->cert == (enum lab_cert)(variant >> 2) &&
	       host->rsa == ((variant & 1) != 0) && host->tls13 == ((variant & 2) != 0);
}

/* Find hosts for every combination, walking on through the addresses. */
uint32_t scan_targets(const struct lab_world *world, struct finding *findings)
{
	uint32_t n = 0, n_findings = 0;

	for (uint32_t i = 0; i < LAB_N_PORTS; i++) {
		for (uint32_t variant = 0; variant < SCAN_N_VARIANTS; n++) {
			struct ts_addr addr = candidate(n);
			struct lab_host host = lab_truth(world, &addr, lab_ports[i].port);

			if (!is_variant(&host, variant))
				continue;
			findings[n_findings++] = (struct finding){
				.addr = addr, .service = (uint16_t)i};
			variant++;
		}
	}
	for (uint32_t kind = 0; kind < LAB_N_MIXED; kind++) {
		for (uint32_t i = 0; i < LAB_N_PORTS; n++) {
			struct ts_addr addr = candidate(n);

			if (kind == LAB_SERVICE)
				break;
			if (lab_truth(world, &addr, lab_ports[i].port).kind != (enum lab_kind)kind)
				continue;
			findings[n_findings++] = (struct finding){
				.addr = addr, .service = (uint16_t)i};
			i++;
		}
	}
	return n_findings;
}
