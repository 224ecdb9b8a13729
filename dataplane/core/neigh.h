/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Next hops and their link-layer addresses.
 *
 * Control owns the table and changes a copy of it; poll cores read a published version (live.h). An
 * address is either on-link (inside the prefix of our source address) or reached through the
 * gateway of its family. Only answers to our own questions enter the table (asked.h), and nothing
 * that others send removes an entry. A host of our own network is asked again after a minute, at
 * its known link-layer address, and forgotten if it does not answer. Gateways have their own rules
 * (resolve.h).
 *
 * All functions are pure; time comes in as an argument.
 */
#pragma once

#include "tcpstack/packet/addr.h"

/* At most half of them are used. A scan of more on-link hosts than that asks some hosts twice. */
#define DP_NEIGH_SLOTS 16384
/* A host that has answered is stale after DP_NEIGH_FRESH_S seconds and is asked again (RFC 1122
 * 2.3.2.1: about a minute). If it does not answer, it is forgotten DP_NEIGH_STALE_S later. */
#define DP_NEIGH_FRESH_S 60
#define DP_NEIGH_STALE_S 5

struct dp_neigh_entry {
	struct ts_addr addr;
	uint8_t mac[6];
	bool used;
	bool gateway;	   /* does not age, and stays in a full table */
	bool stale;	   /* to be asked again, at this MAC address */
	uint32_t proved_s; /* when it last answered; written and read by control */
};

struct dp_neigh {
	uint32_t n_used; /* at most half of DP_NEIGH_SLOTS */
	struct dp_neigh_entry slots[DP_NEIGH_SLOTS];
};

/* Our addresses, prefixes and gateways. */
struct dp_route {
	struct ts_addr source_v4, source_v6;
	bool has_v4, has_v6;
	uint8_t prefix_v4_len,
		prefix_v6_len; /* bits of the on-link prefix; 32 or 128 if nothing is on-link */
	struct ts_addr gateway_v4, gateway_v6;
	bool has_gateway_v4, has_gateway_v6;
	bool has_fixed_mac; /* --gateway-mac: every frame goes there, nothing is resolved */
	uint8_t fixed_mac[6];
};

/**
 * Our source address for a destination. Any thread.
 * @param route  in: with a source address of dst's family
 * @param dst    in: the destination
 * @return valid as long as route
 */
const struct ts_addr *dp_route_source(const struct dp_route *route, const struct ts_addr *dst);

/**
 * The address whose link-layer address a packet needs. Any thread.
 * @param route  in
 * @param dst    in: the destination
 * @return dst itself if it is on-link or its family has no gateway, otherwise the gateway, valid as
 *         long as route
 */
const struct ts_addr *dp_route_next_hop(const struct dp_route *route, const struct ts_addr *dst);

/** Is this one of our own source addresses? Any thread. */
bool dp_route_is_ours(const struct dp_route *route, const struct ts_addr *addr);

/** Is this the gateway of its family? Any thread. */
bool dp_route_is_gateway(const struct dp_route *route, const struct ts_addr *addr);

/**
 * Look a next hop up. Any thread that may read the table.
 * @param neigh  in: a published version, or control's copy
 * @param addr   in: the next hop
 * @return its entry, valid as long as the table; NULL: there is none
 */
const struct dp_neigh_entry *dp_neigh_look(
	const struct dp_neigh *neigh, const struct ts_addr *addr);

/**
 * The link-layer address of a next hop. Any thread that may read the table.
 * @param neigh  in: as for dp_neigh_look()
 * @param addr   in: the next hop
 * @return 6 bytes, valid as long as the table; NULL: it is not known
 */
const uint8_t *dp_neigh_find(const struct dp_neigh *neigh, const struct ts_addr *addr);

/* The functions below: control thread, on a copy that is not published. */

/**
 * Add or replace an entry, which is used and not stale then. A full table is emptied first, except
 * for gateways.
 * @param neigh  in/out
 * @param entry  in: addr, mac, gateway and proved_s are set; copied
 */
void dp_neigh_put(struct dp_neigh *neigh, const struct dp_neigh_entry *entry);

/**
 * Forget a neighbour, if it is in the table.
 * @param neigh  in/out
 * @param addr   in: its address
 */
void dp_neigh_drop(struct dp_neigh *neigh, const struct ts_addr *addr);

/**
 * Would dp_neigh_age() change anything?
 * @param neigh  in: also a published version
 * @param now_s  in: time, in seconds since the scan began
 * @return true if an entry turns stale or is to be forgotten
 */
bool dp_neigh_aged(const struct dp_neigh *neigh, uint32_t now_s);

/**
 * Age the table. Hosts that have not answered for DP_NEIGH_FRESH_S become stale; those that have
 * been stale for DP_NEIGH_STALE_S are forgotten. Gateways do not age.
 * @param neigh  in/out
 * @param now_s  in: time, in seconds since the scan began
 */
void dp_neigh_age(struct dp_neigh *neigh, uint32_t now_s);
