/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks that do not depend on the port: processor, memory, rights. */
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>

#include "doctor.h"
#include "hugepages/memory.h"
#include "hugepages/pages.h"

#define LINE_LEN  4096
#define FILES_MIN 256

static FILE *open_below(const struct doctor *doctor, const char *path)
{
	char full[LINE_LEN];

	snprintf(full, sizeof(full), "%s%s", doctor->root, path);
	return fopen(full, "re");
}

/* Does a file have a line that starts with a key and contains a word? */
static bool line_has(
	const struct doctor *doctor, const char *path, const char *key, const char *word)
{
	FILE *f = open_below(doctor, path);
	char line[LINE_LEN];
	bool found = false;

	while (f != NULL && !found && fgets(line, sizeof(line), f) != NULL) {
		const char *at = strncmp(line, key, strlen(key)) == 0 ? strstr(line, word) : NULL;

		found = at != NULL && at > line && at[-1] == ' ' &&
			strchr(" \n", at[strlen(word)]) != NULL;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

/* The capabilities of this process, as the kernel's bits. */
static bool read_capabilities(const struct doctor *doctor, unsigned long long *effective)
{
	FILE *f = open_below(doctor, "/proc/self/status");
	char line[LINE_LEN];
	bool found = false;

	while (f != NULL && !found && fgets(line, sizeof(line), f) != NULL)
		found = sscanf(line, "CapEff: %llx", effective) == 1;
	if (f != NULL)
		fclose(f);
	return found;
}

static void check_clock(struct doctor *doctor)
{
	static const char cpuinfo[] = "/proc/cpuinfo";

	if (line_has(doctor, cpuinfo, "flags", "constant_tsc") &&
		line_has(doctor, cpuinfo, "flags", "nonstop_tsc"))
		doctor_say(doctor, DOCTOR_OK, NULL, "time stamp counter: steady");
	else
		doctor_say(doctor, DOCTOR_WARN, NULL,
			"time stamp counter: not said to be steady (constant_tsc, nonstop_tsc): "
			"rates may drift");
}

static void check_governor(struct doctor *doctor)
{
	char governor[64];

	/* Most virtual machines have no governor. */
	if (doctor_read(doctor, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor,
		    sizeof(governor)) < 0)
		return;
	if (strcmp(governor, "performance") == 0)
		doctor_say(doctor, DOCTOR_OK, NULL, "frequency governor: performance");
	else
		doctor_say(doctor, DOCTOR_WARN, "cpupower frequency-set -g performance",
			"frequency governor: %s lets the clock sink", governor);
}

void doctor_cpu(struct doctor *doctor)
{
	char online[256];

	/* Debian's build of DPDK for x86-64 is compiled for SSE 4.2. */
	if (line_has(doctor, "/proc/cpuinfo", "flags", "sse4_2"))
		doctor_say(doctor, DOCTOR_OK, NULL, "processor: has what DPDK needs%s",
			line_has(doctor, "/proc/cpuinfo", "flags", "aes") ? ", and AES" : "");
	else
		doctor_say(doctor, DOCTOR_FAIL, NULL,
			"processor: SSE 4.2 is missing, which DPDK needs");
	check_clock(doctor);
	check_governor(doctor);
	if (doctor_read(doctor, "/sys/devices/system/cpu/online", online, sizeof(online)) < 0)
		return;
	if (strpbrk(online, "-,") == NULL)
		doctor_say(doctor, DOCTOR_WARN, NULL,
			"CPUs: one; every role shares it, which is fit for small scans");
	else
		doctor_say(doctor, DOCTOR_OK, NULL, "CPUs: %s online", online);
}

static void check_huge(struct doctor *doctor, size_t want_mb)
{
	size_t free_mb = hp_pages_free_mb(doctor->root);
	char command[HP_PAGES_COMMAND_LEN], remedy[128];

	hp_pages_reserve_command(want_mb, command, sizeof(command));
	snprintf(remedy, sizeof(remedy), "%s, or scan with --no-huge", command);
	if (free_mb < want_mb)
		doctor_say(doctor, DOCTOR_FAIL, remedy,
			"huge pages: %zu MB free, a scan of default size wants %zu MB", free_mb,
			want_mb);
	else if (!hp_pages_mounted(doctor->root))
		doctor_say(doctor, DOCTOR_FAIL, HP_PAGES_MOUNT_COMMAND,
			"huge pages: %zu MB free, but hugetlbfs is not mounted", free_mb);
	else
		doctor_say(doctor, DOCTOR_OK, NULL,
			"huge pages: %zu MB free, a scan of default size wants %zu MB", free_mb,
			want_mb);
}

void doctor_memory(struct doctor *doctor, size_t dpdk_mb, size_t heap_mb, bool no_huge)
{
	size_t want_mb = heap_mb + (no_huge ? dpdk_mb : 0), available_mb;

	if (!no_huge)
		check_huge(doctor, dpdk_mb);
	if (!hp_memory_available(doctor->root, &available_mb))
		return;
	if (available_mb < want_mb)
		doctor_say(doctor, DOCTOR_FAIL, "lower --max-connections and --max-sessions",
			"memory: %zu MB available, a scan of default size wants up to %zu MB",
			available_mb, want_mb);
	else
		doctor_say(doctor, DOCTOR_OK, NULL,
			"memory: %zu MB available, a scan of default size wants up to %zu MB",
			available_mb, want_mb);
}

struct need {
	unsigned int number;
	const char *name;
	const char *why;
};

static void check_capability(
	struct doctor *doctor, unsigned long long effective, const struct need *need)
{
	if (effective >> need->number & 1)
		doctor_say(doctor, DOCTOR_OK, NULL, "%s: held", need->name);
	else
		doctor_say(doctor, DOCTOR_FAIL, "run as root (sudo tlsweep ...)",
			"%s: not held, needed for %s", need->name, need->why);
}

static void check_files(struct doctor *doctor)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_cur < FILES_MIN)
		doctor_say(doctor, DOCTOR_WARN, "ulimit -n 1024", "open files: only %llu allowed",
			(unsigned long long)limit.rlim_cur);
	else
		doctor_say(doctor, DOCTOR_OK, NULL, "open files: %llu allowed",
			(unsigned long long)limit.rlim_cur);
}

