/* SPDX-License-Identifier: BSD-3-Clause */
/* What a seed draws for each pair. */
#include "tcp_world.h"
#include "tests/unit/tcp/random.h"

/* A flight with its certificates, and some of it at a time. */
#define ONE_BYTE_ASKED	   400
#define ONE_BYTE_SERVED	   4000
#define ONE_BYTE_WRITE_MAX 80

static void plan_any(struct world *world, struct pair_plan *plan, bool aborts)
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

/* Half of the servers answer every option, the others any of them. */
static uint8_t plan_options(uint64_t seed, uint32_t pair)
{
	uint64_t r = seed * 1000 + pair + 1;
	uint32_t draw = random_below(&r, 2 * (TS_OPT_ALL + 1));

	return draw > TS_OPT_ALL ? TS_OPT_ALL : (uint8_t)draw;
}

void plan_pair(struct world *world, const struct world_config *config, uint32_t pair)
{
	struct pair_plan *plan = &world->pairs[pair].plan;

	plan_any(world, plan, config->aborts);
	plan->server_opts = plan_options(config->seed, pair);
	if (config->one_byte)
		plan_one_byte(plan);
}
