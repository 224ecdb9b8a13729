/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ports: from the argument of -i to a started DPDK device.
 *
 *   0000:03:00.0               PCI device bound to vfio-pci (or a bifurcated driver)
 *   eth1                       kernel interface: AF_PACKET if the kernel uses it (addresses,
 *                              routes, other interfaces on it); otherwise AF_XDP, or AF_PACKET if
 *                              AF_XDP does not start
 *   af_xdp:eth1 af_packet:eth1 only this one of the two
 *   memif:/run/x.sock          shared memory with another DPDK or VPP process; options may follow
 *                              a comma
 *   tap:name                   a kernel TAP interface is created
 *   pcap:in.pcap[,out.pcap]    read from and write to capture files
 *   null                       a device that drops every frame: benchmarks
 *   lab lab:population=sparse  the embedded lab (apps/lab), over net_ring; the application reads
 *                              what follows the colon
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rte_mempool;
struct rte_ring;

#define DP_PORT_RING 1024 /* descriptors per queue */
#define DP_LAB_RING  4096 /* frames each way between a queue and the lab */
#define DP_MBUF_ROOM 2304 /* data room of an mbuf with its headroom */

/* Each of the two rings of an AF_PACKET queue: frames of 2 kB, four in a block. A ring has room for
 * a burst of tens of milliseconds. */
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
	const char *name; /* what follows the kind; points into the text */
};

/**
 * What kind of port a user means. Pure; any thread.
 * @param text  in: the argument of -i, NUL-terminated; borrowed as long as the result is used
 * @return its kind and name; a text of no other kind is taken for a kernel interface
 */
struct dp_port_spec dp_port_spec(const char *text);

/**
 * Check a port before DPDK starts: the kernel interface exists and is up, the capture file is one,
 * the folder of the file to be written exists, the socket of a memif port has a folder and, for a
 * client, exists. Changes nothing. Any thread.
 * @param spec     in
 * @param err      out: on failure a sentence that says what helps
 * @param err_len  in: bytes of err
 * @return 0; -ENODEV, -ENETDOWN or -EIO as dp_interface_check(); -EINVAL: no capture file; or the
 *         negative errno of a file or folder
 */
int dp_port_check(const struct dp_port_spec *spec, char *err, size_t err_len);

/**
 * Choose AF_XDP or AF_PACKET for a kernel interface. AF_XDP takes all frames that the interface
 * receives, so that the kernel gets none of them while the scan runs. Any thread.
 * @param spec      in
 * @param note      out: a sentence for the user, "" if there is nothing to say
 * @param note_len  in: bytes of note, above 0
 * @return DP_PORT_AF_PACKET; DP_PORT_AF_XDP; DP_PORT_KERNEL: AF_XDP, or AF_PACKET if AF_XDP does
 *         not start; the kind of spec if that is no kernel interface
 */
enum dp_port_kind dp_port_choose(const struct dp_port_spec *spec, char *note, size_t note_len);

/**
 * The memory that a port pins at most. A process without CAP_IPC_LOCK is limited by RLIMIT_MEMLOCK.
 * Pure; any thread.
 * @param kind        in: DP_PORT_KERNEL gives what AF_PACKET pins, which is opened if AF_XDP does
 *                    not start
 * @param n_queues    in: RX queues, with as many TX queues
 * @param pool_bytes  in: bytes of its packet buffers
 * @param dpdk_bytes  in: bytes of all memory of DPDK, which a PCI device can reach
 * @return bytes; 0: it pins nothing
 */
uint64_t dp_port_lock_bytes(
	enum dp_port_kind kind, uint32_t n_queues, uint64_t pool_bytes, uint64_t dpdk_bytes);

#define DP_PORT_NOTE_LEN 256

struct dp_port {
	uint16_t id;		     /* DPDK's */
	char note[DP_PORT_NOTE_LEN]; /* of dp_port_choose() */
	char driver[32];	     /* e.g. "net_af_xdp" */
	uint8_t mac[6];		     /* our link-layer address */
	struct rte_mempool *mbufs;   /* owned */
	uint32_t n_queues;
	bool started;
	struct dp_packet_sockets *sockets; /* of AF_PACKET, owned; NULL: another driver */
};

/* Rings to and from the lab, one each way for each queue; made with a lab port. */
struct dp_port_lab {
	struct rte_ring *to_lab[16], *from_lab[16];
};

/**
 * Create, configure and start a port. Main thread, after rte_eal_init(). Waits for the link of a
 * kernel interface or a PCI device for up to nine seconds.
 * @param spec      in
 * @param n_queues  in: RX queues, with as many TX queues: one for each poll core, 1..DP_MAX_POLL
 * @param n_mbufs   in: buffers in its pool
 * @param lab       out: filled for DP_PORT_LAB; may be NULL for other kinds
 * @param port      out: on success to be closed with dp_port_close(); not valid on failure
 * @param err       out: on failure a sentence that says what is missing (device, permission,
 *                  driver, link) and which command helps
 * @param err_len   in: bytes of err
 * @return 0; -ENOMEM: packet memory is short; -ENOSPC: the device has fewer queues; -ENODEV;
 *         -ENOLINK; or the negative errno of the driver
 */
int dp_port_open(const struct dp_port_spec *spec, uint32_t n_queues, uint32_t n_mbufs,
	struct dp_port_lab *lab, struct dp_port *port, char *err, size_t err_len);

/**
 * Stop and close a port, and free its pool. Main thread, after all lcores that use it have
 * returned.
 * @param port  in/out: opened by dp_port_open(); not valid afterwards
 * @param lab   in: its rings, which are freed; NULL: it has none
 */
void dp_port_close(struct dp_port *port, struct dp_port_lab *lab);

/**
 * Is a started port still there, up, and connected? Makes a few system calls and does not wait.
 * Main thread.
 * @param spec     in: that it was opened with
 * @param port     in
 * @param err      out: on failure a sentence
 * @param err_len  in: bytes of err
 * @return 0; -ENOLINK: no carrier, or no peer of a memif port, either of which may come back;
 *         -ENODEV, -ENETDOWN or -EIO: it is gone
 */
int dp_port_alive(
	const struct dp_port_spec *spec, const struct dp_port *port, char *err, size_t err_len);

/**
 * Do the same as dp_port_alive(), but wait for the link for up to nine seconds. Main thread.
 * @param spec     in: that it was opened with
 * @param port     in
 * @param err      out: on failure a sentence
 * @param err_len  in: bytes of err
 * @return as dp_port_alive()
 */
int dp_port_wait_link(
	const struct dp_port_spec *spec, const struct dp_port *port, char *err, size_t err_len);

/**
 * Count the frames that a device has lost. Any thread, while the port is open.
 * @param port       in
 * @param rx_missed  out: frames lost before we received them, since the start; unchanged if the
 *                   device does not say
 * @param tx_errors  out: frames that the device failed to send; the same
 */
void dp_port_losses(const struct dp_port *port, uint64_t *rx_missed, uint64_t *tx_errors);
