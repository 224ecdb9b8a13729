/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How long the scan waits for late answers after the last probe. Pure; one thread at a time.
 *
 *     probes leave ──over──► wait, length_us from here ──► heard out
 *           ▲                  │    ▲
 *           └── more probes ◄──┘    └── again from the start when a lost link is back
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sc_cooldown {
	uint64_t length_us; /* of the wait */
	uint64_t over_us;   /* scan time since when no new probe leaves; 0: probes leave */
	uint64_t from_us;   /* scan time from which the wait counts */
	bool waits;	    /* there is something to wait for */
};

/** The state of the scan at one look. */
struct sc_cooldown_look {
	bool probing; /* new probes leave, or may leave */
	bool no_link; /* answers cannot arrive now, but may arrive when the link is back */
	bool asked;   /* at least one probe has left; if not, there is nothing to wait for */
};

/**
 * Take in the state of the scan.
 * @param cooldown  in/out: length_us is set
 * @param look      in: the state
 * @param now_us    in: scan time, never 0
 * @return true if probing has just ended
 */
bool sc_cooldown_take(struct sc_cooldown *cooldown, struct sc_cooldown_look look, uint64_t now_us);

/**
 * The time that is left of the wait.
 * @param cooldown  in: as of the last look
 * @param now_us    in: scan time
 * @return µs; 0: probes leave, or the wait is over
 */
uint64_t sc_cooldown_left(const struct sc_cooldown *cooldown, uint64_t now_us);

/** Is the wait over? now_us: scan time. */
bool sc_cooldown_heard_out(const struct sc_cooldown *cooldown, uint64_t now_us);
