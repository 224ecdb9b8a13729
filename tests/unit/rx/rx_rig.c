/* SPDX-License-Identifier: BSD-3-Clause */
#include "rx_rig.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tcpstack/packet/wire.h"

static const struct dl_service services[] = {{RIG_SERVICE, DL_SMTP, false}, {443, DL_SMTP, true}};

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

void rig_open_cores(struct rig *rig, uint32_t n_poll)
{
	struct rig_config config = {
		.port = "lab",
		.targets = "198.18.0.0/24",
		.source_v4 = "198.19.255.1",
		.scan = rig_scan_config(services, 2),
	};
	struct dp_scan_config *scan = &config.scan;

	scan->rate_pps = 1000000;
	scan->max_conns = 64;
	scan->max_sessions = 16;
	scan->n_seen = 4096;
	scan->n_poll = n_poll;
	scan->loss_sample.every = RIG_SAMPLE;
	scan->canary_sample.every = 1;
	scan->n_decoys = RIG_DECOYS;
	scan->decoy_sample = UINT32_MAX; /* no responder of so few */
	memset(scan->emit, true, sizeof(scan->emit));
	rig_start("rx-test", 256);
	rig_open_scan(rig, &config);
}

void rig_open(struct rig *rig)
{
	rig_open_cores(rig, 1);
}

/* The n-th host whose target on RIG_SERVICE is sampled, or not. */
static struct ts_addr nth_host(const struct rig *rig, uint32_t n, bool sampled)
{
	for (uint32_t i = 0; i < 256; i++) {
		struct dp_target target = {
			.addr = ts_addr_from_v4(rte_cpu_to_be_32(UINT32_C(0xc6120000) + i))};
		uint64_t index;

		if (dp_targets_index(rig->targets, &target, &index) &&
			dp_sample_has(rig->scan->config.loss_sample, index) == sampled && n-- == 0)
			return target.addr;
	}
	die("the scan has not so many hosts");
	return (struct ts_addr){0};
}

struct ts_addr rig_host(const struct rig *rig, uint32_t i)
{
	return nth_host(rig, i, false);
}

struct ts_addr rig_sampled_host(const struct rig *rig, uint32_t i)
{
	return nth_host(rig, i, true);
}

struct frame rig_answer(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint8_t flags, uint32_t ack_off)
{
	struct ts_seg seg = rig_segment(rig, host, port, kind, flags);
	struct frame f;

	seg.seq = 1;
	seg.ack += ack_off;
	f.len = rig_build(rig, &seg, f.b, sizeof(f.b));
	return f;
}

struct frame rig_icmp(const struct rig *rig, const struct ts_addr *host, uint16_t port,
	enum dp_probe_kind kind, uint32_t n_inner)
{
	struct frame probe = rig_answer(rig, host, port, kind, TS_TCP_SYN, 0);
	struct frame f = probe;
	uint8_t *icmp = &f.b[TS_ETH_LEN + TS_IP4_LEN];
	uint8_t *quote = icmp + TS_ICMP_LEN;
	uint32_t l3_len = TS_IP4_LEN + TS_ICMP_LEN + TS_IP4_LEN + n_inner;
	uint8_t probe_tcp[TS_TCP_LEN];

	/* The probe went the other way. */
	memcpy(probe_tcp, &probe.b[TS_ETH_LEN + TS_IP4_LEN], sizeof(probe_tcp));
	memset(icmp, 0, FRAME_MAX - TS_ETH_LEN - TS_IP4_LEN);
	icmp[0] = TS_ICMP4_UNREACHABLE;
	icmp[1] = 1;
	memcpy(quote, &probe.b[TS_ETH_LEN], TS_IP4_LEN);
	memcpy(quote + 12, &probe.b[TS_ETH_LEN + 16], 4);
	memcpy(quote + 16, &probe.b[TS_ETH_LEN + 12], 4);
	memcpy(quote + TS_IP4_LEN, probe_tcp + 2, 2);
	memcpy(quote + TS_IP4_LEN + 2, probe_tcp, 2);
	memcpy(quote + TS_IP4_LEN + 4, probe_tcp + 8, 4);
	f.b[TS_ETH_LEN + 9] = TS_IP_PROTO_ICMP;
	ts_put16(&f.b[TS_ETH_LEN + 2], (uint16_t)l3_len);
	f.len = TS_ETH_LEN + l3_len;
	frame_mend(&f);
	return f;
}

void rig_options(struct frame *f, const char *hex)
{
	uint8_t *tcp = &f->b[TS_ETH_LEN + TS_IP4_LEN];
	uint32_t n = frame_write(f, TS_ETH_LEN + TS_IP4_LEN + TS_TCP_LEN, hex);

	tcp[12] = (uint8_t)((TS_TCP_LEN + n) / 4 << 4);
	ts_put16(&f->b[TS_ETH_LEN + 2], (uint16_t)(TS_IP4_LEN + TS_TCP_LEN + n));
	f->len = TS_ETH_LEN + TS_IP4_LEN + TS_TCP_LEN + n;
	frame_mend(f);
}

void rig_put(struct rig *rig, const struct frame *frame)
{
	rig_put_bytes(rig, frame->b, frame->len);
}

static void receive(struct rig *rig, const struct frame *frame)
{
	rig_put(rig, frame);
	rig->poll->now_us += 1000000;
	if (dp_rx_poll(&rig->core->rx) != 1)
		die("the receive path did not take a frame");
}

uint32_t rig_takes_of(struct rig *rig, const struct frame *frame, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		rig_put(rig, frame);
	return dp_rx_poll(&rig->core->rx);
}

uint64_t rig_counted(const struct rig *rig, uint32_t core, enum dp_counter counter)
{
	return atomic_load_explicit(
		&rig->scan->poll[core]->stats->counter[counter], memory_order_relaxed);
}

static uint64_t value(const struct rig *rig, uint32_t counter)
{
	return rig_counted(rig, 0, (enum dp_counter)counter);
}

bool rig_gives(struct rig *rig, const struct frame *frame, struct moves moves)
{
	uint64_t want[DP_N_COUNTER];
	bool same = true;

	rig_take_sent(rig);
	for (uint32_t c = 0; c < DP_N_COUNTER; c++)
		want[c] = value(rig, c);
	want[DP_RX_FRAMES]++;
	want[DP_RX_BYTES] += frame->len;
	for (uint32_t i = 0; i < RIG_MOVES && moves.v[i] != DP_N_COUNTER; i++)
		want[moves.v[i]]++;
	receive(rig, frame);
	for (uint32_t c = 0; c < DP_N_COUNTER; c++) {
		if (value(rig, c) == want[c])
			continue;
		same = false;
		printf("# %s: got %" PRIu64 ", want %" PRIu64 "\n",
			dp_counter_name((enum dp_counter)c), value(rig, c), want[c]);
	}
	return same;
}

bool rig_record(struct rig *rig, struct dp_record *record)
{
	struct dp_record other;

	return dp_scan_next_record(rig->scan, record) && !dp_scan_next_record(rig->scan, &other);
}
