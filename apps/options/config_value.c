/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || text[0] == '"' || text[0] == '#' || strchr(" \t\r", text[0]) != NULL ||
		strchr(" \t\r", text[len - 1]) != NULL || strchr(text, '\n') != NULL)
		return true;
	for (const char *c = text + 1; *c != '\0'; c++)
		if (*c == '#' && strchr(" \t\r", c[-1]) != NULL)
			return true;
	return false;
}

void config_put_text(const struct config_line *line, const char *text)
{
	fprintf(line->out, "%s = ", line->name);
	if (!needs_quotes(text)) {
		fprintf(line->out, "%s\n", text);
		return;
	}
	fputc('"', line->out);
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\' || *c == '\n')
			fputc('\\', line->out);
		fputc(*c == '\n' ? 'n' : *c, line->out);
	}
	fputs("\"\n", line->out);
}

void config_put_none(const struct config_line *line)
{
	fprintf(line->out, "# %s =\n", line->name);
}

/* What stands there without having been said: shown, not fixed. */
static void put_default(const struct config_line *line, const char *text)
{
	if (line->use != SW_CONFIG_ACCOUNT)
		fputs("# ", line->out);
	config_put_text(line, text);
}

void config_put_time(const struct config_line *line, uint64_t us)
{
	if (us % 1000000 == 0)
		fprintf(line->out, "%s = %" PRIu64 "s\n", line->name, us / 1000000);
	else if (us % 1000 == 0)
		fprintf(line->out, "%s = %" PRIu64 "ms\n", line->name, us / 1000);
	else
		fprintf(line->out, "%s = %" PRIu64 "us\n", line->name, us);
}

/* The shortest decimal that is read back as this very number, times scale; without an exponent,
 * which the options do not take. */
static void decimal(double value, double scale, char *text, size_t size)
{
	for (int digits = 0; digits < 20; digits++) {
		snprintf(text, size, "%.*f", digits, value * scale);
		if (strtod(text, NULL) / scale == value)
			return;
	}
}

void config_put_number(const struct config_line *line, double value)
{
	char text[64];

	decimal(value, 1, text, sizeof(text));
	fprintf(line->out, "%s = %s\n", line->name, text);
}

void config_print_rate(const struct config_line *line)
{
	/* A default gives way to a bandwidth; what was asked for does not. */
	if (!line->o->rate_given && line->use != SW_CONFIG_ACCOUNT)
		fputs("# ", line->out);
	config_put_number(line, line->o->rate_pps);
}

void config_print_services(const struct config_line *line)
{
	/* Those of pairs follow from the pairs. */
	size_t n = line->o->n_services - line->o->n_pair_services;

	if (n == 0) {
		config_put_none(line);
		return;
	}
	fprintf(line->out, "%s = ", line->name);
	for (size_t i = 0; i < n;) {
		const char *comma = i == 0 ? "" : ",";
		char item[DL_ITEM_LEN];

		i += dl_services_item(&line->o->services[i], n - i, item);
		fprintf(line->out, "%s%s", comma, item);
	}
	fputc('\n', line->out);
}

void config_print_max_targets(const struct config_line *line)
{
	char text[64];

	if (line->o->max_targets_share > 0) {
		decimal(line->o->max_targets_share, 100, text, sizeof(text));
		fprintf(line->out, "%s = %s%%\n", line->name, text);
	} else if (line->o->max_targets > 0) {
		fprintf(line->out, "%s = %" PRIu64 "\n", line->name, line->o->max_targets);
	} else {
		config_put_none(line);
	}
}

void config_print_shard(const struct config_line *line)
{
	fprintf(line->out, "%s = %u/%u\n", line->name, line->o->shard + 1, line->o->n_shards);
}

void config_print_seed(const struct config_line *line)
{
	if (line->o->seed_given || line->use == SW_CONFIG_RESUME)
		fprintf(line->out, "%s = %" PRIu64 "\n", line->name, line->o->seed);
	else
		config_put_none(line);
}

