/* SPDX-License-Identifier: BSD-3-Clause */
/* Huge pages of machines made of files. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "hugepages/pages.h"
#include "tap.h"

#define FREE_2MB "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"
#define FREE_1GB "/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages"
#define MOUNTS	 "/proc/mounts"

static char root[] = "/tmp/pages-test-XXXXXX";

/* Put a file below the root, folders included. */
static void put(const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = strchr(full + sizeof(root), '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	f = fopen(full, "we");
	if (f == NULL)
		exit(1);
	fputs(text, f);
	fclose(f);
}

static void test_free(void)
{
	tap_eq((int64_t)hp_pages_free_mb(root), 0, "a kernel without huge pages has none free");
	put(FREE_2MB, "100\n");
	tap_eq((int64_t)hp_pages_free_mb(root), 200, "a page of the small size has 2 MB");
	put(FREE_1GB, "3\n");
	tap_eq((int64_t)hp_pages_free_mb(root), 200 + 3 * 1024, "pages of both sizes add up");
	put(FREE_2MB, "0\n");
	tap_eq((int64_t)hp_pages_free_mb(root), 3 * 1024, "a page of the large size has 1 GB");
	put(FREE_1GB, "");
	tap_eq((int64_t)hp_pages_free_mb(root), 0, "an empty file counts as no free pages");
	put(FREE_2MB, "many\n");
	put(FREE_1GB, "1\n");
	tap_eq((int64_t)hp_pages_free_mb(root), 1024,
		"a file that holds no number does not hide the other size");
}

static void test_long_root(void)
{
	static char deep[2 * PATH_MAX];

	memset(deep, 'x', sizeof(deep) - 1);
	tap_ok(hp_pages_free_mb(deep) == 0 && !hp_pages_mounted(deep),
		"a root too long for a path has neither pages nor mounts");
}

static void test_mounted(void)
{
	tap_ok(!hp_pages_mounted(root), "without a list of mounts hugetlbfs is not mounted");
	put(MOUNTS, "proc /proc proc rw 0 0\nnone /tmp tmpfs rw 0 0\n");
	tap_ok(!hp_pages_mounted(root), "other file systems are not taken for hugetlbfs");
	put(MOUNTS, "proc /proc proc rw 0 0\nnone /dev/hugepages hugetlbfs rw 0 0\n");
	tap_ok(hp_pages_mounted(root), "hugetlbfs is found in any line of the list of mounts");
	put(MOUNTS, "none /mnt/huge hugetlbfs rw 0 0\n");
	tap_ok(hp_pages_mounted(root), "hugetlbfs is found at any mount point");
	put(MOUNTS, "none /mnt/hugetlbfs tmpfs rw 0 0\n");
	tap_ok(!hp_pages_mounted(root), "a mount point called hugetlbfs is not the file system");
	put(MOUNTS, "none /mnt xhugetlbfs rw 0 0\nnone /mnt hugetlbfs2 rw 0 0\n");
	tap_ok(!hp_pages_mounted(root), "hugetlbfs counts as a whole word only");
	put(MOUNTS, "hugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n");
	tap_ok(hp_pages_mounted(root), "a device called hugetlbfs does not hide the file system");
	put(MOUNTS, "hugetlbfs /mnt tmpfs rw 0 0\nnone hugetlbfs tmpfs hugetlbfs 0 0\n");
	tap_ok(!hp_pages_mounted(root),
		"a device, mount point or option called hugetlbfs is not the file system");
	put(MOUNTS, "none\nnone /mnt/huge\n\nnone /mnt/huge hugetlbfs\n");
	tap_ok(hp_pages_mounted(root), "lines with too few fields are passed over");
}

static void test_command(void)
{
	char text[HP_PAGES_COMMAND_LEN], narrow[10];

	hp_pages_reserve_command(300, text, sizeof(text));
	tap_ok(strcmp(text, "sysctl -w vm.nr_hugepages=150") == 0,
		"the command reserves a page for each 2 MB");
	hp_pages_reserve_command(301, text, sizeof(text));
	tap_ok(strcmp(text, "sysctl -w vm.nr_hugepages=151") == 0,
		"an odd number of MB is rounded up to a whole page");
	hp_pages_reserve_command(0, text, sizeof(text));
	tap_ok(strcmp(text, "sysctl -w vm.nr_hugepages=0") == 0, "no memory takes no page");
	hp_pages_reserve_command(SIZE_MAX, text, sizeof(text));
	tap_ok(strcmp(text, "sysctl -w vm.nr_hugepages=9223372036854775808") == 0,
		"the largest number does not overflow and fits the text");
	hp_pages_reserve_command(301, narrow, sizeof(narrow));
	tap_ok(strcmp(narrow, "sysctl -w") == 0, "a command is cut off at the end of its text");
}

int main(void)
{
	char command[64];

	if (mkdtemp(root) == NULL)
		return tap_skip_all("no temporary folder");
	test_free();
	test_mounted();
	test_long_root();
	test_command();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) == 0 ? tap_done() : 1;
}
