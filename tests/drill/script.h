/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packet scripts: one event a line, in the manner of packetdrill.
 *
 *     # what the script proves
 *     config mss 1460
 *     accept
 *     +0   < S. 0:0(0) ack 1 win 32768 <mss 1000,nop,wscale 7>
 *     +0   > . 1:1(0) ack 1
 *     +0.1 < P. 1:7(6) ack 1 win 32768 "220 x\n"
 *     +0   expect data "220 x\n"
 *     +0   < icmp 3 1 seq 1
 *     +0   > . 1:1(0) ack 7 <TS val 100 ecr 5,sack 9:12 15:20>
 *
 * "+T" waits T seconds first; without it, and with +0, the event belongs to the same burst. "<" is
 * a segment from the peer, ">" one that the stack must send then. Sequence numbers count from the
 * initial one of their side, timestamps in milliseconds from a first one of their side: ours is
 * that of the script's begin. Payload of "<" without text is the alphabet, repeated along the
 * stream.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tcpstack/packet/opts.h"
#include "tcpstack/packet/pkt.h"

#define SCRIPT_MAX_EVENTS 256
#define SCRIPT_MAX_TEXT	  256
#define SCRIPT_MAX_WORDS  4

enum script_kind {
	SCRIPT_IN,
	SCRIPT_OUT,
	SCRIPT_ICMP,
	SCRIPT_VERB,
};

struct script_seg {
	uint8_t flags; /* TS_TCP_* */
	uint32_t seq, len, ack, wnd;
	bool has_wnd;
	uint16_t mss;
	uint8_t wscale;
	uint8_t opts; /* TS_OPT_* */
	uint32_t ts_val, ts_ecr;
	uint32_t n_sack;
	struct ts_sack sack[TS_SACK_MAX];
	char opts_order[TS_OPTS_ORDER_LEN];
};

struct script_event {
	enum script_kind kind;
	unsigned int line;
	uint64_t wait_us;
	struct script_seg seg; /* SCRIPT_IN, SCRIPT_OUT */
	struct {
		uint8_t type, code;
		uint32_t seq, mtu;
	} icmp;
	char words[SCRIPT_MAX_WORDS][32]; /* SCRIPT_VERB: the verb and its arguments */
	uint32_t n_words;
	bool has_text;
	char text[SCRIPT_MAX_TEXT];
	uint32_t text_len;
};

struct script {
	char title[128]; /* first comment line */
	struct script_event events[SCRIPT_MAX_EVENTS];
	uint32_t n;
	char error[256]; /* "file:line: what", when script_load() fails */
};

/** Read a script. Returns false with error set when it cannot be read or a line is wrong. */
bool script_load(struct script *s, const char *path);

/** Flags in the letters of the scripts, for messages. Returns a static buffer. */
const char *script_flags(uint8_t flags);
