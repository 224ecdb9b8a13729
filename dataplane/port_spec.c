/* SPDX-License-Identifier: BSD-3-Clause */
/* What a user writes after -i, and what can be said of it without DPDK. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "port.h"

static const struct {
	const char *prefix;
	enum dp_port_kind kind;
} prefixes[] = {
	{"af_xdp:", DP_PORT_AF_XDP},
	{"af_packet:", DP_PORT_AF_PACKET},
	{"memif:", DP_PORT_MEMIF},
	{"tap:", DP_PORT_TAP},
	{"pcap:", DP_PORT_PCAP},
	{"lab:", DP_PORT_LAB},
};

static bool is_pci(const char *text)
{
	unsigned int domain, bus, dev, fn;
	int used = 0;

	return (sscanf(text, "%x:%x:%x.%x%n", &domain, &bus, &dev, &fn, &used) == 4 ||
		       sscanf(text, "%x:%x.%x%n", &bus, &dev, &fn, &used) == 3) &&
	       text[used] == '\0';
}

struct dp_port_spec dp_port_spec(const char *text)
{
	if (strcmp(text, "lab") == 0)
		return (struct dp_port_spec){DP_PORT_LAB, text};
	if (strcmp(text, "null") == 0)
		return (struct dp_port_spec){DP_PORT_NULL, text};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t len = strlen(prefixes[i].prefix);

		if (strncmp(text, prefixes[i].prefix, len) == 0)
			return (struct dp_port_spec){prefixes[i].kind, text + len};
	}
	return (struct dp_port_spec){is_pci(text) ? DP_PORT_PCI : DP_PORT_KERNEL, text};
}

static int check_capture(const char *files, char *err, size_t err_len)
{
	const char *comma = strchr(files, ',');
	char path[1024];
	int len = comma != NULL ? (int)(comma - files) : (int)strlen(files);

	snprintf(path, sizeof(path), "%.*s", len, files);
	if (access(path, R_OK) == 0)
		return 0;
	snprintf(err, err_len, "cannot read capture file %s: %s", path, strerror(errno));
	return -errno;
}

int dp_port_check(const struct dp_port_spec *spec, char *err, size_t err_len)
{
	switch (spec->kind) {
	case DP_PORT_KERNEL:
	case DP_PORT_AF_XDP:
	case DP_PORT_AF_PACKET:
		return dp_interface_check(spec->name, err, err_len);
	case DP_PORT_PCAP:
		return check_capture(spec->name, err, err_len);
	default:
		return 0;
	}
}
