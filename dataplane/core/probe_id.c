/* SPDX-License-Identifier: BSD-3-Clause */
#include "probe_id.h"

#define DECOY_FIRST 32768
#define DECOY_N	    (61000 - 32768 + 1)

bool dp_probe_id_match(const struct dp_probe_id *probe_id, uint64_t hash, uint16_t lport,
	uint32_t iss, enum dp_probe_kind *kind)
{
	for (int k = 0; k < DP_N_PROBE_KIND; k++) {
		if (lport == dp_probe_id_port(probe_id, hash, (enum dp_probe_kind)k) &&
			iss == dp_probe_id_iss(hash, (enum dp_probe_kind)k)) {
			*kind = (enum dp_probe_kind)k;
			return true;
		}
	}
	return false;
}

uint16_t dp_probe_id_decoy_port(
	const struct dp_probe_id *probe_id, const struct ts_addr *addr, uint32_t n)
{
	uint64_t hash = dp_probe_id_hash(probe_id, addr, (uint16_t)n);

	return (uint16_t)(DECOY_FIRST + (((hash & UINT32_MAX) * DECOY_N) >> 32));
}
