/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared by flow*.c: the pieces of one connection's life.
 *
 * None of these calls itself, however deep. What they ask of TCP is put behind what they have asked
 * for during this event (dp_flows.own), and is carried out when they have returned.
 */
#pragma once

#include "flow.h"

static inline struct dp_flow *dp_flow_at(struct dp_flows *flows, uint32_t conn)
{
	return &flows->flows[conn];
}

static inline const struct dl_service *dp_flow_service(
	const struct dp_flows *flows, const struct dp_flow *flow)
{
	return &flows->config.services[flow->service];
}

/* Of the session whose credit the flow has. */
static inline struct dp_pipe *dp_flow_pipe(const struct dp_flows *flows, const struct dp_flow *flow)
{
	return &flows->pipes[flow->tls_core][flow->tls_slot];
}

static inline uint64_t dp_flow_earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* flow.c */

/* The action to be handed out next, its kind and connection set. One for each action of TCP. */
struct dp_flow_act *dp_flow_act_new(
	struct dp_flows *flows, enum dp_flow_act_kind kind, uint32_t conn);

void dp_flow_list_add(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn);
void dp_flow_list_add_front(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn);
void dp_flow_list_remove(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn);
/* Whatever it waited for, it does not need it any more. */
void dp_flow_stop_waiting(struct dp_flows *flows, uint32_t conn);

/* flow_end.c */

/* The owner's deadline, never beyond the connection's whole life. */
void dp_flow_deadline(struct dp_flows *flows, uint32_t conn, uint64_t deadline_us);
/* Close in order: the stream, then FIN; the record follows when TCP is through. */
void dp_flow_close(struct dp_flows *flows, uint32_t conn);
/* Reset it; the record follows. */
void dp_flow_abort(struct dp_flows *flows, uint32_t conn);
/* Reset it, wherever its dialog is: one that is away comes back as the answer to BROKEN. */
void dp_flow_end(struct dp_flows *flows, uint32_t conn);
/* TCP is over. */
void dp_flow_closed(struct dp_flows *flows, uint32_t conn, enum ts_close close);
/* TCP is over and the dialog is here: make the record, free the index. */
void dp_flow_finish(struct dp_flows *flows, uint32_t conn);
/* Could not be served: back on the retry list, no record. */
void dp_flow_requeue(struct dp_flows *flows, uint32_t conn);
/* Take the answer to flows->act. */
void dp_flow_answered(struct dp_flows *flows);

/* flow_tx.c */

/* Put a chunk (taken) at the end of the outgoing stream and tell TCP. */
void dp_flow_append(struct dp_flows *flows, uint32_t conn, struct dp_chunk *chunk);
/* The same with bytes of a dialog. False when the chunk that a dialog has cannot hold them beside
 * what the peer has not acknowledged; nothing is sent then. Takes the spare chunk if it needs one.
 */
bool dp_flow_say(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len);
/* Give one back. */
void dp_flow_free_chunk(struct dp_flows *flows, struct dp_flow *flow, struct dp_chunk *chunk);
/* Forget what the peer has acknowledged, and give a credit back that waited for it. */
void dp_flow_acked(struct dp_flows *flows, struct dp_flow *flow, uint32_t acked_off);
void dp_flow_free_tx(struct dp_flows *flows, struct dp_flow *flow);
/* Is a transmit chunk in hand? Dialog functions may be called only then. */
bool dp_flow_have_spare(struct dp_flows *flows);
/* Is an unused dialog in hand? */
bool dp_flow_have_dialog(struct dp_flows *flows);

/* flow_dialog.c */

/* The first state of an accepted connection. */
void dp_flow_begin(
	struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint16_t service);
bool dp_flow_start_dialog(struct dp_flows *flows, uint32_t conn);
void dp_flow_data(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len);
void dp_flow_eof(struct dp_flows *flows, uint32_t conn);
void dp_flow_timer(struct dp_flows *flows, uint32_t conn);
void dp_flow_opened(struct dp_flows *flows, uint32_t conn);
void dp_flow_broken(struct dp_flows *flows, uint32_t conn, enum ts_close close);
void dp_flow_apply(struct dp_flows *flows, uint32_t conn, const struct dl_out *out);

/* flow_wait.c */

/* Wait for a dialog or a credit. */
void dp_flow_wait(struct dp_flows *flows, uint32_t conn, enum dp_phase phase);
/* Give the credit back, if there is one; later when more than one chunk still waits for its
 * acknowledgement: chunks beyond the first are counted for the session. */
void dp_flow_return_credit(struct dp_flows *flows, struct dp_flow *flow);
/* May a segment with len bytes of payload be given to this connection now? */
bool dp_flow_can_take(struct dp_flows *flows, uint32_t conn, uint32_t len);

/* flow_tls.c */

void dp_flow_tls_open(struct dp_flows *flows, uint32_t conn);
void dp_flow_tls_data(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len);
void dp_flow_tls_eof(struct dp_flows *flows, uint32_t conn);
void dp_flow_tls_timer(struct dp_flows *flows, uint32_t conn);
/* Its whole life is over: reset it now, whatever its TLS core does; DONE and the record follow. */
void dp_flow_tls_end(struct dp_flows *flows, uint32_t conn);
void dp_flow_tls_broken(struct dp_flows *flows, uint32_t conn, enum dp_broken why);
/* May this session take len bytes more? Fills the spare receive chunks that it may need. */
bool dp_flow_tls_can_take(struct dp_flows *flows, const struct dp_flow *flow, uint32_t len);
/* The window to advertise, at most wnd: what the session can still take in. */
uint16_t dp_flow_window(struct dp_flows *flows, uint32_t conn, uint16_t wnd);
