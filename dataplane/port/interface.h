/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel says of one of its interfaces. No DPDK. Any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpstack/packet/addr.h"

#define DP_INTERFACE_NAME 16 /* IF_NAMESIZE */

/**
 * Does an interface exist, and is it up?
 * @param name  in: as `ip link` has it
 * @param err   out: on failure a sentence with the command that mends it
 * @return 0, -ENODEV, -ENETDOWN, or -EIO when the kernel does not say
 */
int dp_interface_check(const char *name, char *err, size_t err_len);

/**
 * Has an interface that is up its carrier: a cable with somebody at its other end?
 *
 * Asked twice, as each answer has its blind spot. The kernel's operational state, for which a
 * driver that says nothing is up, follows a loss by up to a second; a driver knows at once, but not
 * every one can be asked.
 * @param name  in: of an interface that dp_interface_check() has found to be up
 * @param err   out: on failure a sentence
 * @return 0, also when the kernel does not say; -ENOLINK
 */
int dp_interface_carrier(const char *name, char *err, size_t err_len);

/* By how many queues an interface receives. */
struct dp_interface_queues {
	uint32_t n_combined; /* that also send */
	uint32_t n_receive;  /* that only receive */
};

/**
 * Ask the driver for the queues that are in use (`ethtool -l`).
 * @param name  in: NUL-terminated
 * @return one combined queue if the driver does not say
 */
struct dp_interface_queues dp_interface_queues(const char *name);

/* What of the kernel's own traffic goes over an interface. */
struct dp_interface_use {
	/* Any but IPv6 link-local ones: an interface that is up has one of these of its own accord,
	 * and what the kernel loses with it is neighbour discovery, router advertisements and what
	 * lives on one link. */
	bool has_address;
	struct ts_addr address; /* the first of them */
	bool has_route; /* other than those of its own addresses, link-local ones and groups */
	bool has_upper; /* a bridge or bond it is part of, a VLAN or macvlan upon it */
	char upper[DP_INTERFACE_NAME];
	bool complete; /* the list that was taken in last has come to its end */
};

/**
 * Ask the kernel what an interface carries (rtnetlink).
 * @param use  out: what was found until then, also on error
 * @return 0, -ENODEV: there is none; -errno: the kernel does not say
 */
int dp_interface_use(const char *name, struct dp_interface_use *use);

/**
 * Take in a piece of the kernel's answer: any row of RTM_NEWADDR, RTM_NEWLINK, RTM_NEWROUTE.
 * @param bytes  in: n of them, aligned like struct nlmsghdr
 * @param index  in: the interface's
 * @param use    in, out
 */
void dp_interface_take(const void *bytes, size_t n, uint32_t index, struct dp_interface_use *use);

/**
 * Does the kernel use it, so that it must not lose its frames? Pure.
 * @param what  out: on true, the reason, the rest of a sentence
 */
bool dp_interface_is_used(const struct dp_interface_use *use, char *what, size_t what_len);
