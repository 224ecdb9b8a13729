/* SPDX-License-Identifier: BSD-3-Clause */
/* What a seed draws: hosts, wire, sizes, events. */
#include "tests/sim/flow_world.h"
#include "tests/unit/tcp/random.h"

#define START_SPAN_US 6000000

static uint32_t below(struct flow_world *world, uint32_t n)
{
	return random_below(&world->random, n);
}

static bool one_in(struct flow_world *world, uint32_t n)
{
	return below(world, n) == 0;
}

/* Targets lie in a row of addresses, IPv4 and IPv6 in turn. */
static struct ts_addr target_addr(uint32_t i)
{
	struct ts_addr addr = {.b = {0xfd, 0x00, 0x01, 0xab, [7] = 1, [15] = (uint8_t)i}};
	uint8_t v4[4] = {198, 18, 1, (uint8_t)i};
	uint32_t v4_be;

	memcpy(&v4_be, v4, sizeof(v4_be));
	return i % 2 == 0 ? ts_addr_from_v4(v4_be) : addr;
}

/* One statement a draw: within one expression, compilers choose the order. */
static void draw_host(struct flow_world *world, uint32_t i)
{
	uint32_t service = below(world, LAB_N_PORTS);
	struct host_plan plan = {.addr = target_addr(i), .port = &lab_ports[service]};
	struct target target = {.service = (uint16_t)service};

	/* Half of them work; the others share the rest. */
	plan.kind = HOST_SERVICE;
	if (!one_in(world, 2))
		plan.kind = (enum host_kind)below(world, HOST_N_KIND);
	plan.advertises = one_in(world, 2);
	plan.picky = one_in(world, 2);
	plan.mss = 1400;
	if (one_in(world, 5))
		plan.mss = (uint16_t)(64 + below(world, 700));
	plan.opts = TS_OPT_ALL;
	if (one_in(world, 2))
		plan.opts = (uint8_t)below(world, TS_OPT_ALL + 1);
	plan.flight_len = 200 + below(world, 3000);
	if (one_in(world, 6))
		plan.flight_len = 4 + below(world, 40000);
	if (one_in(world, 20))
		plan.flood_len = below(world, 100000);
	if (one_in(world, 12))
		plan.reset_us = 1 + below(world, 2000000);
	if (one_in(world, 20))
		plan.fin_us = 1 + below(world, 2000000);
	if (one_in(world, 8))
		plan.stall_us = 1 + below(world, 1000000);
	plan.stall_for_us = 1 + below(world, 1000000);
	if (one_in(world, 2))
		plan.stall_for_us = 1 + below(world, 30000000);
	host_begin(&world->hosts[i], &plan);
	target.probe_us = 1 + below(world, START_SPAN_US);
	world->targets[i] = target;
}

static struct frame_wire_config draw_wire(struct flow_world *world)
{
	struct frame_wire_config wire = {.delay_us = 500 + below(world, 60000)};

	wire.reorder_us = 1 + below(world, 200000);
	if (one_in(world, 4))
		wire.garble_ppm = below(world, 5000);
	if (one_in(world, 4))
		return wire;
	wire.drop_ppm = below(world, 60000);
	wire.double_ppm = below(world, 40000);
	wire.reorder_ppm = below(world, 100000);
	wire.flip_ppm = below(world, 10000);
	return wire;
}

static void draw_owner(struct flow_world *world)
{
	bool scarce = one_in(world, 3);
	uint32_t n_slots = scarce ? 1 + below(world, 4) : 8 + below(world, 56);
	uint32_t n_conns = scarce ? 8 + below(world, 40) : WORLD_TARGETS + 32;
	struct owner_config config = {
		.hooks = flow_world_hooks,
		.services = world->services,
		.n_services = LAB_N_PORTS,
		.n_conns = n_conns,
		.n_slots = n_slots,
		.n_dialogs = n_slots + (scarce ? 4 : n_conns / 8 + 8),
		.n_reorder = scarce ? 16 : 1024,
		.conn_limit_us = 100000000,
		.tick_us = WORLD_TICK_US,
		.rto_max_us = 8000000,
		.seed = world->seed,
	};

	if (one_in(world, 3))
		config.conn_limit_us = 15000000;
	config.decoys = one_in(world, 2);
	config.offer = TS_OPT_ALL;
	if (one_in(world, 3))
		config.offer = (uint8_t)below(world, TS_OPT_ALL + 1);
	/* As dataplane/scan/scan_sizes.c has it. */
	config.n_tx_chunks = config.n_dialogs + (DP_PIPE_TX_CHUNKS - 1) * n_slots + 1;
	config.n_rx_chunks = DP_PIPE_SURE * n_slots + DP_RX_SPARES + (scarce ? 4 : 256);
	dl_config_default(&config.dialog);
	config.dialog.ehlo_name = "scanner.lab.test";
	config.dialog.user_agent = "tlsweep-sim";
	config.dialog.handshake_us = 5000000;
	config.hooks.ctx = world;
	world->owner = owner_new(&config);
	ts_addr_parse(LAB_SCANNER_V4, &world->owner->source_v4);
	ts_addr_parse(LAB_SCANNER_V6, &world->owner->source_v6);
}

static void draw_events(struct flow_world *world)
{
	uint32_t first = 2 * below(world, WORLD_TARGETS / 2);
	uint32_t last = first + 2 * below(world, 20);
	struct ts_addr lo = target_addr(first);
	struct ts_addr hi = target_addr(last < WORLD_TARGETS ? last : first);

	world->tls_stall_ppm = one_in(world, 3) ? below(world, 3000) : 0;
	world->tls_stall_max_us = one_in(world, 2) ? 500000 : 25000000;
	world->writer_stall_ppm = one_in(world, 3) ? below(world, 3000) : 0;
	world->counts = (struct script_counts){
		.random = world->seed, .refuse_every = one_in(world, 4) ? 10 : 0};
	world->exclude_us = one_in(world, 4) ? below(world, 20000000) : UINT64_MAX;
	world->range = (struct dp_range){dp_number_from_addr(&lo), dp_number_from_addr(&hi)};
	world->excluded = (struct dp_ranges){.items = &world->range, .n = 1};
	world->abort_us = one_in(world, 20) ? below(world, 20000000) : UINT64_MAX;
	world->no_retry_us = one_in(world, 4) ? below(world, 20000000) : UINT64_MAX;
	world->tls_awake_us = world->writer_awake_us = 0;
	world->aborted = false;
}

void flow_world_draw(struct flow_world *world, uint64_t seed)
{
	struct frame_wire_config wire;
	struct sim_session_ops ops = script_session_ops(&world->counts);

	world->seed = seed;
	world->random = seed * 2 + 1;
	world->now_us = 0;
	world->broken = NULL;
	for (uint32_t i = 0; i < 8; i++)
		random_u32(&world->random);
	for (uint32_t i = 0; i < LAB_N_PORTS; i++)
		world->services[i] = (struct dl_service){
			lab_ports[i].port, lab_ports[i].proto, lab_ports[i].implicit_tls};
	wire = draw_wire(world);
	frame_wire_begin(&world->wire, &wire, seed + 1);
	for (uint32_t i = 0; i < WORLD_TARGETS; i++)
		draw_host(world, i);
	draw_owner(world);
	draw_events(world);
	world->tls = sim_tls_new(&ops, &world->owner->config.dialog, world->owner->pipes,
		world->owner->config.n_slots, &world->owner->tx_chunks.pool,
		&world->owner->rx_chunks.pool);
}
