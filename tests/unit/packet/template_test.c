/* SPDX-License-Identifier: BSD-3-Clause */
#include "tap.h"
#include "frames.h"
#include "tcpstack/packet/template.h"

#define N_SEEDS 20000

static struct ts_addr random_addr(bool v4, uint64_t *seed)
{
	struct ts_addr a = ts_addr_from_v4((uint32_t)rnd(seed));

	if (!v4) {
		for (int i = 0; i < 16; i++)
			a.b[i] = (uint8_t)rnd(seed);
	}
	return a;
}

/* One random template and one random target: the bytes must be those of ts_build_tcp(). */
static bool fill_equals_build(uint64_t *seed)
{
	bool v4 = rnd(seed) & 1;
	struct ts_link link = {.src_mac = {2}, .dst_mac = {4}, .ttl = (uint8_t)rnd(seed)};
	struct ts_seg seg = {
		.src = random_addr(v4, seed),
		.dst = random_addr(v4, seed),
		.sport = (uint16_t)rnd(seed),
		.dport = (uint16_t)rnd(seed),
		.seq = (uint32_t)rnd(seed),
		.wnd = (uint16_t)rnd(seed),
		.flags = TS_TCP_SYN,
		.mss = rnd(seed) & 1 ? 1460 : 0,
		.ip_id = (uint16_t)rnd(seed),
		.opts = (uint8_t)(rnd(seed) & TS_OPT_ALL),
		.wscale = (uint8_t)(rnd(seed) % 15),
		.ts_val = (uint32_t)rnd(seed),
	};
	uint8_t want[TS_BUILD_HEADER_MAX], *got = malloc(TS_SYN_TEMPLATE_ROOM);
	struct ts_syn_template tpl;
	uint32_t want_len, got_len;
	bool same;

	if (rnd(seed) & 1)
		link.vlan = (uint16_t)(rnd(seed) % 4094 + 1);
	ts_syn_template_init(&tpl, &link, &seg.src, seg.wnd, seg.mss, seg.opts, seg.wscale);
	want_len = ts_build_tcp(want, sizeof(want), &link, &seg);
	got_len = ts_syn_template_fill(
		&tpl, got, &seg.dst, seg.sport, seg.dport, seg.seq, seg.ip_id, seg.ts_val);
	same = want_len != 0 && got_len == want_len && memcmp(got, want, want_len) == 0;
	free(got);
	return same;
}

int main(void)
{
	for (uint64_t s = 0; s < N_SEEDS; s++) {
		uint64_t seed = s;

		if (!fill_equals_build(&seed)) {
			tap_ok(false, "the SYN of seed %" PRIu64 " equals ts_build_tcp()", s);
			return tap_done();
		}
	}
	tap_ok(true, "SYNs from templates equal ts_build_tcp() for %d seeds", N_SEEDS);
	return tap_done();
}
