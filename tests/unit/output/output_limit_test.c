/* SPDX-License-Identifier: BSD-3-Clause */
/* How much a scan may write: all of its files count, whoever's else does not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/util/folder.h"
#include "apps/output/output_limit.h"
#include "tap.h"

#define SECOND 1000000

static char dir[] = "/tmp/tlsweep-limit-XXXXXX";

static struct ut_folder folder;

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void fill(const char *name, size_t len)
{
	FILE *out = fopen(path_of(name), "w");

	while (len-- > 0)
		fputc('x', out);
	fclose(out);
}

int main(void)
{
	struct out_limit limit = {.max_bytes = 1000, .folder = &folder};
	struct out_limit none = {.folder = &folder};
	struct ut_folder_use use = {0};
	char err[1024];

	if (mkdtemp(dir) == NULL || ut_folder_open(&folder, dir, &use, err, sizeof(err)) != 0)
		return 1;
	tap_ok(!out_limit_reached(&none, SECOND, UINT64_MAX / 2),
		"a scan without a limit on its output never reaches it");
	tap_ok(!out_limit_reached(&limit, SECOND, 999),
		"one byte less than the limit on output does not reach it");
	tap_ok(out_limit_reached(&limit, SECOND, 1000),
		"as many bytes as the limit on output reach it");
	fill(UT_STATUS_FILE, 300);
	fill(UT_METRICS_FILE, 200);
	fill("notes.txt", 900);
	/* What the writer tells of is not counted twice. */
	fill(UT_RESULTS_FILE, 5000);
	tap_ok(!out_limit_reached(&limit, 2 * SECOND - 1, 600),
		"the files besides are not looked at all the time");
	tap_ok(out_limit_reached(&limit, 2 * SECOND, 500),
		"the other files are looked at once a second");
	tap_ok(!out_limit_reached(&limit, 2 * SECOND, 499),
		"a file that is not of the scan does not count");
	limit = (struct out_limit){.max_bytes = 1000};
	tap_ok(!out_limit_reached(&limit, SECOND, 999) && out_limit_reached(&limit, SECOND, 1000),
		"standard output has no files besides");
	ut_folder_clear(&folder);
	ut_folder_close(&folder);
	unlink(path_of("notes.txt"));
	rmdir(dir);
	return tap_done();
}