static void check_locked(struct doctor *doctor, unsigned long long effective, uint64_t bytes)
{
	unsigned long long kb = (bytes + 1023) / 1024;
	struct rlimit limit;
	char remedy[128];

	if (effective >> CAP_IPC_LOCK & 1) {
		doctor_say(doctor, DOCTOR_OK, NULL,
			"CAP_IPC_LOCK: held, the port pins up to %llu kB", kb);
		return;
	}
	if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
		return;
	snprintf(remedy, sizeof(remedy),
		"ulimit -l %llu (memlock in limits.conf), or run as root (sudo tlsweep ...)", kb);
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < bytes)
		doctor_say(doctor, DOCTOR_FAIL, remedy,
			"locked memory: %llu kB allowed, the port pins up to %llu kB",
			(unsigned long long)limit.rlim_cur / 1024, kb);
	else
		doctor_say(doctor, DOCTOR_OK, NULL,
			"locked memory: enough allowed, the port pins up to %llu kB", kb);
}

void doctor_rights(struct doctor *doctor, enum dp_port_kind kind, uint64_t lock_bytes)
{
	static const struct need raw = {CAP_NET_RAW, "CAP_NET_RAW", "packet sockets"};
	static const struct need admin = {CAP_NET_ADMIN, "CAP_NET_ADMIN",
		"promiscuous mode and the MAC filter, without which the device does not start"};
	static const struct need tap = {CAP_NET_ADMIN, "CAP_NET_ADMIN", "creating a TAP interface"};
	unsigned long long effective = 0;

	check_files(doctor);
	if (!read_capabilities(doctor, &effective))
		return;
	switch (kind) {
	case DP_PORT_KERNEL:
	case DP_PORT_AF_XDP:
	case DP_PORT_AF_PACKET:
		check_capability(doctor, effective, &raw);
		check_capability(doctor, effective, &admin);
		break;
	case DP_PORT_TAP:
		check_capability(doctor, effective, &tap);
		break;
	case DP_PORT_PCI:
	case DP_PORT_MEMIF:
	case DP_PORT_PCAP:
	case DP_PORT_NULL:
	case DP_PORT_LAB:
		break;
	}
	if (lock_bytes > 0)
		check_locked(doctor, effective, lock_bytes);
}
