/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The XDP program that lets a scan and the kernel share an interface. clang compiles it for the
 * kernel's BPF machine; its object is part of the library (xdp_program.c), and DPDK's net_af_xdp
 * attaches it. Until the map of addresses is filled, and where a queue has no socket, every frame
 * is the kernel's.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "own_frame.h"

/* net_af_xdp puts its sockets into the map of this name. */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, DP_XDP_QUEUES_MAX);
	__type(key, __u32);
	__type(value, __u32);
} xsks_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, DP_XDP_OWN_MAX);
	__type(key, struct dp_own_key);
	__type(value, struct dp_own);
} DP_XDP_OWN_MAP SEC(".maps");

DP_OWN_INLINE const struct dp_own *find(const struct dp_own_key *key)
{
	return bpf_map_lookup_elem(&DP_XDP_OWN_MAP, key);
}

SEC("xdp")
int DP_XDP_PROGRAM(struct xdp_md *ctx)
{
	/* The kernel gives addresses as numbers of 32 bits and loads them as pointers. */
	const uint8_t *frame = (const uint8_t *)(long)ctx->data;
	const uint8_t *end = (const uint8_t *)(long)ctx->data_end;

	if (!dp_own_frame(frame, end, find))
		return XDP_PASS;
	return bpf_redirect_map(&xsks_map, ctx->rx_queue_index, XDP_PASS);
}

char program_license[] SEC("license") = "BSD";
