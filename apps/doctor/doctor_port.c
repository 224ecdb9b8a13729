/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks of the port that a scan would use, and of the address it would send from. */
#include <dirent.h>
#include <ifaddrs.h>
#include <limits.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dataplane/port/interface.h"
#include "doctor.h"

#define TEXT_LEN   256
#define DRIVER_LEN 64

static bool ethtool(const char *name, void *request)
{
	struct ifreq ifr = {.ifr_data = request};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;

	if (fd < 0)
		return false;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ret = ioctl(fd, SIOCETHTOOL, &ifr);
	close(fd);
	return ret == 0;
}

/* Frames that the kernel has joined do not fit our packet buffers, and their checksums are not
 * finished. */
static void check_offloads(struct doctor *doctor, const char *name)
{
	static const struct {
		uint32_t command;
		const char *name;
	} offloads[] = {{ETHTOOL_GGRO, "gro"}, {ETHTOOL_GTSO, "tso"}, {ETHTOOL_GGSO, "gso"},
		{ETHTOOL_GTXCSUM, "tx"}};
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
	char on[64] = "", remedy[TEXT_LEN];

	for (size_t i = 0; i < sizeof(offloads) / sizeof(offloads[0]); i++) {
		struct ethtool_value value = {.cmd = offloads[i].command};

		if (ethtool(name, &value) && value.data != 0)
			snprintf(on + strlen(on), sizeof(on) - strlen(on), "%s%s",
				on[0] == '\0' ? "" : ", ", offloads[i].name);
	}
	snprintf(remedy, sizeof(remedy), "ethtool -K %s gro off tso off gso off tx off", name);
	if (on[0] != '\0')
		doctor_say(doctor, DOCTOR_WARN, remedy,
			"offloads of %s: %s; joined segments are dropped and counted as "
			"rx_multi_segment",
			name, on);
	else
		doctor_say(doctor, DOCTOR_OK, NULL, "offloads of %s: off", name);
	if (ethtool(name, &driver) && strcmp(driver.driver, "veth") == 0)
		doctor_say(doctor, DOCTOR_WARN,
			"in its namespace: ethtool -K PEER tx off tso off gso off gro off",
			"%s is a veth: its other end must hand over finished checksums", name);
}

/* Print the router that the kernel uses on this interface. The kernel's file shows addresses as
 * little-endian numbers. */
static void suggest_gateway(struct doctor *doctor, const char *name)
{
	char line[TEXT_LEN], path[TEXT_LEN], device[IFNAMSIZ], text[TS_ADDR_STRLEN];
	unsigned int to, gateway;
	struct ts_addr addr;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/net/route", doctor->root);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%15s %x %x", device, &to, &gateway) != 3 ||
			strcmp(device, name) != 0 || to != 0)
			continue;
		addr = ts_addr_from_v4(gateway);
		ts_addr_format(&addr, text);
		doctor_say(doctor, DOCTOR_OK, NULL, "gateway: the kernel's is %s (--gateway-ip %s)",
			text, text);
		break;
	}
	fclose(f);
}

/* Print which driver the scan would use and why, with the scan's own note. */
static void check_driver(struct doctor *doctor, const struct dp_port_spec *spec)
{
	char note[DP_PORT_NOTE_LEN];
	enum dp_port_kind kind = dp_port_choose(spec, note, sizeof(note));

	if (note[0] != '\0')
		doctor_say(doctor, kind == DP_PORT_AF_XDP ? DOCTOR_WARN : DOCTOR_OK, NULL,
			"driver: %s", note);
	else
		doctor_say(doctor, DOCTOR_OK, NULL, "driver: %s",
			kind == DP_PORT_KERNEL
				? "AF_XDP where it works, else AF_PACKET: the kernel "
				  "does not use the interface"
			: kind == DP_PORT_AF_XDP ? "AF_XDP: the kernel does not use the interface"
						 : "AF_PACKET");
}

static void check_interface(struct doctor *doctor, const struct dp_port_spec *spec)
{
	char why[TEXT_LEN];

	if (dp_port_check(spec, why, sizeof(why)) != 0) {
		doctor_say(doctor, DOCTOR_FAIL, NULL, "port: %s", why);
		return;
	}
	if (dp_interface_carrier(spec->name, why, sizeof(why)) != 0)
		doctor_say(doctor, DOCTOR_FAIL, NULL, "port: %s", why);
	else
		doctor_say(doctor, DOCTOR_OK, NULL, "port: interface %s is up and has a carrier",
			spec->name);
	check_driver(doctor, spec);
	check_offloads(doctor, spec->name);
	suggest_gateway(doctor, spec->name);
}

/* The driver that a device is bound to; "": none. */
static void driver_of(const struct doctor *doctor, const char *device, char driver[DRIVER_LEN])
{
	char path[TEXT_LEN], to[TEXT_LEN];
	const char *slash;
	ssize_t n;

	driver[0] = '\0';
	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/driver", doctor->root, device);
	n = readlink(path, to, sizeof(to) - 1);
	if (n <= 0)
		return;
	to[n] = '\0';
	slash = strrchr(to, '/');
	snprintf(driver, DRIVER_LEN, "%.*s", DRIVER_LEN - 1, slash != NULL ? slash + 1 : to);
}

static bool folder_has_entries(const struct doctor *doctor, const char *path)
{
	char full[TEXT_LEN];
	const struct dirent *entry;
	bool any = false;
	DIR *dir;

	snprintf(full, sizeof(full), "%s%s", doctor->root, path);
	dir = opendir(full);
	if (dir == NULL)
		return false;
	while (!any && (entry = readdir(dir)) != NULL)
		any = entry->d_name[0] != '.';
	closedir(dir);
	return any;
}

