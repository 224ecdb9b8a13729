/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by flow*.c: the pieces of one connection's life. Owner poll core only. */
#pragma once

#include "pipe.h"
#include "dataplane/scan/poll.h"

static inline struct dp_flow *dp_flow_at(struct dp_poll *poll, uint32_t conn)
{
	return &poll->flows[conn];
}

static inline const struct dl_service *dp_flow_service(
	const struct dp_poll *poll, const struct dp_flow *flow)
{
	return &poll->scan->config.services[flow->service];
}

/* Of the session whose credit the flow has. */
static inline struct dp_pipe *dp_flow_pipe(const struct dp_poll *poll, const struct dp_flow *flow)
{
	return &poll->pipes[flow->tls_core][flow->tls_slot];
}

void dp_flow_list_add(struct dp_poll *poll, struct dp_flow_list *list, uint32_t conn);
void dp_flow_list_add_front(struct dp_poll *poll, struct dp_flow_list *list, uint32_t conn);
void dp_flow_list_remove(struct dp_poll *poll, struct dp_flow_list *list, uint32_t conn);

/* Put a chunk (taken) at the end of the outgoing stream and tell TCP. */
void dp_flow_append(struct dp_poll *poll, uint32_t conn, struct dp_chunk *chunk);
/* Give one back. */
void dp_flow_free_chunk(struct dp_poll *poll, struct dp_flow *flow, struct dp_chunk *chunk);
/* The same with bytes of a dialog. False when the chunk that a talk has cannot hold them beside
 * what the peer has not acknowledged; nothing is sent then. Takes the spare chunk if it needs one.
 */
bool dp_flow_say(struct dp_poll *poll, uint32_t conn, const uint8_t *bytes, uint32_t len);
/* Copy the stream's bytes [off, off + len) to out; false when the range is not held. */
bool dp_flow_copy_tx(const struct dp_flow *flow, uint32_t off, uint32_t len, uint8_t *out);
/* Forget what the peer has acknowledged, and give a credit back that waited for it. */
void dp_flow_acked(struct dp_poll *poll, struct dp_flow *flow, uint32_t acked_off);
void dp_flow_free_tx(struct dp_poll *poll, struct dp_flow *flow);
/* Is a transmit chunk in hand? Dialog functions may be called only then. */
bool dp_flow_have_spare(struct dp_poll *poll);
/* Is an unused talk in hand? */
bool dp_flow_have_talk(struct dp_poll *poll);

/* Close in order: the stream, then FIN; the record follows when TCP is through. */
void dp_flow_close(struct dp_poll *poll, uint32_t conn);
void dp_flow_abort(struct dp_poll *poll, uint32_t conn);
/* Reset it, whatever it is about, and leave no record. TCP must not be over. */
void dp_flow_drop(struct dp_poll *poll, uint32_t conn);
/* The owner's deadline, never beyond the connection's whole life. */
void dp_flow_deadline(struct dp_poll *poll, uint32_t conn, uint64_t deadline_us);
/* TCP is over and the talk is here: make the record, free the index. */
void dp_flow_finish(struct dp_poll *poll, uint32_t conn);
/* Could not be served: back on the retry list, no record. */
void dp_flow_requeue(struct dp_poll *poll, uint32_t conn);
/* Wait for a talk or a credit. */
void dp_flow_wait(struct dp_poll *poll, uint32_t conn, enum dp_phase phase);
/* Give the credit back, if there is one; later when more than one chunk still waits for its
 * acknowledgement: chunks beyond the first are counted for the session. */
void dp_flow_return_credit(struct dp_poll *poll, struct dp_flow *flow);
/* Whatever it waited for, it does not need it any more. */
void dp_flow_stop_waiting(struct dp_poll *poll, uint32_t conn);

/* Talks (flow_talk.c). */
/* The name the target was given with, "" when it had none. */
const char *dp_flow_host(const struct dp_poll *poll, uint32_t conn);
bool dp_flow_start_talk(struct dp_poll *poll, uint32_t conn, const char *host, bool retry);
void dp_flow_data(struct dp_poll *poll, uint32_t conn, const uint8_t *bytes, uint32_t len);
void dp_flow_eof(struct dp_poll *poll, uint32_t conn);
void dp_flow_timer(struct dp_poll *poll, uint32_t conn);
void dp_flow_opened(struct dp_poll *poll, uint32_t conn);
void dp_flow_broken(struct dp_poll *poll, uint32_t conn, enum ts_close close);
void dp_flow_apply(struct dp_poll *poll, uint32_t conn, const struct dl_out *out);

/* TLS cores (flow_tls.c). */
bool dp_flow_take_credit(struct dp_poll *poll, struct dp_flow *flow);
void dp_flow_tls_open(struct dp_poll *poll, uint32_t conn);
void dp_flow_tls_data(struct dp_poll *poll, uint32_t conn, const uint8_t *bytes, uint32_t len);
void dp_flow_tls_eof(struct dp_poll *poll, uint32_t conn);
void dp_flow_tls_timer(struct dp_poll *poll, uint32_t conn);
/* Its whole life is over: reset it now, whatever its TLS core does; DONE and the record follow. */
void dp_flow_tls_end(struct dp_poll *poll, uint32_t conn);
void dp_flow_tls_broken(struct dp_poll *poll, uint32_t conn, enum dp_broken why);
/* The window to advertise, at most wnd: what the session can still take in. */
uint16_t dp_flow_window(struct dp_poll *poll, uint32_t conn, uint16_t wnd);
