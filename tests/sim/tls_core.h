/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A TLS core for simulations: the far end of the messages that flows send (dataplane/flow/msg.h),
 * in virtual time and on the same thread.
 *
 * It keeps to what the protocol asks of a TLS core: the bounds of rings and pipes, deadlines that
 * it alone decides, one answer to TIMER, one DONE. Its sessions come from outside: real ones
 * (tls/session) or scripted ones (script_session.h). Its owner decides how late it works, by
 * calling sim_tls_run().
 */
#pragma once

#include "dataplane/flow/msg.h"
#include "dataplane/flow/pipe.h"
#include "tls/dialog/dialog.h"
#include "tls/session/session.h"

/* The functions of tls/session/session.h that a core calls. */
struct sim_session_ops {
	/* NULL: refused, as for want of memory. */
	struct tl_session *(*open)(void *ctx, uint64_t seed, const struct dl_dialog *dialog);
	void *ctx;
	void (*feed)(struct tl_session *session, const uint8_t *bytes, size_t len);
	enum tl_step (*step)(struct tl_session *session, const uint8_t **plain, size_t *len);
	int (*write)(struct tl_session *session, const uint8_t *bytes, size_t len);
	void (*close_notify)(struct tl_session *session);
	bool (*has_output)(const struct tl_session *session);
	size_t (*output)(struct tl_session *session, uint8_t *bytes, size_t cap);
	void (*fail)(struct tl_session *session, const char *why);
	struct tl_result *(*take_result)(struct tl_session *session);
	void (*free)(struct tl_session *session);
};

struct sim_queue {
	uint32_t head, tail, cap;
	struct dp_msg *msgs;
};

struct sim_slot {
	struct tl_session *session; /* NULL: free */
	struct dl_dialog *dialog;
	uint64_t deadline_us;
	uint32_t gen, conn;
	bool told;  /* the deadline has been said since it changed */
	bool asked; /* TIMER is unanswered */
};

struct sim_tls {
	struct sim_session_ops ops;
	const struct dl_config *dialog;
	const struct dp_pool *tx_chunks, *rx_chunks;
	struct dp_pipe *pipes; /* by slot */
	struct sim_slot *slots;
	uint32_t n_slots;
	struct sim_queue in, out;
	uint64_t now_us;
	const char *broken; /* the first promise that was not kept, NULL: none */
};

/** Make a core with rings as small as msg.h allows. */
struct sim_tls *sim_tls_new(const struct sim_session_ops *ops, const struct dl_config *dialog,
	struct dp_pipe *pipes, uint32_t n_slots, const struct dp_pool *tx_chunks,
	const struct dp_pool *rx_chunks);

/** Free it; sessions that are still open are lost. */
void sim_tls_free(struct sim_tls *tls);

/** A message to the core. */
void sim_tls_tell(struct sim_tls *tls, const struct dp_msg *msg);

/** DP_MSG_DATA that may be sent now. */
uint32_t sim_tls_data_room(const struct sim_tls *tls);

/** Work on n messages at most, and say what is left to be said. */
void sim_tls_run(struct sim_tls *tls, uint32_t n, uint64_t now_us);

/** Take the next message of the core. @return false: there is none */
bool sim_tls_hear(struct sim_tls *tls, struct dp_msg *msg);
