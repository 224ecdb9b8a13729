/* SPDX-License-Identifier: BSD-3-Clause */
/* Options in a file: what is printed is read back to the same, what is wrong is named with its
 * place. */
#include "options_parse.h"

#include "apps/options/config_file.h"
#include "apps/options/config_print.h"
#include "apps/options/help.h"
#include "apps/options/table.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEED   20261122
#define ROUNDS 2000

static char folder[] = "/tmp/tlsweep-config-XXXXXX";
static struct ut_folder opened;
static char path[64];

static char *print(enum op_config_use use)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	op_config_print(&options, use, out);
	fclose(out);
	return text;
}

static void write_file(const char *text)
{
	FILE *out = fopen(path, "w");

	fputs(text, out);
	fclose(out);
}

/* Options from the file alone, or with a few words behind it. */
static enum op_parse parse_file(const char *text, const char *words)
{
	char line[1024];

	write_file(text);
	op_options_free(&options);
	snprintf(line, sizeof(line), "--config %s %s", path, words);
	return parse(line);
}

/* One word at least for each option that a file may hold; '_' is a blank, as in parse(). */
static const char *const words[] = {"-p smtp", "-p 2525:smtp,8443:https -p 4433:tls",
	"-p 25,587,465,143,993,110,995,6667,6697,5222,5223,5269,5270,443", "-w prefixes.txt",
	"-w a_#b -w _c", "-b optout.txt -b second.txt", "--exclude 192.0.2.7 --exclude 2001:db8::1",
	"--no-default-exclude", "--pairs pairs.txt", "-n 2M", "-n 12.5%", "-n 33.333%",
	"-e 5 --shard 2/5", "-e 0xffffffffffffffff", "-r 0", "-r 0.5", "-r 1.2M", "-r 0.000001",
	"-r 14.880952381M", "-B 10M", "-B 1.5G -r 100", "-P 3", "--probe-gap 20ms", "-c 0",
	"-c 90s", "-t 1h", "-N 7", "--min-hitrate 1%", "--min-hitrate 0.07", "--loss-sample 0",
	"--canary-sample 1000", "--decoy-ports 4", "--decoy-sample 16", "-i lab", "-i eth1",
	"-S 192.0.2.10/24 -S 2001:db8::10", "-S 2001:db8::10/64", "-s 40000", "-s 1024-65535",
	"--source-mac 02:00:00:00:00:02", "--gateway-ip 192.0.2.1 --gateway-ip fe80::1",
	"-G 02-00-00-00-aB-01", "--vlan 4094", "--no-huge", "--lcores main@0,poll@1",
	"--eal --log-level=8_-x", "--contact https://scan.example.org/#opt-out",
	"--user-agent probe/1_#_(\"me\")", "--ehlo-name [IPv6:2001:db8::1]",
	"--sni www.example.org", "--no-post-tls", "--greeting-timeout 1500us", "--reply-timeout 1m",
	"--irc-hello-timeout 1.5s", "--irc-starttls-timeout 7s", "--handshake-timeout 1h",
	"--bye-timeout 20ms", "--max-session-bytes 4K", "--max-chain-bytes 100Ki",
	"--max-certificate-bytes 1Mi", "--dear-share 0", "--dear-share 25", "--share-key",
	"--max-connections 1000", "--max-sessions 1M", "-o _run_1_", "--overwrite",
	"--checkpoint-interval 1m", "--max-output 3G", "--min-disk-free 0", "--min-disk-free 2.5%",
	"--output closed,unreachable", "--certs store", "--syn-options minimal", "-vv", "-q",
	"192.0.2.0/24", "192.0.2.1,mx.example.org 2001:db8::/120"};
#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* Print, read, print: nothing may change on the way. */
static bool round_trips(const char *line)
{
	char *first, *second;
	bool same;

	op_options_free(&options);
	parse(line);
	first = print(OP_CONFIG_SHOW);
	parse_file(first, "");
	second = print(OP_CONFIG_SHOW);
	same = strcmp(first, second) == 0;
	if (!same)
		printf("# words: %s\n# %s\n# first:\n%s\n# second:\n%s\n", line, message, first,
			second);
	free(first);
	free(second);
	return same;
}

