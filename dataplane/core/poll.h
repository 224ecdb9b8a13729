/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What all parts of a poll core may see: prober, receive path, connections, and the loop around
 * them.
 *
 * Each part has a struct of its own, which points here. Only the core's own thread reads and writes
 * this struct, except for n_heard and for what stats.h and live.h say.
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
	bool done; /* drained: opens no new connection, still hands misdirected frames over */
	/* Valid answers that came through the gateways, IPv4 and IPv6. Written by this core, read
	 * by control. */
	_Atomic uint64_t n_heard[2];
	struct dp_replies replies; /* the prober sets it with the limits */
	struct dp_dedup dedup;
};

/** An IP identification (RFC 6864): a pseudo-random number, which does not show our rate and is no
 * secret. Owner core. */
static inline uint16_t dp_poll_ip_id(struct dp_poll *poll)
{
	poll->random = poll->random * UINT32_C(1664525) + UINT32_C(1013904223);
	return (uint16_t)(poll->random >> 16);
}

/**
 * Ask the reply budget (replies.h) for one reply. Owner core.
 * @param poll        in/out: the core; the reply is counted as sent or as suppressed
 * @param reply       in: its kind, below DP_N_REPLY
 * @param suppressed  in: the counter of replies of this kind that are not sent
 * @param frame_len   in: bytes of its frame, without padding and checksum
 * @return true if it may be sent
 */
bool dp_poll_reply(
	struct dp_poll *poll, enum dp_reply reply, enum dp_counter suppressed, uint32_t frame_len);

/** The port of a service, in host order; service is an index into config.services. Owner core. */
static inline uint16_t dp_poll_port(const struct dp_poll *poll, uint16_t service)
{
	return poll->scan->config.services[service].port;
}
