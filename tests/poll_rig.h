/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A scan with poll cores that nobody drives, on a port of its own, for tests and benches: they call
 * the parts of a poll core on their own thread, put frames into the port's ring and take out what
 * was sent. All functions: the thread that called rig_start(). If something fails, they end the
 * process and say why, in TAP ("Bail out!").
 */
#pragma once

#include "dataplane/port/port.h"
#include "dataplane/rx/carry_out.h"
#include "dataplane/scan/poll_core.h"
#include "dataplane/scan/scan.h"
#include "tcpstack/packet/build.h"

struct rig {
	struct dp_targets *targets;
	struct dp_port port;
	struct dp_port_lab rings; /* of the port "lab" */
	struct dp_scan *scan;
	struct dp_poll *poll;	   /* of the first poll core */
	struct dp_poll_core *core; /* around poll */
};

/* Where a rig differs from another. */
struct rig_config {
	const char *port;	/* as -i takes it: lab, null */
	const char *targets;	/* one prefix */
	bool exclude_special;	/* leave out the networks that a scan leaves out by default */
	const char *source_v4;	/* our address */
	uint32_t n_extra_mbufs; /* beyond those that the scan needs */
	/* From rig_scan_config(), changed as needed. The source address and, if it is 0, n_indices
	 * are filled in by rig_open_scan(). */
	struct dp_scan_config scan;
};

/**
 * Start DPDK on this thread, without huge pages.
 * @param name       in: names the process to others that use DPDK
 * @param memory_mb  in: memory for the pools
 */
void rig_start(const char *name, uint32_t memory_mb);

/**
 * A scan of one poll core and one TLS core for IPv4 with one probe for each target; without a rate.
 * @param services    in: borrowed for the rig's life
 * @param n_services  in: 1..
 */
struct dp_scan_config rig_scan_config(const struct dl_service *services, uint32_t n_services);

/** Build the scan. @param rig  out: its memory is the caller's */
void rig_open_scan(struct rig *rig, const struct rig_config *config);

/** Undo rig_open_scan() and rig_start(). */
void rig_close(struct rig *rig);

/**
 * A bare segment from a host's port that answers a probe of one kind: right ports, and the probe's
 * own number in ack. MSS, payload and all else is left 0.
 */
struct ts_seg rig_segment(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint8_t flags);

/** Make the frame of a host's segment. @return its length in bytes, 0 if cap is too small */
uint32_t rig_build(const struct rig *rig, const struct ts_seg *seg, uint8_t *frame, uint32_t cap);

/** Put a frame into the first queue of the port "lab". */
void rig_put_bytes(struct rig *rig, const uint8_t *frame, uint32_t len);

/** Take what the first poll core has sent through the port "lab" since the last call, and forget
 * it. @return how many frames */
uint32_t rig_take_sent(struct rig *rig);
