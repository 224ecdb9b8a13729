/* SPDX-License-Identifier: BSD-3-Clause */
#include "summary.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apps/util/folder.h"
#include "apps/json/json_dialog.h"
#include "apps/util/replace_file.h"

/* Write ZGrab2's metadata: successes and failures by module. Both roles of XMPP are one module. */
static void put_statuses(struct js_buf *js, const struct out_writer_counts *records)
{
	js_object(js, "statuses");
	for (unsigned int first = 0; first < DL_N_PROTO; first++) {
		const char *module = js_dialog_module((enum dl_proto)first);
		uint64_t successes = 0, failures = 0;

		if (first > 0 && strcmp(module, js_dialog_module((enum dl_proto)(first - 1))) == 0)
			continue;
		for (unsigned int i = first; i < DL_N_PROTO; i++) {
			if (strcmp(module, js_dialog_module((enum dl_proto)i)) != 0)
				continue;
			successes += records->successes[i];
			failures += records->failures[i];
		}
		if (successes + failures == 0)
			continue;
		js_object(js, module);
		js_u64(js, "successes", successes);
		js_u64(js, "failures", failures);
		js_end_object(js);
	}
	js_end_object(js);
}

static void put_records(struct js_buf *js, const struct out_writer_counts *records)
{
	js_object(js, "records");
	js_u64(js, "total", records->n_records);
	js_u64(js, "lost", records->n_lost);
	js_u64(js, "bytes", records->n_bytes - records->n_earlier_bytes);
	js_object(js, "status");
	for (unsigned int i = DL_SUCCESS; i < DL_N_STATUS; i++)
		js_u64(js, dl_status_name((enum dl_status)i), records->by_status[i]);
	js_end_object(js);
	js_object(js, "outcome");
	for (unsigned int i = 0; i < DP_N_OUTCOME; i++)
		js_u64(js, dp_outcome_name((enum dp_outcome)i), records->by_outcome[i]);
	js_end_object(js);
	js_u64(js, "tls_completed", records->tls_completed);
	js_u64(js, "tls_failed", records->tls_failed);
	js_u64(js, "starttls_accepted", records->starttls_ok);
	js_object(js, "tls_causes");
	for (unsigned int i = TL_CAUSE_NONE + 1; i < TL_N_CAUSE; i++)
		js_u64(js, tl_cause_name((enum tl_cause)i), records->by_cause[i]);
	js_end_object(js);
	js_u64(js, "certificates_seen", records->certs.n_seen);
	js_u64(js, "certificates_stored", records->certs.n_stored);
	js_u64(js, "certificates_unverified", records->certs.n_unverified);
	js_end_object(js);
}

static void put_texts(struct js_buf *js, const char *key, const struct su_text *texts, size_t n)
{
	js_object(js, key);
	for (size_t i = 0; i < n; i++)
		js_str(js, texts[i].name, texts[i].text);
	js_end_object(js);
}

static void put_values(struct js_buf *js, const char *key, const struct su_value *values, size_t n)
{
	js_object(js, key);
	for (size_t i = 0; i < n; i++)
		js_u64(js, values[i].name, values[i].value);
	js_end_object(js);
}

/* As put_texts(), with an array where a name may stand several times. */
static void put_parameters(struct js_buf *js, const struct su_text *texts, size_t n)
{
	js_object(js, "parameters");
	for (size_t i = 0; i < n; i++) {
		const char *name = texts[i].name;

		if (!texts[i].is_list) {
			js_str(js, name, texts[i].text);
			continue;
		}
		js_array(js, name);
		js_str(js, NULL, texts[i].text);
		while (i + 1 < n && strcmp(texts[i + 1].name, name) == 0)
			js_str(js, NULL, texts[++i].text);
		js_end_array(js);
	}
	js_end_object(js);
}

static void put_cores(struct js_buf *js, const struct su_core *cores, size_t n)
{
	js_array(js, "cores");
	for (size_t i = 0; i < n; i++) {
		const struct su_core *core = &cores[i];

		js_object(js, NULL);
		js_u64(js, "lcore", core->lcore);
		js_str(js, "role", core->role);
		js_u64(js, "cpu", core->cpu);
		js_u64(js, "loop_p999_us", core->loop_p999_us);
		js_u64(js, "loop_max_us", core->loop_max_us);
		put_values(js, "counters", core->counters, core->n_counters);
		put_values(js, "drops", core->drops, core->n_drops);
		js_end_object(js);
	}
	js_end_array(js);
}

