/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Scans in virtual time, killed at any moment and continued where progress.c says: no target is
 * left out, none is recorded twice.
 */
#include <stdlib.h>

#include "apps/resume/progress.h"
#include "tap.h"

#define N_TARGETS 4000
#define N_CORES	  3
#define N_PASSES  2
#define STEP_US	  10000
#define GAP_US	  300000
#define WAIT_US	  400000
#define MAX_STEPS 100000
#define N_SCANS	  300
#define PENDING	  100000

static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (random_state >> 33) % below;
}

struct answer {
	uint64_t at_us;
	uint32_t target;
};

/* The world: survives a kill. */
static struct {
	bool answers[N_TARGETS];
	uint32_t n_lines[N_TARGETS];
	uint32_t lines[8 * N_TARGETS]; /* results: one "byte" a line */
	uint64_t results;
} world;

/* One run: dies with it. */
static struct {
	uint64_t now_us, first;
	bool done[N_TARGETS], answered[N_TARGETS];
	uint64_t pos[N_CORES][N_PASSES];
	uint64_t history[N_CORES][MAX_STEPS]; /* of the first pass */
	uint32_t n_steps;
	struct answer pending[PENDING];
	uint32_t n_pending;
	uint32_t last_us[N_TARGETS]; /* of the last probe */
} run;

static uint64_t own(uint32_t core)
{
	uint64_t n = N_TARGETS - run.first;

	return (n + N_CORES - 1 - core) / N_CORES;
}

static void probe(uint64_t index)
{
	uint64_t at_us = run.now_us + draw(WAIT_US);

	run.last_us[index] = (uint32_t)run.now_us;
	if (world.answers[index] && run.n_pending < PENDING)
		run.pending[run.n_pending++] = (struct answer){at_us, (uint32_t)index};
}

static void run_pass(uint32_t core, uint32_t pass, uint64_t n)
{
	uint64_t limit = own(core);

	if (pass > 0)
		limit = run.n_steps < GAP_US / STEP_US
				? 0
				: run.history[core][run.n_steps - GAP_US / STEP_US];
	for (; n > 0 && run.pos[core][pass] < limit; run.pos[core][pass]++) {
		uint64_t index = run.first + run.pos[core][pass] * N_CORES + core;

		if (run.done[index] || (pass > 0 && run.answered[index]))
			continue;
		probe(index);
		n--;
	}
}

static void take_answers(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < run.n_pending; i++) {
		struct answer a = run.pending[i];

		if (a.at_us > run.now_us) {
			run.pending[n++] = a;
			continue;
		}
		if (run.answered[a.target])
			continue;
		run.answered[a.target] = true;
		world.n_lines[a.target]++;
		if (world.results < 8 * N_TARGETS)
			world.lines[world.results++] = a.target;
	}
	run.n_pending = n;
}

static struct re_progress_sample look(void)
{
	struct re_progress_sample s = {.results_bytes = world.results,
		.begun = run.first,
		.settled = N_TARGETS,
		.at_us = run.now_us};

	for (uint32_t c = 0; c < N_CORES; c++) {
		uint64_t begun = run.pos[c][0], settled = run.pos[c][N_PASSES - 1];

		if (begun > 0 && run.first + (begun - 1) * N_CORES + c + 1 > s.begun)
			s.begun = run.first + (begun - 1) * N_CORES + c + 1;
		if (settled < own(c) && run.first + settled * N_CORES + c < s.settled)
			s.settled = run.first + settled * N_CORES + c;
	}
	return s;
}

static bool finished(void)
{
	for (uint32_t c = 0; c < N_CORES; c++) {
		if (run.pos[c][N_PASSES - 1] < own(c))
			return false;
	}
	return true;
}

static void step(const uint64_t speed[N_CORES])
{
	run.now_us += STEP_US;
	take_answers();
	for (uint32_t c = 0; c < N_CORES; c++) {
		run_pass(c, 1, draw(speed[c] + 1));
		run_pass(c, 0, draw(speed[c] + 1));
		run.history[c][run.n_steps] = run.pos[c][0];
	}
	run.n_steps++;
}

/* What resuming does: mark what has a line behind the position. */
static uint64_t read_results(struct re_progress_position at)
{
	uint64_t floor = at.index;

	for (uint64_t i = at.results_bytes; i < world.results; i++) {
		uint32_t target = world.lines[i];

		run.done[target] = true;
		if (target >= floor)
			floor = target + 1u;
	}
	return floor;
}

