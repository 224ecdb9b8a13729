/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's connections: a pool of slots, found by four-tuple through chained buckets. */
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
	LAB_STAGE_CLOSING, /* we have closed; what comes is discarded */
};

struct lab_tuple {
	struct ts_addr host, client;
	uint16_t host_port, client_port;
};

struct lab_conn {
	struct lab_tuple tuple;
	struct lab_host host;
	enum lab_stage stage;
	bool in_use;
	bool waiting;		     /* in one of the queues for TLS work */
	uint32_t next;		     /* in its bucket; free slots: in the free list */
	uint64_t idle_at_us;	     /* reset then, unless the client is heard */
	struct lab_tls_session *tls; /* NULL: none yet */
	struct lab_dialog dialog;
	struct lab_tcp tcp;
};

struct lab_conns {
	struct lab_conn *slots;
	uint32_t *buckets;
	uint32_t bucket_mask, free_head;
	uint32_t n, n_fresh; /* slots; of them never used, at the end: memory not touched yet */
	struct ts_cookie_key key;
};

/** @param n  in: slots, 1..2^20. @return false when memory is short */
bool lab_conns_init(struct lab_conns *conns, uint32_t n, uint64_t seed);
void lab_conns_fini(struct lab_conns *conns);

/** A keyed hash of a four-tuple: bucket, initial sequence number and TLS seed follow from it. */
uint64_t lab_conns_hash(const struct lab_conns *conns, const struct lab_tuple *tuple);

/** @return index or LAB_CONN_NONE */
uint32_t lab_conns_find(const struct lab_conns *conns, const struct lab_tuple *tuple);

/**
 * Take a slot for a tuple that is not there yet.
 * @return its index, tuple and in_use set, the rest as it was; LAB_CONN_NONE when all are taken
 */
uint32_t lab_conns_take(struct lab_conns *conns, const struct lab_tuple *tuple);

void lab_conns_give(struct lab_conns *conns, uint32_t i);
