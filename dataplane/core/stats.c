/* SPDX-License-Identifier: BSD-3-Clause */
#include "stats.h"

static const char *const counter_names[] = {
	[DP_PROBES_SENT] = "probes_sent",
	[DP_TARGETS_STARTED] = "targets_started",
	[DP_TARGETS_AGAIN] = "targets_again",
	[DP_PROBES_SKIPPED_ANSWERED] = "probes_skipped_answered",
	[DP_PROBES_RETRIED] = "probes_retried",
	[DP_RETRIES_UNANSWERED] = "retries_unanswered",
	[DP_RETRIES_EXCLUDED] = "retries_excluded",
	[DP_RETRIES_ABANDONED] = "retries_abandoned",
	[DP_PROBES_SAMPLED] = "probes_sampled",
	[DP_CANARIES_SENT] = "canaries_sent",
	[DP_DECOYS_SENT] = "decoys_sent",
	[DP_DECOY_HOSTS_NO_ROOM] = "decoy_hosts_no_room",
	[DP_DECOY_HOSTS_ABANDONED] = "decoy_hosts_abandoned",
	[DP_TARGETS_EXCLUDED] = "targets_excluded",
	[DP_TARGETS_DONE_EARLIER] = "targets_done_earlier",
	[DP_GATEWAY_REQUESTS] = "gateway_requests",
	[DP_NEIGHBOUR_REQUESTS] = "neighbour_requests",
	[DP_NEIGHBOUR_UNRESOLVED] = "neighbour_unresolved",
	[DP_RX_FRAMES] = "rx_frames",
	[DP_RX_BYTES] = "rx_bytes",
	[DP_RX_NOT_FOR_US] = "rx_not_for_us",
	[DP_RX_OTHER_MAC] = "rx_other_mac",
	[DP_RX_OTHER_VLAN] = "rx_other_vlan",
	[DP_RX_MULTI_SEGMENT] = "rx_multi_segment",
	[DP_RX_BUSY] = "rx_busy",
	[DP_RX_MISDIRECTED] = "rx_stray",
	[DP_RX_MISDIRECTED_LOST] = "rx_stray_lost",
	[DP_NEIGH_UPDATES_LOST] = "sightings_lost",
	[DP_NEIGHBOUR_UNASKED] = "neighbour_unasked",
	[DP_NEIGHBOUR_REFUSED] = "neighbour_refused",
	[DP_NEIGHBOUR_REPEATED] = "neighbour_repeated",
	[DP_NEIGHBOUR_CLAIMS] = "neighbour_claims",
	[DP_SYNACK_VALID] = "synack_valid",
	[DP_SYNACK_BAD_COOKIE] = "synack_bad_cookie",
	[DP_SYNACK_DUPLICATE] = "synack_duplicate",
	[DP_SYNACK_RETRY_LATER] = "synack_retry_later",
	[DP_SAMPLE_FIRST] = "sample_first",
	[DP_SAMPLE_SECOND] = "sample_second",
	[DP_SAMPLE_BOTH] = "sample_both",
	[DP_CANARY_SYNACK] = "canary_synack",
	[DP_CANARY_RST] = "canary_rst",
	[DP_DECOY_SYNACK] = "decoy_synack",
	[DP_DECOY_RST] = "decoy_rst",
	[DP_RX_EXCLUDED] = "rx_excluded",
	[DP_RST_VALID] = "rst_valid",
	[DP_RST_BAD_COOKIE] = "rst_bad_cookie",
	[DP_RST_DUPLICATE] = "rst_duplicate",
	[DP_ICMP_VALID] = "icmp_valid",
	[DP_ICMP_BAD_QUOTE] = "icmp_bad_quote",
	[DP_ICMP_DUPLICATE] = "icmp_duplicate",
	[DP_ICMP_SIDE_PROBE] = "icmp_side_probe",
	[DP_NO_CONNECTION] = "no_connection",
	[DP_LATE_SEGMENT] = "late_segment",
	[DP_ARP_ANSWERED] = "arp_nd_answered",
	[DP_ARP_SUPPRESSED] = "arp_nd_suppressed",
	[DP_ECHO_ANSWERED] = "echo_answered",
	[DP_ECHO_SUPPRESSED] = "echo_suppressed",
	[DP_REPLIES_SENT] = "replies_sent",
	[DP_TX_FRAMES] = "tx_frames",
	[DP_TX_BYTES] = "tx_bytes",
	[DP_TX_WIRE_BYTES] = "tx_wire_bytes",
	[DP_TX_NO_BUFFER] = "tx_no_buffer",
	[DP_TX_RING_FULL] = "tx_ring_full",
	[DP_RST_SENT] = "rst_sent",
	[DP_RST_SUPPRESSED] = "rst_suppressed",
	[DP_ACK_SUPPRESSED] = "ack_suppressed",
	[DP_CONNS_OPENED] = "conns_opened",
	[DP_CONNS_CLOSED] = "conns_closed",
	[DP_CONNS_EXCLUDED] = "conns_excluded",
	[DP_CONNS_RECONNECTED] = "conns_reconnected",
	[DP_DIALOGS_STARTED] = "talks_started",
	[DP_TLS_STARTED] = "tls_started",
	[DP_TLS_COMPLETED] = "tls_completed",
	[DP_TLS_FAILED] = "tls_failed",
	[DP_TLS_BEHIND] = "tls_behind",
	[DP_TLS_OVER_BUDGET] = "tls_not_completed_by_budget",
	[DP_WAITED] = "waited",
	[DP_RECORDS] = "records",
	[DP_RECORDS_WAITED] = "records_waited",
	[DP_LOOPS] = "loops",
	[DP_LOOPS_IDLE] = "loops_idle",
	[DP_CRYPTO_US] = "crypto_us",
};
_Static_assert(
	sizeof(counter_names) / sizeof(counter_names[0]) == DP_N_COUNTER, "every counter is named");

