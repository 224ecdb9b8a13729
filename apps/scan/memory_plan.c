/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_plan.h"

#include <stdlib.h>
#include <sys/resource.h>

#include <rte_malloc.h>

#include "apps/output/cert_store.h"
#include "apps/util/line_file.h"
#include "dataplane/scan/scan_sizes.h"

#define DPDK 7 /* index of the sum among the values; its parts come before it */

static size_t lab_bytes(const struct sc_plan *plan)
{
	return plan->roles.lab ? lab_memory(&plan->lab) : 0;
}

static struct hp_plan_heap heap_parts(const struct sc_plan *plan)
{
	return (struct hp_plan_heap){
		.targets = dp_targets_memory(plan->targets),
		/* For results and for certificates. */
		.output_buffers = 2 * UT_LINE_FILE_BUF_LEN,
		.certificates_peak = OUT_CERT_CACHE_BYTES,
		.tls_sessions_peak = dp_scan_tls_memory(&plan->config),
		.lab_peak = lab_bytes(plan),
	};
}

size_t sc_memory_plan_make(const struct sc_plan *plan, struct su_value *parts)
{
	struct hp_plan_dpdk m = dp_scan_memory_parts(&plan->config);
	struct hp_plan_heap heap = heap_parts(plan);
	const struct su_value values[] = {
		{"packet_buffers", m.packet_buffers},
		{"chunks", m.chunks},
		{"talks", m.dialogs},
		{"connections", m.connections},
		{"answers_seen", m.answers_seen},
		{"sessions", m.sessions},
		{"queues", m.queues},
		[DPDK] = {"dpdk", hp_plan_dpdk_bytes(&m)},
		{"targets", heap.targets},
		{"output_buffers", heap.output_buffers},
		{"certificates_peak", heap.certificates_peak},
		{"tls_sessions_peak", heap.tls_sessions_peak},
		{"lab_peak", heap.lab_peak},
	};

	static_assert(sizeof(values) / sizeof(values[0]) <= SC_MEMORY_PLAN_MAX, "there is room");
	memcpy(parts, values, sizeof(values));
	return sizeof(values) / sizeof(values[0]);
}

size_t sc_memory_plan_heap(const struct sc_plan *plan)
{
	struct hp_plan_heap heap = heap_parts(plan);

	return hp_plan_heap_bytes(&heap);
}

static void print_parts(FILE *out, const struct su_value *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s %s %.1f MB", i == 0 ? "" : ",", parts[i].name,
			(double)parts[i].value / (1 << 20));
	fputc('\n', out);
}

void sc_memory_plan_print(const struct sc_plan *plan, FILE *out)
{
	const struct dp_scan_config *c = &plan->config;
	struct hp_plan_counts sizes = dp_scan_sizes(c);
	struct su_value parts[SC_MEMORY_PLAN_MAX];
	size_t n = sc_memory_plan_make(plan, parts);

	fprintf(out,
		"memory: %zu MB from DPDK (%u packet buffers, %u dialogs, %u chunks, %u "
		"connections "
		"on each of %u poll cores), up to %zu MB besides (%u TLS sessions)\n",
		dp_scan_memory(c) >> 20, sizes.n_mbufs, sizes.n_dialogs,
		sizes.n_rx_chunks + sizes.n_tx_chunks, c->max_conns, c->n_poll,
		sc_memory_plan_heap(plan) >> 20, c->max_sessions * c->n_tls);
	fputs("memory from DPDK:", out);
	print_parts(out, parts, DPDK);
	fputs("memory besides:", out);
	print_parts(out, &parts[DPDK + 1], n - DPDK - 1);
}

static uint64_t dpdk_used(void)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < rte_socket_count(); i++) {
		struct rte_malloc_socket_stats stats;

		if (rte_malloc_get_socket_stats(rte_socket_id_by_idx(i), &stats) == 0)
			n += stats.heap_allocsz_bytes;
	}
	return n;
}

/* Read a size from /proc/self/status, in bytes. @return false: it is not there */
static bool find_size(const char *name, uint64_t *bytes)
{
	FILE *in = fopen("/proc/self/status", "re");
	size_t name_len = strlen(name);
	char line[256];
	bool found = false;

	while (!found && in != NULL && fgets(line, sizeof(line), in) != NULL) {
		found = strncmp(line, name, name_len) == 0 && line[name_len] == ':';
		if (found)
			*bytes = strtoull(line + name_len + 1, NULL, 10) * 1024;
	}
	if (in != NULL)
		fclose(in);
	return found;
}

/* The peak of resident memory. ru_maxrss is used only without /proc: it also counts the parent's
 * memory, which the process had before exec(). */
static uint64_t resident_peak(void)
{
	struct rusage usage = {0};
	uint64_t bytes = 0;

	if (find_size("VmHWM", &bytes))
		return bytes;
	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_maxrss * 1024;
}

size_t sc_memory_used(struct su_value *used)
{
	uint64_t huge = 0;

	find_size("HugetlbPages", &huge);
	used[0] = (struct su_value){"dpdk", dpdk_used()};
	used[1] = (struct su_value){"resident_peak", resident_peak()};
	used[2] = (struct su_value){"huge_pages", huge};
	return SC_MEMORY_USED_MAX;
}
