/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which thread runs on which CPU: the role map.
 *
 *   poll@2,poll@3,tls@4-7,lab@8,main@0      explicit (--lcores)
 *
 * The default map: with three or more CPUs control and writer have one, one polls (one core fills
 * 10 GbE), and all others run TLS. With two CPUs control, writer and TLS share one. With one CPU
 * all share it. Roles that share a CPU sleep if they are idle.
 *
 * Main thread, before the lcores start.
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
	bool shared_cpus; /* a CPU has more than one role, or there are at most two CPUs */
};

/**
 * The default map.
 * @param roles   out
 * @param cpus    in: n_cpus CPU numbers, ascending
 * @param n_cpus  in: CPUs that this process may use, above 0
 * @param lab     in: the embedded lab needs a role
 */
void dp_roles_default(struct dp_roles *roles, const uint16_t *cpus, uint32_t n_cpus, bool lab);

/**
 * Parse a role map. A map without a main role gets one on the first CPU.
 * @param roles    out: valid on success
 * @param text     in: such as "poll@2,tls@4-7", NUL-terminated; borrowed
 * @param cpus     in: n_cpus CPU numbers, ascending
 * @param n_cpus   in: CPUs that this process may use, above 0
 * @param lab      in: the embedded lab needs a role; false: it must have none
 * @param err      out: on failure a sentence that names what is wrong
 * @param err_len  in: bytes of err
 * @return 0; -EINVAL: unknown role, CPU that is not in cpus, no poll or no tls role, too many of
 *         one role, or a lab role too many or too few; -ENOMEM
 */
int dp_roles_parse(struct dp_roles *roles, const char *text, const uint16_t *cpus, uint32_t n_cpus,
	bool lab, char *err, size_t err_len);

/**
 * EAL's --lcores argument for a map, such as "0@0,1@1,2@1".
 * @param roles  in
 * @param out    out: NUL-terminated, cut if it is longer than cap
 * @param cap    in: bytes of out; DP_ROLES_EAL_LEN is enough for every map
 * @return bytes of the whole argument, as snprintf()
 */
int dp_roles_eal(const struct dp_roles *roles, char *out, size_t cap);

/**
 * The CPUs that this process may use.
 * @param cpus  out: their numbers, ascending
 * @param max   in: room in cpus, above 0
 * @return how many, 1..max; CPU 0 alone if the kernel does not say
 */
uint32_t dp_roles_cpus(uint16_t *cpus, uint32_t max);

/** The name of a role, below DP_N_ROLE, as in a map: static text. Any thread. */
const char *dp_role_name(enum dp_role role);
