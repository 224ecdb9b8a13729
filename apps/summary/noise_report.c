/* SPDX-License-Identifier: BSD-3-Clause */
#include "noise_report.h"

#include <inttypes.h>

#include "dataplane/record/noise.h"

static uint64_t n_noise(const struct su_noise_facts *facts)
{
	uint64_t n = 0;

	for (int i = 0; i < DP_N_RESPONDER; i++) {
		if (dp_responder_is_noise((enum dp_responder)i))
			n += facts->responders[i];
	}
	return n;
}

static uint64_t n_open(const struct su_noise_facts *facts)
{
	uint64_t n = 0;

	for (int i = DP_RESPONDER_NONE + 1; i < DP_N_RESPONDER; i++)
		n += facts->responders[i];
	return n;
}

static void put_share(struct js_buf *js, const char *key, struct su_estimate_share share)
{
	js_object(js, key);
	js_u64(js, "count", share.k);
	js_u64(js, "of", share.n);
	js_real(js, "share", share.share);
	js_real(js, "low", share.low);
	js_real(js, "high", share.high);
	js_end_object(js);
}

static void put_responders(struct js_buf *js, const struct su_noise_facts *facts)
{
	js_object(js, "responders");
	for (int i = DP_RESPONDER_NONE + 1; i < DP_N_RESPONDER; i++)
		js_u64(js, dp_responder_name((enum dp_responder)i), facts->responders[i]);
	js_end_object(js);
	js_object(js, "discarded_synacks");
	js_u64(js, "wrong_cookie", facts->n_wrong_cookie);
	js_u64(js, "duplicate", facts->n_duplicate);
	js_end_object(js);
}

static void put_estimates(struct js_buf *js, const struct su_noise_facts *facts)
{
	struct su_estimate_loss loss = su_estimate_loss_of(
		facts->n_first, facts->n_second, facts->n_both);

	js_object(js, "estimates");
	js_double(js, "confidence", 0.95);
	put_share(js, "hit_rate", su_estimate_share_of(n_open(facts), facts->n_probed));
	put_share(js, "service_rate",
		su_estimate_share_of(facts->responders[DP_RESPONDER_SERVICE], facts->n_probed));
	put_share(js, "noise_rate", su_estimate_share_of(n_noise(facts), facts->n_probed));
	put_share(
		js, "background", su_estimate_share_of(facts->n_canary_synacks, facts->n_canaries));
	js_object(js, "loss");
	js_u64(js, "sampled", facts->n_sampled);
	put_share(js, "missed", loss.missed);
	put_share(js, "single_probe", loss.single);
	js_end_object(js);
	js_end_object(js);
}

static void format_prefix(const struct su_prefix *prefix, char text[TS_ADDR_STRLEN + 4])
{
	char addr[TS_ADDR_STRLEN];

	ts_addr_format(&prefix->first, addr);
	snprintf(text, TS_ADDR_STRLEN + 4, "%s/%u", addr, prefix->len);
}

/* This share has no interval: it is no sample, all pairs of the network were probed. */
static void put_open_share(struct js_buf *js, const struct su_prefix *prefix)
{
	js_object(js, "open_share");
	js_u64(js, "count", prefix->n_answers);
	js_double(js, "of", prefix->n_probed);
	js_real(js, "share", prefix->n_answers / prefix->n_probed);
	js_end_object(js);
}

static void put_prefixes(struct js_buf *js, const struct su_noise_facts *facts)
{
	char text[TS_ADDR_STRLEN + 4];

	js_object(js, "prefixes");
	js_u64(js, "with_answers", facts->prefixes.n_prefixes);
	js_u64(js, "untracked_answers", facts->prefixes.n_untracked);
	js_u64(js, "suspicious", facts->n_suspects);
	js_bool(js, "probed_is_expected", facts->is_part);
	js_array(js, "most_suspicious");
	for (uint32_t i = 0; i < facts->n_top; i++) {
		format_prefix(&facts->top[i], text);
		js_object(js, NULL);
		js_str(js, "prefix", text);
		js_double(js, "probed", facts->top[i].n_probed);
		js_u64(js, "answers", facts->top[i].n_answers);
		js_u64(js, "services", facts->top[i].n_services);
		put_open_share(js, &facts->top[i]);
		js_end_object(js);
	}
	js_end_array(js);
	js_end_object(js);
}

void su_noise_put(struct js_buf *js, const struct su_noise_facts *facts)
{
	put_responders(js, facts);
	put_estimates(js, facts);
	put_prefixes(js, facts);
}

static void print_loss(FILE *out, const struct su_noise_facts *facts)
{
	struct su_estimate_loss loss = su_estimate_loss_of(
		facts->n_first, facts->n_second, facts->n_both);
	char missed[SU_ESTIMATE_TEXT_LEN], single[SU_ESTIMATE_TEXT_LEN];

	if (facts->n_sampled == 0)
		return;
	if (!su_estimate_is_enough(loss.missed) || !su_estimate_is_enough(loss.single)) {
		fprintf(out,
			"loss: not known, only %" PRIu64 " of %" PRIu64
			" targets probed twice have answered (a smaller --loss-sample takes "
			"more)\n",
			facts->n_second, facts->n_sampled);
		return;
	}
	su_estimate_print(loss.missed, missed);
	su_estimate_print(loss.single, single);
	fprintf(out,
		"loss: a single probe misses %s, this scan missed %s of the targets that answer; "
		"from "
		"%" PRIu64 " that did\n",
		single, missed, facts->n_second);
}

static void print_background(FILE *out, const struct su_noise_facts *facts)
{
	struct su_estimate_share canaries = su_estimate_share_of(
		facts->n_canary_synacks, facts->n_canaries);
	struct su_estimate_share noise = su_estimate_share_of(n_noise(facts), facts->n_probed);
	struct su_estimate_share service = su_estimate_share_of(
		facts->responders[DP_RESPONDER_SERVICE], facts->n_probed);
	char floor[SU_ESTIMATE_TEXT_LEN], noisy[SU_ESTIMATE_TEXT_LEN],
		serving[SU_ESTIMATE_TEXT_LEN];

	if (facts->n_probed == 0)
		return;
	su_estimate_print(canaries, floor);
	su_estimate_print(noise, noisy);
	su_estimate_print(service, serving);
	fprintf(out, "background: %s of the targets were services, %s noise", serving, noisy);
	if (facts->n_canaries > 0)
		fprintf(out, "; ports that nobody uses answered in %s of %" PRIu64, floor,
			facts->n_canaries);
	else if (facts->has_canaries)
		fputs("; no port that nobody uses was tried", out);
	if (facts->has_canaries && !su_estimate_is_enough(canaries))
		fputs(" (a smaller --canary-sample takes more)", out);
	fputc('\n', out);
}

static void print_prefixes(FILE *out, const struct su_noise_facts *facts)
{
	char text[TS_ADDR_STRLEN + 4];

	if (facts->n_suspects == 0)
		return;
	format_prefix(&facts->top[0], text);
	fprintf(out,
		"networks: %" PRIu64 " answer like one box, %s first: %" PRIu32
		" of %s%.0f pairs, %" PRIu32 " services; summary.json has more\n",
		facts->n_suspects, text, facts->top[0].n_answers, facts->is_part ? "about " : "",
		facts->top[0].n_probed, facts->top[0].n_services);
}

void su_noise_print(FILE *out, const struct su_noise_facts *facts)
{
	print_loss(out, facts);
	print_background(out, facts);
	print_prefixes(out, facts);
}
