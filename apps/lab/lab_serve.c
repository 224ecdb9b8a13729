/* SPDX-License-Identifier: BSD-3-Clause */
/* A connection from SYN to its end: TCP below, the dialog above, TLS between them or not. */
#include "lab_serve.h"

#include "lab_noise.h"
#include "lab_send.h"

/* Most plaintext of one TLS read, and most bytes that one encrypted answer takes in tx. */
#define PLAIN_MAX  1024
#define SAY_SEALED (LAB_SAY_MAX + 256)
/* Most steps of one session before others get their turn. */
#define MAX_STEPS 8

static void queue_push(const struct lab *lab, struct lab_queue *queue, uint32_t i)
{
	if (lab->conns.slots[i].waiting)
		return;
	lab->conns.slots[i].waiting = true;
	queue->conns[(queue->head + queue->len++) % lab->config.n_conns] = i;
}

/* Take connections from a queue up to one in TLS. @return it, or LAB_CONN_NONE */
static uint32_t queue_pop(const struct lab *lab, struct lab_queue *queue)
{
	while (queue->len > 0) {
		uint32_t i = queue->conns[queue->head];
		struct lab_conn *c = &lab->conns.slots[i];

		queue->head = (queue->head + 1) % lab->config.n_conns;
		queue->len--;
		c->waiting = false;
		if (c->in_use && c->stage == LAB_STAGE_TLS)
			return i;
	}
	return LAB_CONN_NONE;
}

/* Free a connection's session. The connection that has waited longest for a session gets it. */
static void tls_drop(struct lab *lab, struct lab_conn *c)
{
	uint32_t heir;

	if (c->tls == NULL)
		return;
	if (!c->dialog.in_tls)
		lab->counts.tls_failed++;
	lab_tls_session_free(lab->tls, c->tls);
	c->tls = NULL;
	heir = queue_pop(lab, &lab->wanting);
	if (heir != LAB_CONN_NONE)
		queue_push(lab, &lab->ready, heir);
}

static void conn_close(struct lab *lab, struct lab_conn *c)
{
	if (c->tls != NULL && c->dialog.in_tls)
		lab_tls_session_goodbye(c->tls);
	tls_drop(lab, c);
	lab_tcp_close(&c->tcp);
	c->stage = LAB_STAGE_CLOSING;
}

/* Send what the dialog said, and do its next step. */
static void conn_say(struct lab *lab, struct lab_conn *c, const struct lab_say *say)
{
	if (c->tls == NULL)
		lab_tcp_write(&c->tcp, (const uint8_t *)say->bytes, say->len);
	else if (!lab_tls_session_write(c->tls, say->bytes, say->len))
		c->stage = LAB_STAGE_CLOSING;
	if (say->next == LAB_NEXT_CLOSE || c->stage == LAB_STAGE_CLOSING)
		conn_close(lab, c);
	else if (say->next == LAB_NEXT_TLS)
		c->stage = LAB_STAGE_TLS;
}

static void conn_opened(struct lab *lab, struct lab_conn *c)
{
	struct lab_say say;

	lab->counts.conns_opened++;
	c->stage = LAB_STAGE_PLAIN;
	lab_dialog_start(
		&c->dialog, &c->host, lab_port_find(c->tuple.host_port), &c->tuple.host, &say);
	conn_say(lab, c, &say);
}

/* Give plaintext to the dialog. Bound: each turn takes at least one byte of rx. */
static void conn_plain(struct lab *lab, struct lab_conn *c)
{
	struct lab_say say;

	while (c->stage == LAB_STAGE_PLAIN && c->tcp.rx_len > 0 &&
		lab_tcp_room(&c->tcp) >= LAB_SAY_MAX) {
		size_t n = lab_dialog_input(&c->dialog, c->tcp.rx, c->tcp.rx_len, &say);

		/* RFC 3207 4.2: plaintext that came before the handshake is discarded. */
		if (say.next == LAB_NEXT_TLS)
			n = c->tcp.rx_len;
		lab_tcp_consume(&c->tcp, (uint32_t)n);
		conn_say(lab, c, &say);
	}
}

/* Give decrypted bytes to the dialog. Bound: each turn takes at least one byte of plain. */
static void conn_inside(struct lab *lab, struct lab_conn *c, const uint8_t *plain, uint32_t len)
{
	struct lab_say say;

	for (uint32_t at = 0; at < len && c->stage == LAB_STAGE_TLS;) {
		if (lab_tcp_room(&c->tcp) < SAY_SEALED) {
			conn_close(lab, c); /* the client asks, and does not read the answers */
			return;
		}
		at += (uint32_t)lab_dialog_input(&c->dialog, plain + at, len - at, &say);
		conn_say(lab, c, &say);
	}
}

/* Do one step of a session. @return false: it waits, or is over */
static bool conn_tls_step(struct lab *lab, struct lab_conn *c)
{
	uint8_t plain[PLAIN_MAX];
	struct lab_say say;
	uint32_t len = 0;

	switch (lab_tls_session_step(c->tls, plain, sizeof(plain), &len)) {
	case LAB_TLS_WAIT:
		return false;
	case LAB_TLS_UP:
		lab->counts.tls_completed++;
		lab_dialog_tls_up(&c->dialog, &say);
		conn_say(lab, c, &say);
		break;
	case LAB_TLS_PLAIN:
		conn_inside(lab, c, plain, len);
		break;
	case LAB_TLS_CLOSED:
	case LAB_TLS_FAILED:
		conn_close(lab, c);
		break;
	}
	return c->stage == LAB_STAGE_TLS;
}

