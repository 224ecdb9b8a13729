/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How large the shared pools and rings of a scan are, and how much memory it needs.
 * hugepages/plan.h computes the sums. Here are the shares of cores and sessions, and what DPDK
 * takes for each pool and ring. Pure: any thread may call these functions, also before DPDK starts.
 */
#pragma once

#include "dataplane/core/scan_config.h"
#include "hugepages/plan.h"

#define DP_CONTROL_RING	    1024
#define DP_MISDIRECTED_RING 4096

/** Elements of the shared pools and rings for a configuration. */
struct hp_plan_counts dp_scan_sizes(const struct dp_scan_config *config);

/** Bytes of DPDK memory that the scan and its mbufs take, by purpose. */
struct hp_plan_dpdk dp_scan_memory_parts(const struct dp_scan_config *config);

/** Bytes of DPDK memory that the scan and its mbufs take in all. */
size_t dp_scan_memory(const struct dp_scan_config *config);

/** Bytes of ordinary memory that wolfSSL takes if all TLS sessions are at their peak at once. */
size_t dp_scan_tls_memory(const struct dp_scan_config *config);
