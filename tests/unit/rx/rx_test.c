/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The validity matrix of answers to a primary probe, through the receive path: which SYN-ACKs, RSTs
 * and ICMP errors are believed, which counter each moves, and what is sent back. The cases:
 * acknowledgements other than seq + 1; ports that we do not use or do not scan; sources that are no
 * host; RSTs with and without ACK; ICMP errors that quote 8, 20 and 60 bytes; truncated headers;
 * options of length 0, 1 and beyond the header; window scale 255.
 */
#include "rx_rig.h"
#include "tcpstack/packet/wire.h"
#include "tests/tap.h"

#define SYNACK	   (TS_TCP_SYN | TS_TCP_ACK)
#define RSTACK	   (TS_TCP_RST | TS_TCP_ACK)
#define TCP_AT	   (TS_ETH_LEN + TS_IP4_LEN)
#define WRONG_PORT 4444

static struct frame proper(
	const struct rig *rig, const struct ts_addr *host, uint8_t flags, uint32_t ack_off)
{
	return rig_answer(rig, host, RIG_SERVICE, DP_PROBE_PRIMARY, flags, ack_off);
}

static struct frame with_port(struct frame f, uint32_t at, uint16_t port)
{
	ts_put16(&f.b[TCP_AT + at], port);
	frame_mend(&f);
	return f;
}

static void test_synack(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 0);
	struct frame good = proper(rig, &host, SYNACK, 1), f;
	uint16_t lport = ts_get16(&good.b[TCP_AT + 2]);

	f = proper(rig, &host, SYNACK, 0);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a SYN-ACK that acknowledges seq is a wrong cookie");
	f = proper(rig, &host, SYNACK, 2);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a SYN-ACK that acknowledges seq+2 is a wrong cookie");
	f = with_port(good, 2, lport < 61000 ? lport + 1 : 32768);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a SYN-ACK to another port of ours is a wrong cookie");
	f = with_port(good, 2, 32767);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)),
		"a SYN-ACK to a port below our range is no answer");
	f = with_port(good, 2, 61001);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)),
		"a SYN-ACK to a port above our range is no answer");
	f = with_port(good, 0, 443);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a SYN-ACK from another service is a wrong cookie");
	f = with_port(good, 0, WRONG_PORT);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"a SYN-ACK from a port that is no service is no answer");
	f = good;
	f.b[TS_ETH_LEN + 15] ^= 1;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"a SYN-ACK from the neighbour's address is a wrong cookie");
	f = good;
	f.b[TS_ETH_LEN + 19] ^= 1;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)),
		"a SYN-ACK to an address that is not ours is dropped");
	f = good;
	f.b[TCP_AT + 13] = TS_TCP_SYN;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)), "a SYN of the peer's own is no answer");
	tap_eq(rig_take_sent(rig), 0, "no SYN-ACK that answers no probe is replied to");
	tap_ok(rig_gives(rig, &good, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"a SYN-ACK that acknowledges seq+1 opens a connection");
	tap_eq(rig_take_sent(rig), 1, "a SYN-ACK that opens a connection is acknowledged");
	tap_ok(rig_gives(rig, &good, MOVES(DP_SYNACK_DUPLICATE)),
		"a repeated SYN-ACK is a duplicate, which the connection answers");
	dp_carry_abort_all(&rig->core->rx);
	tap_ok(rig_gives(rig, &good, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"a repeated SYN-ACK behind the connection is a duplicate, which is reset");
	f = proper(rig, &host, RSTACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_LATE_SEGMENT)),
		"a RST after the SYN-ACK is late, no verdict");
	f = proper(rig, &host, TS_TCP_ACK, 100);
	tap_ok(rig_gives(rig, &f, MOVES(DP_LATE_SEGMENT, DP_REPLIES_SENT, DP_RST_SENT)),
		"a late ACK of no connection is reset");
	f = proper(rig, &host, TS_TCP_ACK, 1u << 30);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"an ACK of what we never sent is not an answer");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_DUPLICATE)),
		"an ICMP error after the SYN-ACK is no verdict");
}

/* Options are the peer's: broken ones must neither hang the walk nor cost us the host. */
static void test_options(struct rig *rig)
{
	static const struct {
		const char *label, *hex;
	} cases[] = {
		{"a SYN-ACK with an option of length 0 opens a connection", "0204000003000000"},
		{"a SYN-ACK with an option of length 1 opens a connection", "0801000002040000"},
		{"a SYN-ACK with an option that runs over the header opens a connection",
			"010103ff"},
		{"a SYN-ACK with a window scale of 255 opens a connection", "0303ff00"},
		{"a SYN-ACK with forty bytes of padding opens a connection",
			"01010101010101010101010101010101010101010101"
			"010101010101010101010101010101010101"},
	};

	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ts_addr host = rig_host(rig, 10 + i);
		struct frame f = proper(rig, &host, SYNACK, 1);

		rig_options(&f, cases[i].hex);
		tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)), "%s",
			cases[i].label);
	}
	dp_carry_abort_all(&rig->core->rx);
}