static void check_iommu(struct doctor *doctor)
{
	char unsafe[8];

	if (folder_has_entries(doctor, "/sys/class/iommu"))
		doctor_say(doctor, DOCTOR_OK, NULL, "IOMMU: on");
	else if (doctor_read(doctor, "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode",
			 unsafe, sizeof(unsafe)) > 0 &&
		 unsafe[0] == 'Y')
		doctor_say(doctor, DOCTOR_WARN, NULL,
			"IOMMU: none; vfio runs without, so the device can write anywhere");
	else
		doctor_say(doctor, DOCTOR_FAIL,
			"boot with intel_iommu=on or amd_iommu=on; without the hardware: echo 1 > "
			"/sys/module/vfio/parameters/enable_unsafe_noiommu_mode",
			"IOMMU: none is on, vfio-pci refuses devices");
}

/* Print the CPUs near the device: a poll core on another node is slower with every descriptor. */
static void check_node(struct doctor *doctor, const char *device)
{
	char path[TEXT_LEN], node[16], cpus[TEXT_LEN];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/numa_node", device);
	/* -1: the machine has a single memory node. */
	if (doctor_read(doctor, path, node, sizeof(node)) < 0 || node[0] == '-')
		return;
	snprintf(path, sizeof(path), "/sys/devices/system/node/node%s/cpulist", node);
	if (doctor_read(doctor, path, cpus, sizeof(cpus)) >= 0)
		doctor_say(doctor, DOCTOR_OK, NULL,
			"memory node: the device is at node %s; poll on CPUs %s (--lcores)", node,
			cpus);
}

static void check_pci(struct doctor *doctor, const char *name)
{
	char device[64], driver[DRIVER_LEN], path[TEXT_LEN], remedy[TEXT_LEN], text[64];

	/* The domain may be left out. */
	snprintf(device, sizeof(device), "%s%s",
		strchr(name, ':') == strrchr(name, ':') ? "0000:" : "", name);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vendor", device);
	if (doctor_read(doctor, path, text, sizeof(text)) < 0) {
		doctor_say(doctor, DOCTOR_FAIL, "lspci -D lists the devices of this machine",
			"port: there is no PCI device %s", device);
		return;
	}
	driver_of(doctor, device, driver);
	snprintf(remedy, sizeof(remedy), "modprobe vfio-pci && dpdk-devbind.py -b vfio-pci %s",
		device);
	if (strcmp(driver, "vfio-pci") == 0) {
		doctor_say(doctor, DOCTOR_OK, NULL, "port: %s is bound to vfio-pci", device);
		check_iommu(doctor);
		check_node(doctor, device);
	} else if (strcmp(driver, "mlx5_core") == 0 || strcmp(driver, "mlx4_core") == 0) {
		doctor_say(doctor, DOCTOR_OK, NULL,
			"port: %s works with its kernel driver %s beside DPDK", device, driver);
	} else {
		doctor_say(doctor, DOCTOR_FAIL, remedy, "port: %s is bound to %s, not to vfio-pci",
			device, driver[0] != '\0' ? driver : "no driver");
		check_iommu(doctor);
	}
}

void doctor_port(struct doctor *doctor, const struct dp_port_spec *spec)
{
	char why[TEXT_LEN];

	switch (spec->kind) {
	case DP_PORT_PCI:
		check_pci(doctor, spec->name);
		break;
	case DP_PORT_KERNEL:
	case DP_PORT_AF_XDP:
	case DP_PORT_AF_PACKET:
		check_interface(doctor, spec);
		break;
	case DP_PORT_TAP:
		if (access("/dev/net/tun", R_OK | W_OK) == 0)
			doctor_say(doctor, DOCTOR_OK, NULL, "port: /dev/net/tun can be opened");
		else
			doctor_say(doctor, DOCTOR_FAIL, "modprobe tun, and run as root",
				"port: /dev/net/tun cannot be opened");
		break;
	case DP_PORT_PCAP:
	case DP_PORT_MEMIF:
		if (dp_port_check(spec, why, sizeof(why)) == 0)
			doctor_say(doctor, DOCTOR_OK, NULL, "port: %s",
				spec->kind == DP_PORT_PCAP ? "capture file can be read"
							   : "there is a place for its socket");
		else
			doctor_say(doctor, DOCTOR_FAIL, NULL, "port: %s", why);
		break;
	case DP_PORT_NULL:
	case DP_PORT_LAB:
		doctor_say(doctor, DOCTOR_OK, NULL, "port: %s needs nothing of this machine",
			spec->name);
		break;
	}
}

static bool same_address(const struct sockaddr *sa, const struct ts_addr *addr)
{
	struct ts_addr other = {0};

	if (sa->sa_family == AF_INET)
		other = ts_addr_from_v4(
			((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr);
	else if (sa->sa_family == AF_INET6)
		memcpy(other.b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr,
			sizeof(other.b));
	else
		return false;
	return ts_addr_equal(&other, addr);
}

void doctor_source(struct doctor *doctor, const struct ts_addr *source)
{
	struct ifaddrs *all, *i;
	char text[TS_ADDR_STRLEN];

	ts_addr_format(source, text);
	if (getifaddrs(&all) != 0)
		return;
	for (i = all; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr != NULL && same_address(i->ifa_addr, source))
			break;
	}
	if (i != NULL)
		doctor_say(doctor, DOCTOR_FAIL,
			"give an address of the same network that nobody uses",
			"source address: the kernel has %s on %s and would reset every handshake",
			text, i->ifa_name);
	else
		doctor_say(doctor, DOCTOR_OK, NULL, "source address: %s is not the kernel's", text);
	freeifaddrs(all);
}
