/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line: what is not given has its documented value, what is wrong is named in one
 * sentence. */
#include "options_parse.h"

#include "apps/util/version.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void test_defaults(void)
{
	tap_eq(parse(BASE), OP_PARSE_OK, "a port, a service and a target are enough");
	tap_ok(options.rate_pps == 1000 && options.n_probes == 1 && options.probe_gap_ms == 1000 &&
			options.cooldown_s == 8,
		"default: 1,000 packets a second, one SYN, a second between SYNs, 8 s of cooldown");
	tap_ok(options.max_targets == 0 && options.max_results == 0 && options.max_runtime_s == 0,
		"default: there are no limits");
	tap_ok(options.exclude_special && !options.overwrite && !options.no_huge &&
			options.vlan == 0,
		"default: the built-in exclusions hold, nothing is overwritten, huge pages are "
		"used, there is no tag");
	tap_ok(options.source_port_first == 32768 && options.source_port_last == 61000,
		"default: source ports are 32768 to 61000");
	tap_ok(options.dialog.greeting_us == 12000000 && options.dialog.reply_us == 10000000 &&
			options.dialog.post_tls,
		"default: timers are those of the dialogs");
	tap_ok(options.max_connections == 65536 && options.max_sessions == 4096,
		"default: 65,536 connections and 4,096 sessions are kept");
	tap_ok(options.tls.max_session_bytes == 262144 && options.tls.max_chain_bytes == 131072 &&
			!options.tls.share_key,
		"default: a session may send 256 kB and 128 kB of certificates, and has a key of "
		"its own");
	tap_ok(options.tls.max_certificate_bytes == 131072 && options.tls.max_heap_bytes == 65536 &&
			options.tls.dear_percent == 10,
		"default: a Certificate message may have 128 kB, the heap beside it 64 kB, dear "
		"operations get a tenth");
	tap_ok(options.emit[DP_OUTCOME_OPEN] && !options.emit[DP_OUTCOME_CLOSED] &&
			!options.emit[DP_OUTCOME_UNREACHABLE],
		"default: records are of open ports alone");
	tap_str(options.output, "-", "default: results go to standard output");
	tap_str(options.user_agent, "tlsweep/" UT_VERSION,
		"default: the user agent names the scanner");
	tap_ok(options.dialog.user_agent == options.user_agent &&
			options.dialog.ehlo_name == options.ehlo_name,
		"default: the dialogs use the names of the options");
	tap_ok(options.n_targets == 1 && strcmp(options.targets[0], "192.0.2.0/24") == 0,
		"the target is kept as given");
}

static void test_seed(void)
{
	uint64_t first;

	parse(BASE);
	first = options.seed;
	parse(BASE);
	tap_ok(!options.seed_given && options.seed != first,
		"a seed that is not given is drawn anew each time");
	parse(BASE "--seed 0x10");
	tap_ok(options.seed_given && options.seed == 16, "a seed may be hexadecimal");
	parse(BASE "-e 18446744073709551615");
	tap_ok(options.seed == UINT64_MAX, "a seed may be as large as 64 bits hold");
	refuses(BASE "-e 18446744073709551616", "more than 64 bits", "but not 65");
	refuses(BASE "-e -1", "--seed \"-1\"", "nor a sign");
}