static void put_addr(
	const struct config_line *line, bool given, const struct ts_addr *addr, uint8_t prefix_len)
{
	char text[TS_ADDR_STRLEN];

	if (!given)
		return;
	ts_addr_format(addr, text);
	fprintf(line->out, "%s = %s", line->name, text);
	if (prefix_len != 0)
		fprintf(line->out, "/%u", prefix_len);
	fputc('\n', line->out);
}

void config_print_source_ip(const struct config_line *line)
{
	const struct sw_options *o = line->o;

	if (!o->has_source_v4 && !o->has_source_v6)
		config_put_none(line);
	put_addr(line, o->has_source_v4, &o->source_v4, o->prefix_v4_len);
	put_addr(line, o->has_source_v6, &o->source_v6, o->prefix_v6_len);
}

void config_print_gateway_ip(const struct config_line *line)
{
	const struct sw_options *o = line->o;

	if (!o->has_gateway_v4 && !o->has_gateway_v6)
		config_put_none(line);
	put_addr(line, o->has_gateway_v4, &o->gateway_v4, 0);
	put_addr(line, o->has_gateway_v6, &o->gateway_v6, 0);
}

static void put_mac(const struct config_line *line, bool given, const uint8_t mac[6])
{
	if (given)
		fprintf(line->out, "%s = %02x:%02x:%02x:%02x:%02x:%02x\n", line->name, mac[0],
			mac[1], mac[2], mac[3], mac[4], mac[5]);
	else
		config_put_none(line);
}

void config_print_source_mac(const struct config_line *line)
{
	put_mac(line, line->o->has_source_mac, line->o->source_mac);
}

void config_print_gateway_mac(const struct config_line *line)
{
	put_mac(line, line->o->has_gateway_mac, line->o->gateway_mac);
}

void config_print_source_port(const struct config_line *line)
{
	fprintf(line->out, "%s = %u-%u\n", line->name, line->o->source_port_first,
		line->o->source_port_last);
}

void config_print_vlan(const struct config_line *line)
{
	if (line->o->vlan == 0)
		config_put_none(line);
	else
		fprintf(line->out, "%s = %u\n", line->name, line->o->vlan);
}

void config_print_user_agent(const struct config_line *line)
{
	if (line->o->user_agent == line->o->user_agent_text)
		put_default(line, line->o->user_agent);
	else
		config_put_text(line, line->o->user_agent);
}

void config_print_ehlo_name(const struct config_line *line)
{
	if (line->o->ehlo_name == line->o->ehlo_text)
		put_default(line, line->o->ehlo_name);
	else
		config_put_text(line, line->o->ehlo_name);
}

void config_print_overwrite(const struct config_line *line)
{
	if (line->use == SW_CONFIG_RESUME)
		config_put_none(line);
	else
		fprintf(line->out, "%s = %s\n", line->name, line->o->overwrite ? "true" : "false");
}

void config_print_outcomes(const struct config_line *line)
{
	static const char *const names[DP_N_OUTCOME] = {
		[DP_OUTCOME_OPEN] = "open",
		[DP_OUTCOME_CLOSED] = "closed",
		[DP_OUTCOME_UNREACHABLE] = "unreachable",
	};
	const char *comma = "";

	fprintf(line->out, "%s = ", line->name);
	for (unsigned int i = 0; i < DP_N_OUTCOME; i++) {
		if (!line->o->emit[i])
			continue;
		fprintf(line->out, "%s%s", comma, names[i]);
		comma = ",";
	}
	fputc('\n', line->out);
}

void config_print_certs(const struct config_line *line)
{
	config_put_text(line, line->o->certs == WR_CERTS_STORE ? "store" : "inline");
}

void config_print_verbose(const struct config_line *line)
{
	int n = line->o->verbosity;

	fprintf(line->out, "%s = %d\n", line->name, n > 0 ? n : 0);
}

void config_print_quiet(const struct config_line *line)
{
	int n = -line->o->verbosity;

	fprintf(line->out, "%s = %d\n", line->name, n > 0 ? n : 0);
}
