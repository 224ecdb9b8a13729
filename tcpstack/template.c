/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <endian.h>

#include "checksum.h"
#include "template.h"
#include "wire.h"

static_assert(TS_BUILD_HEADER_MAX <= TS_SYN_TEMPLATE_ROOM, "the longest SYN fits");

void ts_syn_template_init(struct ts_syn_template *tpl, const struct ts_link *link,
	const struct ts_addr *src, uint16_t wnd, uint16_t mss)
{
	struct ts_seg seg = {.src = *src, .wnd = wnd, .flags = TS_TCP_SYN, .mss = mss};
	uint16_t csum_be;

	memset(tpl, 0, sizeof(*tpl));
	tpl->v4 = ts_addr_is_v4(src);
	if (tpl->v4)
		seg.dst = ts_addr_from_v4(0);
	tpl->len = (uint8_t)ts_build_tcp(tpl->frame, sizeof(tpl->frame), link, &seg);
	tpl->l3 = link->vlan != 0 ? TS_ETH_LEN + TS_VLAN_LEN : TS_ETH_LEN;
	tpl->l4 = (uint8_t)(tpl->l3 + (tpl->v4 ? TS_IP4_LEN : TS_IP6_LEN));

	memcpy(&csum_be, tpl->frame + tpl->l4 + 16, sizeof(csum_be));
	tpl->tcp_sum = (uint16_t)~csum_be;
	ts_put16(tpl->frame + tpl->l4 + 16, 0);
	if (!tpl->v4)
		return;
	memcpy(&csum_be, tpl->frame + tpl->l3 + 10, sizeof(csum_be));
	tpl->ip_sum = (uint16_t)~csum_be;
	ts_put16(tpl->frame + tpl->l3 + 10, 0);
}

/* Write the destination; returns its sum, which the TCP pseudo-header needs. */
static uint64_t fill_ip4(
	const struct ts_syn_template *tpl, uint8_t *ip, const struct ts_addr *dst, uint16_t ip_id)
{
	uint32_t dst_be = ts_addr_v4_be(dst);
	uint16_t id_be = htobe16(ip_id);
	uint16_t csum_be = ts_csum_finish_be((uint64_t)tpl->ip_sum + dst_be + id_be);

	memcpy(ip + 4, &id_be, sizeof(id_be));
	memcpy(ip + 10, &csum_be, sizeof(csum_be));
	memcpy(ip + 16, &dst_be, sizeof(dst_be));
	return dst_be;
}

static uint64_t fill_ip6(uint8_t *ip, const struct ts_addr *dst)
{
	memcpy(ip + 24, dst->b, sizeof(dst->b));
	return ts_csum_add(0, dst->b, sizeof(dst->b));
}

uint32_t ts_syn_template_fill(const struct ts_syn_template *tpl, uint8_t *out,
	const struct ts_addr *dst, uint16_t sport, uint16_t dport, uint32_t seq, uint16_t ip_id)
{
	uint32_t ports_be = htobe32((uint32_t)sport << 16 | dport);
	uint32_t seq_be = htobe32(seq);
	uint8_t *tcp = out + tpl->l4;
	uint16_t csum_be;
	uint64_t sum;

	memcpy(out, tpl->frame, sizeof(tpl->frame));
	sum = tpl->v4 ? fill_ip4(tpl, out + tpl->l3, dst, ip_id) : fill_ip6(out + tpl->l3, dst);
	csum_be = ts_csum_finish_be(sum + tpl->tcp_sum + ports_be + seq_be);
	memcpy(tcp, &ports_be, sizeof(ports_be));
	memcpy(tcp + 4, &seq_be, sizeof(seq_be));
	memcpy(tcp + 16, &csum_be, sizeof(csum_be));
	return tpl->len;
}
