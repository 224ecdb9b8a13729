/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "dataplane/port/interface.h"
#include "dataplane/port/port.h"
#include "tap.h"

static void means(const char *text, enum dp_port_kind kind, const char *name)
{
	struct dp_port_spec spec = dp_port_spec(text);

	tap_ok(spec.kind == kind && strcmp(spec.name, name) == 0, "-i %s is understood", text);
}

static void refuses(const char *text, int error, const char *word, const char *label)
{
	struct dp_port_spec spec = dp_port_spec(text);
	char err[256] = "";

	tap_ok(dp_port_check(&spec, err, sizeof(err)) == error && strstr(err, word) != NULL,
		"%s: refused with \"%s\"", label, word);
}

static char folder[] = "/tmp/port-test-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const void *bytes, size_t len)
{
	FILE *f = fopen(path_of(name), "we");

	if (f == NULL || fwrite(bytes, 1, len, f) != len)
		exit(1);
	fclose(f);
}

static int check(const char *format, const char *name)
{
	char text[128], err[512];
	struct dp_port_spec spec;

	snprintf(text, sizeof(text), format, path_of(name));
	spec = dp_port_spec(text);
	return dp_port_check(&spec, err, sizeof(err));
}

/* Any file that could be read was a capture file until DPDK saw it. */
static void test_captures(void)
{
	static const uint32_t magics[] = {
		0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x0a0d0d0a};
	uint32_t head[7] = {0};
	char text[128];

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		head[0] = magics[i];
		put("in", head, sizeof(head));
		tap_ok(check("pcap:%s", "in") == 0, "a capture file that begins with %08x",
			magics[i]);
	}
	snprintf(text, sizeof(text), "pcap:%s,/nonexistent/out", path_of("in"));
	refuses(text, -ENOENT, "mkdir -p /nonexistent",
		"a place for what is sent is taken beside a capture file");
	put("short", head, 20);
	tap_eq(check("pcap:%s", "short"), -EINVAL,
		"a file that is cut off in its header is no capture file");
	put("text", "root:x:0:0:root:/root:/bin/bash\n", 32);
	tap_eq(check("pcap:%s", "text"), -EINVAL, "a file of text is no capture file");
	tap_eq(check("pcap:%s", ""), -EINVAL, "a folder is no capture file");
}

static void test_memif(void)
{
	refuses("memif:/nonexistent/x.sock", -ENOENT, "mkdir -p /nonexistent",
		"a memif socket in a folder that does not exist is refused");
	tap_eq(check("memif:%s,role=server", "x.sock"), 0,
		"a memif server makes its socket itself");
	tap_eq(check("memif:%s", "x.sock"), -ENOENT,
		"a memif client needs a socket that a server has made");
	tap_eq(check("memif:%s,socket-abstract=yes", "x.sock"), 0,
		"the name of an abstract memif socket is not looked for");
	put("x.sock", "", 0);
	tap_eq(check("memif:%s", "x.sock"), 0, "a memif client is taken if its socket is there");
}

static void test_locked(void)
{
	tap_eq(dp_port_lock_bytes(DP_PORT_AF_PACKET, 2, 1 << 20, 1 << 30), 32 << 20,
		"AF_PACKET needs two rings of 8 MB of locked memory for each queue");
	tap_eq(dp_port_lock_bytes(DP_PORT_AF_XDP, 2, 1 << 20, 1 << 30), 2 << 20,
		"AF_XDP needs the packet buffers of each queue as locked memory");
	tap_eq(dp_port_lock_bytes(DP_PORT_PCI, 2, 1 << 20, 1 << 30), 1 << 30,
		"a PCI device needs all memory that it can reach as locked memory");
	tap_eq(dp_port_lock_bytes(DP_PORT_LAB, 2, 1 << 20, 1 << 30), 0,
		"the lab needs no locked memory");
}

int main(void)
{
	char err[256];
	struct dp_port_spec lo = dp_port_spec("lo");

	means("0000:03:00.0", DP_PORT_PCI, "0000:03:00.0");
	means("03:00.1", DP_PORT_PCI, "03:00.1");
	means("eth1", DP_PORT_KERNEL, "eth1");
	means("af_xdp:eth1", DP_PORT_AF_XDP, "eth1");
	means("af_packet:eth1", DP_PORT_AF_PACKET, "eth1");
	means("memif:/run/x.sock,role=server", DP_PORT_MEMIF, "/run/x.sock,role=server");
	means("tap:sweep0", DP_PORT_TAP, "sweep0");
	means("pcap:in.pcap,out.pcap", DP_PORT_PCAP, "in.pcap,out.pcap");
	means("null", DP_PORT_NULL, "null");
	means("lab", DP_PORT_LAB, "lab");
	means("labor", DP_PORT_KERNEL, "labor");
	means("03:00.1x", DP_PORT_KERNEL, "03:00.1x");
	refuses("nosuchif0", -ENODEV, "nosuchif0", "an interface that does not exist is named");
	refuses("af_xdp:a-name-that-is-too-long-for-an-interface", -ENODEV, "too-long",
		"a name no interface can have is no interface");
	refuses("pcap:/nonexistent/in.pcap,out.pcap", -ENOENT, "/nonexistent/in.pcap",
		"a capture file that is not there is named without what follows the comma");
	tap_ok(dp_port_check(&lo, err, sizeof(err)) == 0 || strstr(err, "is down") != NULL,
		"the loopback interface exists");
	/* Its driver tells the kernel nothing of a link: its state is "unknown". */
	if (dp_port_check(&lo, err, sizeof(err)) == 0)
		tap_eq(dp_interface_carrier("lo", err, sizeof(err)), 0,
			"an interface that does not tell of its link has one");
	if (mkdtemp(folder) == NULL)
		return 1;
	test_captures();
	test_memif();
	test_locked();
	snprintf(err, sizeof(err), "rm -r %s", folder);
	return system(err) == 0 ? tap_done() : 1;
}
