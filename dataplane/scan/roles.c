/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* sched_getaffinity() */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roles.h"

static const char *const role_names[DP_N_ROLE] = {"main", "poll", "tls", "lab"};

const char *dp_role_name(enum dp_role role)
{
	return role_names[role];
}

uint32_t dp_roles_cpus(uint16_t *cpus, uint32_t max)
{
	cpu_set_t set;
	uint32_t n = 0;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		CPU_SET(0, &set);
	for (int cpu = 0; cpu < CPU_SETSIZE && n < max; cpu++) {
		if (CPU_ISSET(cpu, &set))
			cpus[n++] = (uint16_t)cpu;
	}
	return n;
}

static bool add(struct dp_roles *roles, enum dp_role role, uint16_t cpu)
{
	if (roles->n == DP_MAX_ROLES || (role == DP_ROLE_POLL && roles->n_poll == DP_MAX_POLL) ||
		(role == DP_ROLE_TLS && roles->n_tls == DP_MAX_TLS) ||
		(role == DP_ROLE_LAB && roles->lab) || (role == DP_ROLE_MAIN && roles->has_main))
		return false;
	roles->place[roles->n++] = (struct dp_role_place){role, cpu};
	roles->n_poll += role == DP_ROLE_POLL;
	roles->n_tls += role == DP_ROLE_TLS;
	roles->lab = roles->lab || role == DP_ROLE_LAB;
	roles->has_main = roles->has_main || role == DP_ROLE_MAIN;
	return true;
}

/* A role that spins harms others if two roles have one CPU, or if no CPU is left for the rest of
 * the machine. */
static void note_sharing(struct dp_roles *roles, uint32_t n_cpus)
{
	uint32_t n_used = 0;

	for (uint32_t i = 0; i < roles->n; i++) {
		bool first = true;

		for (uint32_t k = 0; k < i; k++)
			first = first && roles->place[k].cpu != roles->place[i].cpu;
		n_used += first;
	}
	roles->shared_cpus = n_used < roles->n || n_cpus <= 2;
}

void dp_roles_default(struct dp_roles *roles, const uint16_t *cpus, uint32_t n_cpus, bool lab)
{
	uint32_t next;

	*roles = (struct dp_roles){0};
	if (n_cpus <= 2) {
		uint16_t other = cpus[n_cpus - 1];

		add(roles, DP_ROLE_MAIN, other);
		add(roles, DP_ROLE_POLL, cpus[0]);
		add(roles, DP_ROLE_TLS, other);
		if (lab)
			add(roles, DP_ROLE_LAB, other);
		note_sharing(roles, n_cpus);
		return;
	}
	add(roles, DP_ROLE_MAIN, cpus[0]);
	add(roles, DP_ROLE_POLL, cpus[1]);
	next = 2;
	/* The lab gets a CPU of its own if another one is left for TLS. */
	if (lab)
		add(roles, DP_ROLE_LAB, n_cpus > 3 ? cpus[next++] : cpus[0]);
	while (next < n_cpus && add(roles, DP_ROLE_TLS, cpus[next]))
		next++;
	note_sharing(roles, n_cpus);
}

static bool have_cpu(const uint16_t *cpus, uint32_t n_cpus, unsigned long cpu)
{
	for (uint32_t i = 0; i < n_cpus; i++) {
		if (cpus[i] == cpu)
			return true;
	}
	return false;
}

/* One part of the map, such as "tls@4-7". */
static int parse_part(struct dp_roles *roles, char *part, const uint16_t *cpus, uint32_t n_cpus,
	char *err, size_t err_len)
{
	char *at = strchr(part, '@');
	unsigned long first, last;
	uint32_t role = 0;
	char *end;

	if (at == NULL) {
		snprintf(err, err_len, "--lcores: \"%s\" is not role@cpu, e.g. tls@2 or tls@2-5",
			part);
		return -EINVAL;
	}
	*at = '\0';
	while (role < DP_N_ROLE && strcmp(part, role_names[role]) != 0)
		role++;
	if (role == DP_N_ROLE) {
		snprintf(err, err_len,
			"--lcores: unknown role \"%s\"; roles are main, poll, tls, lab", part);
		return -EINVAL;
	}
	first = last = strtoul(at + 1, &end, 10);
	if (*end == '-')
		last = strtoul(end + 1, &end, 10);
	if (*end != '\0' || end == at + 1 || last < first || last > UINT16_MAX) {
		snprintf(err, err_len, "--lcores: \"%s\" is not a CPU number or range", at + 1);
		return -EINVAL;
	}
	for (unsigned long cpu = first; cpu <= last; cpu++) {
		if (!have_cpu(cpus, n_cpus, cpu)) {
			snprintf(err, err_len, "--lcores: this process may not use CPU %lu", cpu);
			return -EINVAL;
		}
		if (!add(roles, (enum dp_role)role, (uint16_t)cpu)) {
			snprintf(err, err_len, "--lcores: too many %s roles", part);
			return -EINVAL;
		}
	}
	return 0;
}

/* EAL's first lcore is the main one. */
static void main_first(struct dp_roles *roles, const uint16_t *cpus)
{
	struct dp_role_place main_place;
	uint32_t i = 0;

	while (i < roles->n && roles->place[i].role != DP_ROLE_MAIN)
		i++;
	if (i == roles->n && !add(roles, DP_ROLE_MAIN, cpus[0]))
		return;
	main_place = roles->place[i];
	roles->place[i] = roles->place[0];
	roles->place[0] = main_place;
}

int dp_roles_parse(struct dp_roles *roles, const char *text, const uint16_t *cpus, uint32_t n_cpus,
	bool lab, char *err, size_t err_len)
{
	char *copy = strdup(text);
	char *save = NULL;
	int ret = 0;

	*roles = (struct dp_roles){0};
	if (copy == NULL) {
		snprintf(err, err_len, "--lcores: memory is short");
		return -ENOMEM;
	}
	for (char *part = strtok_r(copy, ",", &save); part != NULL && ret == 0;
		part = strtok_r(NULL, ",", &save))
		ret = parse_part(roles, part, cpus, n_cpus, err, err_len);
	free(copy);
	if (ret != 0)
		return ret;
	if (roles->n_poll == 0 || roles->n_tls == 0) {
		snprintf(err, err_len, "--lcores: needs at least one poll and one tls role");
		return -EINVAL;
	}
	if (lab != roles->lab) {
		snprintf(err, err_len,
			lab ? "--lcores: -i lab needs a lab role"
			    : "--lcores: a lab role needs -i lab");
		return -EINVAL;
	}
	main_first(roles, cpus);
	note_sharing(roles, n_cpus);
	return 0;
}

int dp_roles_eal(const struct dp_roles *roles, char *out, size_t cap)
{
	size_t len = 0;

	for (uint32_t i = 0; i < roles->n; i++) {
		int n = snprintf(len < cap ? out + len : NULL, len < cap ? cap - len : 0, "%s%u@%u",
			i == 0 ? "" : ",", i, roles->place[i].cpu);

		len += (size_t)n;
	}
	return (int)len;
}
