/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The strict packet parser: everything that reaches the stack passes here once.
 *
 * A frame becomes either a struct ts_pkt whose fields may be trusted, or a drop reason, which is a
 * counter. Every length is checked against what is really in the buffer before it is used. Ethernet
 * padding after the IP packet is ignored. Checksums are verified here unless the device has
 * verified them.
 */
#pragma once

#include "addr.h"

#define TS_TCP_FIN 0x01
#define TS_TCP_SYN 0x02
#define TS_TCP_RST 0x04
#define TS_TCP_PSH 0x08
#define TS_TCP_ACK 0x10
#define TS_TCP_URG 0x20

/*
 * Options present in a SYN-ACK, in struct ts_tcp.opts_order as letters: M S T W (N for NOP, U
 * unknown). More than fit are cut off.
 */
#define TS_OPTS_ORDER_LEN 12

enum ts_pkt_kind {
	TS_PKT_TCP,
	TS_PKT_ICMP_ERROR,   /* ICMPv4 type 3, 11, 12; ICMPv6 type 1-4, with a usable TCP quote */
	TS_PKT_ECHO_REQUEST, /* ping of either family */
	TS_PKT_ARP_REQUEST,
	TS_PKT_ARP_REPLY,
	TS_PKT_ND_SOLICIT,
	TS_PKT_ND_ADVERT,
};

/* Why a frame was not taken. Each value is a counter; ts_drop_name() gives its name. */
enum ts_drop {
	TS_DROP_NONE,
	/* parser */
	TS_DROP_SHORT_FRAME,
	TS_DROP_ETHERTYPE,
	TS_DROP_VLAN, /* a second tag, a service tag (802.1ad) or the reserved id 4095 */
	TS_DROP_ARP_FORMAT,
	TS_DROP_IP_VERSION,
	TS_DROP_IP_HEADER_LEN,
	TS_DROP_IP_TOTAL_LEN,
	TS_DROP_IP_CHECKSUM,
	TS_DROP_IP_FRAGMENT,
	TS_DROP_IP_EXTENSION, /* an IPv6 extension header: hop-by-hop, routing, destination, ... */
	TS_DROP_IP_PROTOCOL,
	TS_DROP_IP_BAD_SOURCE, /* multicast, broadcast, unspecified or loopback source */
	TS_DROP_IP_MAPPED,     /* IPv6 header with ::ffff:0:0/96: would pass for IPv4 */
	TS_DROP_TCP_SHORT,
	TS_DROP_TCP_DATA_OFFSET,
	TS_DROP_TCP_CHECKSUM,
	TS_DROP_TCP_FLAGS, /* a combination no stack sends: SYN+FIN, SYN+RST, none at all */
	TS_DROP_TCP_PORT_ZERO,
	TS_DROP_ICMP_SHORT,
	TS_DROP_ICMP_CHECKSUM,
	TS_DROP_ICMP_TYPE,
	TS_DROP_ICMP_QUOTE,   /* quote too short or not our kind of packet */
	TS_DROP_ND_HOP_LIMIT, /* not 255: it came through a router (RFC 4861 7.1) */
	TS_DROP_ND_FORMAT,
	/* connection machine */
	TS_DROP_NO_CONNECTION,
	TS_DROP_PAWS,	       /* RFC 7323 5: older by its timestamp than what came before */
	TS_DROP_SEQ_OLD,       /* wholly before rcv_nxt: a duplicate, acknowledged again */
	TS_DROP_SEQ_BEYOND,    /* outside the receive window */
	TS_DROP_RST_NOT_EXACT, /* RFC 5961 3.2: in window but not rcv_nxt */
	TS_DROP_SYN_IN_SYNC,   /* RFC 5961 4.2 */
	TS_DROP_SYNACK_REPEATED,
	TS_DROP_ACK_RANGE, /* RFC 5961 5.2 */
	TS_DROP_ACK_MISSING,
	TS_DROP_REORDER_FULL,
	TS_DROP_AFTER_CLOSE,
	TS_DROP_ICMP_NO_MATCH, /* RFC 5927: quotes no connection, or nothing in flight */
	TS_N_DROP
};

/* A validated TCP segment. */
struct ts_tcp {
	uint16_t sport, dport; /* host order, like every field here without _be */
	uint32_t seq, ack;
	uint16_t wnd;
	uint8_t flags;	/* TS_TCP_* only: the ECN bits are masked out */
	uint8_t wscale; /* 0xff: option absent; values above 14 are clamped to 14 (RFC 7323 2.3) */
	uint16_t mss;	/* 0: option absent */
	bool sack_ok;	/* like wscale and mss: taken from SYN segments only */
	bool has_ts;
	uint32_t ts_val, ts_ecr;
	char opts_order[TS_OPTS_ORDER_LEN]; /* NUL-terminated, e.g. "MSTNW"; SYN only */
	const uint8_t *payload;		    /* borrowed from the frame */
	uint32_t payload_len;		    /* bytes */
};

/* An ICMP error and the TCP header it quotes: a segment we sent, its source is ts_pkt.dst. */
struct ts_icmp {
	uint8_t type, code;
	uint32_t mtu; /* next hop MTU of frag-needed / packet-too-big, else 0 */
	struct ts_addr quote_dst;
	uint16_t quote_sport, quote_dport; /* ours, theirs */
	uint32_t quote_seq;
};

struct ts_arp {
	uint8_t sender_mac[6];
	struct ts_addr sender, target;
};

struct ts_nd {
	struct ts_addr target;
	uint8_t lladdr[6]; /* of the source (solicit) or target (advert); else src_mac */
	bool has_lladdr;   /* it came in an option */
	bool solicited;	   /* the advertisement says that it answers a question */
};

/* A ping to answer: the ICMP message as it stands, borrowed from the frame. */
struct ts_echo {
	const uint8_t *msg; /* from the ICMP type byte */
	uint32_t len;
};

struct ts_pkt {
	enum ts_pkt_kind kind;
	uint16_t vlan; /* VLAN id, 0 when untagged */
	uint8_t dst_mac[6], src_mac[6];
	uint8_t ttl; /* hop limit for IPv6 */
	struct ts_addr src, dst;
	union {
		struct ts_tcp tcp;
		struct ts_icmp icmp;
		struct ts_arp arp;
		struct ts_nd nd;
		struct ts_echo echo;
	};
};

/*
 * What the device has verified; 0 if nothing (most virtual devices). The second flag is about TCP:
 * devices do not look into ICMP, whose checksum is always verified here.
 */
#define TS_PKT_IP_CSUM_GOOD 0x1
#define TS_PKT_L4_CSUM_GOOD 0x2

/**
 * Parse and validate one Ethernet frame (RFC 894, 826, 791, 8200, 9293 3.1, 792, 4443, 4861).
 * The caller checks whether the destination addresses, of the link and the network, are ours.
 * @param frame  in: borrowed; out->tcp.payload and out->echo.msg point into it
 * @param len    in: bytes readable at frame, from 0 to the largest receive-offload frame
 * @param flags  in: TS_PKT_*_CSUM_GOOD, or 0
 * @param out    out: complete if TS_DROP_NONE is returned, else unspecified
 * @return TS_DROP_NONE or the first rule the frame broke
 * Pure; any thread.
 */
enum ts_drop ts_pkt_parse(const uint8_t *frame, uint32_t len, uint32_t flags, struct ts_pkt *out);

/**
 * The counter name of a drop reason: lower case with underscores, stable, used in summary.json.
 * @param reason  in: below TS_N_DROP
 * @return a constant string
 */
const char *ts_drop_name(enum ts_drop reason);
