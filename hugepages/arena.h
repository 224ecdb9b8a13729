/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocation arenas for TLS workers. Each worker thread allocates from a jemalloc arena of its own,
 * so that wolfSSL's allocator hooks never wait for another thread's lock. A meter counts what a
 * session holds, and caps it.
 *
 *     scope (per thread) ──► arena: all blocks of the worker
 *                       └──► meter: those made or freed while it was the current one
 *
 * A block does not know its meter. If it is freed under another meter, the two counts are wrong by
 * its size; no memory is lost.
 */
#pragma once

#include <stddef.h>

struct hp_arena;

/* Bytes, by usable size. */
struct hp_meter {
	size_t now_bytes, peak_bytes;
	size_t cap_bytes; /* allocations that exceed it are refused; 0: no cap */
	size_t n_refused;
};

/* What hp_malloc(), hp_realloc() and hp_free() use on a thread. */
struct hp_scope {
	struct hp_arena *arena; /* NULL: the process heap (jemalloc's automatic arenas) */
	struct hp_meter *meter; /* NULL: none */
};

/** Create an arena. @return owned by the caller; NULL if jemalloc refuses (memory, number of
 * arenas). Any thread. */
struct hp_arena *hp_arena_new(void);

/** Destroy an arena with all its blocks. No thread may have it in its scope. NULL is allowed. Any
 * thread. */
void hp_arena_free(struct hp_arena *arena);

/** Change the calling thread's scope. @return the one before; the caller enters it again afterwards
 */
struct hp_scope hp_scope_enter(struct hp_scope scope);

/** Bytes in use now, and the most ever, by usable size. The arena's thread. */
void hp_arena_usage(const struct hp_arena *arena, size_t *now_bytes, size_t *peak_bytes);

/*
 * The hooks given to wolfSSL_SetAllocators(). Any thread, under these rules. While its arena lives,
 * a block may be freed on another thread that has no arena in its scope; it then stays in its
 * arena's count. It must never be freed in the scope of another arena: that arena's cache would
 * keep it after its own arena has been destroyed.
 */
void *hp_malloc(size_t size);
void *hp_realloc(void *block, size_t size);
void hp_free(void *block);
