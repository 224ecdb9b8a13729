/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How large the shared pools and rings of a scan are, and so how much memory it needs. The sums are
 * hugepages/plan.h's; here stand the shares of cores and sessions, and what DPDK takes for each.
 */
#pragma once

#include "dataplane/core/scan_config.h"
#include "hugepages/plan.h"

#define DP_CONTROL_RING	    1024
#define DP_MISDIRECTED_RING 4096

/** The sizes for a configuration. Pure. */
struct hp_plan_counts dp_scan_sizes(const struct dp_scan_config *config);

/** What the scan and its mbufs take. Pure. */
struct hp_plan_dpdk dp_scan_memory_parts(const struct dp_scan_config *config);

/** The sum of it. Pure. */
size_t dp_scan_memory(const struct dp_scan_config *config);

/** Bytes wolfSSL takes when every TLS session is at its peak at once. Pure. */
size_t dp_scan_tls_memory(const struct dp_scan_config *config);
