/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by tlscore*.c. The TLS core's own thread only. */
#pragma once

#include "tlscore.h"

/* Where a session's words go: its slot, its pipe and the ring back. */
struct dp_tls_ref {
	struct dp_tls_core *core;
	struct dp_tls_slot *slot;
	struct dp_pipe *pipe;
	uint32_t poll, index;
};

/** A message that always finds room (msg.h): SEND, DONE, REFUSED. */
void dp_tls_tell(const struct dp_tls_ref *ref, enum dp_msg_op op, void *ptr, uint64_t arg);

/** Hand over what the session wants to send, as far as it has chunks for it. */
void dp_tls_flush(const struct dp_tls_ref *ref);

/** Say what is left to be said to the poll core: the rest of the output, the deadline. What cannot
 * be said now puts the session in the row of those behind. */
void dp_tls_settle(const struct dp_tls_ref *ref);

/** Go through some of those behind, in turn. @return how many got on */
uint32_t dp_tls_serve_behind(struct dp_tls_core *core);
