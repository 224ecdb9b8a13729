/* SPDX-License-Identifier: BSD-3-Clause */
/* Ordinary memory of machines made of files. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hugepages/memory.h"
#include "tap.h"

#define UNTOUCHED 77

static char root[] = "/tmp/memory-test-XXXXXX";
static char folder[64], path[80];

static void put(const char *text)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		exit(1);
	fputs(text, f);
	fclose(f);
}

static void test_told(void)
{
	size_t mb = UNTOUCHED;

	put("MemTotal:       16384000 kB\nMemFree:         1000 kB\nMemAvailable:    1048576 kB\n"
	    "Buffers:         5 kB\n");
	tap_ok(hp_memory_available(root, &mb) && mb == 1024,
		"available memory is found among other lines and told in MB");
	put("MemAvailable: 2047 kB\n");
	tap_ok(hp_memory_available(root, &mb) && mb == 1, "a part of a MB is left out");
	put("MemAvailable: 0 kB\n");
	tap_ok(hp_memory_available(root, &mb) && mb == 0, "no memory at all is told as 0 MB");
	put("MemAvailable: 18446744073709551615 kB\n");
	tap_ok(hp_memory_available(root, &mb) && mb == SIZE_MAX / 1024,
		"the largest number does not overflow");
	tap_ok(hp_memory_available("", &mb), "this machine tells how much memory is available");
}

static void test_untold(void)
{
	static char deep[2 * PATH_MAX];
	size_t mb = UNTOUCHED;

	put("MemTotal: 9 kB\nNotMemAvailable: 8 kB\nMemAvailable: many kB\n");
	tap_ok(!hp_memory_available(root, &mb) && mb == UNTOUCHED,
		"a file without the line or its number does not tell, and nothing is written");
	put("");
	tap_ok(!hp_memory_available(root, &mb), "an empty file does not tell");
	unlink(path);
	tap_ok(!hp_memory_available(root, &mb), "a missing file does not tell");
	memset(deep, 'x', sizeof(deep) - 1);
	tap_ok(!hp_memory_available(deep, &mb), "a root too long for a path does not tell");
}

int main(void)
{
	if (mkdtemp(root) == NULL)
		return tap_skip_all("no temporary folder");
	snprintf(folder, sizeof(folder), "%s/proc", root);
	snprintf(path, sizeof(path), "%s/meminfo", folder);
	if (mkdir(folder, 0755) != 0)
		return 1;
	test_told();
	test_untold();
	unlink(path);
	rmdir(folder);
	rmdir(root);
	return tap_done();
}
