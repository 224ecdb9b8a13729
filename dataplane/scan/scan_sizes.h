/* SPDX-License-Identifier: BSD-3-Clause */
/* How large the shared pools and rings of a scan are, and so how much memory it needs. */
#pragma once

#include "dataplane/core/scan_config.h"

#define DP_CONTROL_RING	    1024
#define DP_MISDIRECTED_RING 4096

struct dp_sizes {
	uint32_t n_mbufs; /* dp_port_open() */
	uint32_t n_rx_chunks, n_tx_chunks, n_dialogs;
	uint32_t n_rx_sure; /* of the receive chunks, those that each session has its share of */
	uint32_t n_writer_ring, n_msg_ring; /* entries, powers of two */
};

/** The sizes for a configuration. Pure. */
struct dp_sizes dp_scan_sizes(const struct dp_scan_config *config);

/* Bytes of DPDK memory by purpose, over all cores. */
struct dp_memory {
	size_t packet_buffers;
	size_t chunks;	     /* between poll and TLS cores */
	size_t dialogs;	     /* dialogs under way */
	size_t connections;  /* TCP, flows, and what else a poll core has */
	size_t answers_seen; /* duplicate filter */
	size_t sessions;     /* slots of TLS cores, not what wolfSSL takes */
	size_t queues;	     /* rings between cores, to the writer, to the lab */
};

/** What the scan and its mbufs take. Pure. */
struct dp_memory dp_scan_memory_parts(const struct dp_scan_config *config);

/** The sum of it. Pure. */
size_t dp_scan_memory(const struct dp_scan_config *config);

/** Bytes wolfSSL takes when every TLS session is at its peak at once. Pure. */
size_t dp_scan_tls_memory(const struct dp_scan_config *config);
