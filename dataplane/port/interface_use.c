/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel uses an interface for, by rtnetlink(7). */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "interface.h"

/* The kernel's macros for walking through netlink messages cast const away. */
#pragma GCC diagnostic ignored "-Wcast-qual"

/* The kernel sends a dump in pieces of up to 32 kB. */
#define PIECE_LEN 32768
/* A full routing table of the Internet is a million routes: some 10,000 pieces. */
#define PIECES_MAX 100000

/* The attribute of a kind, NULL: there is none. */
static const struct rtattr *find(const struct rtattr *attr, int len, unsigned short kind)
{
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		if ((attr->rta_type & NLA_TYPE_MASK) == kind)
			return attr;
	}
	return NULL;
}

/* A number of four bytes; 0: there is none. */
static uint32_t number(const struct rtattr *attr, int len, unsigned short kind)
{
	const struct rtattr *found = find(attr, len, kind);
	uint32_t value = 0;

	if (found != NULL && RTA_PAYLOAD(found) >= sizeof(value))
		memcpy(&value, RTA_DATA(found), sizeof(value));
	return value;
}

/* The kernel gives every interface that is up a link-local address. Only neighbours use it. */
static bool is_link_local(const uint8_t v6[16])
{
	return v6[0] == 0xfe && (v6[1] & 0xc0) == 0x80;
}

static void take_address(const struct nlmsghdr *msg, uint32_t index, struct dp_interface_use *use)
{
	const struct ifaddrmsg *head = NLMSG_DATA(msg);
	const struct rtattr *attrs = IFA_RTA(head), *addr;
	int len = (int)IFA_PAYLOAD(msg);
	struct ts_addr found = {0};
	uint32_t v4_be;

	if (head->ifa_index != index || use->has_address)
		return;
	addr = find(attrs, len, IFA_LOCAL);
	if (addr == NULL)
		addr = find(attrs, len, IFA_ADDRESS);
	if (addr == NULL)
		return;
	if (head->ifa_family == AF_INET && RTA_PAYLOAD(addr) == sizeof(v4_be)) {
		memcpy(&v4_be, RTA_DATA(addr), sizeof(v4_be));
		found = ts_addr_from_v4(v4_be);
	} else if (head->ifa_family == AF_INET6 && RTA_PAYLOAD(addr) == sizeof(found.b)) {
		memcpy(found.b, RTA_DATA(addr), sizeof(found.b));
		if (is_link_local(found.b))
			return;
	} else {
		return;
	}
	use->has_address = true;
	use->address = found;
}

static bool goes_out(const struct rtattr *attrs, int len, uint32_t index)
{
	const struct rtattr *many = find(attrs, len, RTA_MULTIPATH);
	const struct rtnexthop *hop;
	int left;

	if (number(attrs, len, RTA_OIF) == index)
		return true;
	if (many == NULL)
		return false;
	hop = RTA_DATA(many);
	for (left = (int)RTA_PAYLOAD(many); left >= (int)sizeof(*hop) && RTNH_OK(hop, left);
		left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
		if ((uint32_t)hop->rtnh_ifindex == index)
			return true;
	}
	return false;
}

/* Routes that the kernel makes for every interface are left out: those of its addresses, and IPv6's
 * for link-local addresses and groups. */
static void take_route(const struct nlmsghdr *msg, uint32_t index, struct dp_interface_use *use)
{
	const struct rtmsg *head = NLMSG_DATA(msg);
	const struct rtattr *attrs = RTM_RTA(head), *dst;
	int len = (int)RTM_PAYLOAD(msg);
	uint32_t table = number(attrs, len, RTA_TABLE);

	if ((table != 0 ? table : head->rtm_table) == RT_TABLE_LOCAL ||
		head->rtm_type != RTN_UNICAST || !goes_out(attrs, len, index))
		return;
	dst = find(attrs, len, RTA_DST);
	if (head->rtm_family == AF_INET6 && dst != NULL && RTA_PAYLOAD(dst) == 16 &&
		(is_link_local(RTA_DATA(dst)) || ((const uint8_t *)RTA_DATA(dst))[0] == 0xff))
		return;
	use->has_route = true;
}

