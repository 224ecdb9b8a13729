/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"

/*
 * Under AddressSanitizer every block comes from malloc, where the sanitizer watches its ends; the
 * arena is then a counter only.
 */
#if defined(__SANITIZE_ADDRESS__)
#define HP_PLAIN_HEAP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HP_PLAIN_HEAP
#endif
#endif

#ifdef HP_PLAIN_HEAP
#include <malloc.h>
#define heap_alloc(size, flags)		 ((void)(flags), malloc(size))
#define heap_realloc(block, size, flags) ((void)(flags), realloc(block, size))
#define heap_free(block, flags)		 ((void)(flags), free(block))
#define heap_size(block)		 malloc_usable_size(block)
#define HEAP_FREE_ANYWHERE		 0
#else
#include <jemalloc/jemalloc.h>
#define heap_alloc(size, flags)		 mallocx(size, flags)
#define heap_realloc(block, size, flags) rallocx(block, size, flags)
#define heap_free(block, flags)		 dallocx(block, flags)
#define heap_size(block)		 sallocx(block, 0)
/* A block of unknown arena goes straight home: in this thread's cache it could outlive its arena.
 */
#define HEAP_FREE_ANYWHERE		 MALLOCX_TCACHE_NONE
#endif

struct hp_arena {
	unsigned int index, tcache;
	int flags;
	size_t now_bytes, peak_bytes;
};

static _Thread_local struct hp_scope current;

#ifdef HP_PLAIN_HEAP
static bool arena_open(struct hp_arena *arena)
{
	arena->flags = 0;
	return true;
}

static void arena_close(struct hp_arena *arena)
{
	(void)arena;
}
#else
static void arena_destroy(unsigned int index)
{
	char name[40];

	snprintf(name, sizeof(name), "arena.%u.destroy", index);
	(void)mallctl(name, NULL, NULL, NULL, 0);
}

/* An explicit cache: the thread's automatic one serves all that the thread allocates elsewhere. */
static bool arena_open(struct hp_arena *arena)
{
	size_t len = sizeof(arena->index);

	if (mallctl("arenas.create", &arena->index, &len, NULL, 0) != 0)
		return false;
	len = sizeof(arena->tcache);
	if (mallctl("tcache.create", &arena->tcache, &len, NULL, 0) != 0) {
		arena_destroy(arena->index);
		return false;
	}
	arena->flags = (int)(MALLOCX_ARENA(arena->index) | MALLOCX_TCACHE(arena->tcache));
	return true;
}

static void arena_close(struct hp_arena *arena)
{
	(void)mallctl("tcache.destroy", NULL, NULL, &arena->tcache, sizeof(arena->tcache));
	arena_destroy(arena->index);
}
#endif

struct hp_arena *hp_arena_new(void)
{
	struct hp_arena *arena = calloc(1, sizeof(*arena));

	if (arena != NULL && !arena_open(arena)) {
		free(arena);
		return NULL;
	}
	return arena;
}

void hp_arena_free(struct hp_arena *arena)
{
	if (arena == NULL)
		return;
	arena_close(arena);
	free(arena);
}

struct hp_scope hp_scope_enter(struct hp_scope scope)
{
	struct hp_scope before = current;

	current = scope;
	return before;
}

void hp_arena_usage(const struct hp_arena *arena, size_t *now_bytes, size_t *peak_bytes)
{
	*now_bytes = arena->now_bytes;
	*peak_bytes = arena->peak_bytes;
}

/* Counts meet blocks made under another scope; they stop at zero rather than wrap. */
static void count(size_t *now, size_t *peak, size_t minus, size_t plus)
{
	*now = *now > minus ? *now - minus : 0;
	*now += plus;
	if (*now > *peak)
		*peak = *now;
}

static void account(size_t minus, size_t plus)
{
	struct hp_meter *meter = current.meter;

	if (current.arena != NULL)
		count(&current.arena->now_bytes, &current.arena->peak_bytes, minus, plus);
	if (meter != NULL)
		count(&meter->now_bytes, &meter->peak_bytes, minus, plus);
}

static bool refused(size_t growth)
{
	struct hp_meter *meter = current.meter;

	if (meter == NULL || meter->cap_bytes == 0)
		return false;
	if (growth <= meter->cap_bytes && meter->now_bytes <= meter->cap_bytes - growth)
		return false;
	meter->n_refused++;
	return true;
}

/* For blocks that may be of any arena when none is in scope. */
static int free_flags(void)
{
	return current.arena == NULL ? HEAP_FREE_ANYWHERE : current.arena->flags;
}

void *hp_malloc(size_t size)
{
	void *block;

	if (size == 0)
		size = 1; /* mallocx(0) is undefined, and callers take NULL for failure */
	if (refused(size))
		return NULL;
	block = heap_alloc(size, current.arena == NULL ? 0 : current.arena->flags);
	if (block != NULL)
		account(0, heap_size(block));
	return block;
}

void *hp_realloc(void *block, size_t size)
{
	size_t before;
	void *moved;

	if (block == NULL)
		return hp_malloc(size);
	before = heap_size(block);
	if (size == 0)
		size = 1;
	if (size > before && refused(size - before))
		return NULL;
	moved = heap_realloc(block, size, free_flags());
	if (moved != NULL)
		account(before, heap_size(moved));
	return moved;
}

void hp_free(void *block)
{
	if (block == NULL)
		return;
	if (current.arena != NULL || current.meter != NULL)
		account(heap_size(block), 0);
	heap_free(block, free_flags());
}
