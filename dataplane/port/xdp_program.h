/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Our XDP program on a kernel interface, in the order of a scan:
 *
 *   claim      fails if another scan uses it; detaches what a killed scan has left
 *   attach     is done by DPDK's net_af_xdp, which reads the object from a file in memory
 *   fill       writes our addresses into the map; before that every frame is the kernel's
 *   release    comes after net_af_xdp has closed, and so detached the program
 *
 * A build without clang or libbpf has no program: xdp_none.c stands in for xdp_program.c.
 * Main thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dp_own_key;
struct dp_own;

struct dp_xdp_program {
	uint32_t index; /* of the interface */
	uint32_t id;	/* of the program while it is attached, else 0 */
	int claim_fd;	/* a socket whose name says that a scan is here; -1: none */
	int object_fd;	/* the object, for the driver to read; -1: none */
};

/**
 * Would this kernel take our program? It is loaded and freed again; no interface sees it.
 * @param why      out: on failure a sentence part such as "this build has no XDP program"
 * @param why_len  in: bytes of why
 * @return 0; -ENOTSUP: this build has none; -errno: the kernel refuses it, or has no AF_XDP
 */
int dp_xdp_program_try(char *why, size_t why_len);

/**
 * Is an interface free for our program? Nothing is changed.
 * @param ifname   in: NUL-terminated
 * @param why      out: on failure a sentence part
 * @param why_len  in: bytes of why
 * @return 0, also if a killed scan has left our program there; -EBUSY: another program is attached,
 *         or a scan that is alive uses ours; -errno: the kernel does not say
 */
int dp_xdp_program_look(const char *ifname, char *why, size_t why_len);

/**
 * Take the interface for a scan: no other scan can until dp_xdp_program_release().
 * @param ifname   in: NUL-terminated
 * @param program  out: to be released if 0 is returned
 * @param removed  out: a killed scan had left our program there, and it has been detached
 * @param why      out: on failure a sentence part
 * @param why_len  in: bytes of why
 * @return 0; -EBUSY: as dp_xdp_program_look(); -errno: the kernel does not say, or does not detach
 */
int dp_xdp_program_claim(const char *ifname, struct dp_xdp_program *program, bool *removed,
	char *why, size_t why_len);

/**
 * Make the object a file in memory, program->object_fd.
 * @param program  in, out: claimed
 * @return 0 or -errno
 */
int dp_xdp_program_open(struct dp_xdp_program *program);

/**
 * Say what is ours, after net_af_xdp has attached the program.
 * @param program  in, out: claimed; its id is set
 * @param keys     in: n addresses
 * @param owns     in: n values, one for each address
 * @param n        in: up to DP_XDP_OWN_MAX
 * @return 0; -ENOENT: it is not attached, or its map is not found; -errno: the kernel refuses
 */
int dp_xdp_program_fill(struct dp_xdp_program *program, const struct dp_own_key *keys,
	const struct dp_own *owns, uint32_t n);

/**
 * Is another program than ours attached now? net_af_xdp would detach that.
 * @param program  in: filled
 */
bool dp_xdp_program_is_replaced(const struct dp_xdp_program *program);

/**
 * Close the descriptors and let other scans have the interface.
 * @param program  in, out
 */
void dp_xdp_program_release(struct dp_xdp_program *program);
