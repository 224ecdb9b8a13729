/* SPDX-License-Identifier: BSD-3-Clause */
/* The doctor in front of machines made of files. */
#include <stdlib.h>
#include <sys/resource.h>

#include "apps/doctor/doctor.h"
#include "tests/file_tree.h"
#include "tap.h"

static char said[8192];
static struct doctor doctor;

static void begin(void)
{
	doctor = (struct doctor){.root = tree_root, .out = fmemopen(said, sizeof(said), "w")};
	if (doctor.out == NULL)
		exit(1);
}

static bool says(const char *what)
{
	fflush(doctor.out);
	return strstr(said, what) != NULL;
}

static void end(void)
{
	fclose(doctor.out);
}

static void test_cpu(void)
{
	tree_put("/proc/cpuinfo", "flags\t\t: fpu sse4_2 aes constant_tsc nonstop_tsc\n");
	tree_put("/sys/devices/system/cpu/online", "0-3\n");
	tree_put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
	begin();
	doctor_cpu(&doctor);
	tap_ok(says("has what DPDK needs, and AES") && says("counter: steady"),
		"a processor with all flags is fine");
	tap_ok(says("warn  frequency governor: powersave") && says("remedy: cpupower"),
		"a slow governor is a warning, with the command that changes it");
	tap_eq(doctor.n[DOCTOR_FAIL], 0, "a processor with a slow governor fails nothing");
	end();

	tree_put("/proc/cpuinfo", "flags\t\t: fpu sse4_2x xsse4_2 constant_tsc\n");
	tree_put("/sys/devices/system/cpu/online", "0\n");
	begin();
	doctor_cpu(&doctor);
	tap_ok(says("FAIL  processor: SSE 4.2"), "flags count as whole words only");
	tap_ok(says("warn  time stamp counter"),
		"a time stamp counter that stops in deep sleep is not steady");
	tap_ok(says("CPUs: one"), "the doctor points out that a machine has one CPU only");
	end();
}

