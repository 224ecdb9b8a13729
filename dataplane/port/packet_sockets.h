/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counting the frames that the rings of AF_PACKET had no room for.
 *
 * The kernel counts them for each socket, but DPDK's net_af_packet does not ask (22.11). A scan
 * that overruns its rings would lose answers unnoticed. The driver does not name its sockets
 * either, so they are searched among the descriptors of this process.
 */
#pragma once

#include <stdint.h>

struct dp_packet_sockets;

/**
 * Find the packet sockets of this process, sixteen at most. Main thread, after the port was opened.
 * @return the caller's, to be freed with dp_packet_sockets_free(); NULL if memory is short or there
 *         is no /proc
 */
struct dp_packet_sockets *dp_packet_sockets_find(void);

/** Free what dp_packet_sockets_find() returned; NULL is allowed. The sockets stay open. Main
 * thread. */
void dp_packet_sockets_free(struct dp_packet_sockets *sockets);

/**
 * Count the frames that all sockets have dropped. Any thread, while the port is open.
 * @param sockets  in/out: NULL: there are none
 * @return frames since dp_packet_sockets_find()
 */
uint64_t dp_packet_sockets_dropped(struct dp_packet_sockets *sockets);
