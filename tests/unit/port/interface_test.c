/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does the kernel use an interface? -i eth1 took AF_XDP wherever that worked, and who was logged in
 * over eth1 lost the connection for the time of the scan.
 */
#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/port/interface.h"
#include "tap.h"

#define INDEX 7

/* One message of the kernel's, built up attribute by attribute. */
struct message {
	_Alignas(struct nlmsghdr) uint8_t bytes[512];
};

static struct nlmsghdr *head_of(struct message *m)
{
	return (struct nlmsghdr *)(void *)m->bytes;
}

static void begin(struct message *m, unsigned short type, const void *body, uint32_t len)
{
	*m = (struct message){0};
	*head_of(m) = (struct nlmsghdr){.nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type};
	memcpy(NLMSG_DATA(head_of(m)), body, len);
}

static void add(struct message *m, unsigned short type, const void *data, uint32_t len)
{
	struct nlmsghdr *head = head_of(m);
	struct rtattr attr = {.rta_len = (unsigned short)RTA_LENGTH(len), .rta_type = type};
	uint32_t at = NLMSG_ALIGN(head->nlmsg_len);

	memcpy(m->bytes + at, &attr, sizeof(attr));
	memcpy(m->bytes + at + RTA_LENGTH(0), data, len);
	head->nlmsg_len = at + (uint32_t)RTA_LENGTH(len);
}

static void add_number(struct message *m, unsigned short type, uint32_t value)
{
	add(m, type, &value, sizeof(value));
}

static void add_addr(struct message *m, unsigned short type, const char *text)
{
	uint8_t bytes[16];
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;

	inet_pton(family, text, bytes);
	add(m, type, bytes, family == AF_INET6 ? 16 : 4);
}

static struct message address(uint32_t index, const char *text)
{
	struct ifaddrmsg body = {
		.ifa_family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET, .ifa_index = index};
	struct message m;

	begin(&m, RTM_NEWADDR, &body, sizeof(body));
	add_addr(&m, IFA_ADDRESS, text);
	return m;
}

static struct message route(uint32_t index, const char *dst, uint8_t table)
{
	struct rtmsg body = {.rtm_family = strchr(dst, ':') != NULL ? AF_INET6 : AF_INET,
		.rtm_table = table,
		.rtm_type = RTN_UNICAST};
	struct message m;

	begin(&m, RTM_NEWROUTE, &body, sizeof(body));
	add_addr(&m, RTA_DST, dst);
	add_number(&m, RTA_OIF, index);
	return m;
}

/* A route with two ways, the second of them over an interface. */
static struct message many_ways(uint32_t index)
{
	struct rtmsg body = {
		.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST};
	struct rtnexthop hops[2] = {{.rtnh_len = sizeof(hops[0]), .rtnh_ifindex = 3},
		{.rtnh_len = sizeof(hops[0]), .rtnh_ifindex = (int)index}};
	struct message m;

	begin(&m, RTM_NEWROUTE, &body, sizeof(body));
	add(&m, RTA_MULTIPATH, hops, sizeof(hops));
	return m;
}

/* An interface that another one has something to do with: IFLA_MASTER or IFLA_LINK. */
static struct message link_of(uint32_t index, unsigned short what, uint32_t other, const char *kind)
{
	struct ifinfomsg body = {.ifi_index = (int)index};
	uint8_t info[64] = {0};
	struct rtattr attr = {.rta_type = IFLA_INFO_KIND};
	struct message m;

	begin(&m, RTM_NEWLINK, &body, sizeof(body));
	add_number(&m, what, other);
	attr.rta_len = (unsigned short)RTA_LENGTH(strlen(kind) + 1);
	memcpy(info, &attr, sizeof(attr));
	memcpy(info + RTA_LENGTH(0), kind, strlen(kind) + 1);
	add(&m, IFLA_LINKINFO, info, attr.rta_len);
	return m;
}

static bool used(const struct message *m)
{
	struct dp_interface_use use = {0};
	char what[128];

	dp_interface_take(
		m->bytes, head_of((struct message *)(uintptr_t)m)->nlmsg_len, INDEX, &use);
	return dp_interface_is_used(&use, what, sizeof(what));
}

