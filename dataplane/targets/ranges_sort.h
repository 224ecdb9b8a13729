/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "ranges.h"

/** Sort by first address, in place and in linear time. Which of equals comes first is open. */
void dp_ranges_sort(struct dp_range *items, size_t n);
