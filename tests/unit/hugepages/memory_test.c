/* SPDX-License-Identifier: BSD-3-Clause */
/* Ordinary memory of machines made of files. */
#include <limits.h>
#include <stdint.h>

#include "hugepages/memory.h"
#include "tests/file_tree.h"
#include "tap.h"

#define UNTOUCHED 77

#define MEMINFO "/proc/meminfo"

static void test_told(void)
{
	size_t mb = UNTOUCHED;

	tree_put(MEMINFO, "MemTotal:       16384000 kB\nMemFree:         1000 kB\nMemAvailable:    "
			  "1048576 kB\n"
			  "Buffers:         5 kB\n");
	tap_ok(hp_memory_available(tree_root, &mb) && mb == 1024,
		"available memory is found among other lines and told in MB");
	tree_put(MEMINFO, "MemAvailable: 2047 kB\n");
	tap_ok(hp_memory_available(tree_root, &mb) && mb == 1, "a part of a MB is left out");
	tree_put(MEMINFO, "MemAvailable: 0 kB\n");
	tap_ok(hp_memory_available(tree_root, &mb) && mb == 0, "no memory at all is told as 0 MB");
	tree_put(MEMINFO, "MemAvailable: 18446744073709551615 kB\n");
	tap_ok(hp_memory_available(tree_root, &mb) && mb == SIZE_MAX / 1024,
		"the largest number does not overflow");
	tap_ok(hp_memory_available("", &mb), "this machine tells how much memory is available");
}

static void test_untold(void)
{
	static char deep[2 * PATH_MAX];
	size_t mb = UNTOUCHED;

	tree_put(MEMINFO, "MemTotal: 9 kB\nNotMemAvailable: 8 kB\nMemAvailable: many kB\n");
	tap_ok(!hp_memory_available(tree_root, &mb) && mb == UNTOUCHED,
		"a file without the line or its number does not tell, and nothing is written");
	tree_put(MEMINFO, "");
	tap_ok(!hp_memory_available(tree_root, &mb), "an empty file does not tell");
	tap_ok(!hp_memory_available("/nowhere", &mb), "a missing file does not tell");
	memset(deep, 'x', sizeof(deep) - 1);
	tap_ok(!hp_memory_available(deep, &mb), "a root too long for a path does not tell");
}

int main(void)
{
	if (!tree_make())
		return tap_skip_all("no temporary folder");
	test_told();
	test_untold();
	return tree_remove() ? tap_done() : 1;
}