static void test_numbers(void)
{
	static const struct {
		const char *text;
		double want;
	} rates[] = {{"0", 0}, {"0.5", 0.5}, {"1000", 1000}, {"20K", 20000}, {"1.2M", 1.2e6},
		{"14.88m", 14.88e6}, {"1Ki", 1024}, {"1.5Mi", 1572864}, {"1gi", 1073741824}};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		char line[128];

		snprintf(line, sizeof(line), BASE "-r %s", rates[i].text);
		tap_ok(parse(line) == OP_PARSE_OK && options.rate_pps == rates[i].want,
			"--rate %s is %g packets a second", rates[i].text, rates[i].want);
	}
	refuses(BASE "-r 1e9", "--rate \"1e9\"", "an exponent is refused");
	refuses(BASE "-r inf", "--rate \"inf\"", "so is infinity");
	refuses(BASE "-r 0x10", "--rate \"0x10\"", "and hexadecimal");
	refuses(BASE "-r -5", "--rate \"-5\"", "and a negative rate");
	refuses(BASE "-r 10KB", "--rate \"10KB\"", "and a suffix that is none");
	refuses(BASE "-r 1.2.3", "--rate \"1.2.3\"", "and two points");
	tap_ok(parse(BASE "-n 2M -N 5 -P 16") == OP_PARSE_OK && options.max_targets == 2000000 &&
			options.max_results == 5 && options.n_probes == 16,
		"-n, -N and -P take a suffix such as M");
	refuses(BASE "-n 5Kib", "--max-targets", "and what stands behind a suffix");
	refuses(BASE "-n 5i", "--max-targets", "and half a suffix");
	refuses(BASE "-n 5 K", "K", "and a suffix that stands alone");
	refuses(BASE "-w - -b -", "one list only", "standard input is read once");
	refuses(BASE "-P 17", "from 1 to 16", "a count out of range is refused with its range");
	refuses(BASE "-P 0", "from 1 to 16", "zero probes too");
	refuses(BASE "-n 99999999999999999999", "--max-targets", "a count beyond 64 bits");
	refuses(BASE "-n 18446744073709551615G", "--max-targets",
		"and one whose suffix takes it there");
}

static void test_times(void)
{
	tap_ok(parse(BASE "-c 500ms -t 1.5h --probe-gap 20ms") == OP_PARSE_OK &&
			options.cooldown_s == 1 && options.max_runtime_s == 5400 &&
			options.probe_gap_ms == 20,
		"times have units; a part of a second counts as one");
	tap_ok(parse(BASE "--greeting-timeout 5 --reply-timeout 700ms --irc-hello-timeout 1s "
			  "--irc-starttls-timeout 2s "
			  "--handshake-timeout 1m --bye-timeout 1500us") == OP_PARSE_OK &&
			options.dialog.greeting_us == 5000000 &&
			options.dialog.reply_us == 700000 &&
			options.dialog.irc_hello_us == 1000000 &&
			options.dialog.irc_starttls_us == 2000000 &&
			options.dialog.handshake_us == 60000000 && options.dialog.bye_us == 1500,
		"each timer of the dialogs can be set");
	refuses(BASE "--reply-timeout 2h", "from 0.001s to 3600s",
		"a timer of two hours is refused");
	refuses(BASE "--reply-timeout 5x", "--reply-timeout \"5x\"", "so is a unit that is none");
	refuses(BASE "--reply-timeout 0", "--reply-timeout \"0\"", "and no time at all");
	tap_ok(parse(BASE "--cooldown-time 0") == OP_PARSE_OK && options.cooldown_s == 0,
		"a cooldown of 0 is accepted");
}

/*
 * "1e3s" was taken as 1 ms: the value in front of the letter was kept although the word had been
 * refused, and looked like a time in microseconds.
 */
static void test_exponents(void)
{
	static const char *const times[] = {"cooldown-time", "max-runtime", "probe-gap",
		"checkpoint-interval", "greeting-timeout", "reply-timeout", "irc-hello-timeout",
		"irc-starttls-timeout", "handshake-timeout", "bye-timeout"};
	static const char *const others[] = {"rate", "bandwidth", "min-hitrate", "max-targets"};
	static const char *const bad[] = {
		"1000e3s", "5000000E0", "5000000e", "5000000.0e1us", "1e3s"};
	char line[128], want[64];

	for (size_t b = 0; b < sizeof(bad) / sizeof(bad[0]); b++) {
		for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
			snprintf(line, sizeof(line), BASE "--%s %s", times[i], bad[b]);
			snprintf(want, sizeof(want), "--%s \"%s\": give a time", times[i], bad[b]);
			refuses(line, want, want);
		}
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
			snprintf(line, sizeof(line), BASE "--%s %s", others[i], bad[b]);
			snprintf(want, sizeof(want), "--%s \"%s\": give", others[i], bad[b]);
			refuses(line, want, want);
		}
	}
}

