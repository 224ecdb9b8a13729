/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "tcpstack/tcp/check.h"
#include "tcp_world.h"
#include "tests/unit/tcp/random.h"

#define TICK_US 10000
/* A flight with its certificates, and some of it at a time. */
#define ONE_BYTE_ASKED	   400
#define ONE_BYTE_SERVED	   4000
#define ONE_BYTE_WRITE_MAX 80
/* Walking every slot and the whole wheel is dear: not at every event. */
#define STEPS_PER_FULL_CHECK 256

static const struct ts_stack_config stack_config = {
	.tick_us = TICK_US,
	.rcv_wnd = 16384,
	.mss = 1460,
	.rto_initial_us = 1000000,
	.rto_min_us = 300000,
	.rto_max_us = 8000000,
	.max_tries = 12,
	.max_challenge = 3,
	.max_repeats = 16,
	.fin_wait_us = 60000000,
	.hash_key = {7, 9},
};

void world_break(struct world *world, const struct pair *pair, const char *broken)
{
	if (world->broken != NULL || broken == NULL)
		return;
	world->broken = broken;
	world->broken_pair = (uint32_t)(pair - world->pairs);
}

uint8_t world_byte(const struct world *world, const struct pair *pair, bool to_client, uint32_t off)
{
	uint32_t x = off * 2654435761u + (uint32_t)(pair - world->pairs) * 40503u + to_client;

	return (uint8_t)(x >> 13 ^ x >> 24);
}

static void world_tick(struct world *world)
{
	clients_tick(world);
	for (uint32_t i = 0; i < world->n_pairs; i++) {
		client_turn(world, &world->pairs[i]);
		server_turn(world, &world->pairs[i]);
	}
}

/* Everything that arrives at one moment is one burst. */
static void world_arrivals(struct world *world)
{
	while (wire_next_us(&world->wire) <= world->now_us) {
		struct wire_seg seg = *wire_take(&world->wire);
		struct pair *pair = &world->pairs[seg.pair];

		seg.tcp.payload = seg.bytes;
		if (seg.to_client)
			client_input(world, pair, &seg);
		else
			server_input(world, pair, &seg);
	}
	clients_pay_acks(world);
}

void world_run(struct world *world, uint64_t limit_us)
{
	while (world->n_over < world->n_pairs && world->now_us < limit_us &&
		world->broken == NULL) {
		uint64_t tick_us = (world->now_us / TICK_US + 1) * TICK_US;
		uint64_t wire_us = wire_next_us(&world->wire);

		world->now_us = wire_us < tick_us ? wire_us : tick_us;
		if (world->now_us == tick_us)
			world_tick(world);
		world_arrivals(world);
		if (world->n_steps++ % STEPS_PER_FULL_CHECK == 0)
			world_break(world, world->pairs, ts_check_stack(world->stack));
	}
	world_break(world, world->pairs, ts_check_stack(world->stack));
	for (uint32_t i = 0; i < world->n_pairs; i++) {
		if (world->pairs[i].phase != PAIR_OVER)
			world_break(world, &world->pairs[i], "every connection ends");
	}
	if (world->broken == NULL && ts_stack_n_open(world->stack) != 0)
		world_break(world, world->pairs, "every slot is free in the end");
}

static void plan_pair(struct world *world, struct pair_plan *plan, bool aborts)
{
	uint64_t *r = &world->random;

	plan->client_total = random_below(r, 4) == 0 ? 0 : random_below(r, 12000);
	plan->server_total = random_below(r, 4) == 0 ? 0 : random_below(r, 20000);
	plan->by_probe = random_below(r, 2) == 0;
	plan->lazy_server = random_below(r, 5) == 0;
	plan->client_closes_first = random_below(r, 2) == 0;
	plan->server_closes_first = !plan->client_closes_first || random_below(r, 2) == 0;
	plan->client_aborts = aborts && random_below(r, 10) == 0;
	plan->server_aborts = aborts && random_below(r, 10) == 0;
	plan->server_mss = (uint16_t)(random_below(r, 3) == 0 ? 64 + random_below(r, 600) : 1460);
	plan->start_us = random_below(r, 2000000);
	plan->server_write_max = SERVER_WRITE_MAX;
}

static void plan_one_byte(struct pair_plan *plan)
{
	*plan = (struct pair_plan){
		.client_total = ONE_BYTE_ASKED,
		.server_total = ONE_BYTE_SERVED,
		.by_probe = true,
		.server_closes_first = true,
		.server_mss = 1,
		.server_write_max = ONE_BYTE_WRITE_MAX,
	};
}

struct world *world_new(const struct world_config *config)
{
	struct world *world = calloc(1, sizeof(*world));
	struct ts_stack_config stack = stack_config;
	size_t size;
	void *mem;

	stack.n_conns = config->n_pairs;
	stack.n_reorder = config->n_reorder;
	size = (ts_stack_size(&stack) + 63) / 64 * 64;
	mem = aligned_alloc(64, size);
	memset(mem, 0, size);
	world->stack = ts_stack_init(mem, &stack, 0);
	world->random = config->seed * 2 + 1;
	world->n_pairs = config->n_pairs;
	world->pairs = calloc(config->n_pairs, sizeof(*world->pairs));
	world->pair_of = malloc(config->n_pairs * sizeof(*world->pair_of));
	wire_init(&world->wire, &config->wire, config->n_pairs, config->seed + 1);
	for (uint32_t i = 0; i < config->n_pairs; i++) {
		plan_pair(world, &world->pairs[i].plan, config->aborts);
		if (config->one_byte)
			plan_one_byte(&world->pairs[i].plan);
		world->pair_of[i] = UINT32_MAX;
	}
	return world;
}

void world_free(struct world *world)
{
	wire_fini(&world->wire);
	free(world->pair_of);
	free(world->pairs);
	free(world->stack);
	free(world);
}
