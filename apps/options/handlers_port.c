/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of the port: interface, addresses of both families, MAC addresses, source ports. */
#include <string.h>

#include "handlers.h"

int op_set_interface(struct op_options *options, const struct ut_arg *arg)
{
	if (arg->text[0] == '\0')
		return ut_arg_refuse(arg, "name a port, such as eth1 or lab");
	options->interface = arg->text;
	options->is_lab = strcmp(arg->text, "lab") == 0 || strncmp(arg->text, "lab:", 4) == 0;
	return options->is_lab ? lab_spec_parse(arg, &options->lab) : 0;
}

static bool is_usable_host(const struct ts_addr *addr)
{
	const uint8_t *b = addr->b;
	static const uint8_t zero[16], loopback[16] = {[15] = 1};

	if (ts_addr_is_v4(addr))
		return b[12] != 0 && b[12] != 127 && b[12] < 224;
	return b[0] != 0xff && memcmp(b, zero, 16) != 0 && memcmp(b, loopback, 16) != 0;
}

int op_set_source_ip(struct op_options *options, const struct ut_arg *arg)
{
	struct ts_addr addr;
	uint8_t len;
	int rc = ut_arg_addr_prefix(arg, &addr, &len);

	if (rc != 0)
		return rc;
	if (!is_usable_host(&addr))
		return ut_arg_refuse(arg, "this cannot be the address of a host");
	if (ts_addr_is_v4(&addr)) {
		options->source_v4 = addr;
		options->prefix_v4_len = len;
		options->has_source_v4 = true;
	} else {
		options->source_v6 = addr;
		options->prefix_v6_len = len;
		options->has_source_v6 = true;
	}
	return 0;
}

int op_set_gateway_ip(struct op_options *options, const struct ut_arg *arg)
{
	struct ts_addr addr;
	int rc = ut_arg_addr(arg, &addr);

	if (rc != 0)
		return rc;
	if (!is_usable_host(&addr))
		return ut_arg_refuse(arg, "this cannot be the address of a router");
	if (ts_addr_is_v4(&addr)) {
		options->gateway_v4 = addr;
		options->has_gateway_v4 = true;
	} else {
		options->gateway_v6 = addr;
		options->has_gateway_v6 = true;
	}
	return 0;
}

static void put_addr(const struct op_config_line *line, bool given, const struct ts_addr *addr,
	uint8_t prefix_len)
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

void op_print_source_ip(const struct op_config_line *line)
{
	const struct op_options *o = line->o;

	if (!o->has_source_v4 && !o->has_source_v6)
		op_config_put_none(line);
	put_addr(line, o->has_source_v4, &o->source_v4, o->prefix_v4_len);
	put_addr(line, o->has_source_v6, &o->source_v6, o->prefix_v6_len);
}

void op_print_gateway_ip(const struct op_config_line *line)
{
	const struct op_options *o = line->o;

	if (!o->has_gateway_v4 && !o->has_gateway_v6)
		op_config_put_none(line);
	put_addr(line, o->has_gateway_v4, &o->gateway_v4, 0);
	put_addr(line, o->has_gateway_v6, &o->gateway_v6, 0);
}

int op_set_source_mac(struct op_options *options, const struct ut_arg *arg)
{
	int rc = ut_arg_mac(arg, options->source_mac);

	options->has_source_mac = rc == 0;
	return rc;
}

int op_set_gateway_mac(struct op_options *options, const struct ut_arg *arg)
{
	int rc = ut_arg_mac(arg, options->gateway_mac);

	options->has_gateway_mac = rc == 0;
	return rc;
}

static void put_mac(const struct op_config_line *line, bool given, const uint8_t mac[6])
{
	if (given)
		fprintf(line->out, "%s = %02x:%02x:%02x:%02x:%02x:%02x\n", line->name, mac[0],
			mac[1], mac[2], mac[3], mac[4], mac[5]);
	else
		op_config_put_none(line);
}

void op_print_source_mac(const struct op_config_line *line)
{
	put_mac(line, line->o->has_source_mac, line->o->source_mac);
}

void op_print_gateway_mac(const struct op_config_line *line)
{
	put_mac(line, line->o->has_gateway_mac, line->o->gateway_mac);
}

int op_set_source_port(struct op_options *options, const struct ut_arg *arg)
{
	return ut_arg_port_range(arg, &options->source_port_first, &options->source_port_last);
}

void op_print_source_port(const struct op_config_line *line)
{
	fprintf(line->out, "%s = %u-%u\n", line->name, line->o->source_port_first,
		line->o->source_port_last);
}
