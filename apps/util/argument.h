/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The text of an argument into a number, a time, an address or a name: strictly, and with one
 * sentence if it is none. For options, keys of the lab and commands of the control socket.
 * Pure; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpstack/packet/addr.h"

/* An argument on its way to a value. */
struct ut_arg {
	const char *option; /* what it belongs to, such as "--rate": errors begin with it */
	const char *text;   /* NULL: a flag without an argument */
	char *err;	    /* room for one sentence */
	size_t err_len;
};

/**
 * Say why an argument is refused.
 * @param arg     in: err gets `OPTION "TEXT": ` and the formatted text
 * @param format  in: as of printf
 * @return -EINVAL, always
 */
int ut_arg_refuse(const struct ut_arg *arg, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * All that follow return 0, or -EINVAL with a sentence in arg->err. They write their outputs on
 * success only, and keep no pointer to the argument.
 */

/** true or false; no text at all is true. */
int ut_arg_flag(const struct ut_arg *arg, bool *out);

/** How many times a flag was given: no text or true is once, false never, a number up to 9 that
 * many times. */
int ut_arg_times(const struct ut_arg *arg, uint32_t *out);

/**
 * A whole number with an optional suffix K, M or G (powers of 1,000), Ki, Mi or Gi (of 1,024). The
 * same suffixes may follow every number of this program.
 * @param arg       in: what is read
 * @param min, max  in: the range, both ends included
 * @param out       out: the number
 */
int ut_arg_count(const struct ut_arg *arg, uint64_t min, uint64_t max, uint64_t *out);
int ut_arg_count32(const struct ut_arg *arg, uint32_t min, uint32_t max, uint32_t *out);

/** A whole number of 64 bits, decimal or 0x and hexadecimal. */
int ut_arg_seed(const struct ut_arg *arg, uint64_t *out);

/** Packets a second, fractions allowed, suffix K, M or G; 0 stands for no limit. */
int ut_arg_rate(const struct ut_arg *arg, double *out);

/** Bits a second, fractions allowed, suffix K, M or G. */
int ut_arg_bandwidth(const struct ut_arg *arg, double *out);

/** A part of a whole, above 0 and at most all of it: 0.01 or 1%. */
int ut_arg_share(const struct ut_arg *arg, double *out);

/** I/N, counted from 1: 2/5 is *shard 1 of *n_shards 5. */
int ut_arg_shard(const struct ut_arg *arg, uint32_t *shard, uint32_t *n_shards);

/**
 * A time with a unit us, ms, s, m or h; a number without one is in seconds.
 * @param arg       in: what is read
 * @param min, max  in: the range in µs, both ends included
 * @param out       out: µs
 */
int ut_arg_time_us(const struct ut_arg *arg, uint64_t min, uint64_t max, uint64_t *out);

/** An IPv4 or IPv6 address. */
int ut_arg_addr(const struct ut_arg *arg, struct ts_addr *out);

/** ADDR or ADDR/LEN; *prefix_len is 0 without a length. */
int ut_arg_addr_prefix(const struct ut_arg *arg, struct ts_addr *out, uint8_t *prefix_len);

/** A unicast MAC address, bytes in hexadecimal with ':' or '-' between them. */
int ut_arg_mac(const struct ut_arg *arg, uint8_t out[6]);

/** FIRST-LAST or one port; in host order. */
int ut_arg_port_range(const struct ut_arg *arg, uint16_t *first, uint16_t *last);

/** Visible ASCII and spaces, 1 to max_len bytes: safe on a line of any of the protocols. */
int ut_arg_line(const struct ut_arg *arg, size_t max_len);

/** A host name, not an address. */
int ut_arg_host(const struct ut_arg *arg);

/** A host name, or an address literal in brackets (RFC 5321 4.1.3). */
int ut_arg_ehlo(const struct ut_arg *arg);
