/* SPDX-License-Identifier: BSD-3-Clause */
/* The checkpoint's file: what is written is read back, and nothing else is taken for a
 * checkpoint. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/resume/checkpoint.h"
#include "tap.h"

static char dir[] = "/tmp/tlsweep_checkpoint_XXXXXX";
static struct ut_folder folder;

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static struct ts_addr addr_of(const char *text)
{
	struct ts_addr addr = {0};

	ts_addr_parse(text, &addr);
	return addr;
}

static void fill(struct re_checkpoint *c)
{
	struct ts_addr first = addr_of("198.18.0.64"), last = addr_of("198.18.0.71");
	struct ts_addr v4 = addr_of("198.18.0.9"), v6 = addr_of("2001:db8::1");

	*c = (struct re_checkpoint){
		.n_runs = 3,
		.seed = UINT64_MAX,
		.targets_digest = UINT64_C(0x0123456789abcdef),
		.services = "25:smtp,443:https",
		.pair_services = "2525:smtp",
		.outcomes = "open,closed",
		.certificates = "store",
		.index_first = 100,
		.n_indices = 512,
		.next_index = 300,
		.results_from = 91223,
		.results_bytes = 120344,
		.n_records = 200,
		.certs_bytes = 74120,
	};
	dp_ranges_push(&c->excluded,
		(struct dp_range){dp_number_from_addr(&first), dp_number_from_addr(&last)});
	re_checkpoint_add_open(c, &v4, 25);
	re_checkpoint_add_open(c, &v6, 443);
}

static char *text_of(const struct re_checkpoint *c, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	re_checkpoint_print(c, out);
	fclose(out);
	return text;
}

static int load_text(
	const char *text, size_t len, struct re_checkpoint *c, char err[RE_CHECKPOINT_ERR_LEN])
{
	FILE *out = fopen(path_of(UT_CHECKPOINT_FILE), "w");

	fwrite(text, 1, len, out);
	fclose(out);
	return re_checkpoint_load(c, &folder, err);
}

static void test_services(void)
{
	static struct dl_service services[2][2000];
	char text[2][RE_CHECKPOINT_TEXT_LEN];

	for (size_t i = 0; i < 2000; i++)
		services[0][i] = services[1][i] = (struct dl_service){
			(uint16_t)(i + 1), DL_TLS, true};
	re_checkpoint_services(services[0], 2000, text[0]);
	tap_str(text[0], "1-2000:tls", "services in a row are a range");
	for (size_t i = 0; i < 2000; i++)
		services[0][i].port = services[1][i].port = (uint16_t)(2 * i + 1);
	services[1][1999].proto = DL_HTTP;
	re_checkpoint_services(services[0], 2000, text[0]);
	re_checkpoint_services(services[1], 2000, text[1]);
	tap_ok(strncmp(text[0], "2000 services, digest ", 22) == 0 && strcmp(text[0], text[1]) != 0,
		"services that are too many to be written out have a digest that tells them apart");
}

static void test_round_trip(void)
{
	struct re_checkpoint written, got;
	char err[RE_CHECKPOINT_ERR_LEN] = "";
	char *before, *after;
	size_t len_before, len_after;

	fill(&written);
	tap_eq(re_checkpoint_save(&written, &folder), 0, "a checkpoint is written");
	tap_ok(access(path_of(UT_CHECKPOINT_FILE ".new"), F_OK) != 0,
		"writing a checkpoint leaves no other file");
	tap_eq(re_checkpoint_load(&got, &folder, err), 0,
		"a checkpoint that was written is read back");
	before = text_of(&written, &len_before);
	after = text_of(&got, &len_after);
	tap_str(after, before,
		"a checkpoint that is read and written again is the same to the last character");
	tap_ok(got.n_open == 2 && got.open[1].port == 443 && got.seed == UINT64_MAX &&
			got.excluded.n == 1 && got.next_index == 300 && got.certs_bytes == 74120,
		"each field is in its place");
	written.state = RE_STATE_DONE;
	tap_ok(re_checkpoint_save(&written, &folder) == 0,
		"a second one takes the place of the first");
	re_checkpoint_free(&got);
	tap_ok(re_checkpoint_load(&got, &folder, err) == 0 && got.state == RE_STATE_DONE,
		"the checkpoint of a complete scan says done");
	re_checkpoint_free(&got);
	re_checkpoint_free(&written);
	free(before);
	free(after);
}

/* Cut anywhere, it is not a checkpoint: not even at the end of a line. */
static void test_cut(void)
{
	struct re_checkpoint written, got;
	char err[RE_CHECKPOINT_ERR_LEN];
	unsigned int n_taken = 0, n_silent = 0;
	size_t len;
	char *text;

	fill(&written);
	text = text_of(&written, &len);
	for (size_t cut = 0; cut < len; cut++) {
		err[0] = '\0';
		n_taken += load_text(text, cut, &got, err) == 0;
		n_silent += strstr(err, "/checkpoint:") == NULL;
		re_checkpoint_free(&got);
	}
	tap_eq(n_taken, 0, "no beginning of a checkpoint is taken for one");
	tap_eq(n_silent, 0,
		"each beginning of a checkpoint is refused with the place where it ends");
	re_checkpoint_free(&written);
	free(text);
}