static void test_rst(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 20), other = rig_host(rig, 21);
	struct dp_record record;
	struct frame f;

	f = proper(rig, &host, RSTACK, 2);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)),
		"a RST that acknowledges seq+2 is no answer");
	f = proper(rig, &host, RSTACK, UINT32_MAX);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)),
		"a RST that acknowledges seq-1 is no answer");
	f = proper(rig, &host, TS_TCP_RST, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)), "a RST without ACK is no answer");
	f = with_port(proper(rig, &host, RSTACK, 1), 2, 33333);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)),
		"a RST to another port of ours is no answer");
	f = with_port(proper(rig, &host, RSTACK, 1), 0, WRONG_PORT);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"a RST from a port that is no service is no answer");
	tap_ok(!rig_record(rig, &record), "no RST that answers no probe leaves a record");

	f = proper(rig, &host, RSTACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_VALID, DP_RECORDS)),
		"a RST that acknowledges seq+1 is an answer");
	tap_ok(rig_record(rig, &record) && record.outcome == DP_OUTCOME_CLOSED &&
			ts_addr_equal(&record.addr, &host) && record.service.port == RIG_SERVICE &&
			record.answer_ttl == 55,
		"one record says closed, of whom, and the TTL");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)), "a repeated RST is a duplicate");
	f = proper(rig, &host, RSTACK, 0);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)),
		"a RST that acknowledges seq is the same answer");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_DUPLICATE)),
		"an ICMP error after the RST is no second verdict");
	f = proper(rig, &other, RSTACK, 0);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_VALID, DP_RECORDS)),
		"a RST that acknowledges seq, from a stack that forgets the SYN's number, is an "
		"answer");
	rig_record(rig, &record);
	tap_eq(rig_take_sent(rig), 0, "a RST is never answered");

	f = proper(rig, &host, SYNACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"a RST does not shadow the SYN-ACK after it");
	dp_carry_abort_all(&rig->core->rx);
}

static void test_icmp(struct rig *rig)
{
	static const uint32_t n_inner[] = {8, 20, 60};
	struct dp_record record;
	struct ts_addr host;
	struct frame f;

	for (uint32_t i = 0; i < 3; i++) {
		host = rig_host(rig, 30 + i);
		f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, n_inner[i]);
		f.b[TS_ETH_LEN + 15] = 77; /* a router on the way */
		frame_mend(&f);
		tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_VALID, DP_RECORDS)),
			"an ICMP error with a valid quote is an answer");
		tap_ok(rig_record(rig, &record) && record.outcome == DP_OUTCOME_UNREACHABLE &&
				ts_addr_equal(&record.addr, &host) && record.icmp_type == 3 &&
				record.icmp_code == 1,
			"%u bytes of TCP are quote enough for a record", n_inner[i]);
	}
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_DUPLICATE)),
		"a repeated ICMP error is a duplicate");
	f = proper(rig, &host, RSTACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)),
		"a RST after the ICMP error is no second verdict");
	f = proper(rig, &host, SYNACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"an ICMP error does not shadow a SYN-ACK");
	dp_carry_abort_all(&rig->core->rx);

	host = rig_host(rig, 33);
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	f.b[TCP_AT + TS_ICMP_LEN + TS_IP4_LEN + 7]++;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_BAD_QUOTE)),
		"an ICMP error that quotes another sequence number is no answer");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	ts_put16(&f.b[TCP_AT + TS_ICMP_LEN + TS_IP4_LEN], 44444);
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_BAD_QUOTE)),
		"an ICMP error that quotes another source port is no answer");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PRIMARY, 8);
	ts_put16(&f.b[TCP_AT + TS_ICMP_LEN + TS_IP4_LEN], 22);
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)),
		"an ICMP error that quotes a port outside our range is no answer");
	f = rig_icmp(rig, &host, WRONG_PORT, DP_PROBE_PRIMARY, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_BAD_QUOTE)),
		"an ICMP error that quotes a port that is no service is no answer");
	tap_ok(!rig_record(rig, &record), "no ICMP error with a wrong quote leaves a record");
	tap_eq(rig_take_sent(rig), 0, "an ICMP error is never answered");
}

int main(void)
{
	struct rig rig;

	rig_open(&rig);
	test_synack(&rig);
	test_options(&rig);
	test_rst(&rig);
	test_icmp(&rig);
	rig_close(&rig);
	return tap_done();
}
