/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "internal.h"

/* A buffer grows by this or by a quarter: few moves, little unused memory. */
#define STEP 4096

bool tl_gather(struct tl_gathering *gathering, const uint8_t *bytes, size_t len)
{
	uint32_t cap = gathering->cap;
	uint8_t *grown;

	if (len > UINT32_MAX / 2 - gathering->len)
		return false;
	if (gathering->len + len > cap) {
		cap += cap / 4 > STEP ? cap / 4 : STEP;
		if (gathering->len + len > cap)
			cap = (uint32_t)(gathering->len + len);
		grown = hp_realloc(gathering->bytes, cap);
		if (grown == NULL)
			return false;
		gathering->bytes = grown;
		gathering->cap = cap;
	}
	memcpy(gathering->bytes + gathering->len, bytes, len);
	gathering->len += (uint32_t)len;
	return true;
}

void tl_gather_free(struct tl_gathering *gathering)
{
	hp_free(gathering->bytes);
	*gathering = (struct tl_gathering){0};
}

void tl_certificate_arrived(struct tl_session *session, size_t len)
{
	size_t base = session->worker->config.max_heap_bytes;
	size_t cap = base + TL_CERTIFICATE_COPIES * len;

	if (base > 0 && cap > session->meter.cap_bytes)
		session->meter.cap_bytes = cap;
}
