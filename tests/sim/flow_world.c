/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/sim/flow_world.h"

#include "tcpstack/tcp/check.h"
#include "tests/unit/tcp/random.h"

#define SYN_AGAIN_US	2000000
#define N_SYNS		6
#define LIMIT_US	UINT64_C(1200000000)
#define STEPS_PER_CHECK 4096
#define PPM		1000000

static void breaks(struct flow_world *world, const char *promise)
{
	if (world->broken == NULL)
		world->broken = promise;
}

static uint32_t below(struct flow_world *world, uint32_t n)
{
	return random_below(&world->random, n);
}

static bool one_in(struct flow_world *world, uint32_t n)
{
	return below(world, n) == 0;
}

static uint32_t target_of(const struct ts_addr *addr)
{
	return addr->b[15];
}

/* Hooks of the owner. */

static void on_frame(void *ctx, const uint8_t *frame, uint32_t len)
{
	struct flow_world *world = ctx;
	bool v4 = frame[12] == 0x08;
	uint32_t target = frame[v4 ? 14 + 19 : 14 + 39];

	world->totals->n_sent++;
	frame_wire_put(&world->wire, target, true, frame, len, world->now_us);
}

static void on_tell(void *ctx, const struct dp_msg *msg)
{
	struct flow_world *world = ctx;

	sim_tls_tell(world->tls, msg);
}

static bool on_wanted(void *ctx, const struct ts_addr *addr, uint16_t service)
{
	const struct flow_world *world = ctx;
	const struct target *target = &world->targets[target_of(addr)];

	return target->state == TARGET_PROBED && target->service == service && !world->aborted;
}

static void ask_again(struct flow_world *world, struct target *target)
{
	target->state = target->n_probes == N_SYNS ? TARGET_GIVEN_UP : TARGET_WAITING;
	target->probe_us = world->now_us + 1000000 + below(world, 1000000);
}

static void on_accepted(void *ctx, const struct ts_addr *addr, uint16_t service, bool room)
{
	struct flow_world *world = ctx;
	struct target *target = &world->targets[target_of(addr)];

	if (!room) {
		world->totals->n_no_room++;
		ask_again(world, target);
		return;
	}
	target->state = TARGET_OPEN;
	world->totals->n_accepted++;
}

static bool on_record(void *ctx, const struct dp_record *record)
{
	struct flow_world *world = ctx;
	struct target *target = &world->targets[target_of(&record->addr)];

	if (world->now_us < world->writer_awake_us)
		return false;
	if (target->state != TARGET_OPEN)
		breaks(world,
			"an accepted target leaves one record or one retry, and no other does");
	if (world->services[target->service].port != record->service.port)
		breaks(world, "a record names its target");
	if (record->status == DL_RUNNING)
		breaks(world, "no record is of a dialog that runs");
	target->state = TARGET_RECORDED;
	world->totals->n_records++;
	world->totals->n_by_status[record->status]++;
	owner_record_done(world->owner, record);
	return true;
}

static enum dp_flow_retry on_retry(void *ctx, const struct ts_addr *addr, uint16_t service)
{
	struct flow_world *world = ctx;
	struct target *target = &world->targets[target_of(addr)];

	if (world->now_us >= world->no_retry_us)
		return DP_RETRY_REFUSED;
	if (one_in(world, 4))
		return DP_RETRY_LATER;
	if (target->state != TARGET_OPEN || target->service != service)
		breaks(world,
			"an accepted target leaves one record or one retry, and no other does");
	world->totals->n_retries++;
	ask_again(world, target);
	return DP_RETRY_TAKEN;
}

static bool on_hold(void *ctx, const struct ts_addr *addr)
{
	struct flow_world *world = ctx;
	bool hold = !one_in(world, 20);

	world->totals->n_held += hold;
	return hold;
}

/* The wire's other end. */

static void on_host_send(
	void *ctx, struct host *host, uint16_t client_port, const struct lab_tcp_seg *seg)
{
	struct flow_world *world = ctx;
	bool v4 = ts_addr_is_v4(&host->plan.addr);
	bool with_mss = (seg->flags & TS_TCP_SYN) && host->plan.kind != HOST_ZERO_WINDOW;
	struct ts_link link = {.src_mac = {2, 0, 0, 0, 0, 2}, .ttl = 60};
	struct ts_seg out = {
		.src = host->plan.addr,
		.dst = v4 ? world->owner->source_v4 : world->owner->source_v6,
		.sport = host->plan.port->port,
		.dport = client_port,
		.seq = seg->seq,
		.ack = seg->ack,
		.wnd = seg->wnd,
		.flags = seg->flags,
		.mss = with_mss ? host->plan.mss : 0,
		.opts = seg->opts,
		.wscale = seg->wscale,
		.ts_val = seg->ts_val,
		.ts_ecr = seg->ts_ecr,
		.payload = seg->payload,
		.payload_len = seg->len,
	};
	uint8_t frame[FRAME_WIRE_MAX];
	uint32_t len = ts_build_tcp(frame, sizeof(frame), &link, &out);

	frame_wire_put(
		&world->wire, (uint32_t)(host - world->hosts), false, frame, len, world->now_us);
}

static void arrive(struct flow_world *world, const struct frame_on_wire *frame)
{
	struct host_out out = {on_host_send, world};
	struct ts_pkt pkt;

	if (!frame->to_host) {
		owner_frame(world->owner, frame->bytes, frame->len, world->now_us);
		return;
	}
	if (ts_pkt_parse(frame->bytes, frame->len, 0, &pkt) == TS_DROP_NONE &&
		pkt.kind == TS_PKT_TCP &&
		pkt.tcp.dport == world->hosts[frame->host].plan.port->port)
		host_input(&world->hosts[frame->host], &pkt.tcp, random_u32(&world->random),
			world->now_us, &out);
}

