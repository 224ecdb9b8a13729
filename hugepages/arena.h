/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Allocation arenas for TLS workers: each worker thread allocates from a jemalloc arena of its own, with
 * its bytes counted, so that wolfSSL's allocator hooks never meet another thread's lock and a session can
 * be capped.
 */
#pragma once

#include <stddef.h>

struct hp_arena;

/** Create an arena on jemalloc. @return NULL when jemalloc refuses (memory, arena limit). Any thread. */
struct hp_arena *hp_arena_new(void);

/** Destroy the arena; every block of it is gone. */
void hp_arena_free(struct hp_arena *arena);

/**
 * Make arena the one that hp_malloc(), hp_realloc() and hp_free() use on the calling thread; NULL: the
 * process heap (jemalloc's automatic arenas).
 */
void hp_arena_enter(struct hp_arena *arena);

/** Bytes in use now and the highest ever, counted by usable size. The arena's thread. */
void hp_arena_usage(const struct hp_arena *arena, size_t *now_bytes, size_t *peak_bytes);

/* The hooks given to wolfSSL_SetAllocators(). A block may be freed on any thread of the process. */
void *hp_malloc(size_t size);
void *hp_realloc(void *block, size_t size);
void hp_free(void *block);
