/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A poll core on a ring port, for tests: frames are put in one by one, and every counter that moved
 * is compared with what the frame should have moved. Of several cores, the first one's.
 *
 * The scan: 198.18.0.0/24 on ports 25 and 443, from 198.19.255.1; one target in four sampled for
 * loss, canaries on, three decoy ports for a responder; closed and unreachable ports recorded.
 */
#pragma once

#include "dataplane/rx/carry_out.h"
#include "tests/poll_rig.h"
#include "tests/unit/packet/frames.h"

#define RIG_SAMPLE  4
#define RIG_DECOYS  3
#define RIG_CANARY  DP_CANARY_DECOY
#define RIG_SERVICE 25
#define RIG_MOVES   8

/* The counters a frame moves, each by as often as it stands here; DP_N_COUNTER ends the row. */
struct moves {
	enum dp_counter v[RIG_MOVES];
};
#define MOVES(...) ((struct moves){{__VA_ARGS__, DP_N_COUNTER}})

/* Start DPDK and build the scan, of one poll core or several. rig_close() undoes it. */
void rig_open(struct rig *rig);
void rig_open_cores(struct rig *rig, uint32_t n_poll);

/* Host number i of the scan: one that is not sampled, or one that is. */
struct ts_addr rig_host(const struct rig *rig, uint32_t i);
struct ts_addr rig_sampled_host(const struct rig *rig, uint32_t i);

/* A bare segment from a host's port that answers a probe of one kind: right port, and iss + ack_off
 * acknowledged. */
struct frame rig_answer(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint8_t flags, uint32_t ack_off);

/* An ICMP host-unreachable about a probe of one kind, with so many bytes of its TCP header
 * quoted. */
struct frame rig_icmp(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint32_t n_inner);

/* Put bytes in the place of the TCP options; n is a multiple of 4. */
void rig_options(struct frame *f, const char *hex);

/* Receive one frame a second after the last. Did exactly these counters move? Prints those that
 * differ. */
bool rig_gives(struct rig *rig, const struct frame *frame, struct moves moves);

/* Put a frame into the queue of the first core. */
void rig_put(struct rig *rig, const struct frame *frame);

/* Let n copies of a frame wait, take one turn's share of them, and count what that was. */
uint32_t rig_takes_of(struct rig *rig, const struct frame *frame, uint32_t n);

/* A counter of one poll core. */
uint64_t rig_counted(const struct rig *rig, uint32_t core, enum dp_counter counter);

/* The only record that waits; false when there is none or another one behind it. */
bool rig_record(struct rig *rig, struct dp_record *record);
