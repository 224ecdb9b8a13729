/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all parts of a poll core may see: prober, receive path, connections, and the loop around
 * them.
 *
 * Each part has a struct of its own beside this one, which points here. The core's own thread alone
 * reads and writes it, but for what stats.h and live.h say.
 */
#pragma once

#include "dataplane/pace/replies.h"
#include "probe_id.h"
#include "scan_shared.h"
#include "dedup.h"
#include "stats.h"

/* Largest segment sent and advertised; IPv6 takes 20 less (tcp.h). */
#define DP_MSS 1460
#define DP_TTL 64

struct dp_txq;

struct dp_poll {
	struct dp_scan *scan;
	uint32_t index; /* which poll core; also its queue number */
	struct dp_stats *stats;
	uint64_t now_us;	    /* of this turn */
	uint64_t tx_moved_us;	    /* when the device last took a frame, or none waited */
	const struct dp_live *live; /* of this turn */
	struct dp_txq *tx;
	struct dp_probe_id probe_id; /* with our part of the source ports */
	uint32_t random;	     /* for IP ids: no secret */
	bool done; /* drained: takes no new connection, forwards what is not its own */
	/* Valid answers from behind the gateways, IPv4 and IPv6. Written by this core, read by
	 * control. */
	_Atomic uint64_t n_heard[2];
	struct dp_replies replies; /* the prober sets it with the limits */
	struct dp_dedup dedup;
};

/** An IP identification (RFC 6864): it tells nobody our rate, and is no secret. Owner core. */
static inline uint16_t dp_poll_ip_id(struct dp_poll *poll)
{
	poll->random = poll->random * UINT32_C(1664525) + UINT32_C(1013904223);
	return (uint16_t)(poll->random >> 16);
}

/**
 * Ask the budget of replies (replies.h) for one reply. Owner core.
 * @param poll        in/out: the core; the reply is counted, as sent or as suppressed
 * @param reply       in: its kind
 * @param suppressed  in: what to count when there is no budget for it
 * @param frame_len   in: bytes of its frame, without padding and checksum
 * @return true when it may be sent
 */
bool dp_poll_reply(
	struct dp_poll *poll, enum dp_reply reply, enum dp_counter suppressed, uint32_t frame_len);

/** The port of a target's service, in host order. Owner core. */
static inline uint16_t dp_poll_port(const struct dp_poll *poll, uint16_t service)
{
	return poll->scan->config.services[service].port;
}