/* Each end of a veth names the other one as the interface below it. */
static bool is_veth(const struct rtattr *attrs, int len)
{
	static const char veth[] = "veth";
	const struct rtattr *info = find(attrs, len, IFLA_LINKINFO), *kind;

	if (info == NULL)
		return false;
	kind = find(RTA_DATA(info), (int)RTA_PAYLOAD(info), IFLA_INFO_KIND);
	return kind != NULL && RTA_PAYLOAD(kind) >= sizeof(veth) - 1 &&
	       memcmp(RTA_DATA(kind), veth, sizeof(veth) - 1) == 0;
}

/* A bridge or bond that the interface is part of, or a VLAN or the like that is on top of it. */
static void take_link(const struct nlmsghdr *msg, uint32_t index, struct dp_interface_use *use)
{
	const struct ifinfomsg *head = NLMSG_DATA(msg);
	const struct rtattr *attrs = IFLA_RTA(head);
	int len = (int)IFLA_PAYLOAD(msg);
	uint32_t upper = 0;

	if ((uint32_t)head->ifi_index == index)
		upper = number(attrs, len, IFLA_MASTER);
	else if (number(attrs, len, IFLA_LINK) == index &&
		 find(attrs, len, IFLA_LINK_NETNSID) == NULL && !is_veth(attrs, len))
		upper = (uint32_t)head->ifi_index;
	if (upper != 0)
		use->has_upper = if_indextoname(upper, use->upper) != NULL;
}

void dp_interface_take(const void *bytes, size_t n, uint32_t index, struct dp_interface_use *use)
{
	const struct nlmsghdr *msg = bytes;
	size_t left = n;

	while (left >= sizeof(*msg) && msg->nlmsg_len >= sizeof(*msg) && msg->nlmsg_len <= left) {
		size_t step = NLMSG_ALIGN(msg->nlmsg_len);

		if (msg->nlmsg_type == RTM_NEWADDR &&
			msg->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
			take_address(msg, index, use);
		else if (msg->nlmsg_type == RTM_NEWROUTE &&
			 msg->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)))
			take_route(msg, index, use);
		else if (msg->nlmsg_type == RTM_NEWLINK &&
			 msg->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg)))
			take_link(msg, index, use);
		use->complete = msg->nlmsg_type == NLMSG_DONE || msg->nlmsg_type == NLMSG_ERROR;
		if (use->complete || step >= left)
			return;
		left -= step;
		msg = (const struct nlmsghdr *)(const void *)((const uint8_t *)msg + step);
	}
}

/* Ask for one list and read it. @return 0 or -errno */
static int take_list(int fd, unsigned short what, uint32_t index, struct dp_interface_use *use)
{
	struct {
		struct nlmsghdr head;
		struct rtgenmsg family;
	} ask = {
		.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
			.nlmsg_type = what,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.family = {AF_UNSPEC},
	};
	_Alignas(struct nlmsghdr) uint8_t piece[PIECE_LEN];

	use->complete = false;
	if (send(fd, &ask, ask.head.nlmsg_len, 0) < 0)
		return -errno;
	for (uint32_t i = 0; i < PIECES_MAX && !use->complete; i++) {
		ssize_t n = recv(fd, piece, sizeof(piece), 0);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			dp_interface_take(piece, (size_t)n, index, use);
	}
	return 0;
}

int dp_interface_use(const char *name, struct dp_interface_use *use)
{
	static const unsigned short lists[] = {RTM_GETADDR, RTM_GETLINK, RTM_GETROUTE};
	/* Do not wait for ever if the kernel does not answer. */
	struct timeval patience = {.tv_sec = 1};
	uint32_t index = if_nametoindex(name);
	int fd, rc = 0;

	*use = (struct dp_interface_use){0};
	if (index == 0)
		return -ENODEV;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && rc == 0; i++)
		rc = take_list(fd, lists[i], index, use);
	close(fd);
	return rc;
}

bool dp_interface_is_used(const struct dp_interface_use *use, char *what, size_t what_len)
{
	char addr[TS_ADDR_STRLEN];

	if (use->has_address) {
		ts_addr_format(&use->address, addr);
		snprintf(what, what_len, "the kernel has the address %s on it", addr);
	} else if (use->has_route) {
		snprintf(what, what_len, "the kernel has a route over it");
	} else if (use->has_upper) {
		snprintf(what, what_len, "the kernel's interface %s uses it", use->upper);
	}
	return use->has_address || use->has_route || use->has_upper;
}
