/* SPDX-License-Identifier: BSD-3-Clause */
/* Ordinary memory of this machine. Nothing is kept between calls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * How much memory a program can take without swapping: MemAvailable of /proc/meminfo.
 * @param root  in: folder in front of /proc, "" on a real machine; borrowed
 * @param mb    out: MB, rounded down; not written on failure
 * @return false if the file cannot be read or does not tell. Any thread; reads a file.
 */
bool hp_memory_available(const char *root, size_t *mb);
