/* SPDX-License-Identifier: BSD-3-Clause */
#include "ident.h"

#define DECOY_FIRST 32768
#define DECOY_N	    (61000 - 32768 + 1)

bool dp_ident_match(const struct dp_ident *ident, uint64_t hash, uint16_t lport, uint32_t iss,
	enum dp_probe_kind *kind)
{
	for (int k = 0; k < DP_N_PROBE_KIND; k++) {
		if (lport == dp_ident_port(ident, hash, (enum dp_probe_kind)k) &&
			iss == dp_ident_iss(hash, (enum dp_probe_kind)k)) {
			*kind = (enum dp_probe_kind)k;
			return true;
		}
	}
	return false;
}

uint16_t dp_ident_decoy_port(const struct dp_ident *ident, const struct ts_addr *addr, uint32_t n)
{
	uint64_t hash = dp_ident_hash(ident, addr, (uint16_t)n);

	return (uint16_t)(DECOY_FIRST + (((hash & UINT32_MAX) * DECOY_N) >> 32));
}
