/* SPDX-License-Identifier: BSD-3-Clause */
/* Is a started port still there, and is it connected? */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "interface.h"
#include "port.h"

/* How long a link may take to come up after a start. rte_eth_link_get() waits as long. */
#define LINK_WAIT_US 9000000
#define LINK_LOOK_US 100000

static bool link_is_down(const struct dp_port *port)
{
	struct rte_eth_link link = {0};

	return rte_eth_link_get_nowait(port->id, &link) == 0 &&
	       link.link_status == RTE_ETH_LINK_DOWN;
}

/* A TAP port is gone if its interface was deleted, which the device does not notice. */
static int tap_alive(const struct dp_port_spec *spec, char *err, size_t err_len)
{
	char name[IF_NAMESIZE];
	int rc;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(spec->name, ","), spec->name);
	rc = dp_interface_check(name, err, err_len);
	if (rc == -ENODEV)
		snprintf(err, err_len, "the TAP interface %s has been deleted", name);
	return rc;
}

int dp_port_alive(
	const struct dp_port_spec *spec, const struct dp_port *port, char *err, size_t err_len)
{
	int rc;

	switch (spec->kind) {
	case DP_PORT_KERNEL:
	case DP_PORT_AF_XDP:
	case DP_PORT_AF_PACKET:
		rc = dp_interface_check(spec->name, err, err_len);
		return rc != 0 ? rc : dp_interface_carrier(spec->name, err, err_len);
	case DP_PORT_TAP:
		return tap_alive(spec, err, err_len);
	case DP_PORT_PCI:
		if (!link_is_down(port))
			return 0;
		snprintf(err, err_len, "the link of %s is down; check the cable and the far end",
			spec->name);
		return -ENOLINK;
	case DP_PORT_MEMIF:
		/* This question also makes a client's device connect again. */
		if (!link_is_down(port))
			return 0;
		snprintf(err, err_len, "nobody is connected at the other side of memif:%s",
			spec->name);
		return -ENOLINK;
	case DP_PORT_PCAP:
	case DP_PORT_NULL:
	case DP_PORT_LAB:
		break;
	}
	return 0;
}

int dp_port_wait_link(
	const struct dp_port_spec *spec, const struct dp_port *port, char *err, size_t err_len)
{
	uint32_t n_looks = LINK_WAIT_US / LINK_LOOK_US;
	int rc;

	while ((rc = dp_port_alive(spec, port, err, err_len)) == -ENOLINK && n_looks-- > 0)
		rte_delay_us_sleep(LINK_LOOK_US);
	return rc;
}
