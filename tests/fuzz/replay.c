/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs a fuzz target over every file of its corpus, then over every truncation of it and a row of
 * single-byte changes, so that the corpora guard the ordinary builds and the sanitizer builds
 * alike.
 */
#include <dirent.h>
#include <stdlib.h>

#include "tap.h"

/* Inputs are small by convention; a larger file is a mistake in the corpus. */
#define REPLAY_MAX_LEN (256 * 1024)
/* Mutating every byte of a long input costs quadratic time for little. */
#define REPLAY_MAX_MUTATIONS 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The exact-size copy puts the sanitizer's red zone right behind the last byte. */
static void replay_run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void replay_variants(uint8_t *data, size_t len)
{
	size_t step = len / REPLAY_MAX_MUTATIONS + 1;

	for (size_t i = 0; i < len; i += step) {
		uint8_t was = data[i];

		replay_run(data, i);
		data[i] = (uint8_t)(was ^ 0x80);
		replay_run(data, len);
		data[i] = 0xff;
		replay_run(data, len);
		data[i] = was;
	}
}

static bool replay_file(const char *path)
{
	static uint8_t data[REPLAY_MAX_LEN];
	FILE *f = fopen(path, "rb");
	size_t len;
	bool whole;

	if (f == NULL)
		return false;
	len = fread(data, 1, sizeof(data), f);
	whole = fgetc(f) == EOF && !ferror(f);
	fclose(f);
	if (!whole)
		return false;
	replay_run(data, len);
	replay_variants(data, len);
	return true;
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	unsigned int n = 0;
	const char *folder = argc == 2 ? argv[1] : "";
	DIR *dir = opendir(folder);

	/* The folder has the name of the target. */
	tap_about(
		"fuzz corpus %s", strrchr(folder, '/') == NULL ? folder : strrchr(folder, '/') + 1);
	if (dir == NULL) {
		tap_ok(false, "its folder can be opened");
		return tap_done();
	}
	while ((entry = readdir(dir)) != NULL) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		n++;
		tap_ok(replay_file(path), "%s and its variants run without a report",
			entry->d_name);
	}
	closedir(dir);
	tap_ok(n > 0, "it is not empty");
	return tap_done();
}
