/* SPDX-License-Identifier: BSD-3-Clause */
/* The verbs: what the owner of a connection does, and what the script expects of it. */
#include "drill.h"

#include <stdlib.h>
#include <string.h>

static uint32_t word_number(struct drill *d, uint32_t i)
{
	char *end;
	unsigned long value = strtoul(d->e->words[i], &end, 10);

	if (i >= d->e->n_words || end == d->e->words[i] || *end != '\0')
		drill_fail(d, "word %u must be a number", i + 1);
	return (uint32_t)value;
}

static void expect_data(struct drill *d)
{
	uint32_t len = d->e->has_text ? d->e->text_len : word_number(d, 2);
	bool same = len == d->n_data;

	for (uint32_t i = 0; same && i < len; i++)
		same = d->data[i] == (d->e->has_text ? (uint8_t)d->e->text[i]
						     : (uint8_t)('a' + (d->data_off + i) % 26));
	if (!same)
		drill_fail(d, "%u bytes were delivered: \"%.*s\"", d->n_data,
			(int)(d->n_data < 60 ? d->n_data : 60), (const char *)d->data);
	d->data_off += d->n_data;
	d->n_data = 0;
}

static const char *const close_names[] = {
	[TS_CLOSE_NONE] = "none",
	[TS_CLOSE_FIN] = "fin",
	[TS_CLOSE_RST] = "rst",
	[TS_CLOSE_REFUSED] = "refused",
	[TS_CLOSE_UNREACHABLE] = "unreachable",
	[TS_CLOSE_SYN_TIMEOUT] = "syn_timeout",
	[TS_CLOSE_RTO] = "rto",
	[TS_CLOSE_ABORTED] = "aborted",
	[TS_CLOSE_FIN_TIMEOUT] = "fin_timeout",
};

_Static_assert(sizeof(close_names) / sizeof(close_names[0]) == TS_N_CLOSE, "each has a name");

static void expect_closed(struct drill *d)
{
	if (!d->closed)
		drill_fail(d, "it is not closed");
	else if (strcmp(close_names[d->how], d->e->words[2]) != 0)
		drill_fail(d, "it closed by %s", close_names[d->how]);
	d->closed = false;
}

static void expect_flag(struct drill *d, bool *flag)
{
	if (!*flag)
		drill_fail(d, "it has not happened");
	*flag = false;
}

static void expect_fact(struct drill *d)
{
	const char *key = d->e->words[2];
	struct ts_facts f;
	uint32_t got = 0;

	ts_facts(d->stack, d->conn, &f);
	if (strcmp(key, "opts") == 0) {
		if (strcmp(f.opts_order, d->e->words[3]) != 0)
			drill_fail(d, "opts is %s", f.opts_order);
		return;
	}
	const struct {
		const char *name;
		uint32_t value;
	} facts[] = {
		{"rtt_us", f.rtt_us},
		{"wnd", f.synack_wnd},
		{"mss", f.synack_mss},
		{"ttl", f.synack_ttl},
		{"wscale", f.synack_wscale},
		{"rx_bytes", f.rx_bytes},
		{"tx_acked_bytes", f.tx_acked_bytes},
		{"retransmits", f.n_retransmits},
		{"zero_window", f.zero_window_seen},
		{"data_acked", f.data_acked},
		{"peer_fin", f.peer_fin},
		{"peer_fin_first", f.peer_fin_first},
		{"window_opened", f.window_opened},
		{"heard", f.heard},
		{"data_sent", f.data_sent},
		{"fin_sent", f.fin_sent},
		{"fin_acked", f.fin_acked},
		{"icmp_type", f.icmp_type},
		{"icmp_code", f.icmp_code},
	};
	const uint32_t n = sizeof(facts) / sizeof(facts[0]);
	uint32_t i = 0;

	while (i < n && strcmp(facts[i].name, key) != 0)
		i++;
	got = i < n ? facts[i].value : 0;
	if (i == n || got != word_number(d, 3))
		drill_fail(d, "%s is %u", key, got);
}

static void expect_acked(struct drill *d)
{
	if (d->acked != word_number(d, 2))
		drill_fail(d, "%u bytes are acknowledged", d->acked);
}

/* Segments sent without waiting for the end of the burst. */
static void expect_segments(struct drill *d)
{
	if (d->n_sent != word_number(d, 2))
		drill_fail(d, "%u segments were sent at once", d->n_sent);
}

/* Segments left out since the last time they were asked for. */
static void expect_optional(struct drill *d)
{
	if (d->n_optional != word_number(d, 2))
		drill_fail(d, "%u segments were optional", d->n_optional);
	d->n_optional = 0;
}

static void expect_drop(struct drill *d)
{
	if (strcmp(ts_drop_name(d->drop), d->e->words[2]) != 0)
		drill_fail(d, "the last segment was %s", ts_drop_name(d->drop));
}