static void test_each(void)
{
	char *plain, *text;
	unsigned int lost = 0, changed = 0;
	const struct op_option *option;

	parse("");
	plain = print(OP_CONFIG_SHOW);
	for (size_t i = 0; i < N_WORDS; i++) {
		op_options_free(&options);
		parse(words[i]);
		text = print(OP_CONFIG_SHOW);
		if (strcmp(text, plain) == 0) {
			printf("# %s leaves no trace: %s\n", words[i], message);
			lost++;
		}
		free(text);
		changed += !round_trips(words[i]);
	}
	tap_eq(lost, 0, "every option shows in the printed file");
	tap_eq(changed, 0, "options from a printed file are those that were printed");
	for (size_t i = 0; (option = op_option_at(&op_command_scan, i)) != NULL; i++) {
		char name[OP_OPTION_NAME_MAX + 8];
		bool there;

		snprintf(name, sizeof(name), "%s =", option->name);
		there = strstr(plain, name) != NULL;
		if (there == option->line_only)
			tap_ok(false, "%s is in the file if and only if a file may have it", name);
	}
	free(plain);
}

static void test_combinations(void)
{
	unsigned int changed = 0;

	srandom(SEED);
	for (int round = 0; round < ROUNDS && changed == 0; round++) {
		bool has_ports = false;
		char line[1500] = "";
		size_t len = 0;

		for (long n = random() % 12; n >= 0; n--) {
			const char *word = words[(size_t)random() % N_WORDS];

			/* The same port twice is refused, and rightly. */
			if (strncmp(word, "-p", 2) == 0 && has_ports)
				continue;
			has_ports = has_ports || strncmp(word, "-p", 2) == 0;
			len += (size_t)snprintf(line + len, sizeof(line) - len, "%s ", word);
		}
		changed += !round_trips(line);
	}
	tap_ok(changed == 0, "%d combinations of options survive the way through a file (seed %d)",
		ROUNDS, SEED);
}

static void test_order(void)
{
	tap_ok(parse_file("interface = eth1\ntarget-ports = smtp\ntarget = 192.0.2.0/24\nrate = "
			  "5\nno-huge = true\nexclude = 192.0.2.1\nverbose = 2\n",
		       "") == OP_PARSE_OK &&
			options.rate_pps == 5 && options.n_targets == 1 && options.no_huge &&
			options.verbosity == 2,
		"a file with all that is needed is enough");
	tap_ok(parse("--config @ -r 7") == OP_PARSE_ERROR && strstr(message, "@ cannot be read"),
		"a file that is not there is named in the message");
	tap_ok(parse_file("interface = eth1\ntarget-ports = smtp\ntarget = 192.0.2.0/24\nrate = "
			  "5\nno-huge = true\nexclude = 192.0.2.1\nverbose = 2\n",
		       "-r 7 -p imap 192.0.2.9 --no-huge=false --exclude 192.0.2.2 -q") ==
				OP_PARSE_OK &&
			options.rate_pps == 7 && options.n_services == 1 &&
			options.services[0].port == 143 && options.n_targets == 1 &&
			strcmp(options.targets[0], "192.0.2.9") == 0 && !options.no_huge &&
			options.verbosity == -1,
		"the command line takes precedence over the file");
	tap_ok(options.n_excludes == 2, "exclusions of the file and of the command line add up");
	tap_ok(parse_file("interface = eth1\ntarget-ports = smtp\ntarget = 192.0.2.0/24\n",
		       "-w list.txt") == OP_PARSE_OK &&
			options.n_targets == 0 && options.n_allow_files == 1,
		"a list on the command line takes the place of the targets in the file");
	tap_ok(parse_file("\xef\xbb\xbfrate=5\r\n\t rate-of-nothing", "") == OP_PARSE_ERROR &&
			options.rate_pps == 5,
		"a byte order mark, CRLF and no blanks are fine");
	tap_ok(parse_file("sni = \"a.example\" # why\nuser-agent = a#b \t# c\n", BASE) ==
				OP_PARSE_OK &&
			strcmp(options.sni, "a.example") == 0 &&
			strcmp(options.user_agent, "a#b") == 0,
		"comments may follow a value");
}

