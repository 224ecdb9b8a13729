/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls_dialog.h"

bool dp_tls_dialog_step(struct dl_dialog *dialog, const struct dl_config *config, enum tl_step step,
	const uint8_t *plain, size_t plain_len, uint64_t now_us, struct dl_out *out)
{
	switch (step) {
	case TL_WANT_READ:
		return false;
	case TL_ESTABLISHED:
		dl_tls_up(dialog, config, now_us, out);
		break;
	case TL_PLAINTEXT:
		dl_input(dialog, config, plain, plain_len, now_us, out);
		break;
	case TL_CLOSED:
		dl_eof(dialog, out);
		out->next = DL_NEXT_DONE;
		break;
	case TL_FAILED:
		dp_tls_dialog_fail(dialog, DL_HANDSHAKE_ERROR, out);
		break;
	}
	return true;
}

void dp_tls_dialog_fail(struct dl_dialog *dialog, enum dl_status status, struct dl_out *out)
{
	if (dl_in_tls(dialog)) {
		dl_eof(dialog, out);
		if (status == DL_IO_TIMEOUT)
			dialog->status = status;
	} else {
		dl_tls_failed(dialog, status);
	}
	out->len = 0;
	out->next = DL_NEXT_DONE;
}

const char *dp_tls_dialog_timer(struct dl_dialog *dialog, const struct dl_config *config,
	uint64_t now_us, struct dl_out *out)
{
	if (dl_in_tls(dialog)) {
		dl_timer(dialog, config, now_us, out);
		return NULL;
	}
	dp_tls_dialog_fail(dialog, DL_IO_TIMEOUT, out);
	return "the peer stopped answering during the handshake";
}

const char *dp_tls_dialog_broken(struct dl_dialog *dialog, enum dp_broken why, struct dl_out *out)
{
	static const struct {
		enum dl_status status;
		const char *why;
	} ends[DP_N_BROKEN] = {
		[DP_BROKEN_BY_PEER] = {DL_CONNECTION_CLOSED, "connection closed by the peer"},
		[DP_BROKEN_UNACKED] = {DL_IO_TIMEOUT, "data was never acknowledged"},
		[DP_BROKEN_LIFE] = {DL_IO_TIMEOUT, "the connection had lasted as long as one may"},
		[DP_BROKEN_WINDOW] = {DL_PROTOCOL_ERROR,
			"the server sent more than our window allows"},
	};
	bool up = dl_in_tls(dialog);

	dp_tls_dialog_fail(dialog, ends[why].status, out);
	return up ? NULL : ends[why].why;
}
