/* SPDX-License-Identifier: BSD-3-Clause */
/* How large the shared pools and rings of a scan are, and so how much memory it needs. */
#pragma once

#include "scan.h"

#define DP_POOL_CACHE	128
#define DP_CONTROL_RING 1024
#define DP_STRAY_RING	4096

struct dp_sizes {
	uint32_t n_mbufs; /* dp_port_open() */
	uint32_t n_rx_chunks, n_tx_chunks, n_talks;
	uint32_t n_writer_ring, n_msg_ring; /* entries, powers of two */
};

/** The sizes for a configuration. Pure. */
struct dp_sizes dp_scan_sizes(const struct dp_scan_config *config);

/** Bytes of DPDK memory the scan and its mbufs take. Pure. */
size_t dp_scan_memory(const struct dp_scan_config *config);

/** Bytes wolfSSL takes when every TLS session is at its peak at once. Pure. */
size_t dp_scan_tls_memory(const struct dp_scan_config *config);
