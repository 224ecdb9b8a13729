/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames in, frames out. If a host has no state and no delay, and the wire neither duplicates nor
 * reorders, the answer leaves in the buffer of its question (lab_exchange()). This is the fast path
 * of the populations without state.
 *
 *     lab_input ─► parse ─┬─ ARP, ND, ping ────────────────────────────► ┐
 *                         ├─ TCP, stateless host: lab_noise_answer() ──► ├─► lab_wire ─► emit
 *                         └─ TCP, lab_serve(): connections, TLS queue ─► ┘    (delay)
 */
#include <stdlib.h>

#include "lab.h"
#include "lab_icmp.h"
#include "lab_state.h"
#include "lab_noise.h"
#include "lab_send.h"
#include "lab_serve.h"
#include "tcpstack/packet/wire.h"

/* The most that one lab_tick() does of each kind. */
#define TICK_FRAMES 256
#define TICK_TIMERS 256
#define TICK_TLS    4
/* The most frames that a burst or a tick may put on the wire: for each frame a full transmit buffer
 * (lab_tcp.h), and all of it duplicated. */
#define ROOM_FRAMES (16 * LAB_BURST)

#define MAX_CONNS (1u << 20)
/* Heap of a wolfSSL session of a server at its peak. */
#define SESSION_BYTES (32 * 1024)

static const uint8_t gateway_mac[6] = {0x02, 0x00, 0x00, 0x1a, 0xb0, 0xfe};

static struct ts_addr gateway_of(const struct ts_addr *addr)
{
	struct ts_addr gateway;

	ts_addr_parse(ts_addr_is_v4(addr) ? LAB_GATEWAY_V4 : LAB_GATEWAY_V6, &gateway);
	return gateway;
}

/* Send the only segment of a host without state. It does not point into the frame that it
 * answers. */
static void send_stateless(struct lab *lab, const struct lab_tuple *tuple,
	const struct lab_host *host, const struct lab_tcp_seg *seg, uint64_t now_us)
{
	struct lab_reply *reply = &lab->reply;

	if (reply->bytes == NULL || host->delay_us != 0 || lab_wire_shuffles(&lab->wire)) {
		lab_send(lab, tuple, host, seg, now_us);
		return;
	}
	reply->len = lab_build_segment(lab, tuple, host, seg, reply->bytes, reply->cap);
	if (lab_wire_drops(&lab->wire))
		reply->len = 0;
	lab->counts.frames_out += reply->len != 0;
}

static void input_unreachable(
	struct lab *lab, const struct ts_pkt *pkt, const struct lab_host *host, uint64_t now_us)
{
	struct ts_addr gateway = gateway_of(&pkt->dst);
	uint8_t frame[LAB_ICMP_MAX];
	uint32_t len = lab_icmp_unreachable(frame, &lab->link, &gateway, pkt);

	lab->counts.unreachables++;
	lab_wire_put(&lab->wire, frame, len, false, now_us + host->delay_us);
}

static void input_tcp(struct lab *lab, const struct ts_pkt *pkt, uint64_t now_us)
{
	const struct ts_tcp *tcp = &pkt->tcp;
	struct lab_host host = lab_truth(&lab->config.world, &pkt->dst, tcp->dport);
	struct lab_tuple tuple = {pkt->dst, pkt->src, tcp->dport, tcp->sport};
	struct lab_tcp_seg seg;
	uint32_t iss;

	lab->counts.syns += (tcp->flags & TS_TCP_SYN) != 0;
	if (lab_kind_is_stateful(host.kind)) {
		lab_serve(lab, &tuple, &host, tcp, now_us);
		return;
	}
	if (host.kind == LAB_UNREACHABLE) {
		input_unreachable(lab, pkt, &host, now_us);
		return;
	}
	iss = (uint32_t)lab_conns_hash(&lab->conns, &tuple);
	if (lab_noise_answer(&host, tcp, iss, now_us, &seg))
		send_stateless(lab, &tuple, &host, &seg, now_us);
}

