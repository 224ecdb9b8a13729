/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How long late answers are waited for once no new probe leaves. Pure: time and state come in.
 *
 *     probes leave ──over──► wait, cooldown_us from here ──► heard out
 *           ▲                  │    ▲
 *           └── asked again ◄──┘    └── anew from when a lost link is back
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sc_cooldown {
	uint64_t length_us;
	uint64_t over_us; /* since when no new probe leaves; 0: probes do */
	uint64_t from_us; /* what is waited for is counted from here */
	bool waits;	  /* there is something to wait for */
};

/** What there is to see at one look. */
struct sc_cooldown_look {
	bool probing; /* new probes leave, or may */
	bool no_link; /* answers to what is out cannot come, but may when it is back */
	bool asked;   /* at least one probe has left: else there is nothing to wait for */
};

/**
 * Look.
 * @param now_us  in: scan time, never 0
 * @return true once, when probing has just come to its end
 */
bool sc_cooldown_take(struct sc_cooldown *cooldown, struct sc_cooldown_look look, uint64_t now_us);

/** Time left of the wait; 0: probes leave, or it is over. */
uint64_t sc_cooldown_left(const struct sc_cooldown *cooldown, uint64_t now_us);

/** Is the wait over? */
bool sc_cooldown_heard_out(const struct sc_cooldown *cooldown, uint64_t now_us);
