/* SPDX-License-Identifier: BSD-3-Clause */
/* First byte: how the rest is split and how much scratch there is. The rest: what a server sends.
 */
#include <stdlib.h>

#include "tls/hello/flight.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const struct hl_flight *flight, uint32_t cap)
{
	const uint8_t *der;
	uint32_t off = 0, der_len;
	char ja3s[256];

	if (flight->hello.n_extensions > HL_MAX_EXTENSIONS || flight->hello.session_id_len > 32 ||
		flight->kex.dh_p_len > HL_DH_P_MAX || flight->certs_len > cap)
		abort();
	while (hl_flight_next_cert(flight, &off, &der, &der_len)) {
		if (der + der_len > flight->certs + flight->certs_len)
			abort();
	}
	if (hl_ja3s_string(&flight->hello, ja3s, sizeof(ja3s)) >= sizeof(ja3s))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint32_t cap;
	struct hl_flight flight;
	uint8_t *scratch;
	size_t step;

	if (len == 0)
		return 0;
	cap = data[0] & 0x80 ? 4096 : (data[0] & 0x70u) * 4;
	step = (data[0] & 0x0f) == 0 ? len : data[0] & 0x0f;
	scratch = malloc(cap > 0 ? cap : 1);
	if (scratch == NULL)
		return 0;
	hl_flight_init(&flight, scratch, cap);
	for (size_t at = 1; at < len; at += step)
		hl_flight_input(&flight, data + at, len - at < step ? len - at : step);
	check(&flight, cap);
	free(scratch);
	return 0;
}