static void verb_expect(struct drill *d, struct ts_acts *acts)
{
	const char *what = d->e->words[1];

	if (strcmp(what, "data") == 0)
		expect_data(d);
	else if (strcmp(what, "closed") == 0)
		expect_closed(d);
	else if (strcmp(what, "opened") == 0)
		expect_flag(d, &d->opened);
	else if (strcmp(what, "eof") == 0)
		expect_flag(d, &d->eof);
	else if (strcmp(what, "timer") == 0)
		expect_flag(d, &d->timer);
	else if (strcmp(what, "fact") == 0)
		expect_fact(d);
	else if (strcmp(what, "acked") == 0)
		expect_acked(d);
	else if (strcmp(what, "segments") == 0)
		expect_segments(d);
	else if (strcmp(what, "optional") == 0)
		expect_optional(d);
	else if (strcmp(what, "drop") == 0)
		expect_drop(d);
	else
		drill_fail(d, "cannot expect \"%s\"", what);
}

static void verb_accept(struct drill *d, struct ts_acts *acts)
{
	d->awaits_synack = true;
}

static void verb_open(struct drill *d, struct ts_acts *acts)
{
	d->conn = ts_open(
		drill_stack(d), &d->raddr, DRILL_RPORT, DRILL_LPORT, DRILL_ISS, d->now_us, acts);
}

static void verb_write(struct drill *d, struct ts_acts *acts)
{
	d->wr_len += d->e->has_text ? d->e->text_len : word_number(d, 1);
	ts_write(d->stack, d->conn, d->wr_len, d->now_us, acts);
}

static void verb_close(struct drill *d, struct ts_acts *acts)
{
	ts_close(d->stack, d->conn, d->now_us, acts);
}

static void verb_abort(struct drill *d, struct ts_acts *acts)
{
	ts_abort(d->stack, d->conn, d->now_us, acts);
}

static void verb_release(struct drill *d, struct ts_acts *acts)
{
	ts_release(d->stack, d->conn);
	if (ts_stack_n_open(d->stack) != 0)
		drill_fail(d, "the slot was not given back");
	d->conn = TS_CONN_NONE;
}

static void verb_deadline(struct drill *d, struct ts_acts *acts)
{
	bool off = strcmp(d->e->words[1], "off") == 0;

	ts_set_deadline(
		d->stack, d->conn, off ? 0 : d->now_us + UINT64_C(1000000) * word_number(d, 1));
}

static void verb_config(struct drill *d, struct ts_acts *acts)
{
	const char *key = d->e->words[1];
	uint32_t value = word_number(d, 2);

	if (strcmp(key, "mss") == 0)
		d->config.mss = (uint16_t)value;
	else if (strcmp(key, "rcv_wnd") == 0)
		d->config.rcv_wnd = (uint16_t)value;
	else if (strcmp(key, "tries") == 0)
		d->config.max_tries = (uint8_t)value;
	else if (strcmp(key, "challenge") == 0)
		d->config.max_challenge = (uint8_t)value;
	else if (strcmp(key, "repeats") == 0)
		d->config.max_repeats = (uint8_t)value;
	else if (strcmp(key, "fin_wait_ms") == 0)
		d->config.fin_wait_us = value * 1000;
	else if (strcmp(key, "offer") == 0)
		d->config.offer = (uint8_t)value;
	else if (strcmp(key, "reorder") == 0)
		d->config.n_reorder = value;
	else if (strcmp(key, "family") == 0 && value == 6)
		ts_addr_parse("2001:db8::25", &d->raddr);
	else
		drill_fail(d, "cannot configure \"%s\"", key);
	if (d->stack != NULL || ts_stack_size(&d->config) == 0)
		drill_fail(d, "too late, or out of range");
}

static const struct {
	const char *name;
	void (*run)(struct drill *d, struct ts_acts *acts);
	bool needs_conn;
} verbs[] = {
	{"accept", verb_accept, false},
	{"open", verb_open, false},
	{"write", verb_write, true},
	{"close", verb_close, true},
	{"abort", verb_abort, true},
	{"release", verb_release, true},
	{"deadline", verb_deadline, true},
	{"config", verb_config, false},
	{"expect", verb_expect, false},
};

#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

void drill_verb(struct drill *d)
{
	struct ts_acts acts = {.n = 0};
	uint32_t i = 0;

	while (i < N_VERBS && strcmp(verbs[i].name, d->e->words[0]) != 0)
		i++;
	if (i == N_VERBS)
		drill_fail(d, "no such verb: %s", d->e->words[0]);
	else if (verbs[i].needs_conn && d->conn == TS_CONN_NONE)
		drill_fail(d, "there is no connection");
	else
		verbs[i].run(d, &acts);
	drill_take(d, &acts);
}