static void test_wrong(const char *from, const char *to, const char *want)
{
	struct re_checkpoint written, got;
	char err[RE_CHECKPOINT_ERR_LEN] = "", changed[4096];
	size_t len;
	char *text, *at;

	fill(&written);
	text = text_of(&written, &len);
	at = strstr(text, from);
	if (!tap_ok(at != NULL, "the checkpoint has \"%.*s\"", (int)strcspn(from, "\n"), from))
		return;
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text), text, to,
		at + strlen(from));
	if (!tap_ok(load_text(changed, strlen(changed), &got, err) == -EINVAL &&
			    strstr(err, want) != NULL,
		    "\"%.*s\" for \"%.*s\" is refused at %s", (int)strcspn(to, "\n"), to,
		    (int)strcspn(from, "\n"), from, want))
		printf("# %s\n", err);
	re_checkpoint_free(&got);
	re_checkpoint_free(&written);
	free(text);
}

int main(void)
{
	struct re_checkpoint got;
	char err[RE_CHECKPOINT_ERR_LEN] = "";

	if (mkdtemp(dir) == NULL || ut_folder_open(&folder, dir, &(struct ut_folder_use){0}, err,
					    RE_CHECKPOINT_ERR_LEN) != 0)
		return tap_skip_all("no temporary folder");
	tap_ok(re_checkpoint_load(&got, &folder, err) == -ENOENT && strstr(err, "--resume") != NULL,
		"a folder without a checkpoint is said to be one");
	test_services();
	test_round_trip();
	test_cut();
	test_wrong("certificates_bytes = 74120", "certificates_bytes = -1", ":16:22: ");
	test_wrong("tlsweep checkpoint 2", "tlsweep checkpoint 1", ":1:1: ");
	test_wrong("pair_services = 2525:smtp\n", "", ":7:1: \"pair_services = ...\" is");
	test_wrong("running", "ran", ":2:9: ");
	test_wrong("seed = 1844", "seed = 9844", ":4:");
	test_wrong("seed", "sead", ":4:1: \"seed = ...\" is expected");
	test_wrong("targets = 01", "targets = 0x", ":5:12: ");
	test_wrong("runs = 3\n", "", ":3:1: \"runs = ...\" is expected");
	test_wrong("runs = 3", "runs = 3\nruns = 3", ":4:1: ");
	test_wrong("next_index = 300", "next_index = 99", "contradict");
	test_wrong("next_index = 300", "next_index = 613", "contradict");
	test_wrong("results_from = 91223", "results_from = 120345", "contradict");
	test_wrong("198.18.0.64-", "198.18.0.256-", ":17:12: ");
	test_wrong("198.18.0.64-", "198.18.0.72-", "before it begins");
	test_wrong("198.18.0.9 25", "198.18.0.9", ":18:8: ");
	test_wrong("198.18.0.9 25", "198.18.0.9 65536", ":18:19: ");
	test_wrong("open = 198.18.0.9 25\n", "", ":19:7: ");
	test_wrong("end = 19\n", "end = 19\nend = 20\n", ":21:1: ");
	unlink(path_of(UT_CHECKPOINT_FILE));
	ut_folder_close(&folder);
	rmdir(dir);
	return tap_done();
}
