/* SPDX-License-Identifier: BSD-3-Clause */
#include "chain.h"

bool hl_chain_open(struct hl_chain *chain, const uint8_t *body, size_t len, bool tls13)
{
	struct hl_cursor c = {body, len}, context;

	*chain = (struct hl_chain){.tls13 = tls13};
	if (tls13 && !hl_take_vec8(&c, &context))
		return false;
	return hl_take_vec24(&c, &chain->list);
}

bool hl_chain_open_part(struct hl_chain *chain, const uint8_t *body, size_t len, bool tls13)
{
	const uint8_t *list_len;
	struct hl_cursor c = {body, len}, context;

	*chain = (struct hl_chain){.tls13 = tls13};
	if ((tls13 && !hl_take_vec8(&c, &context)) || !hl_take(&c, 3, &list_len))
		return false;
	chain->list = c;
	return true;
}

bool hl_chain_next(struct hl_chain *chain, const uint8_t **der, uint32_t *der_len)
{
	struct hl_cursor cert, extensions;

	if (!hl_take_vec24(&chain->list, &cert) || cert.left == 0)
		return false;
	/* A certificate whose extensions are broken was sent all the same: it is the last. */
	if (chain->tls13 && !hl_take_vec16(&chain->list, &extensions))
		chain->list.left = 0;
	*der = cert.at;
	*der_len = (uint32_t)cert.left;
	return true;
}