/* A run from a position until a random moment. Returns true when it came to its end. */
static bool one_run(struct re_progress_position *at)
{
	static struct re_progress progress;
	uint64_t speed[N_CORES], end_us = STEP_US * (1 + draw(150)), quiet_us = 0;

	memset(&run, 0, sizeof(run));
	run.first = at->index;
	re_progress_init(&progress, *at, read_results(*at));
	for (uint32_t c = 0; c < N_CORES; c++)
		speed[c] = 1 + draw(20);
	while (run.now_us < end_us || draw(16) == 0) {
		step(speed);
		if (re_progress_due(&progress, run.now_us)) {
			struct re_progress_sample s = look();

			re_progress_add(&progress, &s);
		}
		/* The last checkpoint before the kill may be an old one. */
		if (draw(20) == 0)
			*at = re_progress_settled(&progress, run.now_us, WAIT_US);
		quiet_us = finished() ? quiet_us + STEP_US : 0;
		if (quiet_us > WAIT_US)
			return true;
	}
	return false;
}

static bool positions_hold(struct re_progress_position at)
{
	for (uint64_t i = at.index; i < N_TARGETS; i++) {
		for (uint64_t l = 0; l < at.results_bytes; l++) {
			if (world.lines[l] == i)
				return false;
		}
	}
	for (uint64_t i = 0; i < at.index; i++) {
		if (world.answers[i] && world.n_lines[i] == 0)
			return false;
	}
	return true;
}

static void test_scans(void)
{
	uint64_t n_kills = 0, n_missing = 0, n_twice = 0, n_wrong = 0, n_steps = 0;

	for (uint64_t seed = 1; seed <= N_SCANS; seed++) {
		struct re_progress_position at = {0};

		random_state = seed;
		memset(&world, 0, sizeof(world));
		for (uint32_t i = 0; i < N_TARGETS; i++)
			world.answers[i] = draw(3) != 0;
		while (!one_run(&at)) {
			n_kills++;
			n_wrong += !positions_hold(at);
			n_steps += at.index != 0;
		}
		for (uint32_t i = 0; i < N_TARGETS; i++) {
			n_missing += world.answers[i] && world.n_lines[i] == 0;
			n_twice += world.n_lines[i] > 1;
		}
	}
	tap_ok(n_kills > 3 * N_SCANS && n_steps > n_kills / 4,
		"%d scans are killed %" PRIu64 " times, %" PRIu64 " of them on their way", N_SCANS,
		n_kills, n_steps);
	tap_eq((int64_t)n_wrong, 0,
		"targets below a checkpoint's position are done, and lines of the others stand "
		"behind its byte");
	tap_eq((int64_t)n_missing, 0,
		"no target that answers is left out, however often the scan is killed");
	tap_eq((int64_t)n_twice, 0,
		"no target is recorded twice, however often the scan is killed");
}

/* A scan of days keeps as many samples as one of minutes. */
static void test_thinning(void)
{
	static struct re_progress progress;
	struct re_progress_position at = {.index = 5, .results_bytes = 50};
	struct re_progress_position got;

	re_progress_init(&progress, at, 5);
	for (uint64_t t = 1; t < 100000; t++) {
		uint64_t now_us = t * RE_PROGRESS_GAP_US;

		if (re_progress_due(&progress, now_us))
			re_progress_add(&progress,
				&(struct re_progress_sample){now_us, 50 + t, 5 + t, 5 + t / 2});
	}
	got = re_progress_settled(
		&progress, 100000 * (uint64_t)RE_PROGRESS_GAP_US, 10 * RE_PROGRESS_GAP_US);
	tap_ok(progress.n <= RE_PROGRESS_SAMPLES && got.index > 5 + 49000 && got.index < 5 + 50000,
		"a long row of samples is thinned out and still says where the scan was");
	tap_ok(got.results_bytes >= 50 + got.index - 5 - 500 &&
			got.results_bytes <= 50 + got.index - 5,
		"a sample that was kept has the byte of the results that belongs to it");
}

static void test_start(void)
{
	static struct re_progress progress;
	struct re_progress_position at = {.index = 7, .results_bytes = 70}, got;

	re_progress_init(&progress, at, 7);
	got = re_progress_settled(&progress, 1000000, 10);
	tap_ok(got.index == 7 && got.results_bytes == 70,
		"without a sample a run is where it began");
	re_progress_add(
		&progress, &(struct re_progress_sample){
				   .at_us = 100, .results_bytes = 80, .begun = 9, .settled = 9});
	got = re_progress_settled(&progress, 109, 10);
	tap_ok(got.index == 7, "a sample younger than the wait does not count");
	got = re_progress_settled(&progress, 110, 10);
	tap_ok(got.index == 9 && got.results_bytes == 80, "one as old as the wait does");
	got = re_progress_settled(&progress, 5, 10);
	tap_ok(got.index == 9 && got.results_bytes == 80, "a position never goes back");
}

int main(void)
{
	test_start();
	test_thinning();
	test_scans();
	return tap_done();
}
