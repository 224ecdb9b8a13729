/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Next hops and their link-layer addresses.
 *
 * Control owns the table and changes it on a copy; poll cores read a published version (live.h). An
 * address is either on-link (inside a source address's prefix) or reached through the gateway of
 * its family. Only answers to our own questions come in (asked.h), and nothing that others send
 * pushes anybody out: a host of our own network is asked again after a minute, at the address that
 * we have, and forgotten when it does not answer there; a gateway has its own rules (resolve.h).
 */
#pragma once

#include "tcpstack/packet/addr.h"

/* Half of them are used; a scan of more on-link hosts than that asks for some of them twice. */
#define DP_NEIGH_SLOTS 16384
/* A host that has answered is asked again after so long (RFC 1122 2.3.2.1: about a minute), and
 * forgotten so much later when it has not answered. */
#define DP_NEIGH_FRESH_S 60
#define DP_NEIGH_STALE_S 5

struct dp_neigh_entry {
	struct ts_addr addr;
	uint8_t mac[6];
	bool used;
	bool gateway;	   /* neither aged nor pushed out */
	bool stale;	   /* to be asked again, at this address */
	uint32_t proved_s; /* when it last answered; control's */
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

/** Is this the gateway of its family? */
bool dp_route_is_gateway(const struct dp_route *route, const struct ts_addr *addr);

/** Look a next hop up. @return its entry, or NULL. Any thread, on a published table. */
const struct dp_neigh_entry *dp_neigh_look(
	const struct dp_neigh *neigh, const struct ts_addr *addr);

/** The same: its six bytes, or NULL. */
const uint8_t *dp_neigh_find(const struct dp_neigh *neigh, const struct ts_addr *addr);

/**
 * Add or replace: it has answered now. A full table is emptied first, but for gateways.
 * @param entry  in: addr, mac, gateway and proved_s; copied
 * Control thread, on an unpublished copy, like those below.
 */
void dp_neigh_put(struct dp_neigh *neigh, const struct dp_neigh_entry *entry);

/** Forget one, if it is there. */
void dp_neigh_drop(struct dp_neigh *neigh, const struct ts_addr *addr);

/** Has anybody come to an age at which dp_neigh_age() would change something? */
bool dp_neigh_aged(const struct dp_neigh *neigh, uint32_t now_s);

/** Hosts that have not answered for DP_NEIGH_FRESH_S become stale; those that have been stale for
 * DP_NEIGH_STALE_S are forgotten. */
void dp_neigh_age(struct dp_neigh *neigh, uint32_t now_s);
