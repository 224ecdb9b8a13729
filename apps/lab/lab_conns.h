/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's connections: a pool of slots, found by their four-tuple through chained buckets. One
 * thread at a time. */
#pragma once

#include "lab_dialog.h"
#include "lab_tcp.h"
#include "lab_tls.h"
#include "tcpstack/cookie/cookie.h"

#define LAB_CONN_NONE UINT32_MAX

enum lab_stage {
	LAB_STAGE_OPENING, /* SYN received */
	LAB_STAGE_PLAIN,
	LAB_STAGE_TLS,
	LAB_STAGE_CLOSING, /* we have closed; data that still arrives is discarded */
};

struct lab_tuple {
	struct ts_addr host, client;
	uint16_t host_port, client_port; /* host order */
};

struct lab_conn {
	struct lab_tuple tuple;
	struct lab_host host;
	enum lab_stage stage;
	bool in_use;
	bool waiting;		     /* in one of the queues for TLS work */
	uint32_t next;		     /* slot behind it in its bucket, or in the free list */
	uint64_t idle_at_us;	     /* it is reset then, unless the client sends something */
	struct lab_tls_session *tls; /* NULL: none yet */
	struct lab_dialog dialog;
	struct lab_tcp tcp;
};

struct lab_conns {
	struct lab_conn *slots;
	uint32_t *buckets;
	uint32_t bucket_mask, free_head;
	uint32_t n, n_fresh; /* slots; those at the end that were never used */
	struct ts_cookie_key key;
};

/**
 * Make an empty pool.
 * @param conns  out: to be freed with lab_conns_fini()
 * @param n      in: slots, 1 to 2^20
 * @param seed   in: the hash follows from it
 * @return false: memory is short
 */
bool lab_conns_init(struct lab_conns *conns, uint32_t n, uint64_t seed);

/** Free the slots. */
void lab_conns_fini(struct lab_conns *conns);

/** A keyed hash of a four-tuple, which gives its bucket, initial sequence number and TLS seed. */
uint64_t lab_conns_hash(const struct lab_conns *conns, const struct lab_tuple *tuple);

/**
 * Find the connection of a four-tuple.
 * @param conns  in: the pool
 * @param tuple  in: its bytes are compared
 * @return its index, or LAB_CONN_NONE
 */
uint32_t lab_conns_find(const struct lab_conns *conns, const struct lab_tuple *tuple);

/**
 * Take a slot for a four-tuple that has none.
 * @param conns  in/out: the pool
 * @param tuple  in: copied
 * @return its index; tuple and in_use are set, all else is undefined. LAB_CONN_NONE: all are in use
 */
uint32_t lab_conns_take(struct lab_conns *conns, const struct lab_tuple *tuple);

/** Give slot i, which is in use, back. */
void lab_conns_give(struct lab_conns *conns, uint32_t i);
