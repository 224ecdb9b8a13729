/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Next hops and their link-layer addresses.
 *
 * Control owns the table and changes it on a copy; poll cores read a published version (live.h). An
 * address is either on-link (inside a source address's prefix) or reached through the gateway of
 * its family.
 */
#pragma once

#include "tcpstack/addr.h"

/* Half of them are used; a scan of more on-link hosts than that asks for some of them twice. */
#define DP_NEIGH_SLOTS 16384

struct dp_neigh_entry {
	struct ts_addr addr;
	uint8_t mac[6];
	bool used;
};

struct dp_neigh {
	uint32_t n_used; /* at most half of DP_NEIGH_SLOTS */
	struct dp_neigh_entry slots[DP_NEIGH_SLOTS];
};

/* How this host sits on its link. */
struct dp_route {
	struct ts_addr source_v4, source_v6;
	bool has_v4, has_v6;
	uint8_t prefix_v4_len,
		prefix_v6_len; /* on-link prefix; 32 or 128 when nothing is on-link */
	struct ts_addr gateway_v4, gateway_v6;
	bool has_gateway_v4, has_gateway_v6;
	bool has_fixed_mac; /* --gateway-mac: every frame goes there, nothing is resolved */
	uint8_t fixed_mac[6];
};

/** Our source address for a destination. The family must have one. */
const struct ts_addr *dp_route_source(const struct dp_route *route, const struct ts_addr *dst);

/** The address whose link-layer address a packet to dst needs: dst itself when on-link, else the
 * gateway. */
const struct ts_addr *dp_route_next_hop(const struct dp_route *route, const struct ts_addr *dst);

/** Is this one of our own source addresses? */
bool dp_route_is_ours(const struct dp_route *route, const struct ts_addr *addr);

/** Look a next hop up. @return its six bytes, or NULL. Any thread, on a published table. */
const uint8_t *dp_neigh_find(const struct dp_neigh *neigh, const struct ts_addr *addr);

/**
 * Add or replace; a full table is emptied first.
 * @return false when nothing changed. Control thread, on an unpublished copy.
 */
bool dp_neigh_put(struct dp_neigh *neigh, const struct ts_addr *addr, const uint8_t mac[6]);