static void test_addresses(void)
{
	char text[TS_ADDR_STRLEN];

	tap_eq(parse(BASE "-S 192.0.2.10/24 -S 2001:db8::10/64 --gateway-ip 192.0.2.1 --gateway-ip "
			  "fe80::1 "
			  "-G 02:00:00:aB:00:01 --source-mac 02-00-00-00-00-02 --vlan 4094 -s "
			  "40000-40099"),
		OP_PARSE_OK, "source addresses of both families are taken");
	ts_addr_format(&options.source_v6, text);
	tap_str(text, "2001:db8::10", "the IPv6 source address is taken");
	tap_ok(options.has_source_v4 && options.has_source_v6 && options.prefix_v4_len == 24 &&
			options.prefix_v6_len == 64,
		"source addresses keep the lengths of their prefixes");
	ts_addr_format(&options.gateway_v4, text);
	tap_str(text, "192.0.2.1", "--gateway-ip sets the IPv4 gateway");
	tap_ok(options.has_gateway_v6 && options.has_gateway_mac &&
			options.gateway_mac[3] == 0xab && options.has_source_mac &&
			options.source_mac[5] == 2,
		"MAC addresses may have colons or dashes");
	tap_ok(options.vlan == 4094 && options.source_port_first == 40000 &&
			options.source_port_last == 40099,
		"a VLAN tag and a range of source ports are taken");
	tap_ok(parse(BASE "-s 53") == OP_PARSE_OK && options.source_port_first == 53 &&
			options.source_port_last == 53,
		"-s takes a single source port for a range of one");
	refuses(BASE "-S 192.0.2.10/33", "from 1 to 32", "a prefix length out of range");
	refuses(BASE "-S 192.0.2.10/", "from 1 to 32", "an empty one");
	refuses(BASE "-S example.org", "--source-ip \"example.org\"",
		"a name is no source address");
	refuses(BASE "-S 127.0.0.1", "cannot be the address of a host", "nor is loopback");
	refuses(BASE "-S ff02::1", "cannot be the address of a host", "nor multicast");
	refuses(BASE "-S 0.0.0.0", "cannot be the address of a host",
		"nor the unspecified address");
	refuses(BASE "-G 02:00:00:00:00", "02:00:00:00:00:01", "a short MAC address");
	refuses(BASE "-G 02:00:00:00:00-01", "02:00:00:00:00:01", "mixed separators");
	refuses(BASE "-G ff:ff:ff:ff:ff:ff", "belongs to no single machine",
		"broadcast is no gateway");
	refuses(BASE "--vlan 4095", "from 1 to 4094", "a tag out of range");
	refuses(BASE "-s 61000-32768", "32768-61000", "a reversed port range");
	refuses(BASE "-s 0", "32768-61000", "port 0");
	refuses(BASE "-s 1-65536", "32768-61000", "port 65536");
	refuses(BASE "-s 1-2-3", "32768-61000", "three ends");
	refuses(BASE "--gateway-ip 192.0.2.1", "no IPv4 --source-ip",
		"a gateway without a source of its family");
	refuses(BASE "-S 192.0.2.1 --gateway-ip 192.0.2.1", "the same address",
		"a gateway that is the source");
}

