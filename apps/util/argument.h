/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Arguments as text: each function reads one strictly as a number, a time, an address or a name, or
 * says in one sentence why it is none. For options, keys of the lab and commands of the control
 * socket. Pure; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpstack/packet/addr.h"

/* An argument on its way to a value. */
struct ut_arg {
	const char *option; /* what it belongs to, such as "--rate": errors begin with it */
	const char *text;   /* NUL-terminated. NULL: a flag without an argument */
	char *err;	    /* out: room for one sentence; longer ones are cut */
	size_t err_len;
};

/**
 * Say why an argument is refused.
 * @param arg     in: text is not NULL; `OPTION "TEXT": ` and the formatted text go to err
 * @param format  in: as of printf, for a text of up to 159 characters
 * @return -EINVAL, always
 */
int ut_arg_refuse(const struct ut_arg *arg, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * All functions below return 0, or -EINVAL with a sentence in arg->err. They write their outputs on
 * success only, and keep no pointer to the argument. arg->text may be NULL for ut_arg_flag() and
 * ut_arg_times() alone.
 */

/** "true" or "false"; without text it is true. */
int ut_arg_flag(const struct ut_arg *arg, bool *out);

/** How often a flag was given, 0 to 9: a number, or "false" for 0; "true" or no text for 1. */
int ut_arg_times(const struct ut_arg *arg, uint32_t *out);

/**
 * A whole number with an optional suffix: K, M or G (powers of 1,000), Ki, Mi or Gi (of 1,024).
 * @param arg       in: what is read
 * @param min, max  in: the range, both ends included
 * @param out       out: the number
 */
int ut_arg_count(const struct ut_arg *arg, uint64_t min, uint64_t max, uint64_t *out);
/** The same for a number of 32 bits. */
int ut_arg_count32(const struct ut_arg *arg, uint32_t min, uint32_t max, uint32_t *out);

/** A whole number of 64 bits, in decimal, or in hexadecimal behind 0x. */
int ut_arg_seed(const struct ut_arg *arg, uint64_t *out);

/** Packets a second, 1e-6 to 1.5e9, with the suffixes of ut_arg_count(); 0 stands for no limit. */
int ut_arg_rate(const struct ut_arg *arg, double *out);

/** Bits a second, 1 to 1e12, fractions allowed, with the suffixes of ut_arg_count(). */
int ut_arg_bandwidth(const struct ut_arg *arg, double *out);

/** A share, above 0 and at most 1: "0.01" or "1%" gives 0.01. */
int ut_arg_share(const struct ut_arg *arg, double *out);

/**
 * I/N, counted from 1: 2/5 is *shard 1 of *n_shards 5.
 * @param arg       in: what is read
 * @param shard     out: I - 1, below *n_shards
 * @param n_shards  out: N, 1 or more
 */
int ut_arg_shard(const struct ut_arg *arg, uint32_t *shard, uint32_t *n_shards);

/**
 * A time with one of the units us, ms, s, m or h; a number without a unit is in seconds.
 * @param arg       in: what is read
 * @param min, max  in: the range in µs, both ends included
 * @param out       out: µs
 */
int ut_arg_time_us(const struct ut_arg *arg, uint64_t min, uint64_t max, uint64_t *out);

/** An IPv4 or IPv6 address. */
int ut_arg_addr(const struct ut_arg *arg, struct ts_addr *out);

/**
 * ADDR or ADDR/LEN.
 * @param arg         in: what is read
 * @param out         out: the address; bits behind the prefix may be set
 * @param prefix_len  out: bits, 1 to 32 or 128; 0: no length was given
 */
int ut_arg_addr_prefix(const struct ut_arg *arg, struct ts_addr *out, uint8_t *prefix_len);

/** A unicast MAC address, bytes in hexadecimal with ':' or '-' between them. */
int ut_arg_mac(const struct ut_arg *arg, uint8_t out[6]);

/**
 * FIRST-LAST, or one port.
 * @param arg          in: what is read
 * @param first, last  out: 1 to 65535 in host order, both ends included; first is not above last
 */
int ut_arg_port_range(const struct ut_arg *arg, uint16_t *first, uint16_t *last);

/** Check that a text is 1 to max_len visible ASCII characters and spaces: safe on a line of any of
 * the protocols. */
int ut_arg_line(const struct ut_arg *arg, size_t max_len);

/** Check that a text is a host name and not an address. */
int ut_arg_host(const struct ut_arg *arg);

/** Check that a text is a host name, or an address literal in brackets (RFC 5321 4.1.3). */
int ut_arg_ehlo(const struct ut_arg *arg);
