/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of the port, of the scanner's addresses and of the machine. */
#include "handlers.h"
#include "table.h"

/* 802.1Q reserves the tags 0 and 4095. */
#define VLAN_MIN 1
#define VLAN_MAX 4094

static const struct op_option rows[] = {
	{
		.name = "interface",
		.letter = 'i',
		.arg = "PORT",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_options, interface),
		.set = op_set_interface,
		.resume = OP_RESUME_DEVICE,
		.complete = OP_COMPLETE_PORT,
		.help = "0000:03:00.0 (PCI), eth1, memif:SOCKET, tap:NAME, pcap:IN[,OUT], or lab "
			"(the embedded Internet); eth1 is AF_PACKET where the kernel has addresses "
			"or routes on it, else AF_XDP; af_xdp:eth1, af_packet:eth1 insist",
		.doc = "`0000:03:00.0` (PCI), `eth1`, `af_xdp:eth1`, `af_packet:eth1`, "
		       "`memif:SOCKET`, `tap:NAME`, `pcap:IN[,OUT]`, or `lab`, the embedded "
		       "Internet",
	},
	{
		.name = "source-ip",
		.letter = 'S',
		.arg = "ADDR[/LEN]",
		.kind = OP_KIND_OWN,
		.set = op_set_source_ip,
		.print = op_print_source_ip,
		.repeats = true,
		.help = "our own address, one that the kernel does not use; once for IPv4, once "
			"for IPv6; LEN: neighbours are on-link",
		.doc = "our address; give it twice for IPv4 and IPv6. With `/LEN`, targets in "
		       "that prefix are reached directly",
	},
	{
		.name = "source-port",
		.letter = 's',
		.arg = "A[-B]",
		.kind = OP_KIND_OWN,
		.text = "32768-61000",
		.set = op_set_source_port,
		.print = op_print_source_port,
		.help = "our ports (default {default})",
		.doc = "our ports",
	},
	{
		.name = "source-mac",
		.arg = "MAC",
		.kind = OP_KIND_OWN,
		.unset = "the port's",
		.set = op_set_source_mac,
		.print = op_print_source_mac,
		.help = "our MAC address (default: {default})",
		.doc = "our MAC address",
	},
	{
		.name = "gateway-ip",
		.arg = "ADDR",
		.kind = OP_KIND_OWN,
		.set = op_set_gateway_ip,
		.print = op_print_gateway_ip,
		.repeats = true,
		.help = "router to resolve and look after; once for each family",
		.doc = "the router, resolved by ARP or neighbour discovery, and looked after: see "
		       "[neighbours](#neighbours-and-the-gateway); twice for two families",
	},
	{
		.name = "gateway-mac",
		.letter = 'G',
		.arg = "MAC",
		.kind = OP_KIND_OWN,
		.set = op_set_gateway_mac,
		.print = op_print_gateway_mac,
		.help = "router's MAC address: nothing is resolved",
		.doc = "the router's MAC address; nothing is resolved",
	},
	{
		.name = "vlan",
		.arg = "ID",
		.kind = OP_KIND_COUNT,
		OP_FIELD(struct op_options, vlan),
		.min = VLAN_MIN,
		.max = VLAN_MAX,
		.zero_is_unset = true,
		.unset = "untagged",
		.help = "802.1Q tag, {min} to {max} (default: {default})",
		.doc = "802.1Q tag on everything, {min} to {max}",
	},
	{
		.name = "no-huge",
		.kind = OP_KIND_FLAG,
		OP_FIELD(struct op_options, no_huge),
		.help = "ordinary pages: slower, needs no set-up",
		.doc = "ordinary instead of huge pages: an ordinary user can, at a price in speed",
	},
	{
		.name = "lcores",
		.arg = "MAP",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_options, lcores),
		.unset = "fitted to the machine",
		.help = "which CPU does what (default: {default})",
		.doc = "which CPU plays which role",
	},
	{
		.name = "eal",
		.arg = "ARGS",
		.kind = OP_KIND_TEXT,
		OP_FIELD(struct op_options, eal_args),
		.resume = OP_RESUME_CODE,
		.help = "further options for DPDK, as one argument",
		.doc = "more options for DPDK, quoted as one argument. To be given again with "
		       "`--resume`",
	},
};

const struct op_option_group op_group_port = {
	.title = "Port and addresses",
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
};
