/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists are read strictly, and a mistake is named with file, line and column. */
#include "dataplane/targets/targets.h"

#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int load(
	const char *text, size_t len, enum dp_list list, struct dp_targets **targets, char *err)
{
	FILE *in = len == 0 ? fopen("/dev/null", "r") : fmemopen((char *)(uintptr_t)text, len, "r");
	int rc;

	*targets = dp_targets_new();
	err[0] = '\0';
	rc = dp_targets_add_stream(*targets, list, in, "list", err);
	fclose(in);
	return rc;
}

static void counts(const char *text, int64_t want, const char *label)
{
	struct dp_targets *targets;
	char err[DP_ERR_LEN];
	int rc = load(text, strlen(text), DP_ALLOW, &targets, err);

	if (rc == 0)
		rc = dp_targets_finish(targets, 1, 1, err);
	if (!tap_ok(rc == 0 && (int64_t)dp_targets_count(targets) == want, "%s", label))
		printf("# rc %d, %s\n", rc, err);
	dp_targets_free(targets);
}

static void complains(const char *text, const char *want, const char *label)
{
	struct dp_targets *targets;
	char err[DP_ERR_LEN];
	int rc = load(text, strlen(text), DP_ALLOW, &targets, err);

	if (!tap_ok(rc == -EINVAL && strncmp(err, want, strlen(want)) == 0,
		    "a list is refused with '%s' (%s)", want, label))
		printf("# rc %d, got  %s\n# want %s\n", rc, err, want);
	dp_targets_free(targets);
}

static void test_good(void)
{
	counts("192.0.2.0/24\n", 256, "a prefix is all its addresses");
	counts("192.0.2.7-192.0.2.9", 3,
		"a range holds both ends, and the last line needs no line feed");
	counts("192.0.2.1/32\n192.0.2.1\n192.0.2.0-192.0.2.1\n", 2,
		"addresses that two items have count once");
	counts("# zmap\n # too\n\n192.0.2.1 # why\n192.0.2.2\t#x\r\n\r\n  192.0.2.3  \r\n", 3,
		"comments, blank lines, indentation and CRLF are fine");
	counts("\xef\xbb\xbf"
	       "192.0.2.1\n",
		1, "a byte order mark is skipped");
	counts("# Stra\xc3\x9f"
	       "e\n192.0.2.1\n",
		1, "comments may hold UTF-8");
	counts("2001:db8::/112\n2001:db8::1:0-2001:DB8::1:f\n192.0.2.1\n", 65536 + 16 + 1,
		"items of both families may mix");
	counts("0.0.0.0/0\n", INT64_C(1) << 32, "/0 is all of IPv4");
	counts("::ffff:192.0.2.0/120\n", 256, "an IPv4-mapped prefix is the IPv4 prefix");
}