static void test_names(void)
{
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	parse("-i eth1 -p smtp -S 2001:db8::10 2001:db8::/64");
	tap_str(options.ehlo_name, strchr(host, '.') != NULL ? host : "[IPv6:2001:db8::10]",
		"our name is the host's if it is qualified, else the address literal of RFC 5321");
	parse(BASE "-S 192.0.2.10 -S 2001:db8::10");
	tap_str(options.ehlo_name, strchr(host, '.') != NULL ? host : "[192.0.2.10]",
		"our name is the address literal of IPv4 if there is a source address of IPv4");
	tap_ok(parse(BASE "--ehlo-name scan.example.org --sni www.example.org") == OP_PARSE_OK,
		"--ehlo-name and --sni take a name");
	tap_str(options.dialog.ehlo_name, "scan.example.org",
		"names that are given reach the dialogs");
	tap_str(options.sni, "www.example.org", "names that are given reach the TLS sessions");
	tap_ok(parse(BASE "--ehlo-name [192.0.2.10]") == OP_PARSE_OK,
		"an address literal is a name for EHLO");
	tap_ok(parse(BASE "--ehlo-name [IPv6:2001:db8::10]") == OP_PARSE_OK,
		"an address literal of IPv6 is a name for EHLO");
	refuses(BASE "--ehlo-name [2001:db8::10]", "[IPv6:2001:db8::1]", "which needs its tag");
	refuses(BASE "--ehlo-name [192.0.2.10", "ends with ]", "and its bracket");
	refuses(BASE "--ehlo-name a_b", "--ehlo-name \"a b\"", "a space is not sent in a name");
	refuses(BASE "--ehlo-name x\r\nRSET", "--ehlo-name", "a line feed least of all");
	refuses(BASE "--sni 192.0.2.1", "give a host name",
		"an address is no server name (RFC 6066)");
	parse(BASE "--contact https://scan.example.org");
	tap_str(options.user_agent, "tlsweep/" UT_VERSION " (+https://scan.example.org)",
		"the contact is in the user agent");
	parse(BASE "--contact x --user-agent probe/1_(me)");
	tap_str(options.dialog.user_agent, "probe/1 (me)", "the user agent can be given whole");
	refuses(BASE "--user-agent a\nb", "visible ASCII", "on one line");
}

static void test_results(void)
{
	tap_ok(parse(BASE "-o run1 --overwrite --certs store --output closed,open,unreachable -vv "
			  "-q") == OP_PARSE_OK &&
			options.certs == OUT_CERTS_STORE && options.overwrite &&
			options.emit[DP_OUTCOME_CLOSED] && options.emit[DP_OUTCOME_UNREACHABLE] &&
			options.verbosity == 1 && options.print_memory_plan,
		"options for results are read: certificates, outcomes, overwriting, verbosity");
	tap_ok(parse(BASE "--output closed") == OP_PARSE_OK && !options.emit[DP_OUTCOME_OPEN],
		"--output takes the place of the default outcomes");
	refuses(BASE "--output open,shut", "open, closed and unreachable",
		"an outcome that is none");
	refuses(BASE "--output open,", "open, closed and unreachable", "an empty one");
	refuses(BASE "--certs file", "inline or store", "a way to store certificates that is none");
	refuses(BASE "--certs store", "give a folder with -o", "a second file needs a folder");
	refuses(BASE "--overwrite", "give one with -o", "and so does overwriting");
}

static void test_words(void)
{
	refuses("", "no port", "nothing at all: what is missing first");
	refuses("-i eth1 192.0.2.1", "no service", "no service");
	refuses("-i eth1 -p smtp", "no target", "no target");
	refuses(BASE "--gatway-ip 1", "unknown option --gatway-ip: did you mean --gateway-ip?",
		"a typing error");
	refuses(BASE "--rte=5", "did you mean --rate?", "a typing error with its word attached");
	refuses(BASE "--zzzzzzzzz", "unknown option --zzzzzzzzz: see --help", "nothing like it");
	refuses(BASE "--source", "did you mean --source", "an abbreviation of three options");
	refuses(BASE "--max 5",
		"ambiguous option --max: did you mean --max-targets, --max-runtime, --max-results, "
		"--max-session-bytes, --max-chain-bytes, --max-certificate-bytes, "
		"--max-connections, --max-sessions or --max-output?",
		"one of nine, which was taken for --eal");
	refuses(BASE "--foo=1", "unknown option --foo: see --help", "nothing near three letters");
	refuses(BASE "-Z", "unknown option -Z", "an unknown letter");
	refuses(BASE "-vZ", "unknown option -Z", "also behind a known one");
	refuses(BASE "--rate", "--rate needs an argument", "an argument is missing");
	refuses(BASE "-r", "--rate needs an argument", "an argument is missing behind a letter");
	refuses(BASE "--overwrite=yes", "true or false", "a flag is on or off");
	refuses(BASE "--help=yes", "--help takes no argument", "an argument too many");
	refuses("-i eth1 -p smtpx 192.0.2.1",
		"--target-ports: ", "an unknown protocol is refused by its own sentence");
	tap_eq(parse(BASE "--cooldown 3"), OP_PARSE_OK,
		"an option may be abbreviated if only one begins like that");
	tap_eq(parse("192.0.2.1 -i eth1 192.0.2.2 -p smtp -- 192.0.2.3"), OP_PARSE_OK,
		"targets may stand anywhere among the options");
	tap_eq((int64_t)options.n_targets, 3, "targets among the options are all taken");
	tap_eq(parse("--version"), OP_PARSE_VERSION,
		"--version is taken without port, service and target");
}

