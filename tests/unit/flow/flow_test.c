/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a flow does when its owner says no: a TLS core has no memory, the retry list or the writer's
 * ring has no room. Without DPDK; the owner is that of the simulations.
 */
#include "tests/sim/owner.h"
#include "tests/tap.h"

#define PORT	  443
#define N_SLOTS	  2
#define SECOND_US 1000000

struct rig {
	struct owner *owner;
	uint64_t now_us;
	enum dp_flow_retry retry; /* the answer to every question */
	bool takes_records;
	uint32_t n_asked, n_records, n_frames, n_told;
	struct dp_msg told; /* the last message to the TLS core */
	struct dp_record records[4];
};

static const struct dl_service service = {PORT, DL_TLS, true};

static void on_frame(void *ctx, const uint8_t *frame, uint32_t len)
{
	((struct rig *)ctx)->n_frames++;
}

static void on_tell(void *ctx, const struct dp_msg *msg)
{
	struct rig *rig = ctx;

	rig->told = *msg;
	rig->n_told++;
}

static bool on_wanted(void *ctx, const struct ts_addr *addr, uint16_t which)
{
	return true;
}

static void on_accepted(void *ctx, const struct ts_addr *addr, uint16_t which, bool room)
{
}

static bool on_record(void *ctx, const struct dp_record *record)
{
	struct rig *rig = ctx;

	if (!rig->takes_records)
		return false;
	rig->records[rig->n_records] = *record;
	/* What it carried goes back at once. */
	rig->records[rig->n_records++].dialog = NULL;
	owner_record_done(rig->owner, record);
	return true;
}

static enum dp_flow_retry on_retry(void *ctx, const struct ts_addr *addr, uint16_t which)
{
	struct rig *rig = ctx;

	rig->n_asked++;
	return rig->retry;
}

static bool on_hold(void *ctx, const struct ts_addr *addr)
{
	return false;
}

static void on_result_free(struct tl_result *result)
{
}

static struct rig rig_new(void)
{
	return (struct rig){.now_us = SECOND_US, .takes_records = true};
}

static void rig_open(struct rig *rig)
{
	struct owner_config config = {
		.hooks = {.ctx = rig,
			.frame = on_frame,
			.tell = on_tell,
			.wanted = on_wanted,
			.accepted = on_accepted,
			.record = on_record,
			.retry = on_retry,
			.hold = on_hold,
			.result_free = on_result_free},
		.services = &service,
		.n_services = 1,
		.n_conns = 8,
		.n_slots = N_SLOTS,
		.n_dialogs = 4,
		.n_tx_chunks = 8,
		.n_rx_chunks = 32,
		.n_reorder = 16,
		.conn_limit_us = 100 * SECOND_US,
		.tick_us = 10000,
		.rto_max_us = 8 * SECOND_US,
		.seed = 1,
	};

	dl_config_default(&config.dialog);
	rig->owner = owner_new(&config);
	ts_addr_parse("198.19.255.1", &rig->owner->source_v4);
}

static struct ts_addr host_addr(uint8_t n)
{
	struct ts_addr addr;

	ts_addr_parse("198.18.0.1", &addr);
	addr.b[15] = n;
	return addr;
}

/* A segment of a host; seq 1 is that of its SYN-ACK. */
static void says(struct rig *rig, uint8_t host, uint8_t flags, uint32_t seq)
{
	struct ts_addr addr = host_addr(host);
	uint64_t hash = dp_probe_id_hash(&rig->owner->probe_id, &addr, PORT);
	struct ts_link link = {.ttl = 60};
	struct ts_seg seg = {
		.src = addr,
		.dst = rig->owner->source_v4,
		.sport = PORT,
		.dport = dp_probe_id_port(&rig->owner->probe_id, hash, DP_PROBE_PRIMARY),
		.seq = seq,
		.ack = dp_probe_id_iss(hash, DP_PROBE_PRIMARY) + 1,
		.wnd = 65535,
		.flags = flags,
	};
	uint8_t frame[128];

	owner_frame(
		rig->owner, frame, ts_build_tcp(frame, sizeof(frame), &link, &seg), rig->now_us);
}

static void turn(struct rig *rig, uint64_t later_us)
{
	rig->now_us += later_us;
	owner_turn(rig->owner, 8, rig->now_us);
}

