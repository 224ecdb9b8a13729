/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "dataplane/port.h"
#include "tap.h"

static void means(const char *text, enum dp_port_kind kind, const char *name)
{
	struct dp_port_spec spec = dp_port_spec(text);

	tap_ok(spec.kind == kind && strcmp(spec.name, name) == 0, "\"%s\" is understood", text);
}

static void refuses(const char *text, int error, const char *word, const char *label)
{
	struct dp_port_spec spec = dp_port_spec(text);
	char err[256] = "";

	tap_ok(dp_port_check(&spec, err, sizeof(err)) == error && strstr(err, word) != NULL,
		"%s: \"%s\"", label, err);
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
	return tap_done();
}