static const char *const gauge_names[] = {
	[DP_G_OPEN_CONNS] = "open_conns",
	[DP_G_TLS_SESSIONS] = "tls_sessions",
	[DP_G_TLS_WAITING] = "tls_waiting",
	[DP_G_RECORDS_PENDING] = "records_pending",
	[DP_G_LOOP_MAX_US] = "loop_max_us",
	[DP_G_TIMER_LAG_US] = "timer_lag_us",
	[DP_G_RATE_LOST] = "rate_tokens_lost",
	[DP_G_RATE_OVERDRAWN] = "rate_overdrawn",
	[DP_G_WRITER_RING_PEAK] = "writer_ring_peak",
	[DP_G_TLS_RING_PEAK] = "tls_ring_peak",
	[DP_G_MISDIRECTED_RING_PEAK] = "stray_ring_peak",
	[DP_G_TX_QUEUE_PEAK] = "tx_queue_peak",
	[DP_G_HEAP_BYTES] = "tls_heap_bytes",
	[DP_G_HEAP_PEAK_BYTES] = "tls_heap_peak_bytes",
};
_Static_assert(sizeof(gauge_names) / sizeof(gauge_names[0]) == DP_N_GAUGE, "every gauge is named");

static const char *const stall_names[] = {
	[DP_STALL_NONE] = "none",
	[DP_STALL_RATE] = "rate",
	[DP_STALL_GAP] = "probe-gap",
	[DP_STALL_RETRY] = "retry",
	[DP_STALL_NEIGHBOUR] = "neighbour",
	[DP_STALL_CONNECTIONS] = "connections",
	[DP_STALL_TLS] = "tls",
	[DP_STALL_WRITER] = "writer",
	[DP_STALL_TX] = "tx",
	[DP_STALL_DISK] = "disk",
	[DP_STALL_LINK] = "link",
	[DP_STALL_STOPPING] = "stopping",
	[DP_STALL_DONE] = "done",
};
_Static_assert(sizeof(stall_names) / sizeof(stall_names[0]) == DP_N_STALL, "every stall is named");

const char *dp_counter_name(enum dp_counter counter)
{
	return counter_names[counter];
}

const char *dp_gauge_name(enum dp_gauge gauge)
{
	return gauge_names[gauge];
}

const char *dp_stall_name(enum dp_stall stall)
{
	return stall_names[stall];
}

uint64_t dp_stats_sum(struct dp_stats *const *blocks, uint32_t n_blocks, enum dp_counter counter)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n_blocks; i++)
		sum += atomic_load_explicit(&blocks[i]->counter[counter], memory_order_relaxed);
	return sum;
}

uint64_t dp_stats_sum_drop(struct dp_stats *const *blocks, uint32_t n_blocks, enum ts_drop reason)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n_blocks; i++)
		sum += atomic_load_explicit(&blocks[i]->drop[reason], memory_order_relaxed);
	return sum;
}

bool dp_gauge_is_peak(enum dp_gauge gauge)
{
	return gauge == DP_G_LOOP_MAX_US || gauge == DP_G_TIMER_LAG_US ||
	       (gauge >= DP_G_WRITER_RING_PEAK && gauge <= DP_G_TX_QUEUE_PEAK);
}

uint64_t dp_stats_gauge(struct dp_stats *const *blocks, uint32_t n_blocks, enum dp_gauge gauge)
{
	bool largest = dp_gauge_is_peak(gauge);
	uint64_t all = 0;

	for (uint32_t i = 0; i < n_blocks; i++) {
		uint64_t one = atomic_load_explicit(&blocks[i]->gauge[gauge], memory_order_relaxed);

		if (!largest)
			all += one;
		else if (one > all)
			all = one;
	}
	return all;
}

static uint64_t quantile(struct dp_stats *const *blocks, uint32_t n_blocks, double share)
{
	const struct dp_loop_times *times[DP_MAX_BLOCKS];

	for (uint32_t i = 0; i < n_blocks; i++)
		times[i] = &blocks[i]->loops;
	return share < 1 ? dp_loop_quantile(times, n_blocks, share) : dp_loop_max(times, n_blocks);
}

uint64_t dp_stats_loop_p999(struct dp_stats *const *blocks, uint32_t n_blocks)
{
	return quantile(blocks, n_blocks, 0.999);
}

uint64_t dp_stats_loop_max(struct dp_stats *const *blocks, uint32_t n_blocks)
{
	return quantile(blocks, n_blocks, 1);
}