/* A host whose connection is with the TLS core. */
static void open_host(struct rig *rig, uint8_t host)
{
	says(rig, host, TS_TCP_SYN | TS_TCP_ACK, 1);
	turn(rig, 0);
	turn(rig, 0);
}

/* The TLS core answers the message that it was told last. */
static void core_says(struct rig *rig, enum dp_msg_op op, uint64_t arg)
{
	struct dp_msg msg = rig->told;

	msg.op = (uint16_t)op;
	msg.answered = 0;
	msg.ptr = NULL;
	msg.arg = arg;
	owner_message(rig->owner, &msg, rig->now_us);
}

/* Byte of the stream that the TLS core sends. */
static uint8_t nth(uint32_t off)
{
	return (uint8_t)(off * 7);
}

/* The TLS core sends a chunk with the bytes of the stream from first on. */
static void core_sends(struct rig *rig, uint32_t first, uint32_t len)
{
	struct dp_msg msg = rig->told;
	struct dp_chunk *chunk;

	if (!dp_pool_take(&rig->owner->tx_chunks.pool, (void **)&chunk, 1))
		return;
	chunk->len = len;
	chunk->of_session = true;
	for (uint32_t i = 0; i < len; i++)
		chunk->bytes[i] = nth(first + i);
	dp_pipe_sent(&rig->owner->pipes[msg.slot]);
	msg.op = DP_MSG_SEND;
	msg.answered = 0;
	msg.ptr = chunk;
	msg.arg = rig->now_us + SECOND_US;
	owner_message(rig->owner, &msg, rig->now_us);
}

static void close_rig(struct rig *rig)
{
	const char *leftover = owner_leftover(rig->owner);

	tap_ok(leftover == NULL, "in the end nothing of the flows is left over%s%s",
		leftover == NULL ? "" : ": ", leftover == NULL ? "" : leftover);
	tap_ok(rig->owner->broken == NULL, "the flows break no promise of the simulation's owner");
	owner_free(rig->owner);
}

/* A second later the timer used to find a dialog about to begin TLS, and no credit. */
static void test_refused_then_full(void)
{
	struct rig rig = rig_new();
	uint32_t n_told;

	rig_open(&rig);
	rig.retry = DP_RETRY_LATER;
	open_host(&rig, 1);
	tap_ok(rig.n_told == 1 && rig.told.op == DP_MSG_OPEN,
		"a connection with TLS at once asks its TLS core for a session");
	core_says(&rig, DP_MSG_REFUSED, 0);
	tap_eq(rig.n_asked, 1, "if the TLS core has no memory, the target is to be asked again");
	tap_eq(rig.owner->flows.n_sessions, 0,
		"a connection that its TLS core has refused gives its credit back");
	n_told = rig.n_told;
	for (uint32_t i = 0; i < 3; i++)
		turn(&rig, SECOND_US + 20000);
	tap_ok(rig.n_asked == 4 && rig.n_told == n_told,
		"while the retry list is full it asks every second, and begins no session");
	rig.retry = DP_RETRY_TAKEN;
	turn(&rig, SECOND_US + 20000);
	tap_ok(rig.n_records == 0 && ts_stack_n_open(rig.owner->tcp) == 0,
		"once the list has taken it, the connection ends without a record");
	close_rig(&rig);
}

static void test_refused_and_nobody_asks(void)
{
	struct rig rig = rig_new();

	rig_open(&rig);
	rig.retry = DP_RETRY_REFUSED;
	open_host(&rig, 1);
	core_says(&rig, DP_MSG_REFUSED, 0);
	tap_ok(rig.n_records == 1 && rig.records[0].status == DL_UNKNOWN_ERROR,
		"if nobody is asked again, the record says that we did not get to it");
	close_rig(&rig);
}

static void test_refused_behind_the_end(void)
{
	struct rig rig = rig_new();
	struct dp_msg open;

	rig_open(&rig);
	open_host(&rig, 1);
	open = rig.told;
	says(&rig, 1, TS_TCP_RST, 2);
	tap_ok(rig.told.op == DP_MSG_BROKEN && rig.n_records == 0,
		"a reset connection waits for its dialog to come back");
	rig.told = open;
	core_says(&rig, DP_MSG_REFUSED, 0);
	tap_ok(rig.n_records == 1 && rig.records[0].status == DL_CONNECTION_CLOSED,
		"a dialog that comes back without a session has ended with its connection");
	close_rig(&rig);
}

