/* SPDX-License-Identifier: BSD-3-Clause */
/* The middle of repeated measurements. */
#pragma once

#include <stdlib.h>

static inline int median_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/** Sort n figures, 1 or more. @return the middle one */
static inline double median_sort(double *figures, size_t n)
{
	qsort(figures, n, sizeof(*figures), median_compare);
	return figures[n / 2];
}
