/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory plan: how many elements the shared pools and rings of a scan have, and what they and
 * the rest take together. Sums alone: what a pool or a ring of a given size takes is DPDK's
 * knowledge, so the caller measures it and gives it in.
 *
 *     hp_plan_scan, hp_plan_shares ──► hp_plan_counts ──► caller measures ──► hp_plan_dpdk ──► sum
 *                                                                             hp_plan_heap ──► sum
 *
 * All functions are pure and may be called by any thread. They read what they are given and keep
 * nothing. They have no errors: the caller has checked the limits of the options, which keep every
 * count below 2^32.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a scan is asked to do, as far as it takes memory. */
struct hp_plan_scan {
	uint32_t n_poll;       /* poll cores, at least 1 */
	uint32_t n_tls;	       /* TLS cores */
	uint32_t max_conns;    /* connections at once on each poll core */
	uint32_t max_sessions; /* TLS sessions at once on each TLS core, at most 2^27 */
	uint32_t max_body;     /* bytes kept of what a session brings, besides its chain */
	bool lab;	       /* the embedded lab runs in the same process */
	bool all_outcomes;     /* closed or unreachable ports become records, too */
};

/* What one core or one session has its share of. */
struct hp_plan_shares {
	uint32_t poll_frames;	    /* frames that may wait at one poll core */
	uint32_t lab_ring;	    /* frames that may wait each way between it and the lab */
	uint32_t pool_cache;	    /* nominal size of a core's cache of a pool, in elements */
	uint32_t session_rx_chunks; /* receive chunks that each session gets in any case */
	uint32_t session_tx_chunks; /* send chunks that a session has at most, at least 1 */
	uint32_t session_msgs;	    /* messages of one session that may wait, each way */
};

/* Elements of the shared pools, and entries of the rings that have no fixed size. */
struct hp_plan_counts {
	uint32_t n_mbufs;
	uint32_t n_rx_chunks, n_tx_chunks, n_dialogs;
	uint32_t n_rx_sure; /* of the receive chunks, those that each session has its share of */
	uint32_t n_writer_ring, n_msg_ring; /* powers of two */
};

/* Bytes of one ring of each kind, its header included. */
struct hp_plan_ring_bytes {
	size_t writer;	    /* records: one for each poll core */
	size_t control;	    /* neighbour updates: one for each poll core */
	size_t msg;	    /* messages: two for each pair of a poll and a TLS core */
	size_t misdirected; /* frames that another core got: one for each ordered pair */
	size_t lab;	    /* frames: two for each poll core, if there is a lab */
};

/* Bytes of DPDK memory by purpose, over all cores. */
struct hp_plan_dpdk {
	size_t packet_buffers;
	size_t chunks;	     /* between poll and TLS cores */
	size_t dialogs;	     /* dialogs under way */
	size_t connections;  /* TCP, flows, and what else a poll core has */
	size_t answers_seen; /* dedup table */
	size_t sessions;     /* slots of TLS cores, not what wolfSSL takes */
	size_t queues;	     /* rings between cores, to the writer, to the lab */
};

/* Bytes on the ordinary heap by purpose. What ends with _peak grows with use, at most so far. */
struct hp_plan_heap {
	size_t targets;
	size_t output_buffers;
	size_t certificates_peak; /* kept because they come again */
	size_t tls_sessions_peak; /* wolfSSL's */
	size_t lab_peak;	  /* 0 without a lab */
};

/**
 * How many elements the pools and rings of a scan have.
 * @param scan    in: what is asked for; borrowed
 * @param shares  in: what each core and each session gets; borrowed
 * @return the counts: n_msg_ring is at least 4096
 */
struct hp_plan_counts hp_plan_count(
	const struct hp_plan_scan *scan, const struct hp_plan_shares *shares);

/**
 * What all rings take.
 * @param scan   in: says how many rings there are; borrowed
 * @param bytes  in: bytes of one ring of each kind; borrowed
 * @return bytes
 */
size_t hp_plan_queue_bytes(const struct hp_plan_scan *scan, const struct hp_plan_ring_bytes *bytes);

/**
 * What wolfSSL and the findings take if every TLS session is at its peak at once. There are never
 * more sessions than connections.
 * @param scan  in: says how many sessions and connections there may be; borrowed
 * @return bytes
 */
size_t hp_plan_tls_bytes(const struct hp_plan_scan *scan);

/**
 * The sum of all purposes.
 * @param plan  in: bytes by purpose; borrowed
 * @return bytes
 */
size_t hp_plan_dpdk_bytes(const struct hp_plan_dpdk *plan);

/**
 * The sum of all purposes.
 * @param plan  in: bytes by purpose; borrowed
 * @return bytes
 */
size_t hp_plan_heap_bytes(const struct hp_plan_heap *plan);
