/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counters: one block per lcore, written by that lcore alone, read by any thread at any time.
 *
 * Every packet that is dropped is counted here or under an enum ts_drop. A block has one writer, so
 * it adds with a relaxed load and store and without a locked instruction. A reader sees each
 * counter whole, but two counters may be of slightly different moments. Nothing depends on their
 * difference.
 */
#pragma once

#include "loop_time.h"
#include "tcpstack/packet/pkt.h"

#include <stdatomic.h>

/* Blocks that one call can sum: scan.c checks that there is one for each core. */
#define DP_MAX_BLOCKS 80

enum dp_counter {
	/* probing */
	DP_PROBES_SENT,	    /* SYNs of every kind of enum dp_probe_kind, repeated ones included */
	DP_TARGETS_STARTED, /* distinct pairs probed at least once, without DP_TARGETS_AGAIN */
	DP_TARGETS_AGAIN,   /* the same of an earlier run's open work, which that run has counted */
	DP_PROBES_SKIPPED_ANSWERED, /* repetitions not sent: the target has answered */
	DP_PROBES_RETRIED,	    /* to targets of the retry list */
	DP_RETRIES_UNANSWERED,	    /* targets of it without an answer to DP_RETRY_TRIES probes */
	DP_RETRIES_EXCLUDED,	    /* targets of it that were excluded while they waited */
	DP_RETRIES_ABANDONED, /* targets of it that were still open when the scan was stopped */
	DP_PROBES_SAMPLED,    /* second probes for the loss estimate */
	DP_CANARIES_SENT, /* probes on decoy ports of sampled targets, for the background floor */
	DP_DECOYS_SENT,	  /* probes on decoy ports of responders */
	DP_DECOY_HOSTS_NO_ROOM,	  /* connections of responders that found the queue for decoys full;
				     the host's next connection asks again */
	DP_DECOY_HOSTS_ABANDONED, /* excluded, or the scan stopped, before all their decoys left */
	DP_TARGETS_EXCLUDED,	  /* not probed: excluded while the scan ran */
	DP_TARGETS_DONE_EARLIER,  /* not probed: an earlier run has recorded them */
	DP_GATEWAY_REQUESTS,	  /* ARP or ND requests for a gateway */
	DP_NEIGHBOUR_REQUESTS,	  /* ARP or ND requests, those for gateways included */
	DP_NEIGHBOUR_UNRESOLVED,  /* targets not probed: no answer from their next hop */
	/* receive */
	DP_RX_FRAMES, /* from the device; misdirected frames count at the core that received them */
	DP_RX_BYTES,
	DP_RX_NOT_FOR_US,    /* to another address, or to a port outside our range */
	DP_RX_OTHER_MAC,     /* to another link-layer address, or to a group that we do not need */
	DP_RX_OTHER_VLAN,    /* of another VLAN than ours */
	DP_RX_MULTI_SEGMENT, /* a frame longer than a buffer */
	DP_RX_BUSY,	     /* not acknowledged, since no buffer was free: the peer repeats it */
	DP_RX_MISDIRECTED,   /* belongs to another poll core; handed over */
	DP_RX_MISDIRECTED_LOST, /* the hand-over ring was full */
	DP_NEIGH_UPDATES_LOST,	/* neighbour updates that found the ring to control full */
	DP_NEIGHBOUR_UNASKED,	/* ARP or ND answers to no open question of ours: not believed */
	DP_NEIGHBOUR_REFUSED,	/* answers with no link-layer address or not that of their sender */
	DP_NEIGHBOUR_REPEATED,	/* the same answer again */
	DP_NEIGHBOUR_CLAIMS,	/* further answers, from another link-layer address: not believed */
	DP_SYNACK_VALID,	/* targets that have answered with SYN-ACK; each counts once */
	DP_SYNACK_BAD_COOKIE,
	DP_SYNACK_DUPLICATE,   /* repeated by their sender, to an open connection (then also counted
				  as drop reason synack_repeated) or after its end */
	DP_SYNACK_RETRY_LATER, /* no connection slot was free: put on the retry list, or if that is
				  full left unanswered; counts each SYN-ACK */
	/* Answers of sampled targets (SYN-ACK or RST): to the primary probe, to the second probe,
	 * to both. The first of these counts only when the second probe has been begun (loss.h). */
	DP_SAMPLE_FIRST,
	DP_SAMPLE_SECOND,
	DP_SAMPLE_BOTH,
	DP_CANARY_SYNACK, /* sampled targets that took a connection on a decoy port */
	DP_CANARY_RST,
	DP_DECOY_SYNACK, /* the same of responders, each decoy port once */
	DP_DECOY_RST,
	DP_RX_EXCLUDED, /* from an address excluded while the scan ran: left unanswered */
	DP_RST_VALID,
	DP_RST_BAD_COOKIE,
	DP_RST_DUPLICATE,
	DP_ICMP_VALID,
	DP_ICMP_BAD_QUOTE,
	DP_ICMP_DUPLICATE,
	DP_ICMP_SIDE_PROBE, /* about a second probe, a canary or a decoy: no verdict */
	DP_NO_CONNECTION,   /* a segment for no connection that we ever had */
	DP_LATE_SEGMENT, /* a segment for a connection that we have ended: answered with RST unless
			     it is one */
	/* What others ask for: answered, or not answered because the reply budget (replies.h) was
	 * used up. */
	DP_ARP_ANSWERED,
	DP_ARP_SUPPRESSED,
	DP_ECHO_ANSWERED,
	DP_ECHO_SUPPRESSED,
	DP_REPLIES_SENT, /* within that budget: ARP, ND, pings, RSTs and ACKs for repeats */
	/* transmit */
	DP_TX_FRAMES,
	DP_TX_BYTES,
	DP_TX_WIRE_BYTES, /* of the same frames, with padding, checksum, preamble and gap */
	DP_TX_NO_BUFFER,  /* no mbuf: TCP sends it again, a probe waits */
	DP_TX_RING_FULL,  /* the transmit queue was full, because the device took too few frames */
	DP_RST_SENT,
	DP_RST_SUPPRESSED, /* for repeated and late segments, beyond the reply budget */
	DP_ACK_SUPPRESSED, /* for repeated segments of a connection, beyond the reply budget */
	/* connections */
	DP_CONNS_OPENED,
	DP_CONNS_CLOSED,
	DP_CONNS_EXCLUDED,    /* reset because their peer was excluded while the scan ran */
	DP_CONNS_RECONNECTED, /* XMPP: second connection with the server's own name */
	DP_DIALOGS_STARTED,
	DP_TLS_STARTED,
	DP_TLS_COMPLETED,
	DP_TLS_FAILED,
	DP_TLS_OVER_BUDGET, /* of these, dear handshakes that the budget stopped: they speak TLS */
	DP_TLS_BEHIND,	    /* times a session had output or a deadline that had to wait */
	DP_WAITED,	    /* connections that queued behind others for a dialog or a TLS credit */
	DP_RECORDS,
	DP_RECORDS_WAITED, /* the writer's ring was full; the connection kept its record */
	/* the loop itself */
	DP_LOOPS,
	DP_LOOPS_IDLE,
	DP_CRYPTO_US, /* TLS lcores: time inside sessions */
	DP_N_COUNTER
};