/* Parse, build the set and check it; the sentence is in message. */
static int whole(const char *line)
{
	struct dp_targets *targets = NULL;
	int rc = parse(line) == OP_PARSE_OK ? 0 : -1;

	if (rc == 0)
		rc = op_options_targets(&options, &targets, message, sizeof(message));
	if (rc == 0)
		rc = op_options_check(&options, targets, message, sizeof(message));
	dp_targets_free(targets);
	return rc;
}

static void test_whole(void)
{
#define PUBLIC "-i eth1 -p smtp 192.0.2.0/25 --no-default-exclude "
	tap_eq(whole(PUBLIC), -EINVAL, "a real port needs a source address");
	tap_ok(strstr(message, "IPv4 targets: give --source-ip") != NULL,
		"the message asks for a source address of the family that is scanned");
	tap_eq(whole(PUBLIC "-S 2001:db8::1/64"), -EINVAL,
		"a source address of another family than the targets' is refused");
	tap_eq(whole(PUBLIC "-S 192.0.2.129"), -EINVAL, "a real port needs a way to its targets");
	tap_ok(strstr(message, "--gateway-ip or --gateway-mac") != NULL,
		"the message names the ways to a target");
	tap_eq(whole(PUBLIC "-S 192.0.2.129 -G 02:00:00:00:00:01"), 0,
		"a gateway's MAC address is a way to the targets");
	tap_eq(whole(PUBLIC "-S 192.0.2.129/24"), 0,
		"a source address with an on-link prefix is a way to the targets");
	tap_eq(whole(PUBLIC "2001:db8::/120 -S 192.0.2.129/24"), -EINVAL,
		"targets of both families need a source address of each");
	tap_eq(whole("-i eth1 -p smtp 198.18.0.0/24 -S 198.18.1.1/15"), -ENOENT,
		"benchmarking space is not scanned by default");
	tap_eq(whole("-i eth1 -p smtp 198.18.0.0/24 -S 198.18.1.1/15 --no-default-exclude"), 0,
		"benchmarking space is scanned with --no-default-exclude");
	tap_eq(whole("-i lab -p smtp 198.18.0.0/24"), 0,
		"the lab is scanned without a source address and --no-default-exclude");
	tap_eq(whole("-i lab -p smtp"), 0, "the lab needs no target, since it has its own");
	tap_eq(whole("-i lab -p smtp 198.18.0.0/24 --exclude 198.18.0.0/15"), -ENOENT,
		"exclusions hold for targets in the lab");
	tap_eq(parse("-i lab -p smtp 198.18.0.9-198.18.0.1"), OP_PARSE_ERROR,
		"a range of targets that ends before it begins is refused");
	tap_str(message,
		"target: \"198.18.0.9-198.18.0.1\": the range runs backwards: swap its two ends",
		"the message about a wrong target names it and says what to do");
	tap_eq(parse("-i lab -p smtp --exclude nobody"), OP_PARSE_ERROR,
		"an exclusion that is no address is refused");
	tap_ok(strncmp(message, "--exclude: \"nobody\" is not", 26) == 0,
		"the message about a wrong exclusion begins with its option and its text");
	tap_eq(whole("-i lab -p smtp -b /nonexistent"), -ENOENT,
		"an exclude list that is not there stops the scan");
}

/* argv: the version that meson.build names. */
int main(int argc, char **argv)
{
	tap_str(argc > 1 ? argv[1] : "", UT_VERSION,
		"apps/util/version.h and meson.build name the same version");
	test_defaults();
	test_seed();
	test_numbers();
	test_times();
	test_exponents();
	test_addresses();
	test_names();
	test_results();
	test_words();
	test_whole();
	return tap_done();
}