static void test_addresses(void)
{
	struct message m = address(INDEX, "192.0.2.5");
	struct dp_interface_use use = {0};
	char what[128] = "";

	dp_interface_take(m.bytes, head_of(&m)->nlmsg_len, INDEX, &use);
	tap_ok(dp_interface_is_used(&use, what, sizeof(what)) && strstr(what, "192.0.2.5") != NULL,
		"an address of the kernel's makes an interface used, and is named");
	m = address(INDEX, "2001:db8::5");
	tap_ok(used(&m), "an IPv6 address of the kernel's makes an interface used");
	m = address(INDEX, "fe80::5");
	tap_ok(!used(&m), "a link-local address does not make an interface used");
	m = address(INDEX + 1, "192.0.2.5");
	tap_ok(!used(&m), "an address of another interface does not make this one used");
}

static void test_routes(void)
{
	struct message m = route(INDEX, "203.0.113.0", RT_TABLE_MAIN);

	tap_ok(used(&m), "a route over an interface makes it used");
	m = route(INDEX, "203.0.113.0", 100);
	tap_ok(used(&m), "a route of another table makes an interface used");
	m = route(INDEX, "203.0.113.0", RT_TABLE_LOCAL);
	tap_ok(!used(&m), "routes of the kernel's own table do not make an interface used");
	m = route(INDEX, "fe80::", RT_TABLE_MAIN);
	tap_ok(!used(&m), "the route to link-local addresses does not make an interface used");
	m = route(INDEX, "ff00::", RT_TABLE_MAIN);
	tap_ok(!used(&m), "the route to groups does not make an interface used");
	m = route(INDEX + 1, "203.0.113.0", RT_TABLE_MAIN);
	tap_ok(!used(&m), "a route over another interface does not make this one used");
	m = many_ways(INDEX);
	tap_ok(used(&m), "being the second way of a route makes an interface used");
	m = many_ways(INDEX + 1);
	tap_ok(!used(&m),
		"a route of several ways over other interfaces does not make this one used");
}

/* A cut or lying message must not be read beyond its end: ASan looks on. */
static void test_cut(void)
{
	struct message m = many_ways(INDEX);
	uint32_t len = head_of(&m)->nlmsg_len;
	struct dp_interface_use use = {0};

	for (uint32_t n = 1; n <= len; n++) {
		uint8_t *cut = malloc(n);

		memcpy(cut, m.bytes, n);
		dp_interface_take(cut, n, INDEX, &use);
		free(cut);
	}
	head_of(&m)->nlmsg_len = 0;
	dp_interface_take(m.bytes, len, INDEX, &use);
	tap_ok(!use.complete, "a list that is cut is not complete");
	begin(&m, NLMSG_DONE, "\0\0\0", 4);
	dp_interface_take(m.bytes, head_of(&m)->nlmsg_len, INDEX, &use);
	tap_ok(use.complete, "a list that is whole is seen to be complete");
}

static void test_links(void)
{
	struct message m = link_of(INDEX, IFLA_MASTER, 1, "dummy");

	/* 1 is lo, whose name is found. */
	tap_ok(used(&m), "being a part of a bridge makes an interface used");
	m = link_of(INDEX + 1, IFLA_MASTER, 1, "dummy");
	tap_ok(!used(&m), "another part of a bridge does not make this interface used");
	m = link_of(1, IFLA_LINK, INDEX, "vlan");
	tap_ok(used(&m), "a VLAN upon an interface makes it used");
	m = link_of(1, IFLA_LINK, INDEX, "veth");
	tap_ok(!used(&m), "the other end of a veth does not make an interface used");
}

int main(void)
{
	struct dp_interface_use use;
	char what[128];

	test_addresses();
	test_routes();
	test_links();
	test_cut();
	tap_ok(dp_interface_use("lo", &use) == 0 && use.complete &&
			(!use.has_address || dp_interface_is_used(&use, what, sizeof(what))),
		"the kernel itself can be asked for the uses of an interface");
	tap_ok(dp_interface_use("no-such-if", &use) < 0,
		"of an interface that is not there it says nothing");
	return tap_done();
}
