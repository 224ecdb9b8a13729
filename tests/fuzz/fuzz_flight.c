/* SPDX-License-Identifier: BSD-3-Clause */
/* First byte: how the rest is split and how much scratch there is. The rest: what a server sends.
 */
#include <stdlib.h>

#include "tls/hello/chain.h"
#include "tls/hello/flight.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define SCRATCH_MAX 4096

static void check_chain(const struct hl_flight *flight, bool tls13)
{
	const uint8_t *der;
	struct hl_chain chain;
	uint32_t der_len;

	(void)hl_chain_open(&chain, flight->certs, flight->certs_len, tls13);
	while (hl_chain_next(&chain, &der, &der_len)) {
		if (der_len == 0 || der + der_len > flight->certs + flight->certs_len)
			abort();
	}
}

static void check(const struct hl_flight *flight)
{
	struct hl_key_exchange kex;
	char ja3s[256];

	hl_flight_key_exchange(flight, &kex);
	if (flight->hello.n_extensions > HL_MAX_EXTENSIONS || flight->hello.session_id_len > 32 ||
		kex.dh_p.left > HL_DH_P_MAX || kex.signature.left > flight->kex_len ||
		flight->kex_len > flight->scratch_cap)
		abort();
	if (hl_ja3s_string(&flight->hello, ja3s, sizeof(ja3s)) >= sizeof(ja3s))
		abort();
}

/* As tls/session does it, with blocks of exactly the length wanted for the sanitizer to watch. */
static void feed(struct hl_flight *flight, const uint8_t *data, size_t len, bool grow)
{
	while (len > 0 && hl_flight_open(flight)) {
		size_t n = hl_flight_input(flight, data, len);

		if (n == 0 || n > len)
			abort();
		data += n;
		len -= n;
		if (flight->certs != NULL) {
			check_chain(flight, false);
			check_chain(flight, true);
		}
		if (grow && flight->want > 0 && flight->want <= SCRATCH_MAX) {
			free(flight->scratch);
			hl_flight_scratch(flight, malloc(flight->want), flight->want);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct hl_flight flight;
	uint32_t cap;
	size_t step;
	bool grow;

	if (len == 0)
		return 0;
	grow = (data[0] & 0x80) != 0;
	cap = grow ? 0 : (data[0] & 0x70u) * 4;
	step = (data[0] & 0x0f) == 0 ? len : data[0] & 0x0f;
	hl_flight_init(&flight, malloc(cap > 0 ? cap : 1), cap);
	for (size_t at = 1; at < len; at += step)
		feed(&flight, data + at, len - at < step ? len - at : step, grow);
	check(&flight);
	free(flight.scratch);
	return 0;
}
