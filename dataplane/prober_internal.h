/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by prober*.c alone. All on the poll core. */
#pragma once

#include "poll.h"

enum dp_burst_result {
	DP_BURST_QUEUED,
	DP_BURST_EXCLUDED, /* the address was excluded while the scan ran */
	DP_BURST_NEEDLESS, /* its decoy port is a scanned one */
	DP_BURST_DEFERRED, /* its next hop must be asked for: nothing done yet */
	DP_BURST_BLOCKED,  /* the gateway is not known yet: nothing done */
};

struct dp_burst_probe {
	struct ts_addr addr;
	const uint8_t *mac; /* of the next hop */
	uint16_t rport;
	uint8_t kind; /* enum dp_probe_kind */
};

/* The probes of one call of dp_prober_run(). */
struct dp_burst {
	uint32_t budget; /* frames that may still be sent */
	uint32_t n;
	uint32_t n_passed_over; /* targets that needed no probe */
	const uint8_t *mac_v4;	/* of the gateways, NULL: none or not known */
	const uint8_t *mac_v6;
	struct dp_burst_probe probes[DP_PROBE_BURST];
};

/** Start a burst. @param budget in: frames allowed, all of them reserved in the transmit queue */
void dp_burst_begin(struct dp_burst *burst, const struct dp_poll *poll, uint32_t budget);

/** Add one probe. The budget must not be used up. */
enum dp_burst_result dp_burst_add(struct dp_burst *burst, struct dp_poll *poll,
	const struct dp_target *target, enum dp_probe_kind kind);

/** Queue the frames of all probes added. */
void dp_burst_send(const struct dp_burst *burst, struct dp_poll *poll);

/** Ask for a gateway, once a second; not on the burst's account. */
void dp_hop_ask_gateway(struct dp_poll *poll, const struct ts_addr *gateway);

/**
 * Ask for the link-layer address of a target on our own network and remember the probe.
 * @param deferred  in: due_us is set here
 * @return false when the row of those that wait is full: nothing done
 */
bool dp_hop_defer(struct dp_burst *burst, struct dp_poll *poll, struct dp_deferred deferred);

/** Probes that waited for a link-layer address: known by now, ask again, or give up. */
void dp_hop_run(struct dp_burst *burst, struct dp_poll *poll);

/** Set up the passes of a core. */
void dp_pass_init(struct dp_poll *poll);

/** Continue the passes as far as budget and gaps allow. */
void dp_pass_run(struct dp_burst *burst, struct dp_poll *poll);

/** Are all passes at their end? */
bool dp_pass_all_done(const struct dp_poll *poll);

/** Publish n_begun and n_settled. */
void dp_pass_publish(struct dp_poll *poll);
