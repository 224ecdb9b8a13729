/* SPDX-License-Identifier: BSD-3-Clause */
/* Results read back, and files continued behind their last whole line. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/util/line_file.h"
#include "apps/resume/results_file.h"
#include "tap.h"

#define LINE_A "{\"ip\":\"198.18.0.1\",\"port\":25,\"data\":{}}\n"
#define LINE_B "{\"ip\":\"2001:db8::1\",\"port\":443,\"data\":{\"x\":\"\\\"port\\\":1\"}}\n"

static char dir[] = "/tmp/tlsweep_results_XXXXXX";
static struct ut_folder folder;

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *text)
{
	FILE *out = fopen(path_of(UT_RESULTS_FILE), "w");

	fputs(text, out);
	fclose(out);
}

static void test_read(void)
{
	struct re_results lines;
	char err[RE_CHECKPOINT_ERR_LEN] = "", ip[TS_ADDR_STRLEN];

	put(LINE_A LINE_B LINE_A);
	tap_eq(re_results_read(&folder, 0, strlen(LINE_A), &lines, err), 0,
		"results are read back");
	tap_ok(lines.n == 3 && lines.n_new == 2 && lines.n_bytes == strlen(LINE_A LINE_B LINE_A),
		"each line counts, and those behind the checkpoint's are new");
	ts_addr_format(&lines.pairs[1].addr, ip);
	tap_str(ip, "2001:db8::1", "the address of a line is read");
	tap_eq(lines.pairs[1].port, 443, "the port of a line is read, not one inside its data");
	re_results_free(&lines);
	tap_ok(re_results_read(&folder, strlen(LINE_A), strlen(LINE_A), &lines, err) == 0 &&
			lines.n == 2,
		"reading begins where the checkpoint says");
	re_results_free(&lines);
	put(LINE_A "{\"ip\":\"198.18.0.2\",\"po");
	tap_ok(re_results_read(&folder, 0, 0, &lines, err) == 0 && lines.n == 1 &&
			lines.n_bytes == strlen(LINE_A),
		"a line that was being written when the process was killed is left out");
	re_results_free(&lines);
	put("");
	tap_ok(re_results_read(&folder, 0, 0, &lines, err) == 0 && lines.n == 0,
		"a file of results without a line is read as one with none");
	re_results_free(&lines);
}

static void refused(const char *text, uint64_t from, uint64_t new_from, const char *want)
{
	struct re_results lines;
	char err[RE_CHECKPOINT_ERR_LEN] = "";

	put(text);
	if (!tap_ok(re_results_read(&folder, from, new_from, &lines, err) == -EINVAL &&
			    strstr(err, want) != NULL,
		    "a line of results is refused: %s", want))
		printf("# %s\n", err);
	re_results_free(&lines);
}

static void test_refused(void)
{
	struct re_results lines;
	char err[RE_CHECKPOINT_ERR_LEN] = "";

	refused(LINE_A "{\"ip\":1}\n", 0, 0, ":2:1: ");
	refused(LINE_A "{\"ip\":\"198.18.0.256\",\"port\":25,}\n", 0, 0, ":2:8: ");
	refused(LINE_A LINE_B "{\"ip\":\"198.18.0.2\",\"port\":0,}\n", strlen(LINE_A),
		strlen(LINE_A), ":3:");
	refused("{\"ip\":\"198.18.0.2\",\"port\":65536,}\n", 0, 0, ":1:32: ");
	refused("{\"ip\":\"198.18.0.2\",\"port\":25}\n", 0, 0, ":1:29: ");
	refused("{\"ip\":\"198.18.0.2\"}\n", 0, 0, ":1:18: ");
	refused("\n", 0, 0, ":1:1: ");
	refused(LINE_A LINE_A, 5, 5, "no line begins at byte 5");
	refused(LINE_A, strlen(LINE_A), 2 * strlen(LINE_A), "the file ends at byte");
	unlink(path_of(UT_RESULTS_FILE));
	tap_ok(re_results_read(&folder, 0, 0, &lines, err) == -ENOENT &&
			strstr(err, UT_RESULTS_FILE) != NULL,
		"results that are gone are named");
	re_results_free(&lines);
}

static void look_at_certs(const char *text, uint64_t bytes, const char *want)
{
	char err[RE_CHECKPOINT_ERR_LEN] = "";
	FILE *out = fopen(path_of(UT_CERTS_FILE), "w");

	fputs(text, out);
	fclose(out);
	if (!tap_ok(re_results_check_certs(&folder, bytes, err) == (want == NULL ? 0 : -EINVAL) &&
			    (want == NULL || strstr(err, want) != NULL),
		    "certificates.jsonl of %d bytes: the verdict is \"%s\"", (int)bytes,
		    want == NULL ? "fine" : want))
		printf("# %s\n", err);
}

static void test_certificates(void)
{
	char err[RE_CHECKPOINT_ERR_LEN] = "";

	look_at_certs("{1}\n{2}\n", 8, NULL);
	look_at_certs("{1}\n{2}\n{3", 8, NULL);
	look_at_certs("{1}\n{2}", 8, "certificates.jsonl: the file ends at byte 7 and had 8");
	look_at_certs("{1}\n", 8, "the file ends at byte 4 and had 8");
	look_at_certs("", 1, "the file ends at byte 0 and had 1");
	look_at_certs("{1234567}\n", 8, "no line ends at byte 8");
	look_at_certs("", 0, NULL);
	unlink(path_of(UT_CERTS_FILE));
	tap_ok(re_results_check_certs(&folder, 8, err) == -ENOENT &&
			strstr(err, UT_CERTS_FILE) != NULL,
		"certificates that are gone are named");
	tap_eq(re_results_check_certs(&folder, 0, err), 0,
		"where nothing is known of them, nothing is missed");
}

static bool holds(const char *want)
{
	char text[4096] = "";
	FILE *in = fopen(path_of(UT_RESULTS_FILE), "r");
	size_t n = fread(text, 1, sizeof(text) - 1, in);

	fclose(in);
	return n == strlen(want) && memcmp(text, want, n) == 0;
}

static void test_continue(void)
{
	static char longer[2 * 4096 + 100];
	struct ut_line_file file;

	put(LINE_A "{\"ip\":\"198.18.0.2\",\"po");
	tap_ok(ut_line_file_continue(&file, &folder, UT_RESULTS_FILE) == 0 &&
			file.n_bytes == strlen(LINE_A),
		"a file is continued behind its last whole line");
	ut_line_file_append(&file, LINE_B, strlen(LINE_B));
	tap_ok(ut_line_file_sync(&file) == 0 && ut_line_file_close(&file) == 0 &&
			holds(LINE_A LINE_B),
		"the next line stands right behind the last whole one");
	put("{\"ip");
	tap_ok(ut_line_file_continue(&file, &folder, UT_RESULTS_FILE) == 0 &&
			ut_line_file_close(&file) == 0 && holds(""),
		"of a file with nothing but a part of a line, nothing stays");
	memset(longer, 'x', sizeof(longer) - 1);
	memcpy(longer, LINE_A, strlen(LINE_A));
	put(longer);
	tap_ok(ut_line_file_continue(&file, &folder, UT_RESULTS_FILE) == 0 &&
			ut_line_file_close(&file) == 0 && holds(LINE_A),
		"a part of a line longer than a block is cut off whole");
	unlink(path_of(UT_RESULTS_FILE));
	tap_eq(ut_line_file_continue(&file, &folder, UT_RESULTS_FILE), -ENOENT,
		"a file that is gone is not made");
}

int main(void)
{
	char err[RE_CHECKPOINT_ERR_LEN];

	if (mkdtemp(dir) == NULL ||
		ut_folder_open(&folder, dir, &(struct ut_folder_use){0}, err, sizeof(err)) != 0)
		return tap_skip_all("no temporary folder");
	test_read();
	test_refused();
	test_certificates();
	test_continue();
	ut_folder_close(&folder);
	rmdir(dir);
	return tap_done();
}
