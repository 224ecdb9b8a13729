/* SPDX-License-Identifier: BSD-3-Clause */
/* The argument of -i, and what can be checked of it without DPDK. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interface.h"
#include "port.h"

#define PATH_LEN 1024
/* The header of a file of pcap; pcapng's is longer. */
#define CAPTURE_HEAD 24

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

/* The part of a text before a comma. @return what is behind it, NULL: there is none */
static const char *split(const char *text, char part[PATH_LEN])
{
	size_t len = strcspn(text, ",");

	snprintf(part, PATH_LEN, "%.*s", (int)len, text);
	return text[len] == ',' ? &text[len + 1] : NULL;
}

/* Does the folder of a file exist, and if write is set, can the file be made in it? */
static int check_folder(const char *path, bool write, char *err, size_t err_len)
{
	char copy[PATH_LEN];
	const char *folder;
	int rc;

	snprintf(copy, sizeof(copy), "%s", path);
	folder = dirname(copy);
	if (access(folder, write ? W_OK | X_OK : X_OK) == 0)
		return 0;
	rc = -errno;
	if (rc == -ENOENT)
		snprintf(err, err_len, "the folder of %s cannot be used: %s; `mkdir -p %s`", path,
			strerror(-rc), folder);
	else
		snprintf(err, err_len, "the folder of %s cannot be used: %s", path, strerror(-rc));
	return rc;
}

/* What libpcap opens: pcap with times in µs or ns and two old forms of it, each in both byte
 * orders, and pcapng. */
static bool is_capture_head(const uint8_t head[CAPTURE_HEAD])
{
	static const uint32_t magics[] = {
		0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0xa1b2c3cb, 0x0a0d0d0a};
	uint32_t magic;

	memcpy(&magic, head, sizeof(magic));
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (magic == magics[i] || magic == __builtin_bswap32(magics[i]))
			return true;
	}
	return false;
}

/* A pipe is not opened: what was read would be lost, and closing it would end its writer. */
static int check_capture_file(const char *path)
{
	uint8_t head[CAPTURE_HEAD];
	struct stat st;
	FILE *f;
	bool good;

	if (access(path, R_OK) != 0)
		return -errno;
	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		return 0;
	f = fopen(path, "re");
	if (f == NULL)
		return -errno;
	good = fread(head, 1, sizeof(head), f) == sizeof(head) && is_capture_head(head);
	fclose(f);
	return good ? 0 : -EINVAL;
}

static int check_capture(const char *files, char *err, size_t err_len)
{
	char path[PATH_LEN];
	const char *out = split(files, path);
	int rc = check_capture_file(path);

	if (rc == -EINVAL)
		snprintf(err, err_len,
			"%s is not a capture file of the formats pcap and pcapng; `tcpdump -w "
			"FILE` "
			"makes one",
			path);
	else if (rc != 0)
		snprintf(err, err_len, "cannot read capture file %s: %s", path, strerror(-rc));
	else if (out != NULL)
		rc = check_folder(out, true, err, err_len);
	return rc;
}

static int check_memif(const char *name, char *err, size_t err_len)
{
	char path[PATH_LEN];
	const char *options = split(name, path);
	bool server = options != NULL && strstr(options, "role=server") != NULL;
	int rc;

	/* The name of an abstract socket is no file. */
	if (options != NULL && strstr(options, "socket-abstract=yes") != NULL)
		return 0;
	rc = check_folder(path, server, err, err_len);
	if (rc != 0 || server || access(path, F_OK) == 0)
		return rc;
	snprintf(err, err_len,
		"nobody listens on %s: start the other side first, or be the server with "
		"memif:%s,role=server",
		path, name);
	return -ENOENT;
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
	case DP_PORT_MEMIF:
		return check_memif(spec->name, err, err_len);
	default:
		return 0;
	}
}

enum dp_port_kind dp_port_choose(const struct dp_port_spec *spec, char *note, size_t note_len)
{
	struct dp_interface_use use;
	char what[128];

	note[0] = '\0';
	if (spec->kind != DP_PORT_KERNEL && spec->kind != DP_PORT_AF_XDP)
		return spec->kind;
	/* If the kernel stops answering, what it has said before counts. */
	(void)dp_interface_use(spec->name, &use);
	if (!dp_interface_is_used(&use, what, sizeof(what)))
		return spec->kind;
	if (spec->kind == DP_PORT_AF_XDP) {
		snprintf(note, note_len,
			"warning: the kernel receives nothing over %s while the scan runs, SSH "
			"included: %s (af_packet:%s leaves it its traffic)",
			spec->name, what, spec->name);
		return DP_PORT_AF_XDP;
	}
	snprintf(note, note_len,
		"%s is opened with AF_PACKET, which leaves the kernel its traffic: %s "
		"(af_xdp:%s insists on AF_XDP)",
		spec->name, what, spec->name);
	return DP_PORT_AF_PACKET;
}

uint64_t dp_port_lock_bytes(
	enum dp_port_kind kind, uint32_t n_queues, uint64_t pool_bytes, uint64_t dpdk_bytes)
{
	switch (kind) {
	case DP_PORT_PCI:
		return dpdk_bytes;
	case DP_PORT_AF_XDP:
		/* Each queue pins the whole pool. */
		return n_queues * pool_bytes;
	case DP_PORT_KERNEL:
	case DP_PORT_AF_PACKET:
		return UINT64_C(2) * n_queues * DP_PACKET_N_FRAMES * DP_PACKET_FRAME;
	default:
		return 0;
	}
}
