/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded lab: a synthetic Internet that answers on the far end of a wire, inside the same
 * process.
 *
 * Frames in, frames out. There is no DPDK in here: the caller carries the frames (net_ring). What
 * an address is follows from a keyed hash of the address alone, so the right result of any scan can
 * be computed (lab_truth()). The gateway answers ARP and ND for itself. Every other address is
 * reached through it.
 *
 * One thread at a time uses a lab, whose TLS work runs on that thread. Times are in µs of one clock
 * that never goes back.
 */
#pragma once

#include "lab_certs.h"
#include "lab_config.h"

struct lab;

/**
 * Build a lab, after tl_global_init(). Later it allocates nothing, except what wolfSSL needs for
 * sessions.
 * @param config  in: copied; emit is set
 * @param now_us  in: the time
 * @param why     out: on failure a constant sentence
 * @return the lab, to be freed with lab_free(); NULL on failure: memory is short, a number in
 *         config is out of its range, or wolfSSL refuses the certificates
 */
struct lab *lab_new(const struct lab_config *config, uint64_t now_us, const char **why);
/** Free a lab with its connections and sessions. NULL is allowed. */
void lab_free(struct lab *lab);

#define LAB_BURST 64 /* most frames that are given to a lab at once */

/** Has the wire room for all that LAB_BURST more frames can cause? */
bool lab_has_room(const struct lab *lab);

/**
 * Take one frame from the scanner. Answers leave by config.emit in a later lab_tick().
 * @param lab         in/out: the lab
 * @param frame, len  in: an Ethernet frame of len bytes without its check sequence; borrowed for
 *                    the call
 * @param now_us      in: the time
 */
void lab_input(struct lab *lab, const uint8_t *frame, uint32_t len, uint64_t now_us);

/**
 * Take one frame, whose buffer may be used for the answer: the answer of a host without state and
 * without delay is there on return. All else is done as by lab_input().
 * @param lab         in/out: the lab
 * @param frame, len  in/out: a frame of len bytes; replaced by the answer; borrowed for the call
 * @param cap         in: bytes that may be written at frame
 * @param now_us      in: the time
 * @return bytes of the answer at frame, which the caller sends; 0: there is none
 */
uint32_t lab_exchange(struct lab *lab, uint8_t *frame, uint32_t len, uint32_t cap, uint64_t now_us);

/**
 * Do what is due: delayed frames, retransmissions, TLS work; a bounded number of each. Called
 * often.
 * @param lab     in/out: the lab
 * @param now_us  in: the time
 * @return how many of these were done; 0: nothing was due
 */
uint32_t lab_tick(struct lab *lab, uint64_t now_us);

/** The bytes that a lab of this size needs if all its connections and sessions are in use. Any
 * thread. */
size_t lab_memory(const struct lab_config *config);

/** The counters so far, valid until lab_free(). */
const struct lab_counts *lab_read_counts(const struct lab *lab);
