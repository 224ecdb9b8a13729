/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to this folder. Owner poll core only. */
#pragma once

#include "dataplane/port/txq.h"
#include "prober.h"

enum dp_burst_result {
	DP_BURST_QUEUED,
	DP_BURST_EXCLUDED, /* the address was excluded while the scan ran */
	DP_BURST_NEEDLESS, /* a canary: another pair of the address sends it, or there is no port */
	DP_BURST_DEFERRED, /* its next hop must be asked for: not added */
	DP_BURST_BLOCKED,  /* the gateway is not known yet: not added */
};

/* The probes of one call of dp_prober_run(), gathered first and made together. */
struct dp_burst {
	uint32_t n, end;		  /* probes added, and how many there may be */
	uint32_t n_v6;			  /* IPv6 probes among them, whose words are not valid */
	uint32_t n_passed_over;		  /* targets that needed no probe */
	const struct dp_ranges *excluded; /* NULL: nothing */
	/* An IPv4 address with these bits under the mask is on-link. Probes to others go to mac_v4;
	 * NULL: there is no gateway, or it is not known. */
	uint32_t on_link_be, on_link_mask_be;
	const uint8_t *mac_v4, *mac_v6;
	/* n of each */
	struct dp_target targets[DP_PROBE_BURST]; /* only their addresses are valid */
	const uint8_t *macs[DP_PROBE_BURST];	  /* of the next hops */
	uint16_t rports[DP_PROBE_BURST];
	uint64_t words[DP_PROBE_BURST]; /* of ts_cookie_word_v4() */
	uint8_t kinds[DP_PROBE_BURST];	/* enum dp_probe_kind */
};

/* Probes that may still be added. */
static inline uint32_t dp_burst_left(const struct dp_burst *burst)
{
	return burst->end - burst->n;
}

/** Start a burst. @param budget in: frames allowed, all of them reserved in the transmit queue */
void dp_burst_begin(struct dp_burst *burst, const struct dp_prober *prober, uint32_t budget);

/** The link-layer address of the next hop. NULL: it is not known, why says what that means for the
 * probe. The slow path of dp_burst_add(). */
const uint8_t *dp_burst_find_mac(const struct dp_burst *burst, struct dp_prober *prober,
	const struct ts_addr *addr, enum dp_burst_result *why);

/**
 * The port of a target's canary; 0: none is sent. An address has one such port, and its answer is
 * counted once. So only one of its pairs sends a canary. Otherwise the estimate of the background
 * would fall with the number of services.
 */
uint16_t dp_burst_canary_port(const struct dp_prober *prober, const struct dp_target *target);

/**
 * Add one probe whose next hop is known. dp_burst_left() is not 0.
 * @param addr  in: may be in the burst's own array, at n or behind
 * @param mac   in: borrowed until the burst is sent
 */
static inline void dp_burst_put(struct dp_burst *burst, const struct ts_addr *addr, uint16_t rport,
	enum dp_probe_kind kind, const uint8_t mac[6])
{
	if (addr != &burst->targets[burst->n].addr)
		burst->targets[burst->n].addr = *addr;
	burst->macs[burst->n] = mac;
	burst->rports[burst->n] = rport;
	burst->words[burst->n] = ts_cookie_word_v4(addr, rport);
	burst->n_v6 += !ts_addr_is_v4(addr);
	burst->kinds[burst->n] = (uint8_t)kind;
	burst->n++;
}

/**
 * Add one probe. dp_burst_left() is not 0.
 * @param target  in: may be in the burst's own array, at n or behind
 */
static inline enum dp_burst_result dp_burst_add(struct dp_burst *burst, struct dp_prober *prober,
	const struct dp_target *target, enum dp_probe_kind kind)
{
	uint16_t rport = prober->config->services[target->service].port;
	bool v4 = ts_addr_is_v4(&target->addr);
	enum dp_burst_result why = DP_BURST_BLOCKED;
	const uint8_t *mac = NULL;

	if (burst->excluded != NULL &&
		dp_ranges_find(burst->excluded, dp_number_from_addr(&target->addr)) != NULL)
		return DP_BURST_EXCLUDED;
	if (kind == DP_PROBE_CANARY)
		rport = dp_burst_canary_port(prober, target);
	if (rport == 0)
		return DP_BURST_NEEDLESS;
	if (v4 && (ts_addr_v4_be(&target->addr) & burst->on_link_mask_be) != burst->on_link_be)
		mac = burst->mac_v4;
	if (mac == NULL)
		mac = dp_burst_find_mac(burst, prober, &target->addr, &why);
	if (mac == NULL)
		return why;
	dp_burst_put(burst, &target->addr, rport, kind, mac);
	return DP_BURST_QUEUED;
}

/** Queue the frames of all probes added. */
void dp_burst_send(const struct dp_burst *burst, struct dp_prober *prober);

/** Ask for a gateway, once a second. The burst's budget does not pay for it. */
void dp_hop_ask_gateway(struct dp_prober *prober, const struct ts_addr *gateway);

/** Ask for the link-layer address of a host on our own network. Takes one frame of the burst. */
void dp_hop_ask(struct dp_burst *burst, struct dp_prober *prober, const struct ts_addr *host);

/**
 * Ask for the link-layer address of a target on our own network and defer the probe.
 * @param deferred  in: due_us is set here
 * @return false if the queue of deferred probes is full: nothing is done then
 */
bool dp_hop_defer(struct dp_burst *burst, struct dp_prober *prober, struct dp_deferred deferred);

/** Look at deferred probes: add those whose next hop is known now, ask again, or give up. */
void dp_hop_run(struct dp_burst *burst, struct dp_prober *prober);

/** Probe again the targets of the retry list that are due, as many as the burst has room for. */
void dp_prober_retry_run(struct dp_burst *burst, struct dp_prober *prober);

/** Set up the passes of a core. */
void dp_pass_init(struct dp_prober *prober);

/** Continue the passes as far as budget and gaps allow. */
void dp_pass_run(struct dp_burst *burst, struct dp_prober *prober);

/** Are all passes at their end? */
bool dp_pass_all_done(const struct dp_prober *prober);

/** Publish n_begun, n_settled and n_again_left. */
void dp_pass_publish(struct dp_prober *prober);
