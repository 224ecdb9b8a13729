/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "ranges.h"

/**
 * Sort ranges by their first address, in place and in linear time. Pure.
 * @param items  in/out: n of them; ranges with equal first addresses end in any order
 * @param n      in: may be 0
 */
void dp_ranges_sort(struct dp_range *items, size_t n);
