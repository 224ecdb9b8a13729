/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>

#include "pkt.h"

/* In the order of enum ts_drop. The names appear in summary.json: add, never rename. */
static const char *const names[] = {
	"none",
	"short_frame",
	"ethertype",
	"vlan",
	"arp_format",
	"ip_version",
	"ip_header_len",
	"ip_total_len",
	"ip_checksum",
	"ip_fragment",
	"ip_extension",
	"ip_protocol",
	"ip_bad_source",
	"ip_mapped",
	"tcp_short",
	"tcp_data_offset",
	"tcp_checksum",
	"tcp_flags",
	"tcp_port_zero",
	"icmp_short",
	"icmp_checksum",
	"icmp_type",
	"icmp_quote",
	"nd_hop_limit",
	"nd_format",
	"no_connection",
	"paws",
	"seq_old",
	"seq_beyond",
	"rst_not_exact",
	"syn_in_sync",
	"synack_repeated",
	"ack_range",
	"ack_missing",
	"reorder_full",
	"after_close",
	"icmp_no_match",
};
static_assert(sizeof(names) / sizeof(names[0]) == TS_N_DROP, "every drop reason has a name");

const char *ts_drop_name(enum ts_drop reason)
{
	return names[reason];
}
