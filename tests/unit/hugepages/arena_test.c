/* SPDX-License-Identifier: BSD-3-Clause */
/* Arenas count what is theirs, meters refuse beyond their cap, and blocks travel between threads.
 */
#include <pthread.h>

#include "hugepages/arena.h"
#include "tap.h"

static void *free_it(void *block)
{
	hp_free(block);
	return NULL;
}

static void test_meter(struct hp_arena *arena)
{
	struct hp_meter meter = {.cap_bytes = 10000};
	struct hp_scope before = hp_scope_enter((struct hp_scope){arena, &meter});
	void *a, *b;
	size_t now, peak;

	a = hp_malloc(4000);
	tap_ok(a != NULL && meter.now_bytes >= 4000, "a block is counted by its usable size");
	tap_ok(hp_malloc(8000) == NULL && meter.n_refused == 1,
		"a block that would exceed the cap is refused, and counted");
	tap_ok(hp_malloc(SIZE_MAX) == NULL, "a block of an absurd size is refused");
	b = hp_realloc(a, 5000);
	tap_ok(b != NULL && meter.now_bytes >= 5000 && meter.now_bytes < 9000,
		"a block that grows is counted by the difference");
	tap_ok(hp_realloc(b, 50000) == NULL && meter.now_bytes >= 5000,
		"growing beyond the cap is refused and the block stays");
	hp_free(b);
	hp_scope_enter(before);
	hp_arena_usage(arena, &now, &peak);
	tap_ok(meter.now_bytes == 0 && now == 0 && peak >= 5000,
		"all memory of an arena comes back");
}

int main(void)
{
	struct hp_arena *arena = hp_arena_new();
	struct hp_scope before;
	pthread_t thread;
	void *block;

	if (!tap_ok(arena != NULL, "an arena of a TLS worker is made"))
		return tap_done();
	test_meter(arena);
	before = hp_scope_enter((struct hp_scope){arena, NULL});
	tap_ok(before.arena == NULL && before.meter == NULL, "scopes nest: outside there is none");
	block = hp_malloc(100);
	hp_scope_enter(before);
	tap_ok(block != NULL && pthread_create(&thread, NULL, free_it, block) == 0 &&
			pthread_join(thread, NULL) == 0,
		"a block is freed on a thread without a scope");
	block = hp_malloc(0);
	tap_ok(block != NULL,
		"without a scope the process heap serves; zero bytes are a block too");
	hp_free(block);
	hp_free(NULL);
	hp_arena_free(arena);
	return tap_done();
}