static void test_full_ring(void)
{
	struct rig rig = rig_new();

	rig_open(&rig);
	rig.takes_records = false;
	for (uint8_t host = 1; host <= 3; host++) {
		says(&rig, host, TS_TCP_SYN | TS_TCP_ACK, 1);
		says(&rig, host, TS_TCP_RST, 2);
	}
	turn(&rig, 10000);
	tap_eq(rig.owner->flows.records.n, 3, "records wait while the writer has no room");
	rig.takes_records = true;
	turn(&rig, 10000);
	tap_eq(rig.n_records, 3, "once the writer has room, it is given all records that waited");
	for (uint8_t i = 0; i < 3; i++)
		tap_eq(rig.records[i].addr.b[15], i + 1,
			"records that waited for the writer come in the order in which they were "
			"made");
	close_rig(&rig);
}

static void test_drop(void)
{
	struct rig rig = rig_new();
	uint32_t n_frames;

	rig_open(&rig);
	open_host(&rig, 1);
	n_frames = rig.n_frames;
	owner_abort_all(rig.owner, rig.now_us);
	tap_ok(rig.n_frames == n_frames + 1 && rig.told.op == DP_MSG_BROKEN,
		"a dropped connection sends its RST, and its TLS core is told");
	turn(&rig, 5 * SECOND_US);
	tap_eq(rig.n_frames, n_frames + 1, "a dropped connection sends nothing behind its RST");
	core_says(&rig, DP_MSG_DONE, DL_NEXT_DONE);
	tap_eq(rig.n_records, 0, "a dropped connection leaves no record");
	close_rig(&rig);
}

static uint32_t segment(
	const struct rig *rig, uint32_t off, uint32_t len, uint8_t *out, uint32_t cap)
{
	const struct owner *owner = rig->owner;
	struct ts_act act = {
		.kind = TS_ACT_SEND,
		.conn = rig->told.conn,
		.send = {.seq = 77, .ack = 78, .flags = TS_TCP_ACK, .off = off, .len = len},
	};

	return dp_flow_segment(&owner->flows, &act, &owner->link, &owner->source_v4, 79, out, cap);
}

/* The end of one chunk and the beginning of the next leave in one segment. */
static void test_segment(void)
{
	const uint32_t first = DP_CHUNK_BYTES - 20, off = first - 10, n = 60;
	struct rig rig = rig_new();
	struct ts_pkt pkt;
	uint8_t out[512];
	uint32_t len;
	bool same;

	rig_open(&rig);
	open_host(&rig, 1);
	core_sends(&rig, 0, first);
	core_sends(&rig, first, 100);
	len = segment(&rig, off, n, out, sizeof(out));
	if (!tap_ok(len > 0 && ts_pkt_parse(out, len, 0, &pkt) == TS_DROP_NONE,
		    "the frame of a segment is whole"))
		return;
	tap_ok(pkt.tcp.dport == PORT && pkt.tcp.seq == 77 && pkt.tcp.ack == 78 &&
			pkt.tcp.sport == ts_conn(rig.owner->tcp, rig.told.conn)->lport,
		"the frame of a segment has the ports and numbers of its connection");
	same = pkt.tcp.payload_len == n;
	for (uint32_t i = 0; same && i < n; i++)
		same = pkt.tcp.payload[i] == nth(off + i);
	tap_ok(same, "the payload of a segment is in order, whatever chunks it lies in");
	tap_eq(segment(&rig, off, n, out, len - 1), 0,
		"a segment that does not fit makes no frame");
	tap_eq(segment(&rig, first + 50, n, out, sizeof(out)), 0,
		"a segment with a byte that is not held makes no frame");
	owner_abort_all(rig.owner, rig.now_us);
	core_says(&rig, DP_MSG_DONE, DL_NEXT_DONE);
	close_rig(&rig);
}

int main(void)
{
	test_segment();
	test_refused_then_full();
	test_refused_and_nobody_asks();
	test_refused_behind_the_end();
	test_full_ring();
	test_drop();
	return tap_done();
}
