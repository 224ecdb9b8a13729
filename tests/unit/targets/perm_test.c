/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of a scan is a permutation for every size, with random access both ways, and shows no
 * pattern. */
#include "dataplane/targets/perm.h"

#include "tap.h"

#include <stdlib.h>

#define EXHAUSTIVE_N 4096
#define MAX_BIT	     20
#define N_PAIRS	     200000
#define BINS	     64

static uint8_t seen[((1u << MAX_BIT) + 2) / 8 + 1];

/* Every value below n comes once, and the inverse leads back to its index. */
static bool is_bijection(uint64_t n, uint64_t seed)
{
	struct dp_perm perm;

	dp_perm_init(&perm, n, seed);
	memset(seen, 0, n / 8 + 1);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t value = dp_perm_get(&perm, i);

		if (value >= n || (seen[value / 8] & 1u << value % 8) != 0 ||
			dp_perm_inverse(&perm, value) != i)
			return false;
		seen[value / 8] |= (uint8_t)(1u << value % 8);
	}
	return true;
}

static void test_every_small_size(void)
{
	uint64_t bad = 0;

	for (uint64_t n = 1; n <= EXHAUSTIVE_N && bad == 0; n++)
		for (uint64_t seed = 0; seed < 3; seed++)
			if (!is_bijection(n, seed))
				bad = n;
	tap_eq((int64_t)bad, 0,
		"every n from 1 to 4,096, three seeds: each value comes exactly once");
}

static void test_around_powers_of_two(void)
{
	for (unsigned int bit = 12; bit <= MAX_BIT; bit++) {
		bool good = true;

		for (uint64_t n = (UINT64_C(1) << bit) - 2; n <= (UINT64_C(1) << bit) + 2; n++)
			good = good && is_bijection(n, bit);
		tap_ok(good, "2^%u - 2 to 2^%u + 2: each value comes exactly once", bit, bit);
	}
}

/* A value that two indices shared could lead back to one of them only. */
static void test_large_sizes(void)
{
	uint64_t bad = 0, x = 88172645463325252u;

	for (unsigned int bit = 21; bit <= 63 && bad == 0; bit++) {
		for (int off = -1; off <= 1; off++) {
			uint64_t n = (UINT64_C(1) << bit) + (uint64_t)(int64_t)off;
			struct dp_perm perm;

			if (n > DP_PERM_MAX_N)
				continue;
			dp_perm_init(&perm, n, bit);
			for (unsigned int i = 0; i < 4000; i++) {
				uint64_t index, value;

				x ^= x << 13, x ^= x >> 7, x ^= x << 17;
				index = i < 1000 ? i : i < 2000 ? n - 1 - i : x % n;
				value = dp_perm_get(&perm, index);
				if (value >= n || dp_perm_inverse(&perm, value) != index)
					bad = n;
			}
		}
	}
	tap_eq((int64_t)bad, 0,
		"inverse and permutation undo each other for 2^21 to 2^63 - 1, N - 1, N and N + 1");
}

/* Known answers: a resumed scan of another build or machine must walk the same order. */
static void test_golden_order(void)
{
	static const uint64_t want[8] = {2449323731, 2817320360, 2510107441, 3611388558, 3411314806,
		2466843855, 219274894, 1516725447};
	struct dp_perm perm;
	bool same = true;

	dp_perm_init(&perm, UINT64_C(3702257664), 1);
	for (unsigned int i = 0; i < 8; i++) {
		same = same && dp_perm_get(&perm, i) == want[i];
		if (dp_perm_get(&perm, i) != want[i])
			printf("# %u: got %" PRIu64 "\n", i, dp_perm_get(&perm, i));
	}
	tap_ok(same, "seed 1 walks all of IPv4 in the order that checkpoints rely on");
}

static void test_seeds(void)
{
	uint64_t same = 0;

	for (uint64_t seed = 0; seed < 64; seed++) {
		struct dp_perm one, two;

		dp_perm_init(&one, 1000000, seed);
		dp_perm_init(&two, 1000000, seed + 1);
		for (uint64_t i = 0; i < 100; i++)
			same += dp_perm_get(&one, i) == dp_perm_get(&two, i);
	}
	tap_ok(same < 5, "neighbouring seeds, 0 included, give unrelated orders");
}

/* Shards are arithmetic: whatever their number, together they are the whole, and none overlap. */
static void test_shards(void)
{
	const uint64_t n = 10007;
	struct dp_perm perm;
	bool good = true;

	dp_perm_init(&perm, n, 5);
	for (uint64_t n_shards = 1; n_shards <= 64 && good; n_shards++) {
		uint64_t total = 0;

		memset(seen, 0, n / 8 + 1);
		for (uint64_t shard = 0; shard < n_shards; shard++) {
			for (uint64_t i = shard; i < n; i += n_shards) {
				uint64_t value = dp_perm_get(&perm, i);

				good = good && (seen[value / 8] & 1u << value % 8) == 0;
				seen[value / 8] |= (uint8_t)(1u << value % 8);
				total++;
			}
		}
		good = good && total == n;
	}
	tap_ok(good, "1 to 64 shards of 10,007: their union is the whole, without overlap");
}

