/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The embedded lab: a synthetic Internet that answers on the far end of a wire, inside the same
 * process.
 *
 * Frames in, frames out; no DPDK in here, the caller carries them (net_ring). What an address is
 * follows from a keyed hash of the address alone, so the truth about any scan of it is computable
 * (lab_truth()). The gateway answers ARP and ND for itself; every other address is reached through
 * it.
 */
#pragma once

#include "lab_certs.h"
#include "lab_config.h"

struct lab;

/**
 * Build a lab; memory is fixed from here on but for what wolfSSL allocates for sessions.
 * @param config  in: copied
 * @param why     out: on failure a constant sentence
 * @return NULL on failure
 * After tl_global_init(). One thread at a time uses it; TLS work runs in lab_tick() on that thread.
 */
struct lab *lab_new(const struct lab_config *config, uint64_t now_us, const char **why);
void lab_free(struct lab *lab);

#define LAB_BURST 64

/** Whether LAB_BURST more frames may come: the wire has room for all that they cause. */
bool lab_has_room(const struct lab *lab);

/**
 * One frame from the scanner; answers leave by config.emit at a later lab_tick().
 * @param frame  in: borrowed for the call
 */
void lab_input(struct lab *lab, const uint8_t *frame, uint32_t len, uint64_t now_us);

/**
 * The same for a frame whose buffer the answer may take: what a host without state and without
 * delay has to say is there on return, everything else goes the way of lab_input().
 * @param frame  in, out: borrowed for the call
 * @param cap    in: bytes writable at frame
 * @return length of the answer in the buffer, to be sent by the caller; 0: there is none
 */
uint32_t lab_exchange(struct lab *lab, uint8_t *frame, uint32_t len, uint32_t cap, uint64_t now_us);

/**
 * Run what is due: delayed frames, retransmissions, TLS work; each bounded. Call often.
 * @return work items done
 */
uint32_t lab_tick(struct lab *lab, uint64_t now_us);

/** Bytes a lab of this size takes when all its connections and sessions are in use. Pure. */
size_t lab_memory(const struct lab_config *config);

const struct lab_counts *lab_read_counts(const struct lab *lab);
