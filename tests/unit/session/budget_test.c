/* SPDX-License-Identifier: BSD-3-Clause */
/* The share of time for dear operations, in virtual time; what is dear; the words for causes. */
#include <string.h>

#include "tap.h"
#include "tls/cert/facts.h"
#include "tls/session/budget.h"
#include "tls/session/judge.h"

#define SECOND_US 1000000ull

/* Ask as often as possible for pieces of work of so many microseconds. @return what was done */
static uint64_t hammer(
	struct tl_budget *budget, uint64_t start_us, uint64_t run_us, uint64_t work_us)
{
	uint64_t now_us = start_us, done_us = 0;

	while (now_us < start_us + run_us) {
		tl_budget_earn(budget, now_us);
		if (!tl_budget_allows(budget)) {
			now_us += 100; /* cheap work meanwhile */
			continue;
		}
		tl_budget_charge(budget, work_us);
		done_us += work_us;
		now_us += work_us;
	}
	return done_us;
}

static void test_share(void)
{
	static const uint64_t works_us[] = {1, 600, 8000, 700000};
	struct tl_budget budget;

	for (size_t i = 0; i < sizeof(works_us) / sizeof(works_us[0]); i++) {
		uint64_t done_us;

		tl_budget_init(&budget, 10, 500000);
		done_us = hammer(&budget, 77, 100 * SECOND_US, works_us[i]);
		tap_ok(done_us <= 10 * SECOND_US + 500000 + works_us[i],
			"pieces of %llu us take at most a tenth and the burst: %llu of 100 s",
			(unsigned long long)works_us[i], (unsigned long long)done_us);
		tap_ok(done_us >= 9 * SECOND_US,
			"pieces of that length take nearly all of the tenth");
		done_us = hammer(&budget, 77 + 100 * SECOND_US, 1000 * SECOND_US, works_us[i]);
		tap_ok(done_us <= 101 * SECOND_US,
			"the burst of dear operations does not come again while it is used");
	}
}

static void test_edges(void)
{
	struct tl_budget budget;

	tl_budget_init(&budget, 10, 500000);
	tl_budget_charge(&budget, 500000);
	tap_ok(tl_budget_allows(&budget), "the burst is there at once, before any time is told");
	tl_budget_charge(&budget, 1);
	tap_ok(!tl_budget_allows(&budget), "an overdraft of a microsecond stops dear operations");
	tl_budget_earn(&budget, 5 * SECOND_US);
	tap_ok(!tl_budget_allows(&budget), "the first time only sets the clock");
	tl_budget_earn(&budget, 5 * SECOND_US + 9);
	tap_ok(!tl_budget_allows(&budget), "nine microseconds do not pay for one at a tenth");
	tl_budget_earn(&budget, 5 * SECOND_US + 10);
	tap_ok(tl_budget_allows(&budget), "ten microseconds pay for one at a tenth");
	tl_budget_earn(&budget, SECOND_US);
	tl_budget_earn(&budget, 5 * SECOND_US + 10);
	tl_budget_charge(&budget, 1);
	tap_ok(!tl_budget_allows(&budget), "a clock that goes back earns nothing, twice");
	tl_budget_earn(&budget, UINT64_MAX);
	tl_budget_charge(&budget, 500001);
	tap_ok(!tl_budget_allows(&budget),
		"a pause, however long, does not save more than the burst");
	tl_budget_charge(&budget, UINT64_MAX);
	tap_ok(!tl_budget_allows(&budget), "an absurd charge is an overdraft, not an overflow");
	tl_budget_init(&budget, 0, 500000);
	tap_ok(!tl_budget_allows(&budget), "a share of 0 allows nothing, not even the burst");
	tl_budget_init(&budget, 100, 0);
	tl_budget_charge(&budget, 10 * SECOND_US);
	tap_ok(tl_budget_allows(&budget), "a share of 100 allows everything");
}

static struct tl_judgement rsa(uint16_t bits, uint16_t exponent_bits)
{
	struct ct_key key = {.kind = CT_KEY_RSA, .bits = bits, .exponent_bits = exponent_bits};

	return tl_judge_key(&key);
}

static struct tl_judgement ec(const char *curve)
{
	struct ct_key key = {.kind = CT_KEY_EC};

	snprintf(key.curve, sizeof(key.curve), "%s", curve);
	return tl_judge_key(&key);
}

static void test_judgements(void)
{
	static const uint16_t cheap_groups[] = {23, 24, 29, 0x11eb, 0x11ec};
	static const uint16_t dear_groups[] = {25, 26, 27, 28, 30, 256, 257, 21, 0xfffe};
	bool cheap = true, dear = true;

	tap_ok(rsa(2048, 17).cause == TL_CAUSE_NONE && !rsa(2048, 17).dear && !rsa(4096, 17).dear &&
			!rsa(3072, 2).dear && !rsa(1024, 32).dear,
		"RSA up to 4,096 bits with a usual exponent is cheap");
	tap_ok(rsa(2048, 33).dear && rsa(2048, 64).dear && rsa(2048, 64).cause == TL_CAUSE_NONE,
		"RSA with an exponent of 33 to 64 bits is dear");
	tap_ok(rsa(2048, 65).cause == TL_CAUSE_EXPONENT_TOO_LARGE &&
			rsa(8192, 2944).cause == TL_CAUSE_EXPONENT_TOO_LARGE,
		"RSA with an exponent beyond 64 bits is not used");
	tap_ok(rsa(2944, 17).cause == TL_CAUSE_NONE &&
			rsa(3584, 17).cause == TL_CAUSE_KEY_TOO_LARGE &&
			rsa(8192, 17).cause == TL_CAUSE_KEY_TOO_LARGE,
		"RSA of 3,584 or 8,192 bits is too large for this build");
	tap_ok(!ec("P-256").dear && !ec("P-384").dear && ec("P-521").dear &&
			ec("brainpoolP512r1").dear && ec("").dear,
		"P-256 and P-384 are cheap, other curves and unnamed ones dear");
	tap_ok(!tl_judge_dhe(1024).dear && tl_judge_dhe(2048).dear && tl_judge_dhe(2047).dear &&
			tl_judge_dhe(4096).cause == TL_CAUSE_NONE &&
			tl_judge_dhe(8192).cause == TL_CAUSE_DHE_TOO_LARGE,
		"DHE is dear beyond 1,024 bits, and too large with 8,192");
	for (size_t i = 0; i < sizeof(cheap_groups) / sizeof(cheap_groups[0]); i++)
		cheap = cheap && !tl_judge_group(cheap_groups[i]).dear;
	for (size_t i = 0; i < sizeof(dear_groups) / sizeof(dear_groups[0]); i++)
		dear = dear && tl_judge_group(dear_groups[i]).dear;
	tap_ok(cheap && dear, "of groups the usual ones are cheap, the rest and unknown ones dear");
}

static void test_names(void)
{
	bool all = true;

	for (int i = TL_CAUSE_NONE + 1; i < TL_N_CAUSE; i++)
		all = all && tl_cause_name((enum tl_cause)i) != NULL;
	tap_ok(all && tl_cause_name(TL_CAUSE_NONE) == NULL && tl_cause_name(TL_N_CAUSE) == NULL,
		"every cause has a word, and nothing else has");
}

int main(void)
{
	test_share();
	test_edges();
	test_judgements();
	test_names();
	return tap_done();
}
