/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that say which part of the targets is scanned, how fast, and what is probed twice;
 * and what K means in all of them. */
#include "options_parse.h"

static void test_parts(void)
{
	parse(BASE);
	tap_ok(options.shard == 0 && options.n_shards == 1 && options.max_targets_share == 0,
		"without --shard a scan is all of its targets, in one part");
	tap_ok(parse(BASE "-e 1 --shard 2/5") == OP_PARSE_OK && options.shard == 1 &&
			options.n_shards == 5,
		"--shard 2/5 is the second of five shards");
	tap_ok(parse(BASE "-e 1 --shard 1/1") == OP_PARSE_OK && options.n_shards == 1,
		"one shard is the whole");
	tap_ok(parse(BASE "--shard 1/1") == OP_PARSE_OK,
		"one shard that is the whole needs no seed");
	refuses(BASE "-e 1 --shard 0/5", "counted from 1: the first of 5 is 1/5, the last 5/5",
		"there is no shard 0");
	refuses(BASE "-e 1 --shard 6/5", "counted from 1", "nor a sixth of five");
	refuses(BASE "-e 1 --shard 1/0", "between 1 and", "nor one of none");
	refuses(BASE "-e 1 --shard 3", "I/N", "a shard without a count");
	refuses(BASE "-e 1 --shard -1/5", "I/N", "a negative one");
	refuses(BASE "-e 1 --shard 11111111111111111/5", "I/N", "one beyond all numbers");
	refuses(BASE "--shard 2/5", "--shard needs --seed", "shards share a seed");
	tap_ok(parse(BASE "--shard 2/5 --resume -o run1") == OP_PARSE_OK,
		"a shard that is resumed needs no --seed, since it has one");
	tap_ok(parse(BASE "-n 10%") == OP_PARSE_OK && options.max_targets_share == 0.1 &&
			options.max_targets == 0,
		"--max-targets may be a share");
	tap_ok(parse(BASE "-n 10% -n 5") == OP_PARSE_OK && options.max_targets_share == 0 &&
			options.max_targets == 5,
		"the later of two limits counts");
	refuses(BASE "-n 101%", "--max-targets \"101%\"", "more than all of them");
	refuses(BASE "-n 0%", "--max-targets \"0%\"", "none of them");
	refuses(BASE "-n %", "--max-targets \"%\"", "a sign alone");
	tap_ok(parse("-i eth1 --pairs a.txt --pairs b.txt") == OP_PARSE_OK &&
			options.n_pair_files == 2 && strcmp(options.pair_files[1], "b.txt") == 0,
		"lists of pairs need neither services nor targets beside them");
}

static void test_pace(void)
{
	parse(BASE);
	tap_ok(options.bandwidth_bps == 0 && options.min_hitrate == 0,
		"without options there is no bandwidth limit and no guard");
	tap_ok(parse(BASE "-B 1.5M") == OP_PARSE_OK && options.bandwidth_bps == 1.5e6 &&
			options.rate_pps == 0,
		"--bandwidth alone takes the place of the rate");
	tap_ok(parse(BASE "-B 10g -r 5K") == OP_PARSE_OK && options.bandwidth_bps == 1e10 &&
			options.rate_pps == 5000,
		"--bandwidth beside --rate: both hold");
	refuses(BASE "-B 0", "--bandwidth \"0\"", "no bandwidth sends nothing");
	refuses(BASE "-B 10MB", "--bandwidth \"10MB\"", "--bandwidth is in bits, not in bytes");
	tap_ok(parse(BASE "--min-hitrate 0.01") == OP_PARSE_OK && options.min_hitrate == 0.01,
		"--min-hitrate is a share of answers");
	tap_ok(parse(BASE "--min-hitrate 2.5%") == OP_PARSE_OK && options.min_hitrate == 0.025,
		"--min-hitrate may be in per cent");
	refuses(BASE "--min-hitrate 0", "share above 0", "0 is no guard");
	refuses(BASE "--min-hitrate 5", "share above 0", "5 was meant to be 5%");
}

static void test_syn_options(void)
{
	tap_ok(parse(BASE) == OP_PARSE_OK && !options.minimal_syn,
		"SYNs carry the options of a client");
	tap_ok(parse(BASE "--syn-options minimal") == OP_PARSE_OK && options.minimal_syn,
		"--syn-options minimal: SYNs carry the segment size alone");
	refuses(BASE "--syn-options bare", "full or minimal", "a set of options that is none");
}