/* Consecutive probes go to different networks: same /16 about once in 65,536. */
static void test_neighbours_part(void)
{
	struct dp_perm perm;
	unsigned int same = 0;

	dp_perm_init(&perm, UINT64_C(1) << 32, 1);
	for (uint64_t i = 0; i < 1000000; i++)
		same += dp_perm_get(&perm, i) >> 16 == dp_perm_get(&perm, i + 1) >> 16;
	tap_ok(same < 60, "of a million consecutive pairs %u fall in the same /16 (15 expected)",
		same);
}

/* Chi square of where index i and index i + stride land, on a 64 x 64 grid, as standard deviations.
 */
static double pair_deviation(const struct dp_perm *perm, uint64_t stride)
{
	static uint32_t hits[BINS * BINS];
	double expected = (double)N_PAIRS / (BINS * BINS), chi = 0;

	memset(hits, 0, sizeof(hits));
	for (uint64_t i = 0; i < N_PAIRS; i++) {
		dp_u128 x = dp_perm_get(perm, i), y = dp_perm_get(perm, i + stride);

		hits[(uint64_t)(x * BINS / perm->n) * BINS + (uint64_t)(y * BINS / perm->n)]++;
	}
	for (unsigned int i = 0; i < BINS * BINS; i++)
		chi += ((double)hits[i] - expected) * ((double)hits[i] - expected) / expected;
	return (chi - (BINS * BINS - 1)) / 90.5; /* sqrt(2 * 4095) */
}

/* Many at a time are the same as one by one, whatever the size, the start and the stride. */
static void test_many(void)
{
	enum { N_MANY = 100 };
	uint64_t state = 3, n_wrong = 0, values[N_MANY];

	for (uint32_t round = 0; round < 20000; round++) {
		uint64_t n, first, stride, n_values;
		struct dp_perm perm;

		state = state * 6364136223846793005u + 1442695040888963407u;
		n = (state >> 1 >> (state & 63) % 62) + 1;
		n_values = 1 + (state >> 33) % N_MANY;
		stride = 1 + (state >> 20) % 3 * (n / (n_values + 2));
		if (n < n_values * stride + 1)
			continue;
		first = (state ^ state >> 29) % (n - (n_values - 1) * stride);
		dp_perm_init(&perm, n, round);
		dp_perm_get_many(&perm, first, stride, n_values, values);
		for (uint64_t i = 0; i < n_values; i++)
			n_wrong += values[i] != dp_perm_get(&perm, first + i * stride);
	}
	tap_eq((int64_t)n_wrong, 0, "many at a time are the same as one by one");
}

/* The digits of the index are what could show through: steps of 1, of a right digit, and round
 * ones. */
static void test_no_visible_order(void)
{
	static const uint64_t sizes[] = {
		1u << 22, (1u << 24) + 1, 3702257664u, UINT64_C(1) << 40, (UINT64_C(1) << 48) - 1};

	for (unsigned int k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		double worst = 0;
		struct dp_perm perm;

		dp_perm_init(&perm, sizes[k], 7);
		const uint64_t strides[] = {1, 2, 256, 65536, perm.n_right.by, perm.n_right.by + 1};

		for (unsigned int s = 0; s < sizeof(strides) / sizeof(strides[0]); s++) {
			double deviation = pair_deviation(&perm, strides[s]);

			worst = deviation > worst ? deviation : worst;
		}
		tap_ok(worst < 6,
			"n = %" PRIu64
			": where index i lands tells nothing of i + stride (%.1f sigma)",
			sizes[k], worst);
	}
}

static void test_divisor(void)
{
	static const uint64_t by[] = {
		1, 2, 3, 5, 7, 255, 256, 65535, 60847, 4294967295u, 3037000500u};
	uint64_t bad = 0, x = 1;

	for (unsigned int k = 0; k < sizeof(by) / sizeof(by[0]); k++) {
		struct dp_divisor d = dp_divisor_make(by[k]);

		for (unsigned int i = 0; i < 100000; i++) {
			uint64_t value, rest, quotient;

			x = x * 6364136223846793005u + 1442695040888963407u;
			value = i < 1000 ? i : i < 2000 ? UINT64_MAX - i : x >> (x & 63);
			quotient = dp_divide(d, value, &rest);
			bad += quotient != value / by[k] || rest != value % by[k];
		}
	}
	tap_eq((int64_t)bad, 0, "division by a reciprocal is exact, up to 2^64 - 1");
}

int main(void)
{
	test_divisor();
	test_every_small_size();
	test_around_powers_of_two();
	test_large_sizes();
	test_golden_order();
	test_seeds();
	test_shards();
	test_neighbours_part();
	test_many();
	test_no_visible_order();
	return tap_done();
}