/* Levels, not sums. */
enum dp_gauge {
	DP_G_OPEN_CONNS,
	DP_G_TLS_SESSIONS,
	DP_G_TLS_WAITING,
	DP_G_RECORDS_PENDING,
	DP_G_LOOP_MAX_US, /* longest loop since start */
	DP_G_TIMER_LAG_US,
	DP_G_RATE_LOST, /* probes the rate would have allowed while something else held them up */
	DP_G_RATE_OVERDRAWN, /* frames that were not charged: the overdraft was at its largest */
	/* Fullest since start, in entries; peak of all cores. */
	DP_G_WRITER_RING_PEAK,
	DP_G_TLS_RING_PEAK,
	DP_G_MISDIRECTED_RING_PEAK,
	DP_G_TX_QUEUE_PEAK,
	DP_G_HEAP_BYTES, /* TLS lcores: wolfSSL's memory */
	DP_G_HEAP_PEAK_BYTES,
	DP_N_GAUGE
};

/* Why the prober is not sending although it has targets; the status line names it. */
enum dp_stall {
	DP_STALL_NONE,
	DP_STALL_RATE,	    /* waiting for the token bucket: the normal state */
	DP_STALL_GAP,	    /* only repetitions and samples are left and their gap is not over */
	DP_STALL_RETRY,	    /* only the retry list is left, and its targets are not due yet */
	DP_STALL_NEIGHBOUR, /* the gateway, or hosts on our own link, have not answered ARP or ND */
	DP_STALL_CONNECTIONS, /* connection table three quarters full */
	DP_STALL_TLS,	      /* too many connections wait for TLS */
	DP_STALL_WRITER,      /* records wait for the writer */
	DP_STALL_TX,	      /* the device does not keep up */
	DP_STALL_DISK,	      /* too little of the disk of the results is free */
	DP_STALL_LINK,	      /* the port has no link: it may come back */
	DP_STALL_STOPPING,    /* no probe leaves any more: late answers come and connections end */
	DP_STALL_DONE,	      /* every index has been probed */
	DP_N_STALL
};

