/* SPDX-License-Identifier: BSD-3-Clause */
/* Huge pages of machines made of files. */
#include <limits.h>
#include <stdint.h>

#include "hugepages/pages.h"
#include "tests/file_tree.h"
#include "tap.h"

#define FREE_2MB "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"
#define FREE_1GB "/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages"
#define MOUNTS	 "/proc/mounts"

static void test_free(void)
{
	tap_eq((int64_t)hp_pages_free_mb(tree_root), 0,
		"a kernel without huge pages has none free");
	tree_put(FREE_2MB, "100\n");
	tap_eq((int64_t)hp_pages_free_mb(tree_root), 200, "a page of the small size has 2 MB");
	tree_put(FREE_1GB, "3\n");
	tap_eq((int64_t)hp_pages_free_mb(tree_root), 200 + 3 * 1024, "pages of both sizes add up");
	tree_put(FREE_2MB, "0\n");
	tap_eq((int64_t)hp_pages_free_mb(tree_root), 3 * 1024, "a page of the large size has 1 GB");
	tree_put(FREE_1GB, "");
	tap_eq((int64_t)hp_pages_free_mb(tree_root), 0, "an empty file counts as no free pages");
	tree_put(FREE_2MB, "many\n");
	tree_put(FREE_1GB, "1\n");
	tap_eq((int64_t)hp_pages_free_mb(tree_root), 1024,
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
	tap_ok(!hp_pages_mounted(tree_root), "without a list of mounts hugetlbfs is not mounted");
	tree_put(MOUNTS, "proc /proc proc rw 0 0\nnone /tmp tmpfs rw 0 0\n");
	tap_ok(!hp_pages_mounted(tree_root), "other file systems are not taken for hugetlbfs");
	tree_put(MOUNTS, "proc /proc proc rw 0 0\nnone /dev/hugepages hugetlbfs rw 0 0\n");
	tap_ok(hp_pages_mounted(tree_root), "hugetlbfs is found in any line of the list of mounts");
	tree_put(MOUNTS, "none /mnt/huge hugetlbfs rw 0 0\n");
	tap_ok(hp_pages_mounted(tree_root), "hugetlbfs is found at any mount point");
	tree_put(MOUNTS, "none /mnt/hugetlbfs tmpfs rw 0 0\n");
	tap_ok(!hp_pages_mounted(tree_root),
		"a mount point called hugetlbfs is not the file system");
	tree_put(MOUNTS, "none /mnt xhugetlbfs rw 0 0\nnone /mnt hugetlbfs2 rw 0 0\n");
	tap_ok(!hp_pages_mounted(tree_root), "hugetlbfs counts as a whole word only");
	tree_put(MOUNTS, "hugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n");
	tap_ok(hp_pages_mounted(tree_root),
		"a device called hugetlbfs does not hide the file system");
	tree_put(MOUNTS, "hugetlbfs /mnt tmpfs rw 0 0\nnone hugetlbfs tmpfs hugetlbfs 0 0\n");
	tap_ok(!hp_pages_mounted(tree_root),
		"a device, mount point or option called hugetlbfs is not the file system");
	tree_put(MOUNTS, "none\nnone /mnt/huge\n\nnone /mnt/huge hugetlbfs\n");
	tap_ok(hp_pages_mounted(tree_root), "lines with too few fields are passed over");
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
	if (!tree_make())
		return tap_skip_all("no temporary folder");
	test_free();
	test_mounted();
	test_long_root();
	test_command();
	return tree_remove() ? tap_done() : 1;
}