static void test_memory(void)
{
	tree_put("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "100\n");
	tree_put("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "0\n");
	tree_put("/proc/meminfo", "MemTotal: 9 kB\nMemAvailable:   1048576 kB\n");
	tree_put("/proc/mounts", "none /dev/hugepages hugetlbfs rw 0 0\n");
	begin();
	doctor_memory(&doctor, 301, 100, false);
	tap_ok(says("FAIL  huge pages: 200 MB free, a scan of default size wants 301 MB") &&
			says("sysctl -w vm.nr_hugepages=151"),
		"too few huge pages fail, and the doctor says how many would do");
	tap_ok(says("ok    memory: 1024 MB"), "enough ordinary memory is fine");
	end();

	tree_put("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "1\n");
	begin();
	doctor_memory(&doctor, 301, 100, false);
	tap_ok(says("ok    huge pages: 1224 MB"),
		"the doctor adds up free huge pages of both sizes");
	end();

	tree_put("/proc/mounts", "none /tmp tmpfs rw 0 0\n");
	begin();
	doctor_memory(&doctor, 301, 2000, false);
	tap_ok(says("hugetlbfs is not mounted") && says("remedy: mkdir -p /dev/hugepages"),
		"huge pages without their file system fail");
	tap_ok(says("FAIL  memory: 1024 MB available"), "too little ordinary memory fails");
	end();

	begin();
	doctor_memory(&doctor, 700, 600, true);
	tap_ok(!says("huge pages") && says("FAIL  memory"), "--no-huge takes all from memory");
	end();
}

static void test_rights(void)
{
	tree_put("/proc/self/status", "Name:\tx\nCapEff:\t0000000000002000\n");
	begin();
	doctor_rights(&doctor, DP_PORT_KERNEL, 0);
	tap_ok(says("ok    CAP_NET_RAW: held") && says("FAIL  CAP_NET_ADMIN: not held"),
		"capabilities are looked at one by one");
	tap_ok(says("promiscuous mode and the MAC filter"),
		"a capability that is missing is named with what fails without it");
	end();
	begin();
	doctor_rights(&doctor, DP_PORT_TAP, 0);
	tap_ok(says("needed for creating a TAP interface"),
		"what fails without a capability differs from port to port");
	end();
	begin();
	doctor_rights(&doctor, DP_PORT_LAB, 0);
	tap_eq(doctor.n[DOCTOR_FAIL], 0, "the lab needs no capability");
	end();
}

/* The rings of AF_PACKET are 16 MB, the usual limit is 8: a scan that was promised to run did
 * not. */
static void test_locked(void)
{
	struct rlimit before, limit;

	if (getrlimit(RLIMIT_MEMLOCK, &before) != 0 || before.rlim_max < 4 << 20) {
		tap_skip("less locked memory than the port pins fails", "the limit is lower here");
		return;
	}
	limit = (struct rlimit){.rlim_cur = 4 << 20, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_MEMLOCK, &limit);
	tree_put("/proc/self/status", "CapEff:\t0000000000003000\n");
	begin();
	doctor_rights(&doctor, DP_PORT_AF_PACKET, (16 << 20) + 1);
	tap_ok(says("FAIL  locked memory: 4096 kB allowed, the port pins up to 16385 kB") &&
			says("remedy: ulimit -l 16385"),
		"less than the port pins may be locked, and how much would do");
	end();
	begin();
	doctor_rights(&doctor, DP_PORT_AF_PACKET, 4 << 20);
	tap_ok(says("ok    locked memory"), "just enough may be locked");
	end();
	tree_put("/proc/self/status", "CapEff:\t0000000000007000\n");
	begin();
	doctor_rights(&doctor, DP_PORT_PCI, UINT64_C(1) << 40);
	tap_ok(says("ok    CAP_IPC_LOCK: held"), "who has the capability has no limit");
	end();
	setrlimit(RLIMIT_MEMLOCK, &before);
}

static void test_files(void)
{
	struct dp_port_spec memif = {DP_PORT_MEMIF, "/nonexistent/x.sock"};
	struct dp_port_spec pcap = {DP_PORT_PCAP, "/proc/self/status"};

	begin();
	doctor_port(&doctor, &memif);
	tap_ok(says("FAIL  port: the folder of /nonexistent/x.sock") &&
			says("mkdir -p /nonexistent"),
		"a memif socket without its folder fails");
	end();
	begin();
	doctor_port(&doctor, &pcap);
	tap_ok(says("FAIL  port: /proc/self/status is not a capture file"),
		"a file that is not a capture fails");
	end();
}

static void look_at_pci(const char *name)
{
	struct dp_port_spec spec = {DP_PORT_PCI, name};

	begin();
	doctor_port(&doctor, &spec);
}

static void test_pci(void)
{
	look_at_pci("0000:03:00.0");
	tap_ok(says("FAIL  port: there is no PCI device 0000:03:00.0"),
		"a PCI device that is not there fails");
	end();

	tree_put("/sys/bus/pci/devices/0000:03:00.0/vendor", "0x8086\n");
	tree_put("/sys/bus/pci/devices/0000:03:00.0/numa_node", "1\n");
	tree_put("/sys/devices/system/node/node1/cpulist", "8-15\n");
	tree_link("/sys/bus/pci/devices/0000:03:00.0/driver", "../../drivers/ixgbe");
	look_at_pci("03:00.0");
	tap_ok(says("is bound to ixgbe, not to vfio-pci") &&
			says("dpdk-devbind.py -b vfio-pci 0000:03:00.0"),
		"a device with the kernel's driver fails, with the command that takes it over");
	tap_ok(says("FAIL  IOMMU: none is on"), "a machine without an IOMMU fails");
	end();

	tree_link("/sys/bus/pci/devices/0000:03:00.0/driver", "../../drivers/vfio-pci");
	tree_put("/sys/class/iommu/dmar0", "");
	look_at_pci("0000:03:00.0");
	tap_ok(says("is bound to vfio-pci") && says("ok    IOMMU: on"),
		"a device bound to vfio-pci is fine");
	tap_ok(says("node 1; poll on CPUs 8-15"), "the CPUs near the device are named");
	tap_eq(doctor.n[DOCTOR_FAIL], 0, "a device bound to vfio-pci with an IOMMU fails nothing");
	end();
}

static void test_interface(void)
{
	struct dp_port_spec none = {DP_PORT_KERNEL, "no-such-if"}, lo = {DP_PORT_KERNEL, "lo"};
	struct ts_addr addr;

	begin();
	doctor_port(&doctor, &none);
	tap_ok(says("FAIL  port: there is no interface \"no-such-if\""),
		"an unknown interface fails");
	end();
	tree_put("/proc/net/route",
		"Iface Destination Gateway\nlo\t0000FEA9\t00000000\nlo\t00000000\t010012C6\n");
	begin();
	doctor_port(&doctor, &lo);
	if (says("FAIL"))
		tap_ok(says("lo"), "an interface that is down is named");
	else
		tap_ok(says("--gateway-ip 198.18.0.1)"), "the kernel's gateway is suggested");
	end();
	ts_addr_parse("127.0.0.1", &addr);
	begin();
	doctor_source(&doctor, &addr);
	tap_ok(says("would reset every handshake") || says("is not the kernel's"),
		"the source address is looked for among the kernel's");
	end();
	ts_addr_parse("198.18.255.77", &addr);
	begin();
	doctor_source(&doctor, &addr);
	tap_ok(says("ok    source address: 198.18.255.77 is not the kernel's"),
		"a source address that the kernel does not have is fine");
	end();
}

int main(void)
{
	if (!tree_make())
		return tap_skip_all("no temporary folder");
	test_cpu();
	test_memory();
	test_rights();
	test_locked();
	test_files();
	test_pci();
	test_interface();
	return tree_remove() ? tap_done() : 1;
}