/* The gateway answers pings, and so do hosts that are neither silent nor unreachable. */
static void input_echo(struct lab *lab, const struct ts_pkt *pkt, uint64_t now_us)
{
	struct ts_addr gateway = gateway_of(&pkt->dst);
	bool is_gateway = ts_addr_equal(&gateway, &pkt->dst);
	struct lab_host host = lab_truth(&lab->config.world, &pkt->dst, 0);
	uint8_t frame[LAB_WIRE_FRAME_LEN];
	struct ts_link link = lab->link;
	uint32_t len;

	if (!is_gateway && (host.kind == LAB_SILENT || host.kind == LAB_UNREACHABLE))
		return;
	link.ttl = is_gateway ? link.ttl : host.ttl;
	len = ts_build_echo_reply(frame, sizeof(frame), &link, pkt);
	lab_wire_put(&lab->wire, frame, len, false, now_us + (is_gateway ? 0 : host.delay_us));
}

static void input_neighbour(struct lab *lab, const struct ts_pkt *pkt, uint64_t now_us)
{
	bool arp = pkt->kind == TS_PKT_ARP_REQUEST;
	const struct ts_addr *target = arp ? &pkt->arp.target : &pkt->nd.target;
	struct ts_addr gateway = gateway_of(target);
	uint8_t frame[LAB_ICMP_MAX];
	uint32_t len;

	if (!ts_addr_equal(target, &gateway))
		return;
	len = arp ? ts_build_arp(frame, sizeof(frame), gateway_mac, pkt->vlan, &gateway,
			    &pkt->arp.sender, pkt->arp.sender_mac)
		  : ts_build_nd_advert(frame, sizeof(frame), &lab->link, &gateway, &pkt->src);
	lab_wire_put(&lab->wire, frame, len, false, now_us);
}

static void input_frame(struct lab *lab, const uint8_t *frame, uint32_t len, uint64_t now_us)
{
	struct ts_pkt pkt;
	bool for_gateway, group;

	if (ts_pkt_parse(frame, len, 0, &pkt) != TS_DROP_NONE) {
		lab->counts.bad_frames++;
		return;
	}
	for_gateway = memcmp(frame, gateway_mac, sizeof(gateway_mac)) == 0;
	group = (frame[0] & 1) != 0;
	memcpy(lab->link.dst_mac, pkt.src_mac, sizeof(lab->link.dst_mac));
	lab->link.vlan = pkt.vlan;
	if (pkt.kind == TS_PKT_TCP && for_gateway)
		input_tcp(lab, &pkt, now_us);
	else if (pkt.kind == TS_PKT_ECHO_REQUEST && for_gateway)
		input_echo(lab, &pkt, now_us);
	else if ((pkt.kind == TS_PKT_ARP_REQUEST || pkt.kind == TS_PKT_ND_SOLICIT) &&
		 (for_gateway || group))
		input_neighbour(lab, &pkt, now_us);
	else
		lab->counts.bad_frames++;
}

void lab_input(struct lab *lab, const uint8_t *frame, uint32_t len, uint64_t now_us)
{
	lab->counts.frames_in++;
	if (lab_wire_shuffles(&lab->wire))
		lab_wire_put(&lab->wire, frame, len, true, now_us);
	else if (!lab_wire_drops(&lab->wire))
		input_frame(lab, frame, len, now_us);
}

uint32_t lab_exchange(struct lab *lab, uint8_t *frame, uint32_t len, uint32_t cap, uint64_t now_us)
{
	lab->reply = (struct lab_reply){.bytes = frame, .cap = cap};
	lab_input(lab, frame, len, now_us);
	lab->reply.bytes = NULL;
	return lab->reply.len;
}

bool lab_has_room(const struct lab *lab)
{
	return lab->wire.n_free >= ROOM_FRAMES;
}

