/* SPDX-License-Identifier: BSD-3-Clause */
/* The lab's timer wheel against a plain array. */
#include "apps/lab/lab_wheel.h"
#include "tap.h"
#include "tests/unit/tcp/random.h"

#define N	64
#define N_STEPS 20000

static void test_model(void)
{
	static struct lab_wheel wheel;
	uint64_t due[N] = {0}, now = 12345, r = 99;
	uint32_t n_early = 0, n_late = 0, n_popped = 0, i;

	lab_wheel_init(&wheel, N, now);
	for (uint32_t step = 0; step < N_STEPS; step++) {
		i = random_below(&r, N);
		if (random_below(&r, 8) == 0) {
			lab_wheel_cancel(&wheel, i);
			due[i] = 0;
		} else {
			due[i] = now + (random_below(&r, 4) == 0 ? random_below(&r, 3000000)
								 : random_below(&r, 5000));
			lab_wheel_set(&wheel, i, due[i]);
		}
		now += random_below(&r, 100) == 0 ? random_below(&r, 2000000)
						  : random_below(&r, 300);
		while ((i = lab_wheel_pop(&wheel, now)) != LAB_WHEEL_NONE) {
			n_early += due[i] == 0 || due[i] > now;
			due[i] = 0;
			n_popped++;
		}
		for (i = 0; i < N; i++)
			n_late += due[i] != 0 && due[i] + LAB_WHEEL_TICK_US <= now;
	}
	tap_ok(n_popped > N_STEPS / 4, "all entries that were put into the lab's wheel come out");
	tap_eq(n_early, 0, "no entry of the lab's wheel comes early, or after it was cancelled");
	tap_eq(n_late, 0, "no entry of the lab's wheel comes later than a tick");
	lab_wheel_fini(&wheel);
}

static void test_order(void)
{
	static struct lab_wheel wheel;
	bool in_order = true;

	lab_wheel_init(&wheel, N, 0);
	for (uint32_t i = 0; i < N; i++)
		lab_wheel_set(&wheel, (i * 7) % N, 1000);
	tap_ok(lab_wheel_pop(&wheel, 999) == LAB_WHEEL_NONE, "nothing is due before its time");
	for (uint32_t i = 0; i < N; i++)
		in_order = in_order && lab_wheel_pop(&wheel, 1000) == (i * 7) % N;
	tap_ok(in_order, "what is due at the same time comes out in the order it went in");
	lab_wheel_fini(&wheel);
}

int main(void)
{
	test_model();
	test_order();
	return tap_done();
}
