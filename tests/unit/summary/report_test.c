/* SPDX-License-Identifier: BSD-3-Clause */
/* What the user reads at the end: a line where there is something to say, and that there is not
 * where samples are small. */
#include "apps/summary/noise_report.h"

#include <stdlib.h>

#include "tap.h"

static void want(const struct su_noise_facts *facts, const char *text, const char *label)
{
	char *got = NULL;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	su_noise_print(out, facts);
	fclose(out);
	tap_str(got, text, label);
	free(got);
}

/* Fewer than 100 canaries were left out without a word. */
static void small_samples(void)
{
	struct su_noise_facts facts = {.n_probed = 256, .n_canaries = 3, .has_canaries = true};

	want(&facts,
		"background: 0.0 % (0.0-1.5 %) of the targets were services, 0.0 % (0.0-1.5 %) "
		"noise; ports "
		"that "
		"nobody uses answered in 0 % (0-56 %) of 3 (a smaller --canary-sample takes "
		"more)\n",
		"three canaries have their interval, which says what they are worth");
	facts.n_canaries = 0;
	want(&facts,
		"background: 0.0 % (0.0-1.5 %) of the targets were services, 0.0 % (0.0-1.5 %) "
		"noise; no port "
		"that nobody uses was tried (a smaller --canary-sample takes more)\n",
		"that no canary answered is reported as well");
	facts.has_canaries = false;
	want(&facts,
		"background: 0.0 % (0.0-1.5 %) of the targets were services, 0.0 % (0.0-1.5 %) "
		"noise\n",
		"nothing is reported of canaries that were not asked for");
}

static void json_of(const struct su_noise_facts *facts, const char *part)
{
	struct js_buf js = {0};
	char *text;

	js_object(&js, NULL);
	su_noise_put(&js, facts);
	js_end_object(&js);
	js_newline(&js);
	text = strndup(js.data, js.len);
	if (!tap_ok(text != NULL && strstr(text, part) != NULL,
		    "a network in the summary has its open share"))
		printf("# no %s in: %s", part, text);
	free(text);
	js_free(&js);
}

int main(void)
{
	struct su_noise_facts facts = {.n_probed = 0};

	want(&facts, "", "a scan of nothing has nothing to say");
	small_samples();
	facts.n_sampled = 2000;
	facts.n_first = 50;
	facts.n_second = 51;
	facts.n_both = 49;
	want(&facts,
		"loss: not known, only 51 of 2000 targets probed twice have answered (a smaller "
		"--loss-sample takes more)\n",
		"a small sample is called one");
	facts.n_first = 4090;
	facts.n_second = 4010;
	facts.n_both = 4008;
	want(&facts,
		"loss: a single probe misses 2.0 % (1.6-2.5 %), this scan missed 0.05 % "
		"(0.01-0.18 %) of the targets that answer; from 4010 that did\n",
		"the loss is reported with its interval");
	facts.n_sampled = 0;
	facts.n_probed = 100000;
	facts.responders[DP_RESPONDER_SERVICE] = 2000;
	facts.responders[DP_RESPONDER_WRONG_PROTOCOL] = 500;
	facts.responders[DP_RESPONDER_NO_ACK] = 60;
	facts.responders[DP_RESPONDER_SYN_PROXY] = 40;
	want(&facts,
		"background: 2.00 % (1.92-2.09 %) of the targets were services, 0.10 % "
		"(0.08-0.12 %) noise\n",
		"noise is what said nothing");
	facts.n_canaries = 1000;
	facts.n_canary_synacks = 1;
	facts.n_suspects = 3;
	facts.n_top = 1;
	facts.top[0] = (struct su_prefix){
		.first = ts_addr_from_v4(__builtin_bswap32(0xc6120100)),
		.len = 24,
		.n_answers = 500,
		.n_services = 2,
		.n_probed = 511.7,
	};
	want(&facts,
		"background: 2.00 % (1.92-2.09 %) of the targets were services, 0.10 % "
		"(0.08-0.12 %) noise; ports that nobody uses answered in 0.1 % (0.0-0.6 %) of "
		"1000\n"
		"networks: 3 answer like one box, 198.18.1.0/24 first: 500 of 512 pairs, 2 "
		"services; summary.json has more\n",
		"canaries and networks that answer like one box are reported");
	facts.is_part = true;
	facts.n_probed = 0;
	want(&facts,
		"networks: 3 answer like one box, 198.18.1.0/24 first: 500 of about 512 pairs, 2 "
		"services; summary.json has more\n",
		"what is expected is not told as counted");
	facts.n_suspects = 1;
	json_of(&facts,
		"\"probed_is_expected\":true,\"most_suspicious\":[{\"prefix\":\"198.18.1.0/24\","
		"\"probed\":511.7,\"answers\":500,\"services\":2,"
		"\"open_share\":{\"count\":500,\"of\":511.7,\"share\":0.977135");
	return tap_done();
}