struct dp_stats {
	_Alignas(64) _Atomic uint64_t counter[DP_N_COUNTER];
	_Atomic uint64_t drop[TS_N_DROP];
	_Atomic uint64_t gauge[DP_N_GAUGE];
	_Atomic uint32_t stall; /* enum dp_stall */
	struct dp_loop_times loops;
};

/** Add to a counter that only the calling thread writes. */
static inline void dp_stats_add(_Atomic uint64_t *cell, uint64_t n)
{
	atomic_store_explicit(
		cell, atomic_load_explicit(cell, memory_order_relaxed) + n, memory_order_relaxed);
}

/** Add 1 to a counter. Owner lcore. */
static inline void dp_count(struct dp_stats *stats, enum dp_counter counter)
{
	dp_stats_add(&stats->counter[counter], 1);
}

/** Add n to a counter. Owner lcore. */
static inline void dp_count_n(struct dp_stats *stats, enum dp_counter counter, uint64_t n)
{
	dp_stats_add(&stats->counter[counter], n);
}

/** Count a dropped packet under its reason. Owner lcore. */
static inline void dp_count_drop(struct dp_stats *stats, enum ts_drop reason)
{
	dp_stats_add(&stats->drop[reason], 1);
}

/** Set a gauge. Owner lcore. */
static inline void dp_gauge_set(struct dp_stats *stats, enum dp_gauge gauge, uint64_t value)
{
	atomic_store_explicit(&stats->gauge[gauge], value, memory_order_relaxed);
}

/** Raise a gauge to a value, if it is below: for peaks. Owner lcore. */
static inline void dp_gauge_peak(struct dp_stats *stats, enum dp_gauge gauge, uint64_t value)
{
	if (value > atomic_load_explicit(&stats->gauge[gauge], memory_order_relaxed))
		dp_gauge_set(stats, gauge, value);
}

/** The name of a counter, below DP_N_COUNTER, in summary.json and telemetry: static text in lower
 * case that stays the same from version to version. Any thread. */
const char *dp_counter_name(enum dp_counter counter);

/** The name of a gauge, below DP_N_GAUGE; as dp_counter_name(). Any thread. */
const char *dp_gauge_name(enum dp_gauge gauge);

/** The name of a stall, below DP_N_STALL; as dp_counter_name(). Any thread. */
const char *dp_stall_name(enum dp_stall stall);

/* The functions below read the blocks of several cores: n_blocks of them, 0..DP_MAX_BLOCKS,
 * borrowed. Any thread. */

/** Sum of one counter over several blocks. */
uint64_t dp_stats_sum(struct dp_stats *const *blocks, uint32_t n_blocks, enum dp_counter counter);

/** Sum of one drop reason over several blocks. */
uint64_t dp_stats_sum_drop(struct dp_stats *const *blocks, uint32_t n_blocks, enum ts_drop reason);

/** Sum of one gauge over several blocks; the maximum if dp_gauge_is_peak(). */
uint64_t dp_stats_gauge(struct dp_stats *const *blocks, uint32_t n_blocks, enum dp_gauge gauge);

/** The loop time that 99.9 % of the turns with work did not exceed, in TSC ticks. */
uint64_t dp_stats_loop_p999(struct dp_stats *const *blocks, uint32_t n_blocks);

/** The longest turn, in TSC ticks. */
uint64_t dp_stats_loop_max(struct dp_stats *const *blocks, uint32_t n_blocks);

/** Is this gauge a maximum, so that a sum over cores has no meaning? Any thread. */
bool dp_gauge_is_peak(enum dp_gauge gauge);
