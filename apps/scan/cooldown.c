/* SPDX-License-Identifier: BSD-3-Clause */
#include "cooldown.h"

bool sc_cooldown_take(struct sc_cooldown *cooldown, struct sc_cooldown_look look, uint64_t now_us)
{
	bool ended = !look.probing && cooldown->over_us == 0;

	if (look.probing) {
		cooldown->over_us = 0;
		return false;
	}
	if (ended)
		cooldown->over_us = now_us;
	if (ended || look.no_link)
		cooldown->from_us = now_us;
	/* If no probe has left, no answer can be late. */
	cooldown->waits = look.asked;
	return ended;
}

uint64_t sc_cooldown_left(const struct sc_cooldown *cooldown, uint64_t now_us)
{
	uint64_t end_us = cooldown->from_us + cooldown->length_us;

	return cooldown->waits && cooldown->over_us != 0 && end_us > now_us ? end_us - now_us : 0;
}

bool sc_cooldown_heard_out(const struct sc_cooldown *cooldown, uint64_t now_us)
{
	return cooldown->over_us != 0 && sc_cooldown_left(cooldown, now_us) == 0;
}
