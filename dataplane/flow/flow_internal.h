/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Private to flow*.c: the pieces of one connection's life.
 *
 * None of these functions calls itself, not even through others. What they ask of TCP is appended
 * to dp_flows.own and is carried out after they have returned.
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

/* The pipe of the session whose credit the flow has. */
static inline struct dp_pipe *dp_flow_pipe(const struct dp_flows *flows, const struct dp_flow *flow)
{
	return &flows->pipes[flow->tls_core][flow->tls_slot];
}

static inline uint64_t dp_flow_earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* flow.c */

/* The action that is handed out next, with its kind and connection set. An action of TCP makes at
 * most one. */
struct dp_flow_act *dp_flow_act_new(
	struct dp_flows *flows, enum dp_flow_act_kind kind, uint32_t conn);

/* Append to a queue; put at its front; take out of it. */
void dp_flow_list_add(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn);
void dp_flow_list_add_front(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn);
void dp_flow_list_remove(struct dp_flows *flows, struct dp_flow_list *list, uint32_t conn);
/* Leave the queue that the flow waits in, if there is one. */
void dp_flow_stop_waiting(struct dp_flows *flows, uint32_t conn);

/* flow_end.c */

/* Set the connection's deadline, at most the end of its longest life. */
void dp_flow_deadline(struct dp_flows *flows, uint32_t conn, uint64_t deadline_us);
/* Send the rest of the stream, then FIN. The record follows when TCP is closed. */
void dp_flow_close(struct dp_flows *flows, uint32_t conn);
/* Reset the connection. The record follows. */
void dp_flow_abort(struct dp_flows *flows, uint32_t conn);
/* Reset the connection. If a TLS core has its dialog, it comes back as the answer to BROKEN. */
void dp_flow_end(struct dp_flows *flows, uint32_t conn);
/* TCP is closed. */
void dp_flow_closed(struct dp_flows *flows, uint32_t conn, enum ts_close close);
/* TCP is closed and the dialog is here: make the record, free the index. */
void dp_flow_finish(struct dp_flows *flows, uint32_t conn);
/* The target could not be served: ask for a place on the retry list. */
void dp_flow_requeue(struct dp_flows *flows, uint32_t conn);
/* Act on the answer in flows->act. */
void dp_flow_answered(struct dp_flows *flows);

/* flow_tx.c */

/* Put a chunk (taken) at the end of the outgoing stream and tell TCP. */
void dp_flow_append(struct dp_flows *flows, uint32_t conn, struct dp_chunk *chunk);
/* Append bytes of a dialog. A dialog has one chunk, which may be the spare one. False if the bytes
 * do not fit beside those that the peer has not acknowledged; nothing is sent then. */
bool dp_flow_say(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len);
/* Give a transmit chunk back. */
void dp_flow_free_chunk(struct dp_flows *flows, struct dp_flow *flow, struct dp_chunk *chunk);
/* Free what the peer has acknowledged, and give a credit back that waited for it. */
void dp_flow_acked(struct dp_flows *flows, struct dp_flow *flow, uint32_t acked_off);
/* Free all outgoing bytes. */
void dp_flow_free_tx(struct dp_flows *flows, struct dp_flow *flow);
/* Is there a spare transmit chunk? Takes one if there is none. Dialog functions need it. */
bool dp_flow_have_spare(struct dp_flows *flows);
/* Is there a spare dialog? Takes one if there is none. */
bool dp_flow_have_dialog(struct dp_flows *flows);

/* flow_dialog.c */

/* The first state of an accepted connection. */
void dp_flow_begin(
	struct dp_flows *flows, uint32_t conn, const struct ts_pkt *pkt, uint16_t service);
/* Start the dialog. False if there is no dialog or no transmit chunk. */
bool dp_flow_start_dialog(struct dp_flows *flows, uint32_t conn);
/* Events of TCP: bytes in order, FIN, deadline, second connection open, closed. */
void dp_flow_data(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len);
void dp_flow_eof(struct dp_flows *flows, uint32_t conn);
void dp_flow_timer(struct dp_flows *flows, uint32_t conn);
void dp_flow_opened(struct dp_flows *flows, uint32_t conn);
void dp_flow_broken(struct dp_flows *flows, uint32_t conn, enum ts_close close);
/* Do what the dialog asks for. */
void dp_flow_apply(struct dp_flows *flows, uint32_t conn, const struct dl_out *out);

/* flow_wait.c */

/* Wait for a dialog or a credit, in the queue of that phase. */
void dp_flow_wait(struct dp_flows *flows, uint32_t conn, enum dp_phase phase);
/* Give the credit back, if there is one. If more than one chunk is not acknowledged, this is done
 * later, because chunks beyond the first count for the session. */
void dp_flow_return_credit(struct dp_flows *flows, struct dp_flow *flow);
/* May a segment with len bytes of payload be given to this connection now? */
bool dp_flow_can_take(struct dp_flows *flows, uint32_t conn, uint32_t len);

/* flow_tls.c */

/* Hand the dialog to the TLS core, and tell it of bytes, FIN, an expired deadline. */
void dp_flow_tls_open(struct dp_flows *flows, uint32_t conn);
void dp_flow_tls_data(struct dp_flows *flows, uint32_t conn, const uint8_t *bytes, uint32_t len);
void dp_flow_tls_eof(struct dp_flows *flows, uint32_t conn);
void dp_flow_tls_timer(struct dp_flows *flows, uint32_t conn);
/* Reset the connection now, whatever its TLS core does. DONE and the record follow. */
void dp_flow_tls_end(struct dp_flows *flows, uint32_t conn);
/* Tell the TLS core, once, that the connection has ended. */
void dp_flow_tls_broken(struct dp_flows *flows, uint32_t conn, enum dp_broken why);
/* Can this session take len more bytes? Takes the spare receive chunks that it may need. */
bool dp_flow_tls_can_take(struct dp_flows *flows, const struct dp_flow *flow, uint32_t len);
/* The window to advertise: what the session can still take, at most wnd. */
uint16_t dp_flow_window(struct dp_flows *flows, uint32_t conn, uint16_t wnd);
