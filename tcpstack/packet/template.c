/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>

#include "checksum.h"
#include "template.h"
#include "wire.h"

static_assert(TS_BUILD_HEADER_MAX <= TS_SYN_TEMPLATE_ROOM, "the longest SYN fits");
static_assert(TS_ETH_LEN + TS_VLAN_LEN + TS_IP4_LEN + TS_TCP_LEN + TS_TCPOPT_MSS_LEN <=
		      TS_SYN_TEMPLATE_FIRST,
	"a SYN over IPv4 with a segment size alone is one copy");
static_assert(TS_ETH_LEN + TS_IP4_LEN + TS_TCP_LEN + TS_OPT_TS_ROOM > TS_SYN_TEMPLATE_FIRST,
	"one with timestamps is two");

/* Behind MSS, and behind what aligns it or SACK-permitted: kind and length are before the value. */
static uint8_t ts_val_at(const struct ts_syn_template *tpl, const struct ts_seg *seg)
{
	if (!(seg->opts & TS_OPT_TS))
		return 0;
	return (uint8_t)(tpl->l4 + TS_TCP_LEN + (seg->mss != 0 ? TS_TCPOPT_MSS_LEN : 0) + 4);
}

void ts_syn_template_init(struct ts_syn_template *tpl, const struct ts_link *link,
	const struct ts_addr *src, uint16_t wnd, uint16_t mss, uint8_t opts, uint8_t wscale)
{
	struct ts_seg seg = {
		.src = *src,
		.wnd = wnd,
		.flags = TS_TCP_SYN,
		.mss = mss,
		.opts = opts,
		.wscale = wscale,
	};
	uint16_t csum_be;

	memset(tpl, 0, sizeof(*tpl));
	tpl->v4 = ts_addr_is_v4(src);
	if (tpl->v4)
		seg.dst = ts_addr_from_v4(0);
	tpl->len = (uint8_t)ts_build_tcp(tpl->frame, sizeof(tpl->frame), link, &seg);
	tpl->l3 = link->vlan != 0 ? TS_ETH_LEN + TS_VLAN_LEN : TS_ETH_LEN;
	tpl->l4 = (uint8_t)(tpl->l3 + (tpl->v4 ? TS_IP4_LEN : TS_IP6_LEN));
	tpl->ts_val_at = ts_val_at(tpl, &seg);

	memcpy(&csum_be, tpl->frame + tpl->l4 + 16, sizeof(csum_be));
	tpl->tcp_sum = (uint16_t)~csum_be;
	ts_put16(tpl->frame + tpl->l4 + 16, 0);
	if (!tpl->v4)
		return;
	memcpy(&csum_be, tpl->frame + tpl->l3 + 10, sizeof(csum_be));
	tpl->ip_sum = (uint16_t)~csum_be;
	ts_put16(tpl->frame + tpl->l3 + 10, 0);
}
