/* SPDX-License-Identifier: BSD-3-Clause */
/* What comes may be what we sent, whole, cut or in pieces: only a server's own words prove one. */
#include "tap.h"
#include "tls/hello/flight.h"

static uint8_t scratch[256];

/* Read it byte by byte; false when the reading has ended. */
static bool reads(const char *bytes, size_t len, struct hl_flight *f)
{
	hl_flight_init(f, scratch, sizeof(scratch));
	for (size_t i = 0; i < len && hl_flight_open(f); i++)
		hl_flight_input(f, (const uint8_t *)&bytes[i], 1);
	return hl_flight_open(f);
}

int main(void)
{
	struct hl_flight f;

	tap_ok(!reads("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9, &f) && f.not_tls &&
			!f.hello.from_server,
		"a ClientHello is ours, come back");
	tap_ok(reads("\x16\x03\x01\x02\x00\x01\x00\x01", 8, &f) && !f.hello.from_server,
		"a record header and less than a message's tell nothing yet");
	tap_ok(reads("\x16\x03\x03\x00\x31\x02\x00\x00\x2d", 9, &f) && f.hello.from_server,
		"a ServerHello that has begun is a server's");
	tap_ok(reads("\x16\x03\x03\x00\x31\x02\x00\x00\x05", 9, &f) && !f.hello.from_server,
		"a ServerHello that is too short for one is not a server's");
	tap_ok(reads("\x16\x03\x01\x00\x04\x00\x00\x00\x00", 9, &f) && f.hello.from_server,
		"a HelloRequest is a server's");
	tap_ok(reads("\x15\x03\x03\x00\x02\x01\x70", 7, &f) && f.hello.from_server,
		"an alert is a server's, a warning too");
	tap_ok(reads("\x15\x03\x03\x00\x02\x01", 6, &f) && !f.hello.from_server,
		"half an alert is not a server's");
	return tap_done();
}
