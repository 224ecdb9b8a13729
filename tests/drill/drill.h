/* SPDX-License-Identifier: BSD-3-Clause */
/* A script in progress: the stack, its virtual time, and what it did that the script has not named.
 */
#pragma once

#include "script.h"
#include "tcpstack/tcp/tcp.h"

#define DRILL_ISS      UINT32_C(0xfffffff0)
#define DRILL_IRS      UINT32_C(0xffffffe0)
#define DRILL_STAMP    UINT32_C(0xffffff80) /* the peer's first timestamp */
#define DRILL_START_US UINT64_C(1000000000)
#define DRILL_LPORT    40000
#define DRILL_RPORT    25
#define DRILL_MAX_SENT 64
#define DRILL_MAX_DATA 131072

struct sent {
	uint64_t at_us;
	struct ts_act act;
	uint32_t n_sack;
	struct ts_sack sack[TS_SACK_MAX];
};

struct drill {
	const char *path;
	const struct script_event *e;
	struct ts_stack_config config;
	struct ts_stack *stack;
	struct ts_addr raddr;
	uint64_t now_us;
	uint32_t conn, wr_len;
	bool awaits_synack, failed;
	enum ts_drop drop;
	/* what the stack did and the script has not yet asked for */
	struct sent sent[DRILL_MAX_SENT];
	uint32_t n_sent, n_optional; /* segments that may be left out are, and counted */
	uint8_t data[DRILL_MAX_DATA];
	uint32_t n_data, data_off; /* data_off: stream offset of data[0] */
	uint32_t acked;
	bool opened, eof, timer, closed;
	enum ts_close how;
};

/* The script has failed: say where and why, once. */
__attribute__((format(printf, 2, 3))) void drill_fail(struct drill *d, const char *format, ...);

/* The stack, laid out at its first use with what the script has configured. */
struct ts_stack *drill_stack(struct drill *d);

/* Sort the actions of a call into what the script can ask for, and check the stack's invariants. */
void drill_take(struct drill *d, struct ts_acts *acts);

/* Carry out the verb of the current event. */
void drill_verb(struct drill *d);