static void refuses_file(const char *text, const char *want, const char *label)
{
	enum op_parse verdict = parse_file(text, BASE);

	if (!tap_ok(verdict == OP_PARSE_ERROR && strstr(message, want) != NULL,
		    "a configuration file is refused with \"%s\" (%s)", want, label))
		printf("# verdict %d: %s\n", verdict, message);
}

static void test_errors(void)
{
	refuses_file("# a\n\nrte = 5\n", ":3:1: unknown option \"rte\": did you mean \"rate\"?",
		"a misspelt name, its place and the right one");
	refuses_file("  --rate = 5", ":1:3: unknown option \"--rate\": did you mean \"rate\"?",
		"no dashes in a file");
	refuses_file("r = 5", "did you mean \"rate\"?", "no letters either");
	refuses_file("targets = 5", "did you mean \"target\"?", "a target is called target");
	refuses_file("foo = 5", ":1:1: unknown option \"foo\": see tlsweep scan --help",
		"three letters are near to nothing");
	refuses_file("source = 5", "did you mean \"source-ip\", \"source-port\" or \"source-mac\"?",
		"the beginning of three names");
	refuses_file("cooldown = 5", "did you mean \"cooldown-time\"?", "of one");
	refuses_file("rate = 5\n = 5", ":2:2: the name of an option is missing", "no name");
	refuses_file("zzzzzzzzzzz = 5", "see tlsweep scan --help", "nothing like it");
	refuses_file("rate = 5x", ":1:8: rate \"5x\": give packets a second",
		"a wrong value, its place and what is right");
	refuses_file("no-huge = yes", "true or false", "a flag that is neither");
	refuses_file("no-huge", ":1:8: write NAME = VALUE", "no value at all");
	refuses_file("rate =  # 5", "a value is missing", "a comment is no value");
	refuses_file("sni = \"a", ":1:7: the closing \" is missing", "half a quotation");
	refuses_file("sni = \"a\" b", ":1:11: only a comment", "something behind it");
	refuses_file("rate = 5\nrate = 6", ":2:1: rate has a value already, in line 1",
		"the same thing said twice");
	refuses_file("rate = 5\ntarget = 192.0.2.1\n target = 192.0.2.1/24",
		":3:11: target: \"192.0.2.1/24\" has bits set behind its prefix",
		"a wrong target, which was named without its place");
	refuses_file("exclude = nobody", ":1:11: exclude: \"nobody\" is not an IPv4",
		"a wrong exclusion");
	refuses_file("exclude = 192.0.2.1,a.example", ":1:11: exclude: \"192.0.2.1,a.example\": an",
		"an exclusion with a name");
	refuses_file("config = a", "belongs on the command line", "files do not call for files");
	refuses_file("resume = true", "belongs on the command line", "nor for resuming");
	tap_eq(parse_file("exclude = 192.0.2.1\nexclude = 192.0.2.2\nsource-ip = "
			  "192.0.2.3\nsource-ip = 2001:db8::3\n",
		       BASE),
		OP_PARSE_OK, "options that are lists may repeat in a file");
	write_file("");
	tap_ok(op_config_parse("f", "rate\0= 5", 8, &options, message, sizeof(message)) != 0 &&
			strstr(message, "f:1:5: this is not a text file") != NULL,
		"a NUL is in no text");
}

