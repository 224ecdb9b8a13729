/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which thread runs on which CPU: the role map.
 *
 *   poll@2,poll@3,tls@4-7,lab@8,main@0      explicit (--lcores)
 *
 * Without a map: one CPU is left to control and writer where there are three or more, one polls
 * (more only when asked: one core fills 10 GbE), all others compute TLS. With two CPUs control,
 * writer and TLS share one. With one CPU everything shares it. Roles that share a CPU pause when
 * idle.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/core/limits.h"

enum dp_role {
	DP_ROLE_MAIN, /* control, status; the writer thread runs beside it */
	DP_ROLE_POLL,
	DP_ROLE_TLS,
	DP_ROLE_LAB,
	DP_N_ROLE
};

#define DP_MAX_ROLES (1 + DP_MAX_POLL + DP_MAX_TLS + 1)

struct dp_role_place {
	enum dp_role role;
	uint16_t cpu;
};

/* EAL's --lcores for the largest map: "81@65535," each. */
#define DP_ROLES_EAL_LEN (16 * DP_MAX_ROLES)

struct dp_roles {
	uint32_t n; /* lcore i of EAL is place[i]; place[0] is DP_ROLE_MAIN */
	struct dp_role_place place[DP_MAX_ROLES];
	uint32_t n_poll, n_tls;
	bool lab, has_main;
	bool shared_cpus; /* some CPU has more than one role, or every CPU of the machine is taken
			   */
};

/** The default map for CPUs (ids, ascending, n_cpus >= 1). @param lab in: is the embedded lab
 * needed? */
void dp_roles_default(struct dp_roles *roles, const uint16_t *cpus, uint32_t n_cpus, bool lab);

/**
 * Parse a role map.
 * @param err  out: on failure a sentence naming the bad word
 * @return 0 or -EINVAL (unknown role, CPU not in cpus, no poll or no tls role, too many, lab
 * missing)
 */
int dp_roles_parse(struct dp_roles *roles, const char *text, const uint16_t *cpus, uint32_t n_cpus,
	bool lab, char *err, size_t err_len);

/** EAL's --lcores argument for a map: "0@0,1@1,2@1". @return length, as snprintf */
int dp_roles_eal(const struct dp_roles *roles, char *out, size_t cap);

/** The CPUs this process may use, ascending. @return how many */
uint32_t dp_roles_cpus(uint16_t *cpus, uint32_t max);

const char *dp_role_name(enum dp_role role);
