/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the rings of AF_PACKET had no room for.
 *
 * The kernel counts it for each socket; DPDK's net_af_packet does not ask (22.11), so that a scan
 * which overruns its rings would lose answers without a word. The driver does not name its sockets
 * either: they are found among the descriptors of this process.
 */
#pragma once

#include <stdint.h>

struct dp_packet_sockets;

/**
 * Find the packet sockets of this process. Main thread, after the port was opened.
 * @return ours to free with dp_packet_sockets_free(); NULL when there is no memory or no /proc
 */
struct dp_packet_sockets *dp_packet_sockets_find(void);
void dp_packet_sockets_free(struct dp_packet_sockets *sockets);

/**
 * Frames dropped since they were found, of all sockets. Any thread, while the port is open.
 * @param sockets  in, out; NULL: there are none
 */
uint64_t dp_packet_sockets_dropped(struct dp_packet_sockets *sockets);
