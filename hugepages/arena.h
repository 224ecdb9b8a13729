/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocation arenas for TLS workers: each worker thread allocates from a jemalloc arena of its own,
 * so that wolfSSL's allocator hooks never meet another thread's lock; meters count what each
 * session holds of it, and cap it.
 *
 *     scope (per thread) ──► arena: all the worker's blocks
 *                       └──► meter: those made or freed while it was the current one
 *
 * A block is not tied to its meter: whoever frees it under another meter shifts the count, never
 * memory.
 */
#pragma once

#include <stddef.h>

struct hp_arena;

/* Bytes, by usable size. */
struct hp_meter {
	size_t now_bytes, peak_bytes;
	size_t cap_bytes; /* allocations beyond it are refused; 0: no cap */
	size_t n_refused;
};

/* What hp_malloc(), hp_realloc() and hp_free() use on a thread. */
struct hp_scope {
	struct hp_arena *arena; /* NULL: the process heap (jemalloc's automatic arenas) */
	struct hp_meter *meter; /* NULL: none */
};

/** Create an arena on jemalloc. @return NULL when jemalloc refuses (memory, arena limit). Any
 * thread. */
struct hp_arena *hp_arena_new(void);

/** Destroy the arena; every block of it is gone. No thread may have it in its scope. NULL is
 * allowed. */
void hp_arena_free(struct hp_arena *arena);

/** Change the calling thread's scope. @return the one before, to be entered again by the caller. */
struct hp_scope hp_scope_enter(struct hp_scope scope);

/** Bytes in use now and the highest ever, counted by usable size. The arena's thread. */
void hp_arena_usage(const struct hp_arena *arena, size_t *now_bytes, size_t *peak_bytes);

/*
 * The hooks given to wolfSSL_SetAllocators(). A block may be freed on another thread while its
 * arena lives, with no arena in scope there (it then stays in its arena's count), never in another
 * arena's scope: that arena's cache would keep it beyond its own arena's end.
 */
void *hp_malloc(size_t size);
void *hp_realloc(void *block, size_t size);
void hp_free(void *block);