static void test_bad(void)
{
	complains("192.0.2.0/24\n192.0.2.256\n",
		"list:2:1: \"192.0.2.256\" is not an IPv4 or IPv6 address",
		"a malformed address is named with its line");
	complains("  192.0.2.0/33\n",
		"list:1:13: \"33\" is not a prefix length: write a number from 0 to 32",
		"a prefix length out of range, with its column");
	complains("2001:db8::/129\n",
		"list:1:12: \"129\" is not a prefix length: write a number from 0 to 128",
		"IPv6 has its own bound");
	complains(
		"192.0.2.0/\n", "list:1:11: \"\" is not a prefix length", "an empty prefix length");
	complains("192.0.2.0/+4\n", "list:1:11: \"+4\" is not", "a sign is no digit");
	complains("192.0.2.0/24x\n", "list:1:11: \"24x\" is not", "junk behind a prefix length");
	complains("192.0.2.0/24/24\n", "list:1:11: \"24/24\" is not", "two prefix lengths");
	complains("192.0.2.1/24\n",
		"list:1:1: \"192.0.2.1/24\" has bits set behind its prefix: write 192.0.2.0/24",
		"host bits are refused, and the message has the line to write");
	complains("2001:db8::1/64\n",
		"list:1:1: \"2001:db8::1/64\" has bits set behind its prefix: write 2001:db8::/64",
		"for IPv6 too");
	complains("::1/0\n", "list:1:1: \"::1/0\" has bits set behind its prefix: write ::/0",
		"/0 of IPv6 has 128 host bits");
	complains(
		"192.0.2.9-192.0.2.1\n", "list:1:11: the range runs backwards", "a reversed range");
	complains("192.0.2.9-\n", "list:1:11: an address is missing", "a range without end");
	complains("192.0.2.9-2001:db8::1\n", "list:1:11: the range starts in one address family",
		"a range across families");
	complains("192.0.2.1 192.0.2.2\n",
		"list:1:1: \"192.0.2.1 192.0.2.2\" is more than one item", "two items on a line");
	complains("www.example.org\n",
		"list:1:1: \"www.example.org\" is not an IPv4 or IPv6 address (host names are not",
		"a host name");
	complains(
		"192.0.2.1,a b\n", "list:1:11: \"a b\" is not a host name", "a name that is none");
	complains("192.0.2.1,\n", "list:1:11: \"\" is not a host name", "an empty name");
	complains("192.0.2.1,192.0.2.2\n", "list:1:11: \"192.0.2.2\" is a second item, and no name",
		"a second address, which would never be scanned");
	complains("192.0.2.1,192.0.2.256\n", "list:1:11: \"192.0.2.256\" is not",
		"or one that is mistyped");
	complains("192.0.2.1,a.example.\n", "list:1:11: \"a.example.\" is not a host name",
		"SNI allows no dot at the end");
	complains("192.0.2.1,-a.example\n", "list:1:11: \"-a.example\" is not",
		"a hyphen at the start of a label");
	complains("192.0.2.1,a-.example\n", "list:1:11: \"a-.example\" is not", "or at its end");
	complains("192.0.2.1,a..example\n", "list:1:11: \"a..example\" is not", "an empty label");
	complains("192.0.2.1,"
		  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz012345678901.example\n",
		"list:1:11: \"abcdefghij", "a label of 64 bytes");
	counts("192.0.2.1,"
	       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz01234567890._dmarc.1e100.x9\n",
		1, "63 bytes, underscores and digits are fine");
	complains("192.0.2.0/24,a.example\n", "list:1:13: only a single address can have a name",
		"a name for a prefix");
	complains("\n\n\n", "list:4:1: the file names no address", "a list of blank lines");
	complains("", "list:1:1: the file names no address", "an empty list");
	complains("192.0.2.1\n\x7f"
		  "ELF",
		"list:2:1: a control character", "a binary file");
	complains("192.0.2.1\n192\x1b[2J\n", "list:2:4: a control character", "an escape sequence");
	complains("192.0.2.1\xff\n", "list:1:1: \"192.0.2.1?\" is not",
		"a byte above ASCII is not echoed");
}

/* Dumps of what the Internet routes, as they can be fetched. */
static void test_dumps(void)
{
	counts("1.0.0.0\t24\t13335\n1.0.4.0\t22\t38803,56203\n1.0.8.0 24  "
	       "{1,2}\n2001:db8::\t120\t1\n",
		256 + 1024 + 256 + 256, "address, length and AS");
	counts("1.0.0.0/24 13335\n1.0.4.0/24|AS2519\n1.0.8.0/24\t1_2\tmore\n1.0.9.0/24 | 5 | x\n",
		4 * 256, "prefix and AS, whatever follows");
	complains("1.0.0.1\t24\t13335\n",
		"list:1:1: \"1.0.0.1/24\" has bits set behind its prefix: write 1.0.0.0/24",
		"host bits are refused there too");
	complains("1.0.0.0\t33\t13335\n", "list:1:9: \"33\" is not a prefix length",
		"and so are lengths out of range");
	complains("1.0.0.0   33   1\n", "list:1:11: \"33\" is not a prefix length",
		"at their column, whatever is between");
	counts("% This is a dump\n\n13335\t1.0.0.0/24\t300\n{1,2}\t1.0.4.0/22\t7\n"
	       "AS6939 2001:db8::/120\n",
		256 + 1024 + 256, "AS, prefix and what follows, as the RIPE's dump has it");
	complains("13335\t1.0.0.1/24\t300\n",
		"list:1:7: \"1.0.0.1/24\" has bits set behind its prefix",
		"mistakes are pointed at there too");
	complains("1.0.0.0 24\n", "list:1:1: \"1.0.0.0 24\" is more than one item",
		"without an AS it may as well be two items");
	complains("1.0.0.0/24 1.0.1.0/24\n", "list:1:1: \"1.0.0.0/24 1.0.1.0/24\" is more",
		"two prefixes are two items");
	complains(
		"1.0.0.0/24 hello\n", "list:1:1: \"1.0.0.0/24 hello\" is more", "a word is no AS");
}

