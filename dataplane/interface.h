/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel says of one of its interfaces. No DPDK. Any thread. */
#pragma once

#include <stddef.h>

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
