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
	return rig_answer(rig, host, RIG_SERVICE, DP_PROBE_PROPER, flags, ack_off);
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
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)), "SYN-ACK of seq");
	f = proper(rig, &host, SYNACK, 2);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)), "SYN-ACK of seq+2");
	f = with_port(good, 2, lport < 61000 ? lport + 1 : 32768);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)), "SYN-ACK to another port of ours");
	f = with_port(good, 2, 32767);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)), "SYN-ACK to a port below our range");
	f = with_port(good, 2, 61001);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)), "SYN-ACK to a port above our range");
	f = with_port(good, 0, 443);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)), "SYN-ACK from another service");
	f = with_port(good, 0, WRONG_PORT);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)),
		"SYN-ACK from a port that is no service");
	f = good;
	f.b[TS_ETH_LEN + 15] ^= 1;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_BAD_COOKIE)),
		"SYN-ACK from the neighbour's address");
	f = good;
	f.b[TS_ETH_LEN + 19] ^= 1;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)),
		"SYN-ACK to an address that is not ours");
	f = good;
	f.b[TCP_AT + 13] = TS_TCP_SYN;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)), "a SYN of the peer's own");
	tap_eq(rig_take_sent(rig), 0, "nothing was sent for any of them");
	tap_ok(rig_gives(rig, &good, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"SYN-ACK of seq+1 opens a connection");
	tap_eq(rig_take_sent(rig), 1, "and is acknowledged");
	tap_ok(rig_gives(rig, &good, MOVES(DP_SYNACK_DUPLICATE)),
		"its repetition is a duplicate, which the connection answers");
	dp_flow_abort_all(rig->poll);
	tap_ok(rig_gives(rig, &good, MOVES(DP_SYNACK_DUPLICATE, DP_REPLIES_SENT, DP_RST_SENT)),
		"and after that a duplicate, which is reset");
	f = proper(rig, &host, RSTACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_LATE_SEGMENT)),
		"a RST after the SYN-ACK is late, no verdict");
	f = proper(rig, &host, TS_TCP_ACK, 100);
	tap_ok(rig_gives(rig, &f, MOVES(DP_LATE_SEGMENT, DP_REPLIES_SENT, DP_RST_SENT)),
		"a late ACK is reset");
	f = proper(rig, &host, TS_TCP_ACK, 1u << 30);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)), "an ACK of what we never sent is not");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PROPER, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_DUPLICATE)),
		"an ICMP error after the SYN-ACK is no verdict");
}

/* Options are the peer's: broken ones must neither hang the walk nor cost us the host. */
static void test_options(struct rig *rig)
{
	static const struct {
		const char *label, *hex;
	} cases[] = {
		{"option of length 0", "0204000003000000"},
		{"option of length 1", "0801000002040000"},
		{"option that runs over the header", "010103ff"},
		{"window scale 255", "0303ff00"},
		{"forty bytes of padding", "01010101010101010101010101010101010101010101"
					   "010101010101010101010101010101010101"},
	};

	for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ts_addr host = rig_host(rig, 10 + i);
		struct frame f = proper(rig, &host, SYNACK, 1);

		rig_options(&f, cases[i].hex);
		tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)), "%s",
			cases[i].label);
	}
	dp_flow_abort_all(rig->poll);
}

static void test_rst(struct rig *rig)
{
	struct ts_addr host = rig_host(rig, 20), other = rig_host(rig, 21);
	struct dp_record record;
	struct frame f;

	f = proper(rig, &host, RSTACK, 2);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)), "RST of seq+2");
	f = proper(rig, &host, RSTACK, UINT32_MAX);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)), "RST of seq-1");
	f = proper(rig, &host, TS_TCP_RST, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)), "RST without ACK");
	f = with_port(proper(rig, &host, RSTACK, 1), 2, 33333);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_BAD_COOKIE)), "RST to another port of ours");
	f = with_port(proper(rig, &host, RSTACK, 1), 0, WRONG_PORT);
	tap_ok(rig_gives(rig, &f, MOVES(DP_NO_CONNECTION)), "RST from a port that is no service");
	tap_ok(!rig_record(rig, &record), "none of them left a record");

	f = proper(rig, &host, RSTACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_VALID, DP_RECORDS)), "RST of seq+1");
	tap_ok(rig_record(rig, &record) && record.outcome == DP_OUTCOME_CLOSED &&
			ts_addr_equal(&record.addr, &host) && record.service.port == RIG_SERVICE &&
			record.answer_ttl == 55,
		"one record says closed, of whom, and the TTL");
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)), "RST again");
	f = proper(rig, &host, RSTACK, 0);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)), "RST of seq is the same answer");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PROPER, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_DUPLICATE)), "an ICMP error after the RST");
	f = proper(rig, &other, RSTACK, 0);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_VALID, DP_RECORDS)),
		"RST of seq, from a stack that forgets the SYN's number");
	rig_record(rig, &record);
	tap_eq(rig_take_sent(rig), 0, "a RST is never answered");

	f = proper(rig, &host, SYNACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"a RST does not shadow the SYN-ACK after it");
	dp_flow_abort_all(rig->poll);
}

static void test_icmp(struct rig *rig)
{
	static const uint32_t n_inner[] = {8, 20, 60};
	struct dp_record record;
	struct ts_addr host;
	struct frame f;

	for (uint32_t i = 0; i < 3; i++) {
		host = rig_host(rig, 30 + i);
		f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PROPER, n_inner[i]);
		f.b[TS_ETH_LEN + 15] = 77; /* a router on the way */
		frame_mend(&f);
		tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_VALID, DP_RECORDS)),
			"ICMP error with a valid quote");
		tap_ok(rig_record(rig, &record) && record.outcome == DP_OUTCOME_UNREACHABLE &&
				ts_addr_equal(&record.addr, &host) && record.icmp_type == 3 &&
				record.icmp_code == 1,
			"%u bytes of TCP are quote enough for a record", n_inner[i]);
	}
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_DUPLICATE)), "ICMP error again");
	f = proper(rig, &host, RSTACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RST_DUPLICATE)),
		"a RST after the ICMP error is no second verdict");
	f = proper(rig, &host, SYNACK, 1);
	tap_ok(rig_gives(rig, &f, MOVES(DP_SYNACK_VALID, DP_CONNS_OPENED)),
		"an ICMP error does not shadow a SYN-ACK");
	dp_flow_abort_all(rig->poll);

	host = rig_host(rig, 33);
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PROPER, 8);
	f.b[TCP_AT + TS_ICMP_LEN + TS_IP4_LEN + 7]++;
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_BAD_QUOTE)),
		"a quote with another sequence number");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PROPER, 8);
	ts_put16(&f.b[TCP_AT + TS_ICMP_LEN + TS_IP4_LEN], 44444);
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_BAD_QUOTE)), "a quote with another source port");
	f = rig_icmp(rig, &host, RIG_SERVICE, DP_PROBE_PROPER, 8);
	ts_put16(&f.b[TCP_AT + TS_ICMP_LEN + TS_IP4_LEN], 22);
	frame_mend(&f);
	tap_ok(rig_gives(rig, &f, MOVES(DP_RX_NOT_FOR_US)),
		"a quote with a port outside our range");
	f = rig_icmp(rig, &host, WRONG_PORT, DP_PROBE_PROPER, 8);
	tap_ok(rig_gives(rig, &f, MOVES(DP_ICMP_BAD_QUOTE)),
		"a quote to a port that is no service");
	tap_ok(!rig_record(rig, &record), "none of them left a record");
	tap_eq(rig_take_sent(rig), 0, "and an ICMP error is never answered");
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