static void test_samples(void)
{
	parse(BASE);
	tap_ok(options.loss_sample == 64 && options.canary_sample == 256 && options.n_decoys == 0 &&
			options.decoy_sample == 1,
		"by default one target in 64 gets a second probe, one in 256 a canary, and none a "
		"decoy");
	tap_ok(parse(BASE "--loss-sample 0 --canary-sample 0 --decoy-ports 8 --decoy-sample 16") ==
				OP_PARSE_OK &&
			options.loss_sample == 0 && options.canary_sample == 0 &&
			options.n_decoys == 8 && options.decoy_sample == 16,
		"samples can be turned off, decoys on");
	refuses(BASE "--decoy-ports 9", "from 0 to 8", "nine decoys are too many");
	refuses(BASE "--decoy-sample 0", "--decoy-sample \"0\"", "every zeroth responder");
}

static void test_resume(void)
{
	parse(BASE);
	tap_ok(!options.resume && options.checkpoint_s == 5,
		"a new scan writes a checkpoint every 5 s");
	tap_ok(parse(BASE "--resume -o run1 --checkpoint-interval 1m") == OP_PARSE_OK &&
			options.resume && options.checkpoint_s == 60,
		"a resumed scan keeps the time between checkpoints that it is given");
	refuses(BASE "--resume", "give it with -o", "only a folder can be resumed");
	refuses(BASE "--resume --overwrite -o run1", "choose one",
		"--resume with --overwrite is refused");
	refuses(BASE "--checkpoint-interval 0", "--checkpoint-interval \"0\"",
		"checkpoints need time between them");
}

static void test_lab(void)
{
	tap_ok(parse("-i lab -p smtp") == OP_PARSE_OK && options.is_lab,
		"-i lab is the embedded lab");
	tap_ok(parse("-i lab:drop=1% -p smtp") == OP_PARSE_OK && options.is_lab,
		"-i lab: with a description is the embedded lab");
	tap_ok(parse(BASE "-i lab0") == OP_PARSE_OK && !options.is_lab,
		"an interface may be called lab0");
}

/* K was 1,000 where the help gave 262,144 bytes as 256K, and 4K was refused beside a least value of
 * 4,096: one K for all that is counted. */
static void test_sizes(void)
{
	tap_ok(parse(BASE "--max-session-bytes 4K --max-chain-bytes 4K") == OP_PARSE_OK &&
			options.tls.max_session_bytes == 4000 &&
			options.tls.max_chain_bytes == 4000,
		"4K is a size that sessions may have, and 4,000 bytes");
	refuses(BASE "--max-session-bytes 3999", "from 4000 to 16777216",
		"4K is the least size that a session may have");
	tap_ok(parse(BASE "--max-session-bytes 16Mi --max-chain-bytes 16Mi") == OP_PARSE_OK &&
			options.tls.max_session_bytes == 16777216,
		"16Mi is the largest size that a session may have");
	tap_ok(parse(BASE "--max-session-bytes 256Ki --max-chain-bytes 128Ki") == OP_PARSE_OK &&
			options.tls.max_session_bytes == 262144 &&
			options.tls.max_chain_bytes == 131072,
		"the defaults as the help prints them are the defaults");
	tap_ok(parse(BASE "-r 20K -B 20K -n 20K --max-session-bytes 20K") == OP_PARSE_OK &&
			options.rate_pps == 20000 && options.bandwidth_bps == 20000 &&
			options.max_targets == 20000 && options.tls.max_session_bytes == 20000,
		"K is the same of packets, bits, targets and bytes");
}

static void test_room(void)
{
	parse(BASE);
	tap_ok(options.max_output_bytes == 0 && options.min_disk_free == 0.05,
		"by default files may have any size, and 5 %% of the disk stays free");
	tap_ok(parse(BASE "--max-output 2.5G") == OP_PARSE_ERROR &&
			parse(BASE "--max-output 20Gi") == OP_PARSE_OK &&
			options.max_output_bytes == UINT64_C(21474836480),
		"a size is a whole number with a suffix");
	refuses(BASE "--max-output 0", "from 1", "a scan that may write nothing");
	tap_ok(parse(BASE "--min-disk-free 2%") == OP_PARSE_OK && options.min_disk_free == 0.02,
		"--min-disk-free may be another share");
	tap_ok(parse(BASE "--min-disk-free 0") == OP_PARSE_OK && options.min_disk_free == 0,
		"--min-disk-free may be 0");
	refuses(BASE "--min-disk-free 5", "--min-disk-free \"5\"", "5 was meant to be 5%");
}

int main(void)
{
	test_parts();
	test_pace();
	test_syn_options();
	test_samples();
	test_resume();
	test_lab();
	test_sizes();
	test_room();
	return tap_done();
}
