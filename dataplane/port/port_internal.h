/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files about ports share. */
#pragma once

#include "port.h"

/**
 * Create a virtual device and start it. Main thread.
 * @param driver    in: such as "net_af_packet"
 * @param args      in: the driver's own arguments
 * @param n_queues  in: RX and TX queues
 * @param port      in, out: its mbufs are there
 * @param err       out: on failure a sentence
 * @param err_len   in: bytes of err
 * @return 0 or -errno, and nothing is left of the device
 */
int dp_port_open_vdev(const char *driver, const char *args, uint32_t n_queues, struct dp_port *port,
	char *err, size_t err_len);
