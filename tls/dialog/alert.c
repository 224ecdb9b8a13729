/* SPDX-License-Identifier: BSD-3-Clause */
#include "alert.h"

#define TLS_ALERT     0x15
#define TLS_HANDSHAKE 0x16
#define TLS_MAJOR     0x03

/* The smallest and largest value of each byte of an alert record: type, version, length 2, level
 * warning or fatal, any description. */
static const uint8_t least[DL_ALERT_LEN] = {TLS_ALERT, TLS_MAJOR, 0, 0, 2, 1, 0};
static const uint8_t most[DL_ALERT_LEN] = {TLS_ALERT, TLS_MAJOR, 4, 0, 2, 2, 255};

bool dl_tls_record_begins(struct dl_word bytes)
{
	return bytes.len >= 2 && (bytes.at[0] == TLS_ALERT || bytes.at[0] == TLS_HANDSHAKE) &&
	       bytes.at[1] == TLS_MAJOR;
}

bool dl_alert_begins(struct dl_word bytes)
{
	for (size_t i = 0; i < bytes.len && i < DL_ALERT_LEN; i++) {
		uint8_t byte = (uint8_t)bytes.at[i];

		if (byte < least[i] || byte > most[i])
			return false;
	}
	return bytes.len > 0;
}

bool dl_alert_note(struct dl_dialog *dialog, struct dl_word bytes)
{
	if (bytes.len < DL_ALERT_LEN || !dl_alert_begins(bytes))
		return false;
	dialog->alert_level = (uint8_t)bytes.at[5];
	dialog->alert_code = (uint8_t)bytes.at[6];
	return true;
}
