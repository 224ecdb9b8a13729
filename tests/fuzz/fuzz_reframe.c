/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * First byte: TLS 1.3 or not, and the split. The rest: what a server sends. Whatever it is, the
 * split changes nothing, and the flight reader finds the same before and after.
 */
#include <stdlib.h>
#include <string.h>

#include "tls/hello/flight.h"
#include "tls/hello/reframe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define SCRATCH_MAX 4096

struct outcome {
	uint8_t *bytes;
	size_t len;
	uint8_t n_warnings;
	bool too_many;
};

static struct outcome run(const uint8_t *data, size_t len, bool tls13, size_t step)
{
	struct outcome all = {.bytes = malloc(4 * len + 16)};
	struct hl_reframe r;

	hl_reframe_init(&r);
	for (size_t at = 0; at < len; at += step) {
		struct hl_cursor in = {data + at, len - at < step ? len - at : step};
		size_t n;

		while ((n = hl_reframe(&r, &in, tls13, all.bytes + all.len, step)) > 0)
			all.len += n;
		if (in.left > 0 && !r.too_many_warnings)
			abort();
		if (all.len > 4 * (at + step))
			abort();
	}
	all.n_warnings = r.n_warnings;
	all.too_many = r.too_many_warnings;
	return all;
}

static void read_flight(struct hl_flight *flight, uint8_t *scratch, const uint8_t *at, size_t len)
{
	hl_flight_init(flight, scratch, SCRATCH_MAX);
	while (len > 0 && hl_flight_open(flight)) {
		size_t n = hl_flight_input(flight, at, len);

		at += n;
		len -= n;
	}
}

/* Of a flight without faults nothing is lost on the way but its warnings. */
static void compare_flights(const uint8_t *data, size_t len, const struct outcome *out)
{
	static uint8_t scratch[2][SCRATCH_MAX];
	struct hl_flight was, is;

	read_flight(&was, scratch[0], data, len);
	read_flight(&is, scratch[1], out->bytes, out->len);
	if (was.malformed || was.not_tls || out->too_many)
		return;
	/* A warning alone may have had another version, or have told a server's bytes from ours. */
	is.hello.record_version = was.hello.record_version;
	is.hello.from_server = was.hello.from_server;
	if (memcmp(&was.hello, &is.hello, sizeof(was.hello)) != 0 ||
		was.certificate_seen != is.certificate_seen || was.kex_seen != is.kex_seen ||
		was.hello_done_seen != is.hello_done_seen || is.malformed)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct outcome whole, split;
	bool tls13;
	size_t step;

	if (len < 2)
		return 0;
	tls13 = (data[0] & 0x80) != 0;
	step = (size_t)(data[0] & 0x0f) + 1;
	whole = run(data + 1, len - 1, tls13, len - 1);
	split = run(data + 1, len - 1, tls13, step);
	if (whole.len != split.len || memcmp(whole.bytes, split.bytes, whole.len) != 0 ||
		whole.n_warnings != split.n_warnings || whole.too_many != split.too_many)
		abort();
	if (!tls13)
		compare_flights(data + 1, len - 1, &whole);
	free(whole.bytes);
	free(split.bytes);
	return 0;
}
