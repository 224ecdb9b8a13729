/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What --resume believes of the scan.conf in an output folder. `eal = "-d evil.so"` there had
 * whoever resumed the scan, root as a rule, run the code of whoever could write the file.
 */
#include "options_parse.h"

#include "apps/options/config_file.h"
#include "apps/options/config_print.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OTHER 65534
#define HEAD  "target-ports = https\ntarget = 198.18.0.0/24\n"
#define LAB   "interface = lab\n"

static char folder[] = "/tmp/tlsweep-trust-XXXXXX";
static char path[64];

static enum op_parse resume(const char *text, const char *words)
{
	FILE *out = fopen(path, "w");
	char line[256];

	fputs(text, out);
	fclose(out);
	op_options_free(&options);
	snprintf(line, sizeof(line), "--resume -o %s %s", folder, words);
	return parse(line);
}

/* Refused by name, its place and the reason; taken when it is given again. */
static void withholds(const char *text, const char *name, const char *why, const char *again)
{
	char place[128], line[128];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(strstr(text, name), "\n"),
		strstr(text, name));
	snprintf(place, sizeof(place), "%s:", path);
	tap_ok(resume(text, "") == OP_PARSE_ERROR && strstr(message, place) == message &&
			strstr(message, name) != NULL && strstr(message, why) != NULL &&
			strstr(message, "on the command line") != NULL,
		"scan.conf with %s is refused, with its place and the way to give it again", line);
	if (!tap_ok(resume(text, again) == OP_PARSE_OK,
		    "scan.conf with %s is read if the command line has %s", line, again))
		printf("# %s\n", message);
}

static void test_interfaces(void)
{
	static const char *const taken[] = {"lab", "lab:population=sparse,rtt=1ms", "eth1",
		"0000:03:00.0", "af_xdp:eth1", "af_packet:eth1", "tap:scan0"};
	static const char *const withheld[] = {"pcap:in.pcap", "pcap:in.pcap,out.pcap",
		"memif:memif.sock", "memif:/run/x.sock,role=server", "af_xdp:eth1,xdp_prog=evil.o",
		"eth1,xdp_prog=evil.o", "tap:a,mac=fixed", "a/b"};
	char text[256];

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		snprintf(text, sizeof(text), HEAD "interface = %s\n", taken[i]);
		if (!tap_ok(resume(text, "-S 192.0.2.1/24") == OP_PARSE_OK,
			    "scan.conf may have the interface %s, which is a device alone",
			    taken[i]))
			printf("# %s\n", message);
	}
	for (size_t i = 0; i < sizeof(withheld) / sizeof(withheld[0]); i++) {
		snprintf(text, sizeof(text), HEAD "interface = %s\n", withheld[i]);
		withholds(text, "interface", "load code or have files", "-i lab");
	}
}

static void test_lists(void)
{
	static const char *const lists[][3] = {
		{HEAD LAB "blocklist-file = /etc/shadow\n", "blocklist-file", "-b optout.txt"},
		{"target-ports = https\n" LAB "allowlist-file = /etc/shadow\n", "allowlist-file",
			"-w targets.txt"},
		{"target-ports = https\n" LAB "pairs = /etc/shadow\n", "pairs",
			"--pairs pairs.txt"},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		tap_ok(resume(lists[i][0], "") == OP_PARSE_OK, "our own scan.conf may name a %s",
			lists[i][1]);
	if (geteuid() != 0) {
		tap_skip("scan.conf of another user is refused if it names a list", "not root");
		return;
	}
	/* Written to in place, it stays theirs. */
	if (chown(path, OTHER, (gid_t)-1) != 0)
		return;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		withholds(lists[i][0], lists[i][1], "belongs to another user", lists[i][2]);
	tap_ok(options.n_pair_files == 1 && strcmp(options.pair_files[0], "pairs.txt") == 0,
		"lists of the command line take the place of those in scan.conf of another user");
	unlink(path);
}

static void test_folder(void)
{
	char line[128];

	tap_ok(resume(HEAD LAB "output-dir = /etc\n", "") == OP_PARSE_OK &&
			strcmp(options.output, folder) == 0,
		"the folder is that of the command line, whatever scan.conf says");
	tap_ok(resume(HEAD LAB "unsafe-output-dir = true\n", "") == OP_PARSE_ERROR &&
			strstr(message, "belongs on the command line") != NULL,
		"scan.conf cannot say that its own folder is safe");
	chmod(folder, 0777);
	tap_ok(resume(HEAD LAB "rate = nonsense\n", "") == OP_PARSE_ERROR &&
			strstr(message, "is not safe") != NULL,
		"scan.conf that others can write to is not read at all");
	tap_eq(resume(HEAD LAB "rate = 7\n", "--unsafe-output-dir"), OP_PARSE_OK,
		"scan.conf in a folder that others can write to is read if the user insists");
	tap_eq((int64_t)options.rate_pps, 7,
		"scan.conf in such a folder is taken if the user insists");
	tap_ok(resume(HEAD LAB "eal = -d\n", "--unsafe-output-dir") == OP_PARSE_ERROR &&
			strstr(message, "it can load code") != NULL,
		"scan.conf that is read for an insisting user may not name what can load code");
	chmod(folder, 0700);
	unlink(path);
	tap_eq(symlink("/dev/zero", path), 0, "scan.conf as a link is refused");
	snprintf(line, sizeof(line), "--resume -o %s", folder);
	tap_ok(parse(line) == OP_PARSE_ERROR && strstr(message, "symbolic link") != NULL,
		"scan.conf as a link is not followed, and the message says so");
	unlink(path);
}

int main(void)
{
	umask(022);
	if (mkdtemp(folder) == NULL)
		return tap_skip_all("no temporary folder");
	snprintf(path, sizeof(path), "%s/" UT_CONFIG_FILE, folder);
	withholds(HEAD LAB "eal = \"-d evil.so\"\n", "eal", "load code", "--eal --no-telemetry");
	tap_str(options.eal_args, "--no-telemetry", "--eal of scan.conf is not given to DPDK");
	test_interfaces();
	test_lists();
	test_folder();
	op_options_free(&options);
	rmdir(folder);
	return tap_done();
}