/* Set-up alone can tell whether there is such a CPU: it has to say where that was asked for. */
static void test_places(void)
{
	char place[128], want[128];

	snprintf(want, sizeof(want), "%s:2:10: ", path);
	tap_eq(parse_file("rate = 5\nlcores = poll@9999\n", BASE), OP_PARSE_OK,
		"a map of CPUs in a file");
	op_options_place(&options, "lcores", place, sizeof(place));
	tap_str(place, want, "a map of CPUs in a file is named with its place in the file");
	op_options_place(&options, "interface", place, sizeof(place));
	tap_str(place, "", "a map of CPUs on the command line has no place in a file");
	parse_file("lcores = poll@9999\n", BASE "--lcores main@0");
	op_options_place(&options, "lcores", place, sizeof(place));
	tap_str(place, "",
		"a map of CPUs that the command line has replaced has no place in a file");
}

/* A scan leaves its options in its folder; to resume, the folder is enough. */
static void test_saved(void)
{
	char line[256], *text;
	uint64_t seed;

	op_options_free(&options);
	snprintf(line, sizeof(line), BASE "-o %s -r 77 --overwrite", folder);
	parse(line);
	seed = options.seed;
	tap_eq(op_config_save(&options, &opened, message, sizeof(message)), 0,
		"the options of a scan are saved in its folder");
	snprintf(line, sizeof(line), "--resume -o %s", folder);
	tap_ok(parse(line) == OP_PARSE_OK && options.rate_pps == 77 && options.n_targets == 1 &&
			options.seed_given && options.seed == seed,
		"a resumed scan has all saved options, and the seed that was drawn");
	tap_ok(!options.overwrite,
		"saved options do not have --overwrite, which would remove the results");
	snprintf(line, sizeof(line), "--resume -o %s -r 5", folder);
	op_options_free(&options);
	tap_ok(parse(line) == OP_PARSE_OK && options.rate_pps == 5 && options.n_targets == 1,
		"the command line takes precedence over saved options");
	text = print(OP_CONFIG_SHOW);
	tap_ok(strstr(text, "\nseed = ") != NULL, "a seed that was fixed is printed");
	free(text);
	snprintf(line, sizeof(line), "%s/" UT_CONFIG_FILE, folder);
	unlink(line);
	snprintf(line, sizeof(line), "%s/" UT_CONFIG_FILE ".new", folder);
	mkdir(line, 0700);
	tap_ok(op_config_save(&options, &opened, message, sizeof(message)) == -EISDIR &&
			strstr(message, folder) != NULL && strstr(message, "/scan.conf") != NULL,
		"a file that cannot be written is named");
	rmdir(line);
}

/*
 * A scan that is resumed by cron, each time with the list of exclusions: it was added to scan.conf
 * each time, and from the 64th on the scan was refused.
 */
static void test_resumed_often(void)
{
	unsigned int n_refused = 0;
	char line[256];

	snprintf(line, sizeof(line), BASE "-o %s -b a.txt --exclude 192.0.2.8", folder);
	parse(line);
	op_config_save(&options, &opened, message, sizeof(message));
	snprintf(line, sizeof(line),
		"--resume -o %s -b a.txt -b b.txt --exclude 192.0.2.8 --exclude 192.0.2.9", folder);
	for (int i = 0; i < 2 * OP_MAX_FILES && n_refused == 0; i++) {
		if (parse(line) == OP_PARSE_OK)
			op_config_save(&options, &opened, message, sizeof(message));
		else
			n_refused++;
	}
	tap_eq(n_refused, 0, "a scan can be resumed with its exclusions any number of times");
	tap_ok(options.n_exclude_files == 2 && options.n_excludes == 2,
		"each is in scan.conf once (%zu files, %zu items)", options.n_exclude_files,
		options.n_excludes);
	snprintf(line, sizeof(line), "%s/" UT_CONFIG_FILE, folder);
	unlink(line);
}

int main(void)
{
	if (mkdtemp(folder) == NULL || ut_folder_open(&opened, folder, &(struct ut_folder_use){0},
					       message, sizeof(message)) != 0)
		return tap_skip_all("no temporary folder");
	snprintf(path, sizeof(path), "%s/c", folder);
	test_each();
	test_combinations();
	test_order();
	test_errors();
	test_places();
	test_saved();
	test_resumed_often();
	op_options_free(&options);
	unlink(path);
	ut_folder_close(&opened);
	rmdir(folder);
	return tap_done();
}
