/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Huge pages of this machine: how much memory of free ones there is, whether hugetlbfs is mounted,
 * and the commands that provide what is missing. Nothing is changed and nothing is kept between
 * calls.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Mounts hugetlbfs, without which DPDK cannot use huge pages. A line for a root shell. */
#define HP_PAGES_MOUNT_COMMAND "mkdir -p /dev/hugepages && mount -t hugetlbfs none /dev/hugepages"

/* Enough for the text of hp_pages_reserve_command() with any number. */
#define HP_PAGES_COMMAND_LEN 64

/**
 * How much memory the free huge pages of 2 MB and 1 GB have together, over all NUMA nodes.
 * @param root  in: folder in front of /sys, "" on a real machine; borrowed
 * @return MB. A size whose file is missing, cannot be read or does not start with a number counts
 * as none. Any thread; reads files.
 */
size_t hp_pages_free_mb(const char *root);

/**
 * Whether a file system of the type hugetlbfs is mounted, anywhere and from any device.
 * @param root  in: folder in front of /proc, "" on a real machine; borrowed
 * @return false, too, if the list of mounts cannot be read or memory is short for a line of it. Any
 * thread; reads a file.
 */
bool hp_pages_mounted(const char *root);

/**
 * The command that reserves pages of 2 MB, as a line for a root shell.
 * @param want_mb  in: MB that the pages must have at least; an odd number is rounded up
 * @param text     out: the command; always terminated
 * @param len      in: bytes at text, at least 1; HP_PAGES_COMMAND_LEN is enough, in less the
 *                 command is cut off. Any thread. Pure.
 */
void hp_pages_reserve_command(size_t want_mb, char *text, size_t len);