static void test_lines(void)
{
	static char text[DP_LINE_MAX + 16];
	struct dp_targets *targets;
	char err[DP_ERR_LEN];

	memset(text, ' ', sizeof(text));
	memcpy(text + DP_LINE_MAX - 9, "192.0.2.1\n", 10);
	tap_eq(load(text, DP_LINE_MAX + 1, DP_ALLOW, &targets, err), 0,
		"a line of 4,096 bytes is read");
	dp_targets_free(targets);
	memset(text, '7', sizeof(text));
	tap_eq(load(text, sizeof(text), DP_ALLOW, &targets, err), -EINVAL,
		"a line of more than 4,096 bytes is not read");
	tap_str(err, "list:1:4097: the line is longer than 4,096 bytes",
		"a line of more than 4,096 bytes is named by the message");
	dp_targets_free(targets);
	tap_eq(load("192.0.2.1\n\0\n", 12, DP_ALLOW, &targets, err), -EINVAL,
		"a NUL byte is not skipped over");
	dp_targets_free(targets);
}

static void test_exclude_lists(void)
{
	struct dp_targets *targets;
	char err[DP_ERR_LEN];

	tap_eq(load("", 0, DP_EXCLUDE, &targets, err), 0,
		"an exclude list may be empty, as /dev/null is");
	dp_targets_free(targets);
	tap_eq(load("192.0.2.0/24,google.com,data\n192.0.2.9 # asked\n", 47, DP_EXCLUDE, &targets,
		       err),
		0, "what follows a comma in an exclude list is a comment");
	dp_targets_free(targets);
	tap_eq(load("192.0.2.9 # asked, as\n192.0.2.4 , 192.0.2.5\n", 44, DP_EXCLUDE, &targets,
		       err),
		-EINVAL, "a second exclusion behind a comma is refused, not lost");
	tap_str(err,
		"list:2:13: a second item, which would be taken for a comment: write one a line",
		"a second exclusion behind a comma is named with its place");
	dp_targets_free(targets);
	targets = dp_targets_new();
	tap_eq(dp_targets_add(targets, DP_EXCLUDE, "192.0.2.4,192.0.2.5", err), -EINVAL,
		"a second exclusion behind a comma is refused on a command line");
	tap_eq(dp_targets_add(targets, DP_EXCLUDE, "192.0.2.4,mx.example.org", err), -EINVAL,
		"an exclusion on a command line has no name");
	dp_targets_free(targets);
	tap_eq(load("192.0.2.0/24\nx\n", 15, DP_EXCLUDE, &targets, err), -EINVAL,
		"a line of an exclude list that cannot be read is never skipped: someone asked not "
		"to be scanned");
	dp_targets_free(targets);
}

static void test_files(void)
{
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN];

	tap_eq(dp_targets_add_file(targets, DP_ALLOW, "/nonexistent/list", err), -ENOENT,
		"a file that is not there");
	tap_str(err, "cannot open the list /nonexistent/list: No such file or directory",
		"a file that is not there is named with the reason");
	tap_eq(dp_targets_add_file(targets, DP_ALLOW, "/", err), -EISDIR, "a folder is not a list");
	tap_ok(strncmp(err, "/:1:1: ", 7) == 0,
		"a folder in place of a list is named with the reason");
	dp_targets_free(targets);
}

/* A million scattered addresses in no order, as an address list has them. */
static void test_million(void)
{
	const uint32_t n = 1000000;
	FILE *file = tmpfile();
	struct dp_targets *targets = dp_targets_new();
	char err[DP_ERR_LEN] = "";
	uint32_t x = 1;
	int rc;

	for (uint32_t i = 0; i < n; i++) {
		/* An odd multiplier keeps them distinct; the low bit stays 0, so that no two touch.
		 */
		x = i * 2654435761u << 1;
		fprintf(file, "%u.%u.%u.%u\n", x >> 24, x >> 16 & 255, x >> 8 & 255, x & 255);
	}
	rewind(file);
	rc = dp_targets_add_stream(targets, DP_ALLOW, file, "list", err);
	fclose(file);
	if (rc == 0)
		rc = dp_targets_finish(targets, 1, 1, err);
	tap_ok(rc == 0 && dp_targets_count(targets) == n,
		"a list of a million scattered addresses: %" PRIu64 " targets",
		dp_targets_count(targets));
	for (uint64_t i = 0; rc == 0 && i < n; i += 997) {
		struct dp_target target = dp_targets_get(targets, i);
		uint64_t index;

		if (!dp_targets_index(targets, &target, &index) || index != i)
			rc = -1;
	}
	tap_eq(rc, 0, "each of a million scattered addresses leads to its index and back");
	dp_targets_free(targets);
}

int main(void)
{
	test_good();
	test_bad();
	test_dumps();
	test_lines();
	test_exclude_lists();
	test_files();
	test_million();
	return tap_done();
}
