/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of one pair of address and port, parsed strictly. Pure; any thread. */
#pragma once

#include "targets_item.h"

/* What a line of a list of pairs says; protocol and name point into its text. */
struct dp_pair_item {
	struct ts_addr addr;
	uint16_t port; /* 1..65535 */
	const char *protocol, *name;
	size_t protocol_len, name_len; /* 0: none is given */
	size_t port_at;		       /* byte of the text where the port stands, for messages */
};

/**
 * Parse one pair: ADDRESS:PORT, [ADDRESS]:PORT, ADDRESS PORT or ADDRESS,PORT; then, each optional,
 * :PROTOCOL and, behind a comma or a blank, a host name.
 * @param text   in: len bytes, without white space at its ends, not empty; borrowed, pair points
 *               into it
 * @param len    in: bytes
 * @param pair   out: valid on success
 * @param error  out: written on failure
 * @return 0 or -EINVAL
 */
int dp_pair_parse(
	const char *text, size_t len, struct dp_pair_item *pair, struct dp_item_error *error);
