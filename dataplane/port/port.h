/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ports: from what the user wrote after -i to a started DPDK device.
 *
 *   0000:03:00.0               PCI device bound to vfio-pci (or a bifurcated driver)
 *   eth1                       kernel interface: AF_XDP, and AF_PACKET if AF_XDP does not start
 *   af_xdp:eth1 af_packet:eth1 one of the two and no other
 *   memif:/run/x.sock          shared memory with another DPDK or VPP process; options may follow
 *                              a comma
 *   tap:name                   a kernel TAP interface is created
 *   pcap:in.pcap[,out.pcap]    read from and write to capture files
 *   null                       a device that swallows everything: benchmarks
 *   lab lab:population=sparse  the embedded lab (apps/lab), over net_ring; what follows the colon
 *                              is the application's business
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xdp_program.h"

struct rte_mempool;
struct rte_ring;

#define DP_PORT_RING 1024 /* descriptors per queue */
#define DP_LAB_RING  4096 /* frames each way between a queue and the lab */
#define DP_MBUF_ROOM 2304 /* data room of an mbuf with its headroom */

/* Each of the two rings of an AF_PACKET queue: frames of 2 kB, four to a block; together they take
 * a burst of tens of ms. */
#define DP_PACKET_FRAME	   2048
#define DP_PACKET_BLOCK	   8192
#define DP_PACKET_N_FRAMES 4096

enum dp_port_kind {
	DP_PORT_PCI,
	DP_PORT_KERNEL,
	DP_PORT_AF_XDP,
	DP_PORT_AF_PACKET,
	DP_PORT_MEMIF,
	DP_PORT_TAP,
	DP_PORT_PCAP,
	DP_PORT_NULL,
	DP_PORT_LAB,
};

struct dp_port_spec {
	enum dp_port_kind kind;
	const char *name; /* what follows the kind, borrowed from the text */
};

/** Tell what kind of port a user means. Never fails: what is nothing else is a kernel interface. */
struct dp_port_spec dp_port_spec(const char *text);

/**
 * What can be checked before DPDK starts: the kernel interface exists and is up, the capture file
 * is one, there is a place for that which is written, the socket of a memif port has a folder and,
 * for a client, somebody who made it. Nothing is changed.
 * @param err  out: on failure a sentence with what mends it
 * @return 0 or -errno. Any thread.
 */
int dp_port_check(const struct dp_port_spec *spec, char *err, size_t err_len);

/**
 * Which of AF_XDP and AF_PACKET a kernel interface is opened with. The XDP program is tried in the
 * kernel, but not attached.
 * @param spec      in: a kind that is not a kernel interface's is returned as it is
 * @param n_queues  in: RX and TX queues
 * @param note      out: if AF_XDP cannot start, a sentence that says why, else ""
 * @param note_len  in: bytes of note
 * @return DP_PORT_AF_PACKET; DP_PORT_AF_XDP: that and no other; DP_PORT_KERNEL: AF_XDP if it starts
 */
enum dp_port_kind dp_port_choose(
	const struct dp_port_spec *spec, uint32_t n_queues, char *note, size_t note_len);

/**
 * What a port pins in memory at most: RLIMIT_MEMLOCK limits it for who has no CAP_IPC_LOCK. Of a
 * kernel interface it is what AF_PACKET needs, which is fallen back to.
 * @param n_queues    in: its RX and TX queues
 * @param pool_bytes  in: its packet buffers
 * @param dpdk_bytes  in: all memory of DPDK, which a PCI device can reach
 * @return bytes, 0: nothing. Pure.
 */
uint64_t dp_port_lock_bytes(
	enum dp_port_kind kind, uint32_t n_queues, uint64_t pool_bytes, uint64_t dpdk_bytes);

#define DP_PORT_NOTE_LEN 512

struct dp_port {
	uint16_t id;
	char note[DP_PORT_NOTE_LEN];  /* why it is not the driver that was hoped for, or "" */
	char found[DP_PORT_NOTE_LEN]; /* what was found in its way and taken away, or "" */
	char driver[32];	      /* e.g. "net_af_xdp" */
	uint8_t mac[6];
	struct rte_mempool *mbufs;
	uint32_t n_queues;
	bool started;
	struct dp_packet_sockets *sockets; /* of AF_PACKET, NULL: another driver; ours */
	struct dp_xdp_program xdp;	   /* of AF_XDP; index 0: another driver */
	bool left_open; /* by dp_port_close(): EAL must not be cleaned up either */
};

/** Rings to and from the lab, one each way per queue; created with a lab port. */
struct dp_port_lab {
	struct rte_ring *to_lab[16], *from_lab[16];
};

/**
 * Create, configure and start a port.
 * @param spec      in
 * @param n_queues  in: RX and TX queues wanted, one per poll core
 * @param n_mbufs   in: buffers in its pool
 * @param lab       out: filled for DP_PORT_LAB, may be NULL otherwise
 * @param port      out
 * @param err       out: on failure a sentence: what is missing (device, permission, driver, link)
 * and the command that mends it
 * @return 0 or -errno. Main thread, after rte_eal_init(); blocks for up to nine seconds while a
 *         kernel interface or a PCI device has no link
 */
int dp_port_open(const struct dp_port_spec *spec, uint32_t n_queues, uint32_t n_mbufs,
	struct dp_port_lab *lab, struct dp_port *port, char *err, size_t err_len);

/** Stop and close. Main thread, when no lcore uses it. */
void dp_port_close(struct dp_port *port, struct dp_port_lab *lab);

/**
 * Is a started port still there and up, and somebody at its other end? Cheap: system calls, no
 * waiting.
 * @param err  out: on failure a sentence
 * @return 0; -ENOLINK: no carrier, or no peer of a memif port, which may come back; -ENODEV,
 * -ENETDOWN or -EIO: it is gone. Main thread.
 */
int dp_port_alive(
	const struct dp_port_spec *spec, const struct dp_port *port, char *err, size_t err_len);

/** The same, but -ENOLINK only when it has been so for nine seconds: links take their time to come
 * up. */
int dp_port_wait_link(
	const struct dp_port_spec *spec, const struct dp_port *port, char *err, size_t err_len);

/** Frames the device lost before we saw them, and frames it failed to send. */
void dp_port_losses(const struct dp_port *port, uint64_t *rx_missed, uint64_t *tx_errors);
