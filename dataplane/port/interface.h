/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel says about one of its interfaces. Knows no DPDK. Any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpstack/packet/addr.h"

#define DP_INTERFACE_NAME 16 /* IF_NAMESIZE */

/**
 * Does an interface exist, and is it up?
 * @param name     in: as `ip link` prints it, NUL-terminated
 * @param err      out: on failure a sentence with the command that helps
 * @param err_len  in: bytes of err
 * @return 0; -ENODEV: there is none; -ENETDOWN: it is down; -EIO: the kernel does not say
 */
int dp_interface_check(const char *name, char *err, size_t err_len);

/**
 * Does an interface that is up have a carrier, such as a cable with a device at its other end?
 *
 * Two answers are combined. The kernel's operational state follows a loss by up to a second, and is
 * up if the driver says nothing. The driver knows a loss at once, but not every driver can be
 * asked.
 * @param name     in: of an interface that dp_interface_check() has found to be up
 * @param err      out: on failure a sentence
 * @param err_len  in: bytes of err
 * @return 0, also if the kernel does not say; -ENOLINK: it has none
 */
int dp_interface_carrier(const char *name, char *err, size_t err_len);

/* What of the kernel's own traffic goes over an interface. */
struct dp_interface_use {
	/* An address that is not IPv6 link-local. The kernel gives each interface that is up a
	 * link-local one, and loses with it only what stays on one link. */
	bool has_address;
	struct ts_addr address; /* the first of them */
	bool has_route; /* a route other than those of its own addresses, link-local and groups */
	bool has_upper; /* it is part of a bridge or bond, or has a VLAN or macvlan */
	char upper[DP_INTERFACE_NAME]; /* name of that bridge, bond, VLAN or macvlan */
	bool complete;		       /* the end of the list that was read last has come */
};

/**
 * Ask the kernel what it uses an interface for (rtnetlink). Waits up to a second for each answer.
 * @param name  in: NUL-terminated
 * @param use   out: on failure what was found before it
 * @return 0; -ENODEV: there is no such interface; -errno: the kernel does not say
 */
int dp_interface_use(const char *name, struct dp_interface_use *use);

/**
 * Read a part of the kernel's answer: any sequence of RTM_NEWADDR, RTM_NEWLINK and RTM_NEWROUTE.
 * Other messages and damaged ones are skipped. Pure, except that it asks for the name of an upper
 * interface.
 * @param bytes  in: n bytes, aligned as struct nlmsghdr; borrowed
 * @param n      in: bytes
 * @param index  in: index of the interface
 * @param use    in/out: gets what is found
 */
void dp_interface_take(const void *bytes, size_t n, uint32_t index, struct dp_interface_use *use);

/**
 * Does the kernel use an interface, so that it must not lose its frames? Pure.
 * @param use       in: of dp_interface_use()
 * @param what      out: on true the reason, as a part of a sentence
 * @param what_len  in: bytes of what
 * @return true if it does
 */
bool dp_interface_is_used(const struct dp_interface_use *use, char *what, size_t what_len);
