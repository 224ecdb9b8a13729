/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counters: one block per lcore, written by that lcore alone, read by control at any time.
 *
 * Every packet that is not used has a name here (or among enum ts_drop). Writers add with a relaxed
 * load and store, no locked instruction: there is one writer. Readers see each counter whole and
 * may see two counters of slightly different moments; nothing is decided on their difference.
 */
#pragma once

#include "loop_time.h"
#include "tcpstack/packet/pkt.h"

#include <stdatomic.h>

/* As many as a scan has cores (scan.c). */
#define DP_MAX_BLOCKS 80

enum dp_counter {
	/* probing */
	DP_PROBES_SENT,	    /* SYNs of every kind of enum dp_probe_kind, repeated ones included */
	DP_TARGETS_STARTED, /* distinct pairs probed at least once, but for: */
	DP_TARGETS_AGAIN,   /* an earlier run's open work, which that run has started */
	DP_PROBES_SKIPPED_ANSWERED, /* a repeated probe whose target has answered meanwhile */
	DP_PROBES_RETRIED,	    /* answered before, could not be served then */
	DP_RETRIES_UNANSWERED,	    /* of these, given up after DP_RETRY_TRIES without an answer */
	DP_RETRIES_EXCLUDED,	    /* of these, given up: excluded while they waited */
	DP_RETRIES_ABANDONED, /* still waiting, for room or an answer, when the scan was stopped */
	DP_PROBES_SAMPLED,    /* second probes for the loss estimate */
	DP_CANARIES_SENT, /* probes on decoy ports of sampled targets, for the background floor */
	DP_DECOYS_SENT,	  /* probes on decoy ports of responders */
	DP_DECOY_HOSTS_NO_ROOM,	  /* a responder's connection when too many hosts waited for decoys;
				     its next one asks again */
	DP_DECOY_HOSTS_ABANDONED, /* excluded, or the scan stopped, before all their decoys left */
	DP_TARGETS_EXCLUDED,	  /* not probed: excluded while the scan ran */
	DP_TARGETS_DONE_EARLIER,  /* not probed: an earlier run has recorded them */
	DP_GATEWAY_REQUESTS,	  /* ARP or ND for a gateway, once a second while it is unknown */
	DP_NEIGHBOUR_REQUESTS,
	DP_NEIGHBOUR_UNRESOLVED, /* targets given up: nobody answered ARP or ND for their next hop
				  */
	/* receive */
	DP_RX_FRAMES, /* from the device: what is handed over counts where it came in */
	DP_RX_BYTES,
	DP_RX_NOT_FOR_US,    /* another address or a port outside our range */
	DP_RX_OTHER_MAC,     /* to another link-layer address, or to a group without need */
	DP_RX_OTHER_VLAN,    /* of another VLAN than ours */
	DP_RX_MULTI_SEGMENT, /* a frame longer than a buffer */
	DP_RX_BUSY,	     /* left unacknowledged for want of a buffer: the peer sends it again */
	DP_RX_MISDIRECTED,   /* belongs to another poll core; handed over */
	DP_RX_MISDIRECTED_LOST, /* the hand-over ring was full */
	DP_NEIGH_UPDATES_LOST,	/* what ARP or ND told of a neighbour: control had no room for it */
	DP_NEIGHBOUR_UNASKED,	/* ARP or ND answers to no open question of ours: not believed */
	DP_NEIGHBOUR_REFUSED,	/* answers that name another sender than they come from, or none */
	DP_NEIGHBOUR_REPEATED,	/* the same answer again */
	DP_NEIGHBOUR_CLAIMS,	/* further answers, from another link-layer address: not believed */
	DP_SYNACK_VALID, /* targets that have answered so: each counts once, retries included */
	DP_SYNACK_BAD_COOKIE,
	DP_SYNACK_DUPLICATE,   /* repeated by their sender: to a connection that lives, which drop
				reason synack_repeated tells of too, or later */
	DP_SYNACK_RETRY_LATER, /* no connection slot: put on the retry list, or left unanswered when
				  that is full; each time it comes */
	/* Answers of sampled targets (SYN-ACK or RST): to the probes proper, to the second one, to
	 * both; the first of these only once the second probe has been begun (loss.h). */
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
	DP_NO_CONNECTION,   /* a segment for no connection we ever had */
	DP_LATE_SEGMENT, /* a last word on a connection we have ended: answered with RST, or a RST
			     itself */
	/* What others ask for: answered, or left unanswered because the budget for that
	 * (replies.h) was used up. */
	DP_ARP_ANSWERED,
	DP_ARP_SUPPRESSED,
	DP_ECHO_ANSWERED,
	DP_ECHO_SUPPRESSED,
	DP_REPLIES_SENT, /* on that budget: ARP, ND, pings, resets and ACKs for what was repeated */
	/* transmit */
	DP_TX_FRAMES,
	DP_TX_BYTES,
	DP_TX_WIRE_BYTES, /* of the same frames, with padding, checksum, preamble and gap */
	DP_TX_NO_BUFFER,  /* no mbuf: TCP sends it again, a probe waits */
	DP_TX_RING_FULL,  /* the device took nothing for longer than the queue is deep */
	DP_RST_SENT,
	DP_RST_SUPPRESSED, /* for repeats and late segments, beyond that budget */
	DP_ACK_SUPPRESSED, /* for what a connection's peer has repeated, beyond that budget */
	/* connections */
	DP_CONNS_OPENED,
	DP_CONNS_CLOSED,
	DP_CONNS_EXCLUDED,    /* reset because their peer was excluded while the scan ran */
	DP_CONNS_RECONNECTED, /* XMPP: second connection with the server's own name */
	DP_DIALOGS_STARTED,
	DP_TLS_STARTED,
	DP_TLS_COMPLETED,
	DP_TLS_FAILED,
	DP_TLS_OVER_BUDGET, /* of these, dear handshakes left for want of time: they do speak TLS */
	DP_TLS_BEHIND, /* times a session had more to say than its peer had acknowledged room for */
	DP_WAITED,     /* connections that stood in line for a dialog or a TLS credit */
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
	DP_G_RATE_OVERDRAWN, /* frames of sessions beyond what the rate allows them all together */
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
	DP_STALL_RETRY,	    /* only targets are left that answered when there was no room: soon */
	DP_STALL_NEIGHBOUR, /* the gateway, or hosts on our own link, have not answered ARP or ND */
	DP_STALL_CONNECTIONS, /* connection table three quarters full */
	DP_STALL_TLS,	      /* too many connections wait for TLS */
	DP_STALL_WRITER,      /* records wait for the writer */
	DP_STALL_TX,	      /* the device does not keep up */
	DP_STALL_DISK,	      /* too little of the disk of the results is free */
	DP_STALL_LINK,	      /* the port has no link: it may come back */
	DP_STALL_STOPPING,    /* no probe leaves any more: late answers come, connections end */
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

static inline void dp_stats_add(_Atomic uint64_t *cell, uint64_t n)
{
	atomic_store_explicit(
		cell, atomic_load_explicit(cell, memory_order_relaxed) + n, memory_order_relaxed);
}

static inline void dp_count(struct dp_stats *stats, enum dp_counter counter)
{
	dp_stats_add(&stats->counter[counter], 1);
}

static inline void dp_count_n(struct dp_stats *stats, enum dp_counter counter, uint64_t n)
{
	dp_stats_add(&stats->counter[counter], n);
}

static inline void dp_count_drop(struct dp_stats *stats, enum ts_drop reason)
{
	dp_stats_add(&stats->drop[reason], 1);
}

static inline void dp_gauge_set(struct dp_stats *stats, enum dp_gauge gauge, uint64_t value)
{
	atomic_store_explicit(&stats->gauge[gauge], value, memory_order_relaxed);
}

/* For marks of the fullest moment. */
static inline void dp_gauge_peak(struct dp_stats *stats, enum dp_gauge gauge, uint64_t value)
{
	if (value > atomic_load_explicit(&stats->gauge[gauge], memory_order_relaxed))
		dp_gauge_set(stats, gauge, value);
}

/** Stable lower-case names, used in summary.json and telemetry. */
const char *dp_counter_name(enum dp_counter counter);
const char *dp_gauge_name(enum dp_gauge gauge);
const char *dp_stall_name(enum dp_stall stall);

/** Sum of one counter over several blocks. Any thread. */
uint64_t dp_stats_sum(struct dp_stats *const *blocks, uint32_t n_blocks, enum dp_counter counter);

/** Sum of one drop reason over several blocks. Any thread. */
uint64_t dp_stats_sum_drop(struct dp_stats *const *blocks, uint32_t n_blocks, enum ts_drop reason);

/** Sum of one gauge over several blocks (the maximum of times and peaks).
 * Any thread. */
uint64_t dp_stats_gauge(struct dp_stats *const *blocks, uint32_t n_blocks, enum dp_gauge gauge);

/** The loop time that 99.9 % of the turns with work did not exceed, in TSC ticks. Any thread. */
uint64_t dp_stats_loop_p999(struct dp_stats *const *blocks, uint32_t n_blocks);

/** The longest turn, in TSC ticks. Any thread. */
uint64_t dp_stats_loop_max(struct dp_stats *const *blocks, uint32_t n_blocks);

/** Is this gauge a maximum over time or cores, which sums of cores mean nothing of? */
bool dp_gauge_is_peak(enum dp_gauge gauge);
