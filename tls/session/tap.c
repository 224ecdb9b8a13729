/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reader of the plaintext flight beside wolfSSL: each message gets a block of its own length,
 * and only a key exchange keeps one.
 */
#include "tls/session/internal.h"

/* Without memory for a message its findings are lost, nothing else. */
static void scratch_replace(struct tl_session *session, uint32_t cap)
{
	struct hl_flight *flight = &session->flight;

	hp_free(flight->scratch);
	hl_flight_scratch(flight, cap == 0 ? NULL : hp_malloc(cap), cap);
}

void tl_tap_end(struct tl_session *session)
{
	session->flight_ended = true;
	if (!session->flight.kex_seen)
		scratch_replace(session, 0);
}

void tl_tap_input(struct tl_session *session, const uint8_t *bytes, size_t len)
{
	struct hl_flight *flight = &session->flight;

	while (len > 0 && hl_flight_open(flight)) { /* each turn takes at least one byte */
		size_t n = hl_flight_input(flight, bytes, len);

		bytes += n;
		len -= n;
		if (flight->want > 0 && flight->want <= TL_SCRATCH_MAX)
			scratch_replace(session, flight->want);
		if (flight->certs != NULL) {
			tl_capture_message(session, flight->certs, flight->certs_len, false);
			scratch_replace(session, 0);
		}
	}
	if (!hl_flight_open(flight))
		tl_tap_end(session);
}
