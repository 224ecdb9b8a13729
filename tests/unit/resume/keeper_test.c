/* SPDX-License-Identifier: BSD-3-Clause */
/* An exclusion is answered when it is on the disk: a scan that is killed behind the answer must not
 * bring back who asked to be left alone. */
#include "apps/resume/keeper.h"

#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/tlsweep-keeper-XXXXXX";
static struct ut_folder folder;

static struct dp_ranges one_address(uint32_t number)
{
	struct dp_ranges ranges = {0};

	dp_ranges_push(&ranges, (struct dp_range){DP_V4_FIRST + number, DP_V4_FIRST + number});
	return ranges;
}

static size_t n_kept(void)
{
	struct re_checkpoint c;
	char err[RE_CHECKPOINT_ERR_LEN] = "";
	size_t n;

	if (re_checkpoint_load(&c, &folder, err) != 0) {
		printf("# %s\n", err);
		return SIZE_MAX;
	}
	n = c.excluded.n;
	re_checkpoint_free(&c);
	return n;
}

static void test_exclusions(struct re_keeper *keeper)
{
	struct dp_ranges first = one_address(7), second = one_address(9);
	char in_the_way[64];

	snprintf(in_the_way, sizeof(in_the_way), "%s/" UT_CHECKPOINT_FILE ".new", dir);
	tap_eq(re_keeper_wait_excluded(keeper, 0), 0,
		"without an exclusion there is nothing to wait for");
	tap_eq(re_keeper_exclude(keeper, &first), 0,
		"the keeper takes an exclusion for the writer");
	tap_eq(re_keeper_wait_excluded(keeper, 0), -ETIMEDOUT,
		"an exclusion that was handed over is not on the disk yet");
	tap_eq((int64_t)n_kept(), 0, "the checkpoint does not have the exclusion yet");
	tap_eq(re_keeper_step(keeper), 0, "the writer takes its next step");
	tap_eq(re_keeper_wait_excluded(keeper, 0), 0,
		"after the writer's next step the exclusion is on the disk");
	tap_eq((int64_t)n_kept(), 1,
		"the checkpoint has an exclusion after the writer's next step");
	mkdir(in_the_way, 0700);
	tap_eq(re_keeper_exclude(keeper, &second), 0,
		"the keeper takes a second exclusion for the writer");
	tap_ok(re_keeper_step(keeper) != 0, "an exclusion that cannot be written is an error");
	tap_eq(re_keeper_wait_excluded(keeper, 1), -EISDIR,
		"the answer says at once that the exclusion cannot be written");
	rmdir(in_the_way);
	dp_ranges_free(&first);
	dp_ranges_free(&second);
}

int main(void)
{
	struct dp_scan *scan = calloc(1, sizeof(*scan));
	struct ut_folder_use use = {0};
	struct out_writer_config config = {.folder = &folder, .overwrite = true};
	struct re_checkpoint first = {
		.services = "25:smtp", .outcomes = "open", .certificates = "inline"};
	char err[256] = "", command[64];
	struct re_keeper keeper = {.folder = &folder, .interval_us = UINT64_MAX};

	if (scan == NULL || mkdtemp(dir) == NULL ||
		ut_folder_open(&folder, dir, &use, err, sizeof(err)) != 0 ||
		(keeper.writer = out_writer_open(&config, err, sizeof(err))) == NULL) {
		printf("Bail out! %s\n", err);
		return 1;
	}
	keeper.scan = scan;
	tap_eq(re_keeper_open(&keeper, &first), 0, "a run with a keeper begins");
	test_exclusions(&keeper);
	re_keeper_free(&keeper);
	out_writer_close(keeper.writer);
	free(scan);
	ut_folder_close(&folder);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	tap_eq(system(command), 0, "the folder of the run is taken away");
	return tap_done();
}
