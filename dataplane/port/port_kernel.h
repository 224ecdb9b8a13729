/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kernel interface as a port: by AF_XDP, with a program that leaves the kernel its traffic, or by
 * AF_PACKET. Main thread.
 */
#pragma once

#include "port.h"
#include "tcpstack/packet/addr.h"

/* What a scan sends from: frames to it are the scan's, all others the kernel's. */
struct dp_port_own {
	struct ts_addr addrs[2]; /* one for each family */
	uint32_t n_addrs;
	uint16_t port_first, port_last; /* TCP, host order, inclusive */
	uint16_t vlan;			/* 0: untagged */
};

/**
 * Open an interface with the driver that dp_port_choose() names. If AF_XDP does not start and the
 * user has not insisted on it, AF_PACKET is used, and port->note says why.
 * @param spec      in: of a kernel interface
 * @param n_queues  in: RX and TX queues
 * @param port      in, out: its mbufs are there
 * @param err       out: on failure a sentence
 * @param err_len   in: bytes of err
 * @return 0 or -errno. After rte_eal_init()
 */
int dp_port_open_kernel(const struct dp_port_spec *spec, uint32_t n_queues, struct dp_port *port,
	char *err, size_t err_len);

/**
 * Say which frames of an interface are the scan's. Until then AF_XDP leaves all of them to the
 * kernel. On other ports nothing is done.
 * @param port     in: open
 * @param own      in: borrowed
 * @param err      out: on failure a sentence
 * @param err_len  in: bytes of err
 * @return 0 or -errno
 */
int dp_port_take_own(
	struct dp_port *port, const struct dp_port_own *own, char *err, size_t err_len);

/**
 * May the device be closed? net_af_xdp then detaches whatever program is attached.
 * @param port  in: open
 * @return false: somebody else's program has taken the place of ours; the device ends with the
 *         process instead
 */
bool dp_port_may_close_kernel(const struct dp_port *port);

/**
 * Free what the interface needed beside the device. After the device was closed.
 * @param port  in, out
 */
void dp_port_leave_kernel(struct dp_port *port);