const struct owner_hooks flow_world_hooks = {
	.frame = on_frame,
	.tell = on_tell,
	.wanted = on_wanted,
	.accepted = on_accepted,
	.record = on_record,
	.retry = on_retry,
	.hold = on_hold,
	.result_free = script_result_free,
};

/* Each tick. */

static void probe_targets(struct flow_world *world)
{
	for (uint32_t i = 0; i < WORLD_TARGETS; i++) {
		struct target *target = &world->targets[i];

		if (target->state > TARGET_PROBED || world->now_us < target->probe_us)
			continue;
		if (target->n_probes == N_SYNS || target->excluded || world->aborted) {
			target->state = TARGET_GIVEN_UP;
			continue;
		}
		target->n_probes++;
		target->state = TARGET_PROBED;
		target->probe_us = world->now_us + SYN_AGAIN_US;
		owner_probe(
			world->owner, &world->hosts[i].plan.addr, target->service, world->now_us);
	}
}

static void exclude(struct flow_world *world)
{
	world->exclude_us = UINT64_MAX;
	owner_exclude(world->owner, &world->excluded);
	for (uint32_t i = 0; i < WORLD_TARGETS; i++)
		world->targets[i].excluded = owner_excludes(
			world->owner, &world->hosts[i].plan.addr);
}

static void stand_still(struct flow_world *world)
{
	if (below(world, PPM) < world->tls_stall_ppm)
		world->tls_awake_us = world->now_us + below(world, world->tls_stall_max_us);
	if (below(world, PPM) < world->writer_stall_ppm)
		world->writer_awake_us = world->now_us + below(world, 3000000);
}

static void tick(struct flow_world *world)
{
	struct host_out out = {on_host_send, world};

	if (world->now_us >= world->exclude_us)
		exclude(world);
	if (world->now_us >= world->abort_us && !world->aborted) {
		world->aborted = true;
		owner_abort_all(world->owner, world->now_us);
	}
	stand_still(world);
	probe_targets(world);
	for (uint32_t i = 0; i < WORLD_TARGETS; i++) {
		if (world->hosts[i].due_us <= world->now_us)
			host_timer(&world->hosts[i], world->now_us, &out);
	}
}

static void serve_tls(struct flow_world *world)
{
	struct dp_msg msg;

	if (world->now_us >= world->tls_awake_us)
		sim_tls_run(world->tls, 1 + below(world, 16), world->now_us);
	while (sim_tls_hear(world->tls, &msg))
		owner_message(world->owner, &msg, world->now_us);
}

/* One burst, and a turn. */
static void step(struct flow_world *world)
{
	while (frame_wire_next_us(&world->wire) <= world->now_us)
		arrive(world, frame_wire_take(&world->wire));
	serve_tls(world);
	owner_turn(world->owner, sim_tls_data_room(world->tls), world->now_us);
}

static bool is_over(const struct flow_world *world)
{
	if (ts_stack_n_open(world->owner->tcp) > 0)
		return false;
	for (uint32_t i = 0; i < WORLD_TARGETS; i++) {
		if (world->targets[i].state <= TARGET_PROBED)
			return false;
	}
	return true;
}

static void check_end(struct flow_world *world)
{
	const char *leftover = owner_leftover(world->owner);

	for (uint32_t i = 0; i < WORLD_TARGETS; i++) {
		const struct target *target = &world->targets[i];

		/* What was reset for an exclusion or a stop leaves nothing. */
		if (target->state == TARGET_OPEN && !target->excluded && !world->aborted)
			breaks(world, "an accepted target leaves one record or one retry");
		world->totals->n_dropped += target->state == TARGET_OPEN;
		world->totals->n_excluded += target->excluded;
	}
	if (leftover != NULL)
		breaks(world, leftover);
	if (world->counts.n_sessions != 0 || world->counts.n_results != 0)
		breaks(world, "a TLS session or its result is left over");
}

static void sum_up(struct flow_world *world)
{
	struct world_totals *totals = world->totals;

	totals->n_reconnected += atomic_load(&world->owner->stats.counter[DP_CONNS_RECONNECTED]);
	totals->virtual_us += world->now_us;
	totals->n_carried = world->wire.n_carried;
	totals->n_lost = world->wire.n_lost;
	totals->n_doubled = world->wire.n_doubled;
	totals->n_late = world->wire.n_late;
	totals->n_flipped = world->wire.n_flipped;
	totals->n_garbled = world->wire.n_garbled;
}

const char *flow_world_run(struct flow_world *world, uint64_t seed, struct world_totals *totals)
{
	uint32_t n_steps = 0;

	world->totals = totals;
	flow_world_draw(world, seed);
	while (!is_over(world) && world->now_us < LIMIT_US && world->broken == NULL) {
		uint64_t tick_us = (world->now_us / WORLD_TICK_US + 1) * WORLD_TICK_US;
		uint64_t wire_us = frame_wire_next_us(&world->wire);

		world->now_us = wire_us < tick_us ? wire_us : tick_us;
		if (world->now_us == tick_us)
			tick(world);
		step(world);
		if (n_steps++ % STEPS_PER_CHECK == 0 && ts_check_stack(world->owner->tcp) != NULL)
			breaks(world, ts_check_stack(world->owner->tcp));
		if (world->owner->broken != NULL)
			breaks(world, world->owner->broken);
		if (world->tls->broken != NULL)
			breaks(world, world->tls->broken);
	}
	if (!is_over(world))
		breaks(world, "every connection ends");
	check_end(world);
	sum_up(world);
	sim_tls_free(world->tls);
	owner_free(world->owner);
	return world->broken;
}
