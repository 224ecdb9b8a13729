/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a certificate. */
#include <stdlib.h>
#include <string.h>

#include "tls/cert/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct ct_facts facts;

	(void)ct_facts_read(data, len, &facts);
	if (facts.n_names > CT_NAMES_MAX || facts.names_len > CT_NAMES_BYTES ||
		strlen(facts.subject_dn) >= CT_DN_MAX || facts.serial_len > CT_SERIAL_MAX)
		abort();
	for (unsigned int i = 0; i < facts.n_names; i++) {
		if (facts.names[i].off + facts.names[i].len > facts.names_len)
			abort();
	}
	return 0;
}