static void conn_free(struct lab *lab, uint32_t i)
{
	tls_drop(lab, &lab->conns.slots[i]);
	lab_wheel_cancel(&lab->timers, i);
	lab_conns_give(&lab->conns, i);
}

/* Send what is due and set the timer: the last step of every event. */
static void conn_flush(struct lab *lab, uint32_t i, uint64_t now_us)
{
	struct lab_conn *c = &lab->conns.slots[i];
	struct lab_tcp_seg seg;
	uint64_t due;

	/* Bound: each turn sends new bytes of tx, or one of the three segments that are due. */
	while (lab_tcp_output(&c->tcp, now_us, &seg))
		lab_send(lab, &c->tuple, &c->host, &seg, now_us);
	if (c->tcp.state == LAB_TCP_CLOSED) {
		conn_free(lab, i);
		return;
	}
	due = c->idle_at_us;
	if (c->tcp.timer_at_us != 0 && c->tcp.timer_at_us < due)
		due = c->tcp.timer_at_us;
	lab_wheel_set(&lab->timers, i, due);
}

/* Queue TLS work: a segment has brought bytes to read, or made room to write. */
static void conn_wake_tls(struct lab *lab, uint32_t i)
{
	const struct lab_conn *c = &lab->conns.slots[i];

	if (c->stage == LAB_STAGE_TLS && (c->tcp.rx_len > 0 || c->tls != NULL))
		queue_push(lab, &lab->ready, i);
}

/* Give what TCP has received to the dialog. */
static void conn_run(struct lab *lab, uint32_t i)
{
	struct lab_conn *c = &lab->conns.slots[i];

	if (c->stage == LAB_STAGE_OPENING && c->tcp.state != LAB_TCP_SYN_RECEIVED &&
		c->tcp.state != LAB_TCP_CLOSED)
		conn_opened(lab, c);
	conn_plain(lab, c);
	if (c->stage == LAB_STAGE_CLOSING)
		lab_tcp_consume(&c->tcp, c->tcp.rx_len);
	else if (c->tcp.peer_fin && c->tcp.rx_len == 0)
		conn_close(lab, c);
}

static void conn_open(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct ts_tcp *tcp, uint64_t now_us)
{
	uint32_t i = lab_conns_take(&lab->conns, tuple);
	struct lab_conn *c;

	if (i == LAB_CONN_NONE) {
		lab->counts.conns_full++;
		return;
	}
	c = &lab->conns.slots[i];
	c->host = *host;
	c->stage = LAB_STAGE_OPENING;
	c->tls = NULL;
	c->dialog.in_tls = false;
	c->idle_at_us = now_us + LAB_IDLE_US;
	lab_tcp_open(&c->tcp, tcp, (uint32_t)lab_conns_hash(&lab->conns, tuple), host->mss,
		host->opts, now_us);
	conn_flush(lab, i, now_us);
}

void lab_serve(struct lab *lab, const struct lab_tuple *tuple, const struct lab_host *host,
	const struct ts_tcp *tcp, uint64_t now_us)
{
	uint32_t i = lab_conns_find(&lab->conns, tuple);
	struct lab_tcp_seg seg;

	if (i != LAB_CONN_NONE) {
		lab->conns.slots[i].idle_at_us = now_us + LAB_IDLE_US;
		lab_tcp_input(&lab->conns.slots[i].tcp, tcp, now_us);
		conn_run(lab, i);
		conn_wake_tls(lab, i);
		conn_flush(lab, i, now_us);
	} else if ((tcp->flags & (TS_TCP_SYN | TS_TCP_ACK | TS_TCP_RST)) == TS_TCP_SYN) {
		conn_open(lab, tuple, host, tcp, now_us);
	} else if (lab_tcp_refuse(tcp, &seg)) {
		lab_send(lab, tuple, host, &seg, now_us);
	}
}

void lab_serve_timer(struct lab *lab, uint32_t i, uint64_t now_us)
{
	struct lab_conn *c = &lab->conns.slots[i];

	if (now_us >= c->idle_at_us)
		lab_tcp_abort(&c->tcp);
	else
		lab_tcp_timer(&c->tcp, now_us);
	conn_flush(lab, i, now_us);
}

bool lab_serve_tls(struct lab *lab, uint64_t now_us)
{
	uint32_t i = queue_pop(lab, &lab->ready), n_steps;
	struct lab_conn *c;

	if (i == LAB_CONN_NONE)
		return false;
	c = &lab->conns.slots[i];
	if (c->tls == NULL)
		c->tls = lab_tls_session_new(
			lab->tls, &c->host, &c->tcp, lab_conns_hash(&lab->conns, &c->tuple));
	if (c->tls == NULL) {
		queue_push(lab, &lab->wanting, i);
		return true;
	}
	for (n_steps = 0; n_steps < MAX_STEPS && conn_tls_step(lab, c); n_steps++)
		continue;
	if (n_steps == MAX_STEPS)
		queue_push(lab, &lab->ready, i);
	conn_run(lab, i);
	conn_flush(lab, i, now_us);
	return true;
}
