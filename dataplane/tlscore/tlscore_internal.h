/* SPDX-License-Identifier: BSD-3-Clause */
/* Private to tlscore*.c. The TLS core's own thread only. */
#pragma once

#include "tlscore.h"

/* A session: its slot, its pipe, and the poll core and slot number that its messages name. */
struct dp_tls_ref {
	struct dp_tls_core *core;
	struct dp_tls_slot *slot;
	struct dp_pipe *pipe;
	uint32_t poll, index;
};

/** Send a message that always finds room (msg.h): SEND, DONE, REFUSED. */
void dp_tls_tell(const struct dp_tls_ref *ref, enum dp_msg_op op, void *ptr, uint64_t arg);

/** Hand over what the session wants to send, as much as it gets chunks for. */
void dp_tls_flush(const struct dp_tls_ref *ref);

/** Send the poll core the rest of the output and the deadline. If one of them has to wait, the
 * session goes into the queue behind. */
void dp_tls_settle(const struct dp_tls_ref *ref);

/** Settle some sessions of the queue behind, in turn. @return how many have left it */
uint32_t dp_tls_serve_behind(struct dp_tls_core *core);