/* Write which targets there are, and which of them this run was to probe. */
static void put_part(struct js_buf *js, const struct su_input *input)
{
	char digest[20];

	snprintf(digest, sizeof(digest), "%016llx", (unsigned long long)input->targets_digest);
	js_str(js, "targets_digest", digest);
	js_object(js, "part");
	js_u64(js, "shard", input->shard + 1);
	js_u64(js, "shards", input->n_shards);
	js_u64(js, "first_index", input->first);
	js_u64(js, "indices", input->n_indices);
	js_end_object(js);
}

static void put_identity(struct js_buf *js, const struct su_input *input)
{
	char seed[24];

	js_str(js, "tool", "tlsweep");
	js_str(js, "version", input->version);
	if (input->commit != NULL && input->commit[0] != '\0')
		js_str(js, "commit", input->commit);
	put_texts(js, "libraries", input->libraries, input->n_libraries);
	js_array(js, "arguments");
	for (size_t i = 0; i < input->n_arguments; i++)
		js_str(js, NULL, input->arguments[i]);
	js_end_array(js);
	put_parameters(js, input->parameters, input->n_parameters);
	/* A string: 64 bits do not fit the numbers of many JSON readers. */
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)input->seed);
	js_str(js, "seed", seed);
	js_bool(js, "seed_given", input->seed_given);
}

static void put_course(struct js_buf *js, const struct su_input *input)
{
	uint64_t took_us = input->end_unix_us < input->start_unix_us
				   ? 0
				   : input->end_unix_us - input->start_unix_us;
	char text[32];

	js_time_us(js, "start", input->start_unix_us);
	js_time_us(js, "end", input->end_unix_us);
	/* As Go prints a duration, which is what ZGrab2's metadata holds. */
	snprintf(text, sizeof(text), "%llu.%06us", (unsigned long long)(took_us / 1000000),
		(unsigned int)(took_us % 1000000));
	js_str(js, "duration", text);
	js_double(js, "duration_s", (double)took_us / 1e6);
	js_str(js, "exit_reason", input->exit_reason);
	js_i64(js, "exit_code", input->exit_code);
	if (input->error != NULL && input->error[0] != '\0')
		js_str(js, "error", input->error);
	js_u64(js, "num_targets", input->n_targets);
	js_u64(js, "num_targets_scanned", input->n_targets_scanned);
	put_part(js, input);
}

static void put_waits(struct js_buf *js, const struct su_wait *waits, size_t n)
{
	js_object(js, "waited_for");
	for (size_t i = 0; i < n; i++) {
		if (waits[i].n == 0)
			continue;
		js_object(js, waits[i].name);
		js_u64(js, "times", waits[i].n);
		js_double(js, "seconds", (double)waits[i].us / 1e6);
		js_end_object(js);
	}
	js_end_object(js);
}

static void put_summary(struct js_buf *js, const struct su_input *input)
{
	js_object(js, NULL);
	put_identity(js, input);
	put_course(js, input);
	if (input->n_resume > 0)
		put_values(js, "resume", input->resume, input->n_resume);
	put_waits(js, input->waits, input->n_waits);
	put_statuses(js, &input->records);
	put_records(js, &input->records);
	su_noise_put(js, input->noise);
	js_object(js, "counters");
	for (size_t i = 0; i < input->n_counters; i++)
		put_values(js, input->counters[i].name, input->counters[i].values,
			input->counters[i].n_values);
	js_end_object(js);
	put_cores(js, input->cores, input->n_cores);
	put_values(js, "memory_plan_bytes", input->memory_plan, input->n_memory_plan);
	put_values(js, "memory_used_bytes", input->memory_used, input->n_memory_used);
	js_object(js, "rates");
	for (size_t i = 0; i < input->n_rates; i++)
		js_double(js, input->rates[i].name, input->rates[i].value);
	js_end_object(js);
	if (input->excluded_live != NULL && input->excluded_live->n > 0)
		su_exclusions_json(input->excluded_live, js, "excluded_live");
	js_end_object(js);
	js_newline(js);
}

int su_summary_write(
	const struct su_input *input, const struct ut_folder *folder, char *err, size_t err_len)
{
	struct js_buf js = {.pretty = folder != NULL};
	int rc = 0;

	put_summary(&js, input);
	if (js.failed)
		rc = -ENOMEM;
	else if (folder == NULL)
		rc = ut_write_all(STDERR_FILENO, js.data, js.len);
	else
		rc = ut_replace_file(folder, UT_SUMMARY_FILE, js.data, js.len, true);
	js_free(&js);
	if (rc < 0 && folder == NULL)
		snprintf(err, err_len, "cannot write the summary to standard error: %s",
			strerror(-rc));
	else if (rc < 0)
		snprintf(err, err_len, "cannot write the summary to %s/" UT_SUMMARY_FILE ": %s",
			folder->path, strerror(-rc));
	return rc;
}