static uint32_t tick_wire(struct lab *lab, uint64_t now_us)
{
	const struct lab_wire_frame *frame;
	uint32_t n;

	for (n = 0; n < TICK_FRAMES; n++) {
		frame = lab_wire_next(&lab->wire, now_us);
		if (frame == NULL)
			break;
		if (frame->inbound)
			input_frame(lab, frame->bytes, frame->len, now_us);
		else if (!lab->config.emit(lab->config.emit_ctx, frame->bytes, frame->len))
			break;
		lab->counts.frames_out += !frame->inbound;
		lab_wire_done(&lab->wire);
	}
	return n;
}

uint32_t lab_tick(struct lab *lab, uint64_t now_us)
{
	uint32_t n_timers = 0, n_tls = 0, i;

	while (n_timers < TICK_TIMERS && lab_has_room(lab) &&
		(i = lab_wheel_pop(&lab->timers, now_us)) != LAB_WHEEL_NONE) {
		lab_serve_timer(lab, i, now_us);
		n_timers++;
	}
	while (n_tls < TICK_TLS && lab_has_room(lab) && lab_serve_tls(lab, now_us))
		n_tls++;
	return n_timers + n_tls + tick_wire(lab, now_us);
}

static bool lab_build(struct lab *lab, uint64_t now_us, const char **why)
{
	*why = "not enough memory for the lab's connections";
	lab->ready.conns = calloc(lab->config.n_conns, sizeof(*lab->ready.conns));
	lab->wanting.conns = calloc(lab->config.n_conns, sizeof(*lab->wanting.conns));
	if (lab->ready.conns == NULL || lab->wanting.conns == NULL ||
		!lab_wire_init(&lab->wire, &lab->config, &lab->counts, now_us) ||
		!lab_conns_init(&lab->conns, lab->config.n_conns, lab->config.world.seed) ||
		!lab_wheel_init(&lab->timers, lab->config.n_conns, now_us))
		return false;
	lab->tls = lab_tls_new(lab->config.n_sessions, why);
	return lab->tls != NULL;
}

struct lab *lab_new(const struct lab_config *config, uint64_t now_us, const char **why)
{
	struct lab *lab;

	*why = "the lab wants 1 to 1048576 connections and at least one TLS session";
	if (config->n_conns == 0 || config->n_conns > MAX_CONNS || config->n_sessions == 0)
		return NULL;
	*why = "not enough memory for the lab";
	lab = calloc(1, sizeof(*lab));
	if (lab == NULL)
		return NULL;
	lab->config = *config;
	lab->link.ttl = 64;
	memcpy(lab->link.src_mac, gateway_mac, sizeof(gateway_mac));
	if (lab_build(lab, now_us, why))
		return lab;
	lab_free(lab);
	return NULL;
}

void lab_free(struct lab *lab)
{
	if (lab == NULL)
		return;
	for (uint32_t i = 0; lab->conns.slots != NULL && i < lab->config.n_conns; i++) {
		struct lab_conn *c = &lab->conns.slots[i];

		if (c->in_use && c->tls != NULL)
			lab_tls_session_free(lab->tls, c->tls);
	}
	lab_tls_free(lab->tls);
	lab_wheel_fini(&lab->timers);
	lab_conns_fini(&lab->conns);
	lab_wire_fini(&lab->wire);
	free(lab->ready.conns);
	free(lab->wanting.conns);
	free(lab);
}

size_t lab_memory(const struct lab_config *config)
{
	size_t conn = sizeof(struct lab_conn) + sizeof(struct lab_wheel_node) +
		      (2 + 2) * sizeof(uint32_t); /* up to two buckets; two queues */

	return sizeof(struct lab) + LAB_WIRE_FRAMES * sizeof(struct lab_wheel_node) +
	       config->n_conns * conn + (size_t)config->n_sessions * SESSION_BYTES;
}

const struct lab_counts *lab_read_counts(const struct lab *lab)
{
	return &lab->counts;
}
