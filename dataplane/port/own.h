/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What of an interface's traffic is a scan's: the entries of a map that the XDP program reads
 * (own_frame.bpf.c) and the port fills (xdp_program.c). It is compiled for the kernel's BPF machine
 * too, so it uses nothing of the C library but fixed-width integers.
 */
#pragma once

#include <stdint.h>

/* As the kernel reports them: at most 15 characters. A program of this name that has a map of this
 * name is ours. */
#define DP_XDP_PROGRAM	     tlsweep_xdp
#define DP_XDP_OWN_MAP	     tlsweep_own
#define DP_XDP_TEXT(name)    DP_XDP_TEXT_OF(name)
#define DP_XDP_TEXT_OF(name) #name

/* Sockets, one for each queue: more than a port has. */
#define DP_XDP_QUEUES_MAX 64
/* One address for each family. */
#define DP_XDP_OWN_MAX 2

/* Network order; IPv4 is held as ::ffff:a.b.c.d, as in struct ts_addr. */
struct dp_own_key {
	uint8_t addr[16];
};

/* What belongs to an address of ours. Host order. */
struct dp_own {
	uint16_t port_first, port_last; /* TCP, inclusive */
	uint16_t vlan;			/* 0: untagged */
	uint16_t unused;		/* 0: no byte of a map's value may be undefined */
};
