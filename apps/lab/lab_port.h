/* SPDX-License-Identifier: BSD-3-Clause */
/* What the lab's hosts serve: the 14 well-known pairs of port and protocol. */
#pragma once

#include "tls/dialog/dialog.h"

struct lab_port {
	uint16_t port; /* host order */
	enum dl_proto proto;
	bool implicit_tls;
};

#define LAB_N_PORTS 14
extern const struct lab_port lab_ports[LAB_N_PORTS];

/**
 * What hosts serve on a port. Constant data; any thread.
 * @param port  in: host order
 * @return its entry; NULL: the port is not well known, and services are closed there
 */
const struct lab_port *lab_port_find(uint16_t port);
